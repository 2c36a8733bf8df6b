"""A private PostgreSQL server: its own cluster, a Unix socket only, nothing to configure first.

PostgreSQL refuses to run as root; then the system user ``postgres``, which Debian's package
creates, owns the cluster. An existing server is used instead when ``PGHOST`` names it (with
``PGPORT``, ``PGUSER``, ``PGPASSWORD`` as for psql; the role must be able to create databases and,
because Odoo insists, must not be called postgres).
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from . import paths, private_packages, system_packages
from .report import Trouble, note, step
from .shell import run, succeeds

ROLE = "odoo"
SOCKETS = Path("/tmp") / f"cs-{paths.FINGERPRINT}"
"""Short, because the path of a socket may not exceed 107 bytes and a checkout's path may."""
PORT = 5432
OWNER = "postgres"
"""The system user that owns the cluster when we are root."""


class Server(NamedTuple):
    """How to reach PostgreSQL."""

    host: str
    port: int
    user: str
    bin: Path | None

    @property
    def environment(self) -> dict[str, str]:
        """For libpq programs: psql, createdb, pg_dump."""
        connection = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        return {**connection, **_libraries(self.bin)}

    @property
    def psql(self) -> str:
        """The server's own psql; the one on the path where the server is somewhere else."""
        return str(self.bin / "psql") if self.bin else shutil.which("psql") or "psql"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run SQL; return its rows, one a line, columns split by ``|``."""
        psql = shutil.which("psql") or str(self.bin / "psql" if self.bin else "psql")
        return run(
            [
                psql,
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
                statement,
            ],
            log="psql",
            env=self.environment,
            remedy="Is the server up? ./dev/setup starts the project's own.",
        ).strip()


def ensure() -> Server:
    """Make sure that a PostgreSQL server answers, and that the role Odoo uses exists."""
    if host := os.environ.get("PGHOST"):
        return _existing(host)
    system_packages.ensure(system_packages.POSTGRESQL)
    programs = system_packages.postgresql()
    assert programs
    server = Server(str(SOCKETS), PORT, ROLE, programs)
    if not _answers(server):
        cluster = _cluster(programs)
        if not (cluster / "PG_VERSION").exists():
            with step(f"PostgreSQL: creating a private cluster in {cluster}"):
                _create(programs, cluster)
        with step("PostgreSQL: starting"):
            _start(programs, cluster)
            _create_role(server)
    return server


def stop() -> bool:
    """Stop the private server; say whether there was one."""
    programs = system_packages.postgresql()
    if not programs:
        return False
    cluster = _cluster(programs)
    if not (cluster / "postmaster.pid").exists():
        return False
    run(
        [*_as_owner(), programs / "pg_ctl", "-D", cluster, "stop", "-m", "fast"],
        log="postgres-stop",
        env=_libraries(programs),
        cwd=Path("/"),
    )
    return True


def _existing(host: str) -> Server:
    user = os.environ.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name
    server = Server(host, int(os.environ.get("PGPORT") or PORT), user, system_packages.postgresql())
    if user == "postgres":
        raise Trouble(
            "Odoo refuses the database user postgres.",
            "Name another role that may create databases: PGUSER=…",
        )
    if not _answers(server):
        raise Trouble(
            f"the PostgreSQL server named by PGHOST={host} does not answer as {user}.",
            "Check PGHOST, PGPORT, PGUSER, PGPASSWORD; or unset PGHOST to use a private server.",
        )
    return server


def _libraries(programs: Path | None) -> dict[str, str]:
    """What programs unpacked under .work need, and the system's must not get."""
    ours = programs is not None and programs.is_relative_to(private_packages.ROOT)
    return private_packages.environment() if ours else {}


def _answers(server: Server) -> bool:
    return succeeds([server.psql, "-X", "-d", "postgres", "-c", "SELECT 1"], env=server.environment)


def _as_owner() -> list[str]:
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam(OWNER)
    except KeyError:
        raise Trouble(
            f"PostgreSQL does not run as root, and there is no system user {OWNER}.",
            f"Create it:  useradd --system --shell /usr/sbin/nologin {OWNER}",
        ) from None
    return ["runuser", "-u", OWNER, "--"]


def _cluster(programs: Path) -> Path:
    """Where the cluster lies: under .work, or under /var/tmp where its owner cannot reach .work."""
    major = programs.parent.name
    cluster = paths.WORK / f"postgres-{major}"
    if os.getuid() == 0 and not succeeds([*_as_owner(), "test", "-x", paths.WORK]):
        cluster = Path("/var/tmp") / f"customer_success-{paths.FINGERPRINT}" / f"postgres-{major}"
        if not cluster.exists():
            note(
                f"the user {OWNER} cannot enter {paths.WORK}:"
                f" the database cluster goes to {cluster}"
            )
    return cluster


def _settings() -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(128, min(1024, memory // 8))
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{SOCKETS}'",
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "100",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16))}MB",
        "max_wal_size": "4GB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
    }
    if shutil.disk_usage("/dev/shm").total < 512 * 2**20 if Path("/dev/shm").is_dir() else True:
        settings["dynamic_shared_memory_type"] = "mmap"  # containers often give /dev/shm only 64 MB
    return settings


def _create(programs: Path, cluster: Path) -> None:
    partial = cluster.with_name(cluster.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    if os.getuid() == 0:
        shutil.chown(partial, OWNER)
    run(
        [
            *(*_as_owner(), programs / "initdb", "-D", partial, "-U", OWNER),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync"),
        ],
        log="initdb",
        env=_libraries(programs),
        cwd=Path("/"),
    )
    with (partial / "postgresql.auto.conf").open("a") as handle:
        handle.writelines(f"{name} = {value}\n" for name, value in _settings().items())
    partial.rename(cluster)


def _start(programs: Path, cluster: Path) -> None:
    SOCKETS.mkdir(mode=0o700, exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(SOCKETS, OWNER)
    control: Sequence[str | Path] = [*_as_owner(), programs / "pg_ctl", "-D", cluster]
    log = cluster / "server.log"
    # It may run although it does not answer: somebody cleaned /tmp, and its socket with it.
    if succeeds([*control, "status"], env=_libraries(programs)):
        stop()
    # The server outlives this command and must not hold its output open (a pipe would never end).
    done = subprocess.run(
        [str(word) for word in (*control, "-l", log, "-w", "-t", "60", "start")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_libraries(programs)},
        cwd="/",
    )
    if done.returncode:
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        raise Trouble(
            "the server does not start.", "\n".join([*lines[-8:], f"All of its log: {log}"])
        )


def _create_role(server: Server) -> None:
    boss = server._replace(user=OWNER)
    exists = boss.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")
    if not exists:
        boss.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
