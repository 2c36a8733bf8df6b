"""Plays the scenarios of ``test_retention_faults``: ``python fault_retention.py DATABASE SETTINGS``.

Two connections that see each other's commits or do not, and a worker that is killed. Its last line is
JSON.
"""

import json
import sys

import psycopg2
from fault_process import die, ended, environment, forked, new_company, one, registry

import odoo
from odoo import Command, api
from odoo.exceptions import UserError

CUSTOMERS = 30


def prepare() -> dict:
    """A company whose customers all entered decline after a playbook was turned on."""
    company_id = new_company("Retention Faults")
    with environment() as env:
        company = env["res.company"].browse(company_id)
        env["customer.playbook"].search([]).write({"is_on": False})
        stage = env.ref("customer_success.stage_decline")
        playbook = env["customer.playbook"].create(
            {
                "name": "Faults",
                "company_id": company_id,
                "trigger": "stage_enter",
                "stage_id": stage.id,
                "step_ids": [Command.create({"days": days, "working": False}) for days in (0, 9)],
            }
        )
        playbook._turn_on()
        env.flush_all()
        env.cr.execute(
            "UPDATE customer_playbook SET on_since = on_since - interval '1 hour' WHERE id = %s",
            [playbook.id],
        )
        partners = env["res.partner"].create(
            [{"name": f"Fault {n}", "is_company": True} for n in range(CUSTOMERS)]
        )
        for partner in partners:
            env.cr.execute(
                "INSERT INTO customer_profile (company_id, partner_id, active, lifecycle_stage_id,"
                " as_of) VALUES (%s, %s, TRUE, %s, CURRENT_DATE) RETURNING id",
                [company_id, partner.id, stage.id],
            )
            profile_id = env.cr.fetchone()[0]
            env.cr.execute(
                "INSERT INTO customer_transition (profile_id, company_id, kind, to_stage_id, at,"
                " as_of, cause) VALUES (%s, %s, 'stage', %s, now() AT TIME ZONE 'UTC', CURRENT_DATE,"
                " 'facts')",
                [profile_id, company_id, stage.id],
            )
        env.cr.execute(
            "INSERT INTO customer_run (company_id, kind, state, reason, as_of, ended) VALUES"
            " (%s, 'full', 'done', 'asked', CURRENT_DATE, now() AT TIME ZONE 'UTC' - interval '1 day')",
            [company_id],
        )
        company.customer_pool_on = True
        users = env["res.users"].create(
            [
                {
                    "name": name,
                    "login": f"fault_{name}",
                    "company_id": company_id,
                    "company_ids": [Command.set([company_id])],
                    "group_ids": [Command.set([env.ref("customer_success.group_customer_own").id])],
                }
                for name in ("ann", "ben")
            ]
        )
        return {
            "company": company_id,
            "playbook": playbook.id,
            "partners": partners.ids,
            "users": users.ids,
        }


def work(world) -> None:
    """What the scheduled action does, in connections and transactions of its own."""
    with environment() as env:
        env["customer.playbook"]._cron_work()


def outcome(world) -> dict:
    with environment() as env:
        playbook = world["playbook"]
        return {
            "enrolments": one(
                env.cr,
                "SELECT count(*) FROM customer_playbook_enrolment WHERE playbook_id = %s",
                playbook,
            ),
            "plans": one(
                env.cr,
                "SELECT count(*) FROM customer_playbook_plan n JOIN customer_playbook_enrolment e"
                " ON e.id = n.enrolment_id WHERE e.playbook_id = %s",
                playbook,
            ),
            "followups": one(
                env.cr,
                "SELECT count(*) FROM customer_followup WHERE cause_key LIKE %s",
                f"playbook:{playbook}:%",
            ),
        }


def forget(world) -> None:
    with environment() as env:
        env.cr.execute(
            "DELETE FROM customer_playbook_enrolment WHERE playbook_id = %s", [world["playbook"]]
        )
        env.cr.execute(
            "DELETE FROM customer_playbook_progress WHERE playbook_id = %s", [world["playbook"]]
        )
        env.cr.execute(
            "DELETE FROM customer_followup WHERE cause_key LIKE %s",
            [f"playbook:{world['playbook']}:%"],
        )


