"""Plays the scenarios of ``test_care_faults``: ``python care_process.py DATABASE SETTINGS``.

Runs on a database of its own, with a mail server of its own on the loopback, and with processes that
it forks and kills. Its last line is JSON.
"""

import json
import logging
import socket
import sys
import time
from collections import Counter
from datetime import datetime, timezone
from email import message_from_bytes

from aiosmtpd.controller import Controller
from fault_process import die, ended, environment, forked, registry

import odoo
from odoo import api

from odoo.addons.base.models.ir_mail_server import IrMail_Server

PEOPLE = 24
TODAY = datetime.now(timezone.utc).date()

logging.getLogger("mail.log").setLevel(logging.ERROR)


class Inbox:
    """A mail server: keeps the Message-IDs of what it accepted."""

    def __init__(self):
        self.accepted = []

    async def handle_DATA(self, server, session, envelope):
        self.accepted.append(message_from_bytes(envelope.content)["Message-Id"])
        return "250 accepted"


inbox = Inbox()
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
controller = Controller(inbox, hostname="127.0.0.1", port=PORT)


def on_call(owner, name, number, after):
    """Die before or after the ``number``-th call of a method."""
    original = getattr(owner, name)
    calls = 0

    def dying(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == number and not after:
            die()
        result = original(*args, **kwargs)
        if calls == number and after:
            die()
        return result

    setattr(owner, name, dying)


# ---- a program and its customers ----------------------------------------------------------------


def set_up(name) -> int:
    """A running program of a company of its own, whose customers all have their birthday today."""
    with environment() as env:
        env["customer.care.program"].search([]).write({"state": "draft"})
        company = env["res.company"].create({"name": name, "email": "office@faults.example"})
        company.write({"customer_care_quiet_from": 0, "customer_care_quiet_to": 0})
        people = env["res.partner"].create(
            [
                {
                    "name": f"{name} {n}",
                    "email": f"{name.lower()}{n}@people.example",
                    "customer_birthday": TODAY.replace(year=1980),
                }
                for n in range(PEOPLE)
            ]
        )
        env.flush_all()
        env.cr.execute(
            "INSERT INTO customer_profile (company_id, partner_id, active) SELECT %s, id, TRUE"
            " FROM res_partner WHERE id = ANY(%s)",
            [company.id, people.ids],
        )
        program = env["customer.care.program"].create(
            {
                "name": name,
                "company_id": company.id,
                "occasion_id": env.ref("customer_success.occasion_birthday").id,
                "purpose_id": env.ref("customer_success.consent_purpose_greetings").id,
                "mail_template_id": env.ref("customer_success.mail_template_care_birthday").id,
            }
        )
        program.action_run()
        return program.id


def plan(program_id) -> None:
    with environment() as env:
        program = env["customer.care.program"].browse(program_id)
        for _ in range(20):
            if not program._plan_safely():
                env.cr.commit()
                break
            env.cr.commit()


def hand_over() -> None:
    with environment() as env:
        for _ in range(40):
            more = env["customer.care.message"]._hand_over_safely()
            env.cr.commit()
            if not more:
                break


def deliver() -> None:
    """What the scheduled action of Odoo's mail queue does."""
    with environment() as env:
        env["mail.mail"].process_email_queue()


def job(program_id) -> None:
    plan(program_id)
    hand_over()
    deliver()


def an_hour_passes(program_id) -> None:
    """For attempts that were begun; then the scheduled action looks at them."""
    with environment() as env:
        env.cr.execute(
            "UPDATE customer_care_message SET attempted_at = attempted_at - INTERVAL '1 hour'"
            " WHERE program_id = %s",
            [program_id],
        )
        env["customer.care.message"]._note_interrupted()


def outcome(program_id) -> dict:
    """Rows by status, and how often the mail server got each message."""
    with environment() as env:
        messages = env["customer.care.message"].search([("program_id", "=", program_id)])
        identities = {message.id: message._identity() for message in messages}
        arrived = Counter(inbox.accepted)
        times = [arrived[identity] for identity in identities.values()]
        return {
            "rows": len(messages),
            "contacts": len(messages.partner_id),
            "status": dict(Counter(f"{m.verdict} {m.reason or ''}".strip() for m in messages)),
            "most_often": max(times, default=0),
            "arrived": sum(1 for count in times if count),
            "sent_but_not_arrived": sum(
                1 for m in messages if m.verdict == "sent" and not arrived[identities[m.id]]
            ),
            "arrived_unknown": sum(
                1 for m in messages if m.verdict == "failed" and arrived[identities[m.id]]
            ),
            "mails_left": env["mail.mail"].search_count(
                [("customer_care_message_id", "in", messages.ids), ("state", "=", "outgoing")]
            ),
        }


# ---- scenarios ----------------------------------------------------------------------------------


def play_undisturbed() -> dict:
    program_id = set_up("Calm")
    job(program_id)
    job(program_id)
    return outcome(program_id)


def play_killed() -> dict:
    """Killed at each step, then once more from the start."""
    Program, Message = registry["customer.care.program"], registry["customer.care.message"]
    steps = {
        "storing rows": (Program, "_store", 1, True),
        "handing over": (Message, "_send_by_email", 1, True),
        "before an attempt": (Message, "_begin_attempt", 5, False),
        "after an attempt was marked": (IrMail_Server, "send_email", 5, False),
        "after the mail server accepted": (IrMail_Server, "send_email", 5, True),
        "after it was noted as sent": (Message, "_delivered", 5, True),
    }
    answer = {}
    for number, (step, how) in enumerate(steps.items()):
        program_id = set_up(f"Killed{number}")
        status = ended(forked(lambda how=how, own=program_id: (on_call(*how), job(own))))
        job(program_id)
        an_hour_passes(program_id)
        job(program_id)
        answer[step] = {"status_of_process": status, **outcome(program_id)}
    return answer


def play_two_workers() -> dict:
    """Both plan, hand over and deliver at once, again and again."""
    program_id = set_up("Two")

    def work():
        for _ in range(3):
            job(program_id)
            time.sleep(0.05)

    children = [forked(work) for _ in range(2)]
    statuses = [ended(child) for child in children]
    job(program_id)
    return {"statuses": statuses, **outcome(program_id)}


def play_two_queues() -> dict:
    """Two workers of Odoo's mail queue at the same mails at once."""
    program_id = set_up("Queues")
    plan(program_id)
    hand_over()
    children = [forked(deliver) for _ in range(2)]
    statuses = [ended(child) for child in children]
    deliver()
    return {"statuses": statuses, **outcome(program_id)}


def play_stale() -> dict:
    """A worker whose snapshot is older than another's work, at each step."""
    program_id = set_up("Stale")
    answer = {}
    with registry.cursor() as late:
        late.execute("SELECT 1")
        plan(program_id)
        env = api.Environment(late, odoo.SUPERUSER_ID, {})
        answer["planned"] = env["customer.care.program"].browse(program_id)._plan_safely()
    with registry.cursor() as late:
        late.execute("SELECT 1")
        hand_over()
        env = api.Environment(late, odoo.SUPERUSER_ID, {})
        answer["handed_over"] = env["customer.care.message"]._hand_over_safely()
    with registry.cursor() as late:
        late.execute("SELECT 1")
        env = api.Environment(late, odoo.SUPERUSER_ID, {})
        mails = env["mail.mail"].search([("customer_care_message_id.program_id", "=", program_id)])
        deliver()
        mails.send(auto_commit=True)
    return {**answer, **outcome(program_id)}


def play_two_programs() -> dict:
    """Two programs, one message a week: two workers at once do not use up the room twice."""
    first = set_up("Caps")
    with environment() as env:
        program = env["customer.care.program"].browse(first)
        second = program.copy({"name": "Caps again"})
        second.action_run()
        second_id = second.id
    children = [forked(lambda own=own: plan(own)) for own in (first, second_id)]
    statuses = [ended(child) for child in children]
    for _ in range(2):
        plan(first)
        plan(second_id)
    with environment() as env:
        messages = env["customer.care.message"].search(
            [("program_id", "in", (first, second_id)), ("verdict", "=", "queued")]
        )
        each = Counter(message.partner_id.id for message in messages)
    return {"statuses": statuses, "contacts": len(each), "most": max(each.values())}


def main() -> dict:
    controller.start()
    with environment() as env:
        env["ir.mail_server"].search([]).write({"active": False})
        env["ir.mail_server"].create(
            {
                "name": "Loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": PORT,
                "smtp_encryption": "none",
            }
        )
        env["mail.mail"].search([("state", "=", "outgoing")]).write({"state": "cancel"})
    try:
        return {
            "undisturbed": play_undisturbed(),
            "killed": play_killed(),
            "two_workers": play_two_workers(),
            "two_queues": play_two_queues(),
            "stale": play_stale(),
            "two_programs": play_two_programs(),
        }
    finally:
        controller.stop()


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main())}\n")
