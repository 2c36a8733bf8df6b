"""Plays the scenarios of ``test_run_faults``: ``python fault_process.py DATABASE SETTINGS``.

Runs on a database of its own, with processes that it forks and kills. Its last line is JSON.
"""

import json
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import psycopg2

import odoo
from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

CUSTOMERS = 700
BATCH_CUSTOMERS = 200
TODAY = datetime.now(timezone.utc).date()

DATABASE, SETTINGS = sys.argv[1], json.loads(sys.argv[2])
config.parse_config(
    [f"--{name}={value}" for name, value in SETTINGS.items()]
    + ["--log-level=critical", "--no-http", "--database", DATABASE]
)
registry = Registry(DATABASE)
FACTS = "odoo.addons.customer_success.models.facts.customer_facts"
batch = sys.modules["odoo.addons.customer_success.models.run.customer_run_batch"]
Run = registry["customer.run"]


@contextmanager
def environment():
    """A transaction of its own, committed at the end."""
    with registry.cursor() as cr:
        yield api.Environment(cr, odoo.SUPERUSER_ID, {"tracking_disable": True})


def one(cr, query, *values):
    cr.execute(query, values)  # pylint: disable=sql-injection
    return cr.fetchone()[0]


def forked(work) -> int:
    """Run ``work`` in a process of its own, with connections of its own; how it ended."""
    sql_db.close_all()
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            sys.stderr.write(f"child: {error!r}\n")
        finally:
            os._exit(status)
    return child


def ended(child) -> int:
    status = os.waitpid(child, 0)[1]
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


# ---- a company with customers and documents ---------------------------------------------------


def new_company(name) -> int:
    with environment() as env:
        company = env["res.company"].create({"name": name})
        env["customer.run"].search([("company_id", "=", company.id)]).write({"state": "superseded"})
        return company.id


def new_customers(company_id, count) -> list[int]:
    """Customers by SQL, shaped like one that Odoo made."""
    with environment() as env:
        pattern = env["res.partner"].create({"name": f"Pattern {company_id}", "is_company": True})
        env.flush_all()
        columns = table_columns(env.cr, "res_partner")
        ids = []
        for _ in range(count):
            ids.append(one(env.cr, "SELECT nextval('res_partner_id_seq')"))
            env.cr.execute(
                f"INSERT INTO res_partner (id, commercial_partner_id, {', '.join(columns)})"
                f" SELECT %s, %s, {', '.join(columns)} FROM res_partner WHERE id = %s",
                (ids[-1], ids[-1], pattern.id),
            )
        return ids


def table_columns(cr, table) -> list[str]:
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s"
        " AND column_name NOT IN ('id', 'commercial_partner_id')",
        [table],
    )
    return [name for (name,) in cr.fetchall()]


def new_journal(company_id) -> int:
    with environment() as env:
        own = env(context={"allowed_company_ids": [company_id]})
        return own["account.journal"].create({"name": "Sales", "type": "sale", "code": "S"}).id


def post(cr, company_id, journal_id, customer, day, amount) -> None:
    """A posted document, as far as facts read it."""
    cr.execute(
        """
        INSERT INTO account_move (move_type, state, name, journal_id, company_id, currency_id, date,
                                  invoice_date, partner_id, commercial_partner_id, amount_untaxed,
                                  amount_untaxed_signed, auto_post)
        SELECT 'out_invoice', 'posted', 'F/' || nextval('account_move_id_seq'), %s, c.id, c.currency_id,
               %s, %s, %s, %s, %s, %s, 'no'
          FROM res_company c WHERE c.id = %s
        """,
        (journal_id, day, day, customer, customer, amount, amount, company_id),
    )


def fill(company_id, journal_id, customers) -> None:
    with environment() as env:
        for number, customer in enumerate(customers):
            for age in (10 + number % 90, 200 + number % 300):
                post(env.cr, company_id, journal_id, customer, TODAY - timedelta(age), 10 + number)


