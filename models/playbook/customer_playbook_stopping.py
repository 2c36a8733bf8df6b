"""The scheduled action's first part: who met a condition to stop (``customer_playbook_engine``)."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .choices import BATCH, REVERSIBLE


class CustomerPlaybookEnrolment(models.Model):
    _inherit = "customer.playbook.enrolment"

    @api.model
    def _stop(self, company) -> int:
        """End a batch of those who met a condition to stop; how many."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE customer_playbook_enrolment e
                   SET ended_at = %(now)s, ended_reason = met.reason, write_date = %(now)s
                  FROM (SELECT * FROM (
                        SELECT e.id, %(reason)s AS reason
                          FROM customer_playbook_enrolment e
                          JOIN customer_profile p ON p.id = e.profile_id
                          JOIN customer_playbook b ON b.id = e.playbook_id
                         WHERE e.company_id = %(company)s AND e.ended_at IS NULL) each
                         WHERE reason IS NOT NULL
                         ORDER BY id LIMIT %(batch)s) met
                 WHERE e.id = met.id AND e.ended_at IS NULL
             RETURNING e.id, e.ended_reason
                """,
                now=self.env.cr.now(),
                reason=self._stop_reason(),
                company=company.id,
                batch=BATCH,
            )
        )
        self.invalidate_model()
        by_reason = defaultdict(list)
        for enrolment_id, reason in rows:
            by_reason[reason].append(enrolment_id)
        for reason, ids in sorted(by_reason.items()):
            self._take_back(ids, reason)
        return len(rows)

    @api.model
    def _stop_reason(self) -> SQL:
        """Why an enrolment ``e`` of playbook ``b`` and customer ``p`` ends; null: it goes on."""
        return SQL(
            """
            CASE WHEN NOT p.active THEN 'archived'
                 WHEN b.stop_ordered
                  AND p.last_purchase_date > COALESCE(e.last_purchase_date, '-infinity')
                 THEN 'ordered'
                 WHEN b.stop_left AND b.trigger = ANY(%(reversible)s)
                  AND CASE b.trigger
                      WHEN 'stage_enter' THEN p.lifecycle_stage_id IS DISTINCT FROM b.stage_id
                      ELSE (SELECT had.sequence >= has.sequence
                              FROM customer_tier had, customer_tier has
                             WHERE had.id = e.tier_id AND has.id = p.value_tier_id) END
                 THEN 'left'
                 WHEN b.stop_asked AND (%(asked)s) THEN 'asked'
                 WHEN NOT EXISTS (SELECT FROM customer_playbook_plan n
                                    LEFT JOIN customer_followup f ON f.id = n.followup_id
                                   WHERE n.enrolment_id = e.id
                                     AND (n.opened_at IS NULL OR f.id IS NOT NULL
                                          AND f.done_at IS NULL))
                 THEN 'done' END
            """,
            reversible=sorted(REVERSIBLE),
            asked=self._asked_to_stop(),
        )

    @api.model
    def _asked_to_stop(self) -> SQL:
        """Whether the customer ``p`` wants no mail: its own address is on Odoo's list of those."""
        return SQL(
            "EXISTS (SELECT FROM res_partner r JOIN mail_blacklist l"
            "           ON l.email = r.email_normalized AND l.active WHERE r.id = p.partner_id)"
        )
