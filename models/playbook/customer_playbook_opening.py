"""The scheduled action's last part: plans whose day has come (``customer_playbook_engine``)."""

from odoo import api, models
from odoo.tools import SQL

from .choices import BATCH


class CustomerPlaybookEnrolment(models.Model):
    _inherit = "customer.playbook.enrolment"

    @api.model
    def _open_due(self, company) -> int:
        """Open the follow-ups of a batch of plans whose day has come; how many plans."""
        self.env.flush_all()
        due = self.env.execute_query(
            SQL(
                """
                SELECT n.id
                  FROM customer_playbook_plan n
                  JOIN customer_playbook_enrolment e ON e.id = n.enrolment_id
                 WHERE n.company_id = %s AND n.opened_at IS NULL AND n.opens <= %s
                   AND e.ended_at IS NULL
                 ORDER BY n.opens, n.id
                 LIMIT %s
                   FOR UPDATE OF n SKIP LOCKED
                """,
                company.id,
                company._customer_today(),
                BATCH,
            )
        )
        plans = self.env["customer.playbook.plan"].sudo().browse([plan_id for (plan_id,) in due])
        if not plans:
            return 0
        self.env["customer.followup"]._open(plans._followups(company))
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_playbook_plan n
                   SET opened_at = %(now)s,
                       followup_id = (SELECT f.id FROM customer_followup f
                                       WHERE f.profile_id = e.profile_id
                                         AND f.cause_key = %(key)s AND f.occasion = e.cause)
                  FROM customer_playbook_enrolment e
                 WHERE e.id = n.enrolment_id AND n.id = ANY(%(plans)s)
                """,
                now=self.env.cr.now(),
                key=SQL("'playbook:' || e.playbook_id || ':step:' || n.step_id"),
                plans=plans.ids,
            )
        )
        plans.invalidate_model()
        return len(plans)


class CustomerPlaybookPlan(models.Model):
    _inherit = "customer.playbook.plan"

    def _followups(self, company) -> list[dict]:
        """What is to be opened for these plans, as ``customer.followup`` wants it."""
        leader = (
            self.env["customer.ticket.team"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
            .leader_id
        )
        rows = []
        for plan in self:
            enrolment, step = plan.enrolment_id, plan.step_id
            user = step._who(enrolment, leader)
            rows.append(
                {
                    "profile_id": enrolment.profile_id.id,
                    "cause_key": f"playbook:{enrolment.playbook_id.id}:step:{step.id}",
                    "occasion": enrolment.cause,
                    "reason": enrolment._reason(),
                    "action": step.action,
                    "advice": step.with_context(lang=user.lang or company.partner_id.lang).advice,
                    "due_date": plan.due,
                    "user_id": user.id,
                    "res_model": enrolment._name,
                    "res_id": enrolment.id,
                }
            )
        return rows


class CustomerPlaybookStep(models.Model):
    _inherit = "customer.playbook.step"

    def _who(self, enrolment, leader):
        """Who does this step for that customer; nobody where there is none any more."""
        user = {
            "manager": lambda: enrolment.profile_id.user_id,
            "leader": lambda: leader,
            "people": lambda: self._in_turn(enrolment),
        }[self.assignee]()
        return user.filtered("active")

    def _in_turn(self, enrolment):
        """The next of those who may see the customer's company; the same one for the same customer."""
        people = self.user_ids.filtered(
            lambda user: user.active and enrolment.company_id in user.company_ids
        ).sorted("id")
        return people[enrolment.id % len(people)] if people else people
