"""Databases: templates of what the addon depends on, kept; working databases, copied from them.

Installing the dependencies takes a minute, the addon itself seconds. So the dependencies are
installed once, with and without demo, into template databases named after Odoo's version and the
manifest's ``depends``; change either and a new template is built.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import addon, paths, private_packages, python_env, stamps
from .locks import exclusive
from .odoo_source import Odoo
from .postgres import Server
from .report import Trouble, step
from .shell import run

FILESTORES = paths.DATA / "filestore"
REMEMBERED = paths.WORK / "databases"
"""One small file per database: the fingerprint of the addon it was last brought up to."""


def odoo_command(*arguments: str) -> list[str]:
    """Odoo's command line, in the prepared environment."""
    return [str(python_env.PYTHON), "-m", "odoo", *arguments]


def odoo_environment() -> dict[str, str]:
    """What Odoo needs to find in its environment: its configuration, and the tools of the venv."""
    folders = (
        str(paths.VENV / "bin"),
        os.environ.get("PATH", "/usr/bin:/bin"),
        str(private_packages.BIN),
    )
    path = os.pathsep.join(folders)
    return {
        "ODOO_RC": str(paths.ODOO_CONF),
        "PATH": path,
        "PYTHONPATH": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def exists(server: Server, name: str) -> bool:
    return bool(server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def drop(server: Server, name: str) -> None:
    """Drop a database, whoever is connected to it, and its files."""
    server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(FILESTORES / name, ignore_errors=True)
    (REMEMBERED / name).unlink(missing_ok=True)


def copy(server: Server, source: str, target: str) -> None:
    """Copy a database with its files. Those are never changed in place, so hard links will do."""
    drop(server, target)
    server.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if (FILESTORES / source).is_dir():
        shutil.copytree(FILESTORES / source, FILESTORES / target, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def template(odoo: Odoo, server: Server, *, demo: bool) -> str:
    """The template database with the addon's dependencies installed; built when it is missing."""
    kind = "demo" if demo else "bare"
    name = f"cs_template_{kind}_{stamps.digest(odoo.version, *addon.depends())[:8]}"
    if exists(server, name):
        return name
    with exclusive(f"template-{kind}"):
        if exists(server, name):
            return name
        partial = f"{name}_partial"
        modules, how = ", ".join(addon.depends()), "with" if demo else "without"
        with step(f"Database: installing {modules} {how} demo, once"):
            drop(server, partial)
            _install(server, partial, addon.depends(), demo=demo)
            shutil.rmtree(FILESTORES / name, ignore_errors=True)
            if (FILESTORES / partial).is_dir():
                (FILESTORES / partial).rename(FILESTORES / name)
            server.sql(f'ALTER DATABASE "{partial}" RENAME TO "{name}"')
    return name


def _install(server: Server, name: str, modules: Sequence[str], *, demo: bool) -> None:
    server.sql(
        f'CREATE DATABASE "{name}" TEMPLATE template0'
        " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
    )
    arguments = ["-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    run(
        odoo_command(*arguments, *(["--with-demo"] if demo else [])),
        log=f"install-{name}",
        env=odoo_environment(),
        cwd=paths.WORK,
    )


def build(
    odoo: Odoo,
    server: Server,
    name: str,
    *,
    demo: bool,
    lang: str | None = None,
    log: Path | None = None,
) -> None:
    """Make a database anew, with the addon installed; ``lang`` is there before the addon is."""
    source = template(odoo, server, demo=demo)
    with step(f"Database {name}: installing {paths.ADDON}{' with its demo' if demo else ''}"):
        copy(server, source, name)
        fingerprint = addon.fingerprint()
        options = ["--with-demo"] if demo else []
        if lang:
            options.append(f"--load-language={lang}")
        _change(name, "-i", *options, log=log)
        _remember(name, fingerprint)


def update(name: str, *, log: Path | None = None) -> bool:
    """Bring a database up to the addon's files; say whether there was anything to do."""
    if is_current(name):
        return False
    with step(f"Database {name}: the addon has changed, updating"):
        fingerprint = addon.fingerprint()
        _change(name, "-u", log=log)
        _remember(name, fingerprint)
    return True


def _change(name: str, option: str, *arguments: str, log: Path | None) -> None:
    """Install (``-i``) or update (``-u``) the addon; an Odoo that dies halfway says why."""
    path = log or paths.LOGS / f"odoo-{name}.log"
    usual = ("--stop-after-init", "--no-http")
    if status := call(path, "-d", name, option, paths.ADDON, *usual, *arguments):
        lines = path.read_text(errors="replace").strip().splitlines()
        telling = [line for line in lines if " INFO " not in line][-12:]
        raise Trouble(
            f"Odoo ended with status {status}.",
            "\n".join([*telling, f"All of its log: {path}"]),
        )


def call(log: Path, *arguments: str) -> int:
    """Run Odoo with its output in a file; return its exit status."""
    with log.open("w") as handle:
        return subprocess.run(
            odoo_command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            env={**os.environ, **odoo_environment()},
            cwd=paths.WORK,
        ).returncode


def is_ours(server: Server, name: str) -> bool:
    """Whether a database exists and its installation was finished, not killed halfway."""
    return (REMEMBERED / name).is_file() and exists(server, name)


def is_current(name: str) -> bool:
    return stamps.is_fresh(REMEMBERED / name, addon.fingerprint())


def _remember(name: str, fingerprint: str) -> None:
    """The fingerprint was taken before Odoo read the files: edits made meanwhile still count."""
    REMEMBERED.mkdir(exist_ok=True)
    stamps.write(REMEMBERED / name, fingerprint)
