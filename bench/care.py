"""Care: everybody due at once. The gate over all of them, beside the loop that people write by hand.

The loop is ``mail.template.send_mail(force_send=False)`` for one contact after the other: it asks no
consent, no blacklist, no cap. Both make the same e-mails in the outbox; of the loop, and of handing
over, a sample is measured and extrapolated. All of it is rolled back.
"""

import time
from typing import NamedTuple

from import_records import session

from environment.report import step

SAMPLE = 300


class Care(NamedTuple):
    customers: int
    gate: float  # seconds for all
    queries: int  # of all batches
    batches: int
    hand_over: float  # seconds for all, extrapolated
    loop: float  # seconds for all, extrapolated
    loop_queries: float  # of one customer


def measure(database: str) -> Care:
    with step("Care messages to everybody"), session.environment(database) as env:
        company = env["res.company"].browse(1)
        env = env(context={"allowed_company_ids": company.ids, "tracking_disable": True})
        program = _program(env, company)
        before, started, batches = env.cr.sql_log_count, time.perf_counter(), 1
        while program._plan():
            batches += 1
        gate, queries = time.perf_counter() - started, env.cr.sql_log_count - before
        customers = env["customer.care.message"].search_count([("program_id", "=", program.id)])
        hand_over = _handing_over(env, program)
        loop, loop_queries = _loop(env, program)
        env.cr.rollback()
    return Care(
        customers,
        gate,
        queries,
        batches,
        hand_over * customers,
        loop * customers,
        loop_queries,
    )


def _program(env, company):
    env.cr.execute(
        "UPDATE res_partner SET email = 'c' || id || '@bench.example',"
        " email_normalized = 'c' || id || '@bench.example' WHERE customer_rank > 0"
    )
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()
    company.write(
        {
            "customer_care_quiet_from": 0,
            "customer_care_quiet_to": 0,
            "customer_care_overdue_days": 10_000,
        }
    )
    env["customer.care.program"].search([]).write({"state": "draft"})
    program = env["customer.care.program"].create(
        {
            "name": "Benchmark",
            "company_id": company.id,
            "occasion_id": env.ref("customer_success.occasion_monthly").id,
            "purpose_id": env.ref("customer_success.consent_purpose_greetings").id,
            "mail_template_id": env.ref("customer_success.mail_template_care_new_year").id,
            "holdout_percent": 10,
        }
    )
    program.action_run()
    return program


def _handing_over(env, program) -> float:
    """Seconds for one message from the gate to the outbox."""
    env.cr.execute(
        "SELECT id FROM customer_care_message WHERE program_id = %s AND verdict = 'queued'"
        " ORDER BY id LIMIT %s",
        [program.id, 2 * SAMPLE],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    warm, measured = (
        env["customer.care.message"].browse(part) for part in (ids[:SAMPLE], ids[SAMPLE:])
    )
    warm._still_allowed()._send_by_email(program)
    env.flush_all()
    started = time.perf_counter()
    measured._still_allowed()._send_by_email(program)
    env.flush_all()
    return (time.perf_counter() - started) / max(len(measured), 1)


def _loop(env, program) -> tuple[float, float]:
    """Seconds and queries for one customer by the loop."""
    template = env["mail.template"].create(
        {
            "name": "Benchmark",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "A happy New Year",
            "use_default_to": True,
            "lang": "{{ object.lang }}",
            "body_html": "<p>Dear <t t-out='object.name'/>,</p><p>Thank you for your trust.</p>",
        }
    )
    profiles = env["customer.profile"].search(
        [("company_id", "=", program.company_id.id)], limit=2 * SAMPLE, order="id"
    )
    ids = profiles.partner_id.ids
    for partner_id in ids[:20]:
        template.send_mail(partner_id, force_send=False)
    env.flush_all()
    before, started = env.cr.sql_log_count, time.perf_counter()
    for partner_id in ids[SAMPLE:]:
        template.send_mail(partner_id, force_send=False)
    env.flush_all()
    count = max(len(ids[SAMPLE:]), 1)
    return (time.perf_counter() - started) / count, (env.cr.sql_log_count - before) / count