def play_killed(world) -> dict:
    """kill -9 at each place where something is half done; then somebody else goes on."""
    answers = {}
    for part in ("engine", "stopping", "opening"):
        module = f"odoo.addons.customer_success.models.playbook.customer_playbook_{part}"
        sys.modules[module].BATCH = 8
    for model, name, call in (
        ("customer.playbook", "_plan", 2),
        ("customer.followup", "_open", 1),
        ("customer.followup", "_open", 3),
    ):
        forget(world)

        def process(model=model, name=name, call=call):
            original, calls = getattr(registry[model], name), []

            def dying(self, *args, **kwargs):
                calls.append(1)
                if len(calls) == call:
                    die()
                return original(self, *args, **kwargs)

            setattr(registry[model], name, dying)
            work(world)

        status = ended(forked(process))
        between = outcome(world)
        work(world)
        answers[f"{name} {call}"] = {"status": status, "between": between, "after": outcome(world)}
    return answers


def play_two_workers(world) -> dict:
    forget(world)
    children = [forked(lambda: work(world)) for _ in range(3)]
    return {"statuses": [ended(child) for child in children], **outcome(world)}


def play_stale_worker(world) -> dict:
    """A worker whose snapshot is older than another's commit finds the lock free."""
    forget(world)
    with environment() as env:
        playbook = env["customer.playbook"].browse(world["playbook"])
        playbook._progress(env["res.company"].browse(world["company"]))
    late = registry.cursor()
    late.execute("SELECT 1")  # its snapshot is taken
    work(world)
    env = api.Environment(late, odoo.SUPERUSER_ID, {})
    try:
        env["customer.playbook"].browse(world["playbook"])._enrol(
            env["res.company"].browse(world["company"])
        )
        env.flush_all()
        late.commit()
        stale = "went through"
    except psycopg2.Error as error:
        stale = type(error).__name__
    finally:
        late.rollback()
        late.close()
    work(world)
    return {"stale": stale, **outcome(world)}


def claim(cr, world, user_id):
    env = api.Environment(cr, user_id, {"allowed_company_ids": [world["company"]]})
    entry = env["customer.pool.entry"].search([("partner_id", "=", world["partners"][0])])
    return entry or env["customer.pool.entry"].browse(
        env["customer.profile"].sudo().search([("partner_id", "=", world["partners"][0])]).id
    )


def play_two_claims(world) -> dict:
    """Both see it free. The second asks while the first has not committed, then again, as HTTP does."""
    ann, ben = world["users"]
    first, second = registry.cursor(), registry.cursor()
    second.execute("SELECT 1")
    answers = {}
    try:
        mine, theirs = claim(first, world, ann), claim(second, world, ben)
        mine.action_claim()
        mine.env.flush_all()
        try:
            theirs.action_claim()
        except UserError as error:
            answers["at once"] = str(error)
        second.rollback()
        second.execute("SELECT 1")
        theirs.invalidate_model()
        first.commit()
        try:
            claim(second, world, ben).action_claim()
        except psycopg2.Error as error:
            answers["just after"] = type(error).__name__
        except UserError as error:
            answers["just after"] = str(error)
        second.rollback()
        try:
            claim(second, world, ben).action_claim()
        except UserError as error:
            answers["again"] = str(error)
    finally:
        for cr in (first, second):
            cr.rollback()
            cr.close()
    with environment() as env:
        answers["owner"] = env["res.partner"].browse(world["partners"][0]).user_id.id == ann
        answers["moves"] = env["customer.pool.move"].search_count(
            [("company_id", "=", world["company"]), ("kind", "=", "claimed")]
        )
    return answers


def main() -> dict:
    world = prepare()
    return {
        "two_workers": play_two_workers(world),
        "stale": play_stale_worker(world),
        "killed": play_killed(world),
        "two_claims": play_two_claims(world),
    }


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main())}\n")
