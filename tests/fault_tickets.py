"""Plays the scenarios of ``test_ticket_concurrency``: ``python fault_tickets.py DATABASE SETTINGS``.

Two people, or two workers, at the same tickets, each with a connection of its own. Its last line is JSON.
"""

import json
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from fault_process import ended, environment, forked, one, registry

from odoo import Command, api
from odoo.exceptions import UserError
from odoo.service import model as service

TICKETS = 6
Ticket = registry["customer.ticket"]
# nothing leaves this machine, and nobody waits to be fair
registry["ir.mail_server"]._disable_send = lambda self: True
service.random.uniform = lambda least, most: 0


class World:
    """A company with a team of two and a customer."""

    def __init__(self):
        with environment() as env:
            company = env["res.company"].create({"name": "Two at once"})
            ann, ben = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": name,
                        "login": f"fault_{name}",
                        "email": f"{name}@team.example",
                        "company_id": company.id,
                        "company_ids": [Command.set(company.ids)],
                        "group_ids": [
                            Command.set(
                                [
                                    env.ref("base.group_user").id,
                                    env.ref("customer_success.group_customer_all").id,
                                ]
                            )
                        ],
                    }
                )
                .id
                for name in ("ann", "ben")
            )
            team = env["customer.ticket.team"].search([("company_id", "=", company.id)])
            team.write(
                {
                    "member_ids": [Command.set([ann, ben])],
                    "leader_id": ben,
                    "assignment": "manual",
                }
            )
            customer = env["res.partner"].create({"name": "Carl", "email": "carl@acme.example"})
            self.company, self.ann, self.ben = company.id, ann, ben
            self.team, self.customer = team.id, customer.id
            stages = env["customer.ticket.stage"].search([])
            self.stage = {
                name: env.ref(f"customer_success.ticket_stage_{name}").id
                for name in ("new", "acknowledged", "in_progress", "solved", "reopened")
            }
            self.names = {stage.id: stage.name for stage in stages}

    def tickets(self, count=1, **vals) -> list[int]:
        with environment() as env:
            return (
                env["customer.ticket"]
                .create(
                    [
                        {
                            "name": f"Ticket {number}",
                            "team_id": self.team,
                            "contact_id": self.customer,
                            "user_id": self.ann,
                            **vals,
                        }
                        for number in range(count)
                    ]
                )
                .ids
            )

    def request(self, user, ticket_id, work, meanwhile=None):
        """What a person does in one click: tried again when somebody else was faster.

        ``meanwhile`` happens, and is committed, after the first try has looked at the ticket.
        """
        pending = [meanwhile] if meanwhile else []
        with registry.cursor() as cr:
            env = api.Environment(cr, user, {"allowed_company_ids": [self.company]})

            def attempt():
                ticket = env["customer.ticket"].browse(ticket_id)
                ticket.read(["stage_id", "solution", "name"])
                if pending:
                    pending.pop()()
                work(ticket)

            try:
                service.retrying(attempt, env)
            except UserError as error:
                cr.rollback()
                return str(error)
        return "done"

    def outcome(self, ticket_id) -> dict:
        with environment() as env:
            ticket = env["customer.ticket"].browse(ticket_id)
            return {
                "stage": self._name(ticket.stage_id.id),
                "solution": ticket.solution or "",
                "moves": [
                    [self._name(move.to_stage_id.id), move.user_id.login or ""]
                    for move in ticket.move_ids.sorted("id")
                ],
            }

    def _name(self, stage_id):
        return next(name for name, number in self.stage.items() if number == stage_id)


# ---- two people ---------------------------------------------------------------------------------


def to(stage_id):
    return lambda ticket: ticket.write({"stage_id": stage_id})


def play_people(world) -> dict:
    answers, stage = {}, world.stage

    def played(name, first, second):
        """Ann does ``first``; while she does, Ben does ``second`` and is through."""
        (ticket,) = world.tickets()
        answer = world.request(
            world.ann,
            ticket,
            first,
            meanwhile=lambda: world.request(world.ben, ticket, second),
        )
        answers[name] = {"answer": answer, **world.outcome(ticket)}

    played("both_move", to(stage["in_progress"]), to(stage["acknowledged"]))
    played("no_way_back", to(stage["acknowledged"]), to(stage["in_progress"]))
    played(
        "button",
        lambda ticket: ticket.with_context(seen_stage_id=stage["new"]).action_next(),
        to(stage["acknowledged"]),
    )
    played(
        "solution_and_move",
        lambda ticket: ticket.write({"solution": "New tiles"}),
        to(stage["in_progress"]),
    )
    played(
        "move_and_solution",
        to(stage["in_progress"]),
        lambda ticket: ticket.write({"solution": "New tiles"}),
    )
    return answers


