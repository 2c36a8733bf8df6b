"""What tests with real processes share: a copy of the database, and a script that plays on it."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

from odoo import sql_db
from odoo.tests import BaseCase, get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool


class FaultCase(BaseCase):
    """``answers``: what the script found, scenario by scenario."""

    script: Path

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()[:30]}_faults_{uuid.uuid4().hex[:6]}"
        maintenance = sql_db.db_connect("postgres")

        def execute(statement):
            with maintenance.cursor() as cr:
                cr.rollback()
                cr._cnx.autocommit = True
                cr._obj.execute(statement)

        execute(f"CREATE DATABASE \"{cls.database}\" TEMPLATE template0 ENCODING 'UTF8'")
        cls.addClassCleanup(execute, f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')
        environment = exec_pg_environ()
        with subprocess.Popen(
            [find_pg_tool("pg_dump"), "--no-owner", get_db_name()],
            env=environment,
            stdout=subprocess.PIPE,
        ) as dump:
            subprocess.run(
                [find_pg_tool("psql"), "-q", "-v", "ON_ERROR_STOP=1", cls.database],
                env=environment,
                stdin=dump.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        if dump.returncode:
            raise AssertionError("pg_dump failed")
        cls.answers = cls._play()

    @classmethod
    def _play(cls) -> dict:
        """Have another process play all scenarios; what it found."""
        options = ("db_host", "db_port", "db_user", "db_password", "db_sslmode")
        settings = {name: config[name] for name in options if config[name]}
        settings |= {
            "addons-path": ",".join(config["addons_path"]),
            "data-dir": config["data_dir"],
        }
        done = subprocess.run(
            [sys.executable, str(cls.script), cls.database, json.dumps(settings)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            timeout=280,
        )
        if done.returncode:
            raise AssertionError(
                f"{cls.script.name} ended with {done.returncode}:\n{done.stderr[-6000:]}"
            )
        return json.loads(done.stdout.splitlines()[-1])
