"""./dev/start: run Odoo with the addon and its demo; Ctrl-C ends it.

The first start prepares the machine and takes some minutes; the next ones take seconds. When the
addon's files have changed since its database was last updated, the database is updated first.
"""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import time

from environment import configuration, databases, paths, setup
from environment.locks import exclusive
from environment.report import Trouble, say, step
from environment.setup import Environment

PATIENCE = 120
"""Seconds Odoo may take to answer its first request before we say that something is wrong."""


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.odoo:
        os.environ["ODOO_HOME"] = options.odoo
    _check_port(options.port)
    environment = setup.prepare()
    database = paths.ADDON if options.demo else f"{paths.ADDON}_no_demo"
    with exclusive(f"database-{database}"):
        _bring_up_to_date(
            environment, database, demo=options.demo, fresh=options.fresh, lang=options.lang
        )
    return _serve(database, options.port, verbose=options.verbose)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev/start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=int, default=configuration.HTTP_PORT, help="HTTP port (default %(default)s)"
    )
    parser.add_argument("--fresh", action="store_true", help="rebuild the database")
    parser.add_argument(
        "--no-demo", dest="demo", action="store_false", help="an empty company: another database"
    )
    parser.add_argument(
        "--lang",
        metavar="CODE",
        help="with --fresh: a language, in which its customers are written to",
    )
    parser.add_argument(
        "--odoo", metavar="PATH", help="use this Odoo 19.0 checkout (also: ODOO_HOME)"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show Odoo's whole log, not only what is wrong"
    )
    return parser.parse_args(arguments)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"port {port} cannot be used: {error.strerror}.",
                f"Is it running already? Otherwise choose another:  ./dev/start --port {port + 1}",
            ) from None


def _bring_up_to_date(
    environment: Environment, database: str, *, demo: bool, fresh: bool, lang: str | None
) -> None:
    if fresh or not databases.is_ours(environment.server, database):
        databases.build(environment.odoo, environment.server, database, demo=demo, lang=lang)
    else:
        databases.update(database)


def _serve(database: str, port: int, *, verbose: bool) -> int:
    command = databases.odoo_command("-d", database, "--http-port", str(port), "--no-database-list")
    if not verbose:
        command += ["--log-handler=:WARNING", "--log-handler=werkzeug:CRITICAL"]
    server = subprocess.Popen(
        command, env={**os.environ, **databases.odoo_environment()}, cwd=paths.WORK
    )
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        with step("Odoo: starting"):
            _wait_until_it_answers(server, port)
        say()
        say(f"    Odoo with {paths.ADDON} runs at   http://127.0.0.1:{port}/odoo")
        say("    login     admin")
        say("    password  admin")
        say()
        say("    Ctrl-C ends it.")
        return server.wait()
    except KeyboardInterrupt:
        return _end(server)
    finally:
        _end(server)


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    """The login page is asked for, not the health check: it also builds the first assets."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Trouble(f"Odoo ended with status {server.returncode}.", "Its messages are above.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/web/login")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise Trouble(
        f"Odoo does not answer on port {port}.",
        "See its messages above; ./dev/start --verbose shows more.",
    )


def _end(server: subprocess.Popen[bytes]) -> int:
    """Ask Odoo to end. After Ctrl-C the terminal has asked already; asking twice would abort it."""
    if server.poll() is None:
        try:
            server.wait(timeout=5)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.terminate()
            server.wait(timeout=20)
    return 0