def play_rated_twice(world) -> dict:
    """The customer submits the same rating in two windows."""
    (ticket,) = world.tickets(solution="New tiles")
    world.request(world.ann, ticket, to(world.stage["solved"]))
    with environment() as env:
        env["customer.ticket"].browse(ticket)._settle_rating("asked", datetime.utcnow())
        public = env.ref("base.public_user").id

    def rate(ticket):
        ticket = ticket.sudo()
        ticket.rating_apply(1, rating=ticket.rating_ids, feedback="Broken")

    # the public sees no ticket: read as the system, like the controller
    with patch.object(registry["customer.ticket"], "read", lambda self, fields: None):
        answer = world.request(
            public, ticket, rate, meanwhile=lambda: world.request(public, ticket, rate)
        )
    with environment() as env:
        record = env["customer.ticket"].browse(ticket)
        return {
            "answer": answer,
            "reopened": record.reopened_count,
            "ratings": len(record.rating_ids),
            "words": len(record.message_ids.filtered("rating_value")),
        }


# ---- two workers --------------------------------------------------------------------------------


@contextmanager
def slowly(name):
    """Each ticket takes a while, so that the two are at it together."""
    method = getattr(Ticket, name)

    def slow(self, *args, **kwargs):
        time.sleep(0.05)
        return method(self, *args, **kwargs)

    with patch.object(Ticket, name, slow):
        yield


def worked(cron):
    with environment() as env:
        getattr(env["customer.ticket"], cron)()


def two_workers(cron, step) -> list[int]:
    with slowly(step):
        children = [forked(lambda: worked(cron)) for __ in range(2)]
        return [ended(child) for child in children]


def late_worker(cron) -> str:
    """A worker has looked for tickets; before it begins, another does all of them."""
    iterate = Ticket._one_at_a_time
    pending = [True]

    def overtaken(self, domain, commit):
        if pending:
            pending.pop()
            worked(cron)
        return iterate(self, domain, commit)

    with patch.object(Ticket, "_one_at_a_time", overtaken):
        try:
            worked(cron)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return "done"


def counted(ids) -> dict:
    with environment() as env:
        return {
            "alerts": one(
                env.cr,
                "SELECT count(*) FROM customer_ticket_alert WHERE ticket_id = ANY(%s)",
                ids,
            ),
            "told": one(
                env.cr,
                "SELECT count(*) FROM mail_message WHERE model = 'customer.ticket'"
                " AND message_type = 'user_notification' AND res_id = ANY(%s)",
                ids,
            ),
            "requests": one(
                env.cr,
                "SELECT count(*) FROM customer_rating_request WHERE ticket_id = ANY(%s)",
                ids,
            ),
            "asked": one(
                env.cr,
                "SELECT count(*) FROM mail_message WHERE model = 'customer.ticket'"
                " AND subject LIKE '%%how was it solved%%' AND res_id = ANY(%s)",
                ids,
            ),
        }


def play_workers(world) -> dict:
    long_ago = datetime.utcnow() - timedelta(days=30)

    def solved():
        ids = world.tickets(TICKETS, kind="question")
        with environment() as env:
            tickets = env["customer.ticket"].browse(ids)
            tickets.write({"stage_id": world.stage["solved"]})
            tickets.write({"solved_at": datetime.utcnow() - timedelta(days=2)})
        return ids

    answers = {}
    for name, cron, step, make in (
        ("alerts", "_cron_alert", "_alert", lambda: world.tickets(TICKETS, opened_at=long_ago)),
        ("ratings", "_cron_ask_for_ratings", "_settle_rating", solved),
    ):
        ids = make()
        answers[name] = {"statuses": two_workers(cron, step)}
        worked(cron)
        answers[name] |= counted(ids)
        ids = make()
        answers[f"{name}_late"] = {"answer": late_worker(cron)} | counted(ids)
    return answers


def main() -> dict:
    world = World()
    return {
        "people": play_people(world),
        "rated_twice": play_rated_twice(world),
        "workers": play_workers(world),
    }


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main())}\n")
