"""The pure kernels in ``tools/``: their tests must pass where Odoo cannot even be imported."""

import subprocess
import sys

from environment import paths, python_env, setup

from . import Options

TITLE = "kernels: tools/ without Odoo"

# None in sys.modules makes every `import odoo` fail, as on a machine without Odoo.
PROGRAM = """
import sys, unittest
sys.modules["odoo"] = None
arguments = ["kernels", "discover", "-s", "tools", "-t", "."]
result = unittest.main(module=None, argv=arguments, exit=False).result
sys.exit(not (result.wasSuccessful() and result.testsRun))
"""


def run(options: Options) -> list[str]:
    setup.python()
    sys.stdout.flush()
    done = subprocess.run([str(python_env.PYTHON), "-B", "-c", PROGRAM], cwd=paths.REPOSITORY)
    return [] if done.returncode == 0 else ["tests of tools/ fail, need Odoo, or there are none"]