# ---- looking at it ------------------------------------------------------------------------------


def outcome(company_id) -> dict:
    """Profiles and log, condensed: equal outcomes are equal decisions on every customer."""
    with environment() as env:
        return {
            "profiles": one(
                env.cr, "SELECT count(*) FROM customer_profile WHERE company_id = %s", company_id
            ),
            "transitions": one(
                env.cr, "SELECT count(*) FROM customer_transition WHERE company_id = %s", company_id
            ),
            "digest": one(
                env.cr,
                "SELECT md5(string_agg(partner_id || ':' || fingerprint, ',' ORDER BY partner_id))"
                "  FROM customer_profile WHERE company_id = %s",
                company_id,
            ),
            "log": one(
                env.cr,
                "SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (SELECT p.partner_id || t.kind ||"
                " coalesce(t.to_tier_id, t.to_stage_id, 0) || t.cause AS line"
                "  FROM customer_transition t JOIN customer_profile p ON p.id = t.profile_id"
                " WHERE t.company_id = %s) lines",
                company_id,
            ),
            "months": one(
                env.cr,
                "SELECT string_agg(concat_ws(':', month, value_tier_id, lifecycle_stage_id, customers,"
                " buyers, revenue), ',' ORDER BY month, value_tier_id, lifecycle_stage_id)"
                "  FROM customer_profile_month WHERE company_id = %s",
                company_id,
            ),
            "totals_hold": env["customer.profile.total"]._holds(),
        }


def forget(company_id) -> None:
    """As if nothing had ever been computed."""
    with environment() as env:
        for table in (
            "customer_transition",
            "customer_profile",
            "customer_profile_month",
            "customer_run",
            "customer_market",
        ):
            env.cr.execute(f"DELETE FROM {table} WHERE company_id = %s", [company_id])
        env.cr.execute("DELETE FROM customer_mark WHERE company_ref = %s", [company_id])


def open_run(company_id, kind="full") -> int:
    with environment() as env:
        return env["customer.run"]._open(env["res.company"].browse(company_id), kind, "asked").id


def work(company_id, nightly=False) -> list[int]:
    """What a worker of the scheduled action does for one company, commits included."""
    done = []
    with environment() as env:
        company = env["res.company"].browse(company_id)
        for _ in range(50):
            run = env["customer.run"]._next_run_safely(company, nightly)
            if not run:
                break
            env.cr.commit()
            done.append(run.id)
            while run._advance_safely():
                env.cr.commit()
            env.cr.commit()
            if run.state == "running":  # another worker has it, or was in the way
                time.sleep(0.05)
    return list(dict.fromkeys(done))


def missing_revenue(company_id) -> int:
    """Customers whose profile is not the sum of their documents."""
    with environment() as env:
        return one(
            env.cr,
            "SELECT count(*) FROM (SELECT commercial_partner_id AS id, sum(amount_untaxed_signed) AS sum"
            "   FROM account_move WHERE company_id = %s AND state = 'posted' GROUP BY 1) d"
            "  LEFT JOIN customer_profile p ON p.partner_id = d.id AND p.company_id = %s"
            " WHERE p.revenue_life IS DISTINCT FROM d.sum",
            company_id,
            company_id,
        )


def marks(company_id) -> int:
    with environment() as env:
        return one(env.cr, "SELECT count(*) FROM customer_mark WHERE company_ref = %s", company_id)


# ---- scenarios ----------------------------------------------------------------------------------


