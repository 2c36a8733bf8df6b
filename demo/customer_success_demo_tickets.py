"""The demo's tickets, moved through the loop as people would have done."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html

from .companies import PEOPLE
from .tickets import STORIES

#: The steps to each stage; whoever closes a ticket has told the customer before.
_WAYS = {
    "new": (),
    "acknowledged": ("acknowledged",),
    "in_progress": ("acknowledged", "in_progress"),
    "waiting": ("acknowledged", "in_progress", "waiting"),
    "solved": ("acknowledged", "in_progress", "solved"),
    "closed": ("acknowledged", "in_progress", "solved", "closed"),
}
_QUESTION = {"hartwell": "Could you send us a picture?", "hengzhu": "能否发几张现场照片？"}


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_tickets(self, company, spec, partners, people) -> None:
        """Tickets of the last days, whose clocks have run since; nothing is mailed to anybody."""
        # in the queue, from where what is meant for nobody is taken at the end
        here = self.with_context(mail_notify_force_send=False)
        team = here.env["customer.ticket.team"].search([("company_id", "=", company.id)])
        of_company = [people[person.login] for person in PEOPLE if person.company == spec.key]
        team.write(
            {
                "member_ids": [Command.set([user.id for user in of_company])],
                "leader_id": people["helen"].id,
                "assignment": "manager",
            }
        )
        company.resource_calendar_id.tz = spec.timezone
        before = self.env["mail.mail"].search([], order="id desc", limit=1).id
        now = fields.Datetime.now()
        for story in (story for story in STORIES if story.company == spec.key):
            owner = people[story.owner] if story.owner else people["helen"]
            ticket = (
                here.env["customer.ticket"]
                .with_user(owner)
                .create(
                    {
                        "name": story.name,
                        "said": plaintext2html(story.said),
                        "kind": story.kind,
                        "severity": story.severity,
                        "category_id": self.env.ref(
                            f"customer_success.ticket_category_{story.category}"
                        ).id,
                        "channel": story.channel,
                        "team_id": team.id,
                        "contact_id": partners[story.customer].id,
                        "opened_at": now - timedelta(hours=story.hours),
                    }
                )
            )
            if not story.owner:
                ticket.user_id = False
            if story.stage in ("waiting", "in_progress"):
                ticket.message_post(
                    body=_QUESTION[spec.key],
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
            ticket.solution = story.solution
            for step in _WAYS[story.stage]:
                if step == "closed" and ticket.return_visit_state == "waiting":
                    ticket.return_visit_outcome = "happy"
                ticket.stage_id = self.env.ref(f"customer_success.ticket_stage_{step}")
            if story.solved:
                self._solve_in_the_past(ticket.sudo(), story, now)
        self.env["mail.mail"].search([("id", ">", before)]).unlink()

    def _solve_in_the_past(self, ticket, story, now) -> None:
        """Solved then, and rated the day after, as the customer would have done."""
        solved = now - timedelta(hours=story.solved)
        rated = min(solved + timedelta(hours=26), now)
        for move in ticket.move_ids:
            self.env.cr.execute(
                "UPDATE customer_ticket_move SET at = %s WHERE id = %s",
                [ticket.opened_at if not move.from_stage_id else solved, move.id],
            )
        ticket.move_ids.invalidate_recordset(["at"])
        ticket.write({"responded_at": False, "stage_since": solved, "told_at": solved})
        ticket.write({"solved_at": solved, "closed_at": ticket.closed_at and rated})
        if ticket.return_visit_due:
            ticket.return_visit_due = (solved + timedelta(days=ticket.return_visit_days)).date()
        ticket._stop_clocks(solved)
        if not story.rating:
            return
        ticket = ticket.with_user(self.env.ref("base.user_root")).sudo()
        ticket._settle_rating("asked", rated)
        rating = ticket._rating_of_solution()
        ticket.rating_apply(story.rating, rating=rating, feedback=story.words or None)
        rating.rated_on = rated
