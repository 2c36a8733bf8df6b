"""Install, update, upgrade from the last release, uninstall: clean logs, no trace left."""

import shutil
from pathlib import Path

from environment import databases, paths, setup, staging
from environment.locks import exclusive
from environment.report import note, step
from environment.setup import Environment
from environment.shell import run as run_program

from . import Options, odoo_log

TITLE = "lifecycle: install, update, upgrade, uninstall"
DATABASE = "cs_lifecycle"
UPGRADED = "cs_upgraded"
PREVIOUS = paths.STAGE / "previous"

STRUCTURE = """
SELECT 'table ' || table_name FROM information_schema.tables WHERE table_schema = 'public'
UNION ALL
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'
UNION ALL
SELECT 'type ' || typname FROM pg_type
 WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
"""
ROWS = """
SELECT table_name || ' ' || (xpath('/row/n/text()', query_to_xml(
           format('SELECT count(*) AS n FROM %I', table_name), false, true, '')))[1]::text
  FROM information_schema.tables
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
   AND table_name NOT IN ('ir_model_data', 'ir_model_constraint')
"""
CONSTRAINTS = """
SELECT 'constraint ' || c.name FROM ir_model_constraint c
 WHERE c.type <> 'f' OR EXISTS (SELECT FROM pg_constraint p WHERE p.conname = c.name)
"""
"""But for foreign keys that are gone: of our fields on others' tables Odoo drops the key, not its row."""
EXTERNAL_IDS = f"""
SELECT 'external id ' || module || '.' || name FROM ir_model_data
 WHERE NOT (model IN ('ir.model.inherit', 'ir.model.fields.selection') AND module <> '{paths.ADDON}')
"""
"""But for those in other modules' names, for what our models inherit from theirs: Odoo forgets them."""
MENTIONS = f"""
SELECT 'parameter ' || key FROM ir_config_parameter WHERE key LIKE '{paths.ADDON}.%'
UNION ALL
SELECT 'model ' || model FROM ir_model WHERE model LIKE 'customer.%'
UNION ALL
SELECT 'attachment of ' || res_model FROM ir_attachment WHERE res_model LIKE 'customer.%'
"""
MAY_GROW = {
    "ir_cron_trigger": "installing and uninstalling any module wakes Odoo's own jobs",
    "orm_signaling_registry": "counts changes of the registry",
}
"""Tables that may hold more rows after uninstalling than before installing, each with why."""


def run(options: Options) -> list[str]:
    environment = setup.prepare()
    with exclusive(f"database-{DATABASE}"):
        return [*_install_and_uninstall(environment), *_upgrade(environment)]


def _install_and_uninstall(environment: Environment) -> list[str]:
    server = environment.server
    databases.copy(server, databases.template(environment.odoo, server, demo=False), DATABASE)
    structure, rows = _snapshot(environment)
    problems = []
    for title, arguments in (
        ("installing", ("-d", DATABASE, "-i", paths.ADDON, "--stop-after-init", "--no-http")),
        ("updating", ("-d", DATABASE, "-u", paths.ADDON, "--stop-after-init", "--no-http")),
        ("uninstalling", ("module", "uninstall", paths.ADDON, "-d", DATABASE)),
    ):
        problems += _odoo(title, *arguments)
    after, rows_after = _snapshot(environment)
    problems += [f"left behind by uninstalling: {line}" for line in sorted(after - structure)]
    problems += [f"destroyed by uninstalling: {line}" for line in sorted(structure - after)]
    problems += [
        f"left behind by uninstalling: {rows_after[table] - count} rows in {table}"
        for table, count in sorted(rows.items())
        if rows_after.get(table, 0) > count and table not in MAY_GROW
    ]
    mentions = server.sql(MENTIONS, DATABASE).splitlines()
    problems += [f"left behind by uninstalling: {line}" for line in mentions]
    if not problems:
        problems += _odoo(
            "installing again", "-d", DATABASE, "-i", paths.ADDON, "--stop-after-init", "--no-http"
        )
    return problems


def _snapshot(environment: Environment) -> tuple[set[str], dict[str, int]]:
    server = environment.server
    counts = (line.rsplit(" ", 1) for line in server.sql(ROWS, DATABASE).splitlines())
    lines = server.sql(f"{STRUCTURE} UNION ALL {EXTERNAL_IDS} UNION ALL {CONSTRAINTS}", DATABASE)
    return set(lines.splitlines()), {name: int(n) for name, n in counts}


def _upgrade(environment: Environment) -> list[str]:
    """From the newest release before this commit, installed with demo, to the present files."""
    tag = (staging.git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^") or "").strip()
    if not tag:
        note("no earlier release (a tag v*) to upgrade from")
        return []
    shutil.rmtree(PREVIOUS, ignore_errors=True)
    (PREVIOUS / paths.ADDON).mkdir(parents=True)
    archive = PREVIOUS / "addon.tar"
    staging.git("archive", "--format=tar", f"--output={archive}", tag)
    run_program(["tar", "-x", "-f", archive, "-C", PREVIOUS / paths.ADDON], log="previous-release")
    server = environment.server
    databases.copy(server, databases.template(environment.odoo, server, demo=True), UPGRADED)
    addons = ",".join(map(str, (PREVIOUS, *environment.odoo.addons)))
    usual = ("-d", UPGRADED, "--stop-after-init", "--no-http")
    return [
        *_odoo(
            f"installing {tag}",
            *usual,
            "-i",
            paths.ADDON,
            "--with-demo",
            f"--addons-path={addons}",
            judged=False,
        ),
        *_odoo(f"upgrading from {tag}", *usual, "-u", paths.ADDON),
    ]


def _odoo(title: str, *arguments: str, judged: bool = True) -> list[str]:
    """Run Odoo; its exit status and (unless it runs old code) its log are judged."""
    log = paths.LOGS / f"lifecycle-{title.replace(' ', '-')}.log"
    with step(f"Lifecycle: {title}"):
        status = databases.call(log, *arguments)
    if status:
        return [f"{title} ended with status {status}: {_last_error(log)}"]
    return odoo_log.problems(log, whose=title) if judged else []


def _last_error(log: Path) -> str:
    bad = [text for level, text in odoo_log.records(log) if level not in odoo_log.GOOD]
    return bad[-1] if bad else f"see {log}"