def on_call(name, number, before=True):
    """Have the process die at the n-th call of a method of ``customer.run``."""
    calls = []
    method = getattr(Run, name)

    def dying(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == number and before:
            die()
        result = method(self, *args, **kwargs)
        if len(calls) == number:
            die()
        return result

    setattr(Run, name, dying)


def play_killed(company_id) -> dict:
    """Kill a full run at many places; let the next one finish."""
    answers = {}
    places = {
        "before anything": ("_advance", 1, True),
        "marks taken": ("_take_marks", 1, False),
        "second compute": ("_compute", 2, True),
        "third store": ("_store", 3, False),
        "between inserting and logging": ("_log_moves", 3, True),
        "half of the log": ("_log_moves", 4, True),
        "batch done, not committed": ("_advance", 2, False),
        "last batch, not committed": ("_advance_full", 4, False),
        "before totals and month are kept": ("_finished", 1, True),
        "totals and month kept, not committed": ("_finished", 1, False),
    }
    for where, place in places.items():
        forget(company_id)
        run_id = open_run(company_id)

        def process(place=place):
            on_call(*place)
            work(company_id)

        status = ended(forked(process))
        answers[where] = {"status": status, "run": [run_id], "left": left_behind(company_id)}
        answers[where]["resumed"] = work(company_id)
        with environment() as env:
            answers[where]["state"] = env["customer.run"].browse(run_id).state
        answers[where].update(outcome(company_id))
    return answers


def left_behind(company_id) -> dict:
    with environment() as env:
        position = one(
            env.cr, "SELECT max(position) FROM customer_run WHERE company_id = %s", company_id
        )
        return {
            "profiles": one(
                env.cr, "SELECT count(*) FROM customer_profile WHERE company_id = %s", company_id
            ),
            "transitions": one(
                env.cr, "SELECT count(*) FROM customer_transition WHERE company_id = %s", company_id
            ),
            "position_profiles": one(
                env.cr,
                "SELECT count(DISTINCT commercial_partner_id) FROM account_move"
                " WHERE company_id = %s AND commercial_partner_id < %s",
                company_id,
                position,
            ),
        }


def play_killed_incremental(company_id, journal_id, customers) -> dict:
    with environment() as env:
        for customer in customers[:30]:
            post(env.cr, company_id, journal_id, customer, TODAY, 5)
        env["customer.mark"]._add((company_id, customer) for customer in customers[:30])
    before = marks(company_id)

    def process():
        on_call("_store", 1, False)
        work(company_id)

    status = ended(forked(process))
    after = marks(company_id)
    work(company_id)
    return {
        "status": status,
        "marks_before": before,
        "marks_after_kill": after,
        "marks_after_run": marks(company_id),
        "revenue_missing": missing_revenue(company_id),
    }


def play_two_workers(company_id) -> dict:
    forget(company_id)
    run_id = open_run(company_id)
    children = [forked(lambda: work(company_id)) for _ in range(2)]
    statuses = [ended(child) for child in children]
    with environment() as env:
        runs = env["customer.run"].search([("company_id", "=", company_id), ("id", ">=", run_id)])
        return {
            "statuses": statuses,
            "states": sorted(set(runs.mapped("state"))),
            **outcome(company_id),
        }


def play_stale_snapshot(what) -> dict:
    """A worker gets the lock after another has committed, but still sees the world of before.

    Each time the two meet over something else: marks, a new customer's profile, the month's market.
    """
    company_id = new_company(f"Stale {what}")
    journal_id = new_journal(company_id)
    customers = new_customers(company_id, 5)
    buyers = customers[:1] if what == "profiles" else customers
    fill(company_id, journal_id, buyers)
    forget(company_id)
    with environment() as env:
        company = env["res.company"].browse(company_id)
        if what != "market":
            env["customer.market"]._measure(company, company._customer_today(), 182)
        if what == "marks":
            env["customer.mark"]._add((company_id, customer) for customer in customers)
        if what == "profiles":  # prospects: no mark tells of them
            env.cr.execute(
                "UPDATE res_partner SET customer_rank = 1, company_id = %s WHERE id = ANY(%s)",
                [company_id, customers],
            )
    first, second = open_run(company_id), open_run(company_id, "nightly")
    late = registry.cursor()
    late.execute("SELECT 1")  # its snapshot is taken
    with environment() as env:
        run = env["customer.run"].browse(first)
        while run._advance():
            pass
    worker = api.Environment(late, odoo.SUPERUSER_ID, {})["customer.run"].browse(second)
    try:
        if what == "market":  # somebody recomputes one customer
            worker._compute(sys.modules[FACTS].among(customers), customers)
        else:
            worker._advance()
        worker.env.flush_all()
        late.commit()
        stale = "went through"
    except psycopg2.Error as error:
        stale = type(error).__name__
    finally:
        late.rollback()
        late.close()
    work(company_id)
    return {
        "stale": stale,
        "customers": len(customers),
        "moves": len(customers) + len(buyers),  # everybody's stage, and a tier for who has bought
        **outcome(company_id),
    }


def play_locked(company_id) -> dict:
    run_id = open_run(company_id)
    with environment() as holder:
        holder["customer.run"].browse(run_id)._try_lock()
        with environment() as env:
            run = env["customer.run"].browse(run_id)
            answer = {"advanced": run._advance(), "state": run.state}
    with environment() as env:
        env["customer.run"].browse(run_id).write({"state": "superseded"})
    return answer


def play_mark_meanwhile(journal_of) -> dict:
    """A document is posted and committed between a run's reading and its commit."""
    company_id = new_company("Meanwhile")
    journal_id = journal_of(company_id)
    (customer,) = new_customers(company_id, 1)
    with environment() as env:
        post(env.cr, company_id, journal_id, customer, TODAY, 100)
    forget(company_id)
    work(company_id)
    with environment() as env:
        env["customer.mark"]._add([(company_id, customer)])
    answer = {}
    run_id = open_run(company_id, "incremental")
    with environment() as env:
        run = env["customer.run"].browse(run_id)
        run._advance()
        answer["posting"] = "waited"
        with environment() as poster:
            poster.cr.execute("SET LOCAL lock_timeout = '2s'")
            post(poster.cr, company_id, journal_id, customer, TODAY, 7)
            poster["customer.mark"]._add([(company_id, customer)])
            poster.cr.commit()
            answer["posting"] = "committed"
    answer["marks_after_first"] = marks(company_id)
    answer["revenue_after_first"] = revenue(company_id, customer)
    work(company_id)
    answer["marks_after_second"] = marks(company_id)
    answer["revenue_after_second"] = revenue(company_id, customer)
    return answer


def revenue(company_id, customer) -> float:
    with environment() as env:
        return float(
            one(
                env.cr,
                "SELECT coalesce(sum(revenue), 0) FROM customer_profile"
                " WHERE company_id = %s AND partner_id = %s",
                company_id,
                customer,
            )
        )


def play_postings(company_id, journal_id, customers) -> dict:
    """Two workers post for the same customers while a full run goes in small batches."""
    posted, failures = [], []

    def poster(seed):
        for number in range(15):
            try:
                with environment() as env:
                    customer = customers[(7 * number) % 60]
                    post(env.cr, company_id, journal_id, customer, TODAY, seed + number)
                    env["customer.mark"]._add([(company_id, customer)])
                posted.append(number)
            except psycopg2.Error as error:
                failures.append(repr(error))
            time.sleep(0.01)

    run_id = open_run(company_id)
    threads = [threading.Thread(target=poster, args=(seed,)) for seed in (1, 1000)]
    for thread in threads:
        thread.start()
    work(company_id)
    for thread in threads:
        thread.join()
    work(company_id)
    with environment() as env:
        state = env["customer.run"].browse(run_id).state
    return {
        "failures": len(failures),
        "posted": len(posted),
        "run_state": state,
        "revenue_missing": missing_revenue(company_id),
        "marks": marks(company_id),
    }


def play_merge_meanwhile(journal_of) -> dict:
    """Two contacts are merged and committed while a run has read them and not yet stored."""
    company_id = new_company("Merging")
    journal_id = journal_of(company_id)
    kept, gone = new_customers(company_id, 2)
    with environment() as env:
        post(env.cr, company_id, journal_id, kept, TODAY, 100)
        post(env.cr, company_id, journal_id, gone, TODAY, 50)
    forget(company_id)
    run_id = open_run(company_id)
    answer = {"merge": "failed"}
    with environment() as env:
        run = env["customer.run"].browse(run_id)
        store = Run._store

        def merge_first(self, changed):
            if "merged" not in answer:
                answer["merged"] = True
                with environment() as other:
                    wizard = other["base.partner.merge.automatic.wizard"]
                    wizard._merge([kept, gone], other["res.partner"].browse(kept))
                answer["merge"] = "committed"
            return store(self, changed)

        Run._store = merge_first
        try:
            while run._advance_safely():
                env.cr.commit()
        finally:
            Run._store = store
    work(company_id)
    with environment() as env:
        profiles = env["customer.profile"].search([("company_id", "=", company_id)])
        return {
            **answer,
            "state": env["customer.run"].browse(run_id).state,
            "profiles": len(profiles),
            "revenue": sum(profiles.mapped("revenue")),
            "marks": marks(company_id),
        }


def new_schedule(company_id) -> int:
    """A version whose day has come while nobody was at work."""
    with environment() as env:
        Policy = env["customer.value.policy"]
        policy = Policy._published(env["res.company"].browse(company_id)).copy()
        policy._schedule(TODAY + timedelta(3), "Agreed")
        policy.publish_on = TODAY
        return policy.id


def publications(company_id, policy_id) -> dict:
    """How often a version was published, and what came of it."""
    with environment() as env:
        log = env["customer.value.publication"].search([("policy_id", "=", policy_id)])
        runs = env["customer.run"].search(
            [("company_id", "=", company_id), ("reason", "=", "policy"), ("state", "=", "done")]
        )
        return {
            "state": env["customer.value.policy"].browse(policy_id).state,
            "published": len(log),
            "runs": len(runs.filtered(lambda run: run.policy_id.id == policy_id)),
        }


def play_schedule() -> dict:
    """A scheduled version whose day has come, met by two workers, a killed one and a stale one."""
    company_id = new_company("Schedule")
    work(company_id)
    answer = {}

    policy_id = new_schedule(company_id)
    children = [forked(lambda: work(company_id)) for _ in range(2)]
    statuses = [ended(child) for child in children]
    work(company_id)
    answer["two_workers"] = {"statuses": statuses, **publications(company_id, policy_id)}

    policy_id = new_schedule(company_id)

    def process():
        on_call("_queue", 1, False)
        work(company_id)

    status = ended(forked(process))
    answer["killed"] = {"status": status, **publications(company_id, policy_id)}
    work(company_id)
    answer["after_killed"] = publications(company_id, policy_id)

    policy_id = new_schedule(company_id)
    with registry.cursor() as late:
        late.execute("SELECT 1")  # its snapshot is taken
        work(company_id)
        env = api.Environment(late, odoo.SUPERUSER_ID, {})
        run = env["customer.run"]._next_run_safely(env["res.company"].browse(company_id), False)
        answer["stale"] = {"went_on": bool(run)}
    answer["stale"].update(publications(company_id, policy_id))

    policy_id = new_schedule(company_id)
    with environment() as holder:
        holder["customer.value.policy"].browse(policy_id).lock_for_update()
        with environment() as env:
            env["customer.value.policy"]._publish_due(env["res.company"].browse(company_id))
    answer["locked"] = publications(company_id, policy_id)
    return answer


def play_writers_of_profiles() -> dict:
    """Two people hand customers over while the totals are folded; nobody waits for anybody."""
    company_id = new_company("Writers")
    customers = new_customers(company_id, 6)
    fill(company_id, new_journal(company_id), customers)
    forget(company_id)
    work(company_id)
    with environment() as env:  # so that there is something to fold
        env["res.partner"].browse(customers[:1]).write({"user_id": odoo.SUPERUSER_ID})
    answer = {}
    cursors = first, second, folder, stale, reader = [registry.cursor() for _ in range(5)]
    on = [api.Environment(cr, odoo.SUPERUSER_ID, {"tracking_disable": True}) for cr in cursors]
    totals = [env["customer.profile.total"] for env in on]
    company = on[0]["res.company"].browse(company_id)
    for cr in cursors:
        cr.execute("SET LOCAL lock_timeout = '2s'")
    stale.execute("SELECT count(*) FROM customer_profile_total")  # their snapshots are taken
    reader.execute("SELECT count(*) FROM customer_profile_total")
    try:
        for env, own in zip(on, (customers[:3], customers[3:]), strict=False):
            env["res.partner"].browse(own).write({"user_id": odoo.SUPERUSER_ID})
            env.flush_all()
            answer.setdefault("seen_by_writer", []).append(env["customer.profile.total"]._holds())
        totals[2]._compact(company)
        folder.commit()
        first.commit()
        second.commit()
        answer["seen_by_reader"] = totals[4]._holds()
        try:
            totals[3]._compact(company)
            answer["stale_folder"] = "went through"
        except psycopg2.Error as error:
            answer["stale_folder"] = type(error).__name__
    finally:
        for cr in cursors:
            cr.rollback()
            cr.close()
    with environment() as env:
        answer["rows_before"] = kinds(env, company_id)
        env["customer.profile.total"]._compact(company.with_env(env))
        answer["rows_after"] = kinds(env, company_id)
        answer["holds"] = env["customer.profile.total"]._holds()
        answer["handed_over"] = one(
            env.cr,
            "SELECT sum(customers) FROM customer_profile_total WHERE company_id = %s AND user_id = %s",
            company_id,
            odoo.SUPERUSER_ID,
        )
    return answer


def kinds(env, company_id) -> list[int]:
    """Rows of totals, and kinds of customers among them."""
    env.cr.execute(
        "SELECT count(*), count(DISTINCT (user_id, active, value_tier_id, lifecycle_stage_id,"
        " recency_level, frequency_level)) FROM customer_profile_total WHERE company_id = %s",
        [company_id],
    )
    return list(env.cr.fetchone())


def main() -> dict:
    company_id = new_company("Faults")
    journal_id = new_journal(company_id)
    customers = new_customers(company_id, CUSTOMERS)
    fill(company_id, journal_id, customers)
    # Batches that end between customers: 200 of them each
    batch.FULL_BATCH = BATCH_CUSTOMERS
    first = customers[0]
    Run._last_customer = lambda self: customers[-1]
    advance = Run._advance_full

    def from_first(self):
        """Skip the ids below the company's customers: they are other companies'."""
        if self.position < first:
            self.position = first
        return advance(self)

    Run._advance_full = from_first
    forget(company_id)
    work(company_id)
    answers = {"reference": outcome(company_id)}
    answers["killed"] = play_killed(company_id)
    answers["two_workers"] = play_two_workers(company_id)
    answers["locked"] = play_locked(company_id)
    answers["killed_incremental"] = play_killed_incremental(company_id, journal_id, customers)
    answers["postings"] = play_postings(company_id, journal_id, customers)
    Run._advance_full = advance
    del Run._last_customer
    batch.FULL_BATCH = 100_000
    answers["mark_meanwhile"] = play_mark_meanwhile(new_journal)
    answers["stale_snapshot"] = {
        what: play_stale_snapshot(what) for what in ("marks", "profiles", "market")
    }
    answers["schedule"] = play_schedule()
    answers["merge_meanwhile"] = play_merge_meanwhile(new_journal)
    answers["writers_of_profiles"] = play_writers_of_profiles()
    return answers


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main())}\n")
