from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_followup_level import LOAD_DAYS


class CustomerFollowupLoad(models.Model):
    """What each person has planned on each of the coming days, and how much the person can do.

    Written with each levelling, for the managers' screen.
    """

    _name = "customer.followup.load"
    _description = "Follow-up Load"
    _order = "day, user_id"
    _rec_name = "user_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, ondelete="cascade", index=True
    )
    day = fields.Date(required=True, readonly=True)
    planned = fields.Integer("To Do", readonly=True)
    late = fields.Integer(readonly=True, help="Of these, due before that day.")
    capacity = fields.Integer(readonly=True, help="Places that day, less what is done already.")
    free = fields.Integer(readonly=True)
    percent = fields.Float(
        "Load", compute="_compute_percent", help="Planned against what the person can do."
    )

    _day_uniq = models.Constraint(
        "UNIQUE(company_id, user_id, day)", "A person's day is there once."
    )

    @api.depends("planned", "capacity")
    def _compute_percent(self):
        for load in self:
            load.percent = 100 * load.planned / load.capacity if load.capacity else 0

    @api.model
    def _store(self, company, places, today) -> None:
        """The coming days of these people; those of others stay, those that passed go.

        :param places: user -> places left on each day
        """
        users = self.env["res.users"].union(*places)
        until = today + timedelta(days=LOAD_DAYS)
        counts = {
            (user_id, day): (planned, late)
            for user_id, day, planned, late in self.env.execute_query(
                SQL(
                    """
                    SELECT user_id, planned_date, COUNT(*),
                           COUNT(*) FILTER (WHERE due_date < planned_date)
                      FROM customer_followup
                     WHERE company_id = %s AND done_at IS NULL AND user_id IN %s
                       AND planned_date >= %s AND planned_date < %s
                     GROUP BY user_id, planned_date
                    """,
                    company.id,
                    tuple(users.ids) or (0,),
                    today,
                    until,
                )
            )
        }
        rows = set()
        for user in users:
            for offset, capacity in enumerate(places[user][:LOAD_DAYS]):
                day = today + timedelta(days=offset)
                planned, late = counts.get((user.id, day), (0, 0))
                if capacity or planned:
                    rows.add((user.id, day, planned, late, capacity, capacity - planned))
        names = ("user_id", "day", "planned", "late", "capacity", "free")
        stored = {
            tuple(row[name].id if name == "user_id" else row[name] for name in names): row.id
            for row in self.sudo().search(
                Domain("company_id", "=", company.id)
                & (Domain("user_id", "in", users.ids) | Domain("day", "<", today))
            )
        }
        self.sudo().browse([stored[row] for row in stored.keys() - rows]).unlink()
        self.sudo().create(
            [
                {"company_id": company.id, **dict(zip(names, row, strict=True))}
                for row in sorted(rows - stored.keys())
            ]
        )

    def action_open_day(self):
        """The follow-ups of that person on that day."""
        self.check_access("read")
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_followup_action"
        ) | {
            "name": self.env._("%(who)s, %(day)s", who=self.user_id.name, day=self.day),
            "domain": [
                *self.env["customer.followup"]._open_domain(),
                ("user_id", "=", self.user_id.id),
                ("planned_date", "=", self.day),
            ],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "context": {},
        }
