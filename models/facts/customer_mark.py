from odoo import api, fields, models
from odoo.tools import SQL


class CustomerMark(models.Model):
    """Says that a customer's facts may have changed since they were last read.

    Written while somebody posts an invoice, so writing one must never wait, conflict or fail: plain
    integers instead of foreign keys (a key check would wait for whoever holds the partner's row), no
    unique constraint (two postings may mark one customer), and one insert per transaction. A run
    deletes the marks that it has read, in the transaction that stores what it read.
    """

    _name = "customer.mark"
    _description = "Customer to recompute"
    _log_access = False
    _order = "id"

    company_ref = fields.Integer(required=True)
    partner_ref = fields.Integer(required=True)

    _customer_idx = models.Index("(company_ref, partner_ref)")

    @api.model
    def _add(self, customers) -> None:
        """Mark ``(company id, commercial partner id)`` pairs when this transaction commits.

        Collected until then, so that a transaction costs one insert however many documents it
        touches.
        """
        pending = self.env.cr.precommit.data.setdefault("customer_success.marks", set())
        if not pending:
            self.env.cr.precommit.add(self._insert_pending)
        pending.update(pair for pair in customers if all(pair))

    @api.model
    def _insert_pending(self) -> None:
        pending = self.env.cr.precommit.data.pop("customer_success.marks", set())
        if pending:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO customer_mark (company_ref, partner_ref) VALUES %s",
                    SQL(", ").join(SQL("(%s, %s)", *pair) for pair in sorted(pending)),
                )
            )
