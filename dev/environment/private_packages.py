"""Debian or Ubuntu packages without root: downloaded with what they need, unpacked under ``.work``.

For the developer whose administrator is not at hand. The packages come from the machine's own apt
sources, with its own signature checks; nothing outside ``.work`` changes. Programs unpacked like
this get no security updates, which is why the system's are preferred.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from . import paths, stamps
from .report import Trouble, step
from .shell import hint, run

ROOT = paths.WORK / "system"
BIN = paths.WORK / "bin"
"""Small scripts that start an unpacked program with its libraries."""
STATE = paths.CACHE / "apt-system"


def libraries() -> str:
    """Where unpacked programs find their libraries, for LD_LIBRARY_PATH."""
    folders = [ROOT / "usr" / "lib", ROOT / "lib"]
    triplets = [each for folder in folders for each in folder.glob("*-linux-*")]
    # Some keep libraries of their own in a folder below (PulseAudio, which Chromium loads).
    private = [
        each for triplet in triplets for each in triplet.iterdir() if any(each.glob("lib*.so*"))
    ]
    return os.pathsep.join(map(str, (*triplets, *private, *folders)))


def environment() -> dict[str, str]:
    return {"LD_LIBRARY_PATH": libraries()} if ROOT.is_dir() else {}


def unpack(package: str) -> None:
    """Unpack a package and whatever of its dependencies this machine lacks."""
    stamp = STATE / f"{package}.stamp"
    if stamp.is_file():
        return
    with step(f"Without root: unpacking {package} and what it needs into {ROOT}"):
        _refresh()
        downloads = STATE / f"{package}.debs"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        plan = ["--print-uris", "--yes", "--no-install-recommends", "install", package]
        listing = run(["apt-get", *_options(), *plan], log=f"plan-{package}")
        names = [
            f"{match[1]}={match[2].replace('%3a', ':')}"
            for match in re.finditer(r"^'\S+' ([^_\s]+)_([^_\s]+)_\S+\.deb ", listing, re.MULTILINE)
        ]
        if not names:
            raise Trouble(f"apt offers no package {package}.")
        run(["apt-get", *_options(), "download", *names], log=f"download-{package}", cwd=downloads)
        for archive in sorted(downloads.glob("*.deb")):
            run(["dpkg", "-x", archive, ROOT], log="dpkg")
        shutil.rmtree(downloads)
        stamps.write(stamp, " ".join(names))


def launcher(name: str, program: str) -> Path | None:
    """A script in BIN that starts an unpacked program; None when it is not there."""
    target = ROOT / program
    if not target.exists():
        return None
    BIN.mkdir(exist_ok=True)
    script = BIN / name
    lines = [
        "#!/bin/sh",
        f"export LD_LIBRARY_PATH={shlex.quote(libraries())}",
        f"export FONTCONFIG_FILE={shlex.quote(str(_font_configuration()))}",
        f'exec {shlex.quote(str(target))} "$@"',
    ]
    text = "\n".join(lines) + "\n"
    if not script.exists() or script.read_text() != text:
        script.write_text(text)
        script.chmod(0o755)
    return script


def _font_configuration() -> Path:
    """Unpacked fonts lie where fontconfig would not look."""
    path = BIN / "fonts.conf"
    if not path.exists():
        path.write_text(
            "<fontconfig>\n"
            f"  <dir>{ROOT}/usr/share/fonts</dir>\n"
            "  <dir>/usr/share/fonts</dir>\n"
            f"  <cachedir>{paths.CACHE}/fonts</cachedir>\n"
            "</fontconfig>\n"
        )
    return path


def _options() -> list[str]:
    """The machine's sources and installed packages, but our own lists and cache."""
    settings = {
        "Dir::State::Lists": STATE / "lists",
        "Dir::Cache": STATE / "cache",
        "Debug::NoLocking": "1",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _refresh() -> None:
    for folder in ("lists/partial", "cache/archives/partial"):
        (STATE / folder).mkdir(parents=True, exist_ok=True)
    stamp = STATE / "lists.stamp"
    if not stamp.is_file():
        fetch_lists(_options(), log="apt-update-private")
        stamps.write(stamp, "fetched")


def fetch_lists(options: list[str], *, log: str) -> None:
    """``apt-get update``, which by itself calls it a success when it reached no mirror."""
    output = run(["apt-get", *options, "update"], log=log)
    if "Failed to fetch" in output:
        failures = [line for line in output.splitlines() if "Failed to fetch" in line]
        raise Trouble("apt could not fetch its package lists.", f"{failures[0]}\n{hint(output)}")


def can() -> bool:
    """Whether this way is open at all: it needs apt and dpkg."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


def indextargets(form: str) -> str:
    """``apt-get indextargets`` on freshly fetched lists."""
    _refresh()
    command = ["apt-get", *_options(), "indextargets", "--format", form]
    return subprocess.run(command, capture_output=True, text=True).stdout
