from odoo import models

from ..common.customer_run import FIGURE_KINDS


class CustomerRun(models.Model):
    _inherit = "customer.run"

    def _finished(self) -> None:
        """Fold what the batches appended to the totals, and keep the month as it is now known.

        In the transaction of the last batch, which holds the company. A run over chosen customers is
        somebody's click, and leaves it to the next one.
        """
        super()._finished()
        if self.kind not in FIGURE_KINDS:
            return
        self.env["customer.profile.total"]._compact(self.company_id)
        self.env["customer.profile.month"]._keep(self.company_id, self.as_of)
