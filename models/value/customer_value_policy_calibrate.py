"""Cut-points from a company's own customers."""

from odoo import models
from odoo.exceptions import UserError

from ...tools import cutpoints, rhythm, scoring
from ...tools.dates import to_days
from ..facts.customer_facts import Windows


class CustomerValuePolicy(models.Model):
    _inherit = "customer.value.policy"

    def action_calibrate(self):
        """Make the cut-points anew from the company's own customers."""
        for policy in self:
            if policy.state != "draft":
                raise UserError(self.env._("Make a new version first; then calibrate the draft."))
            if not policy._calibrate(policy.company_id._customer_today()):
                raise UserError(
                    self.env._(
                        "%(company)s has too few customers with a purchase in the last %(days)s days "
                        "(%(minimum)s are needed). Type the cut-points in instead.",
                        company=policy.company_id.name,
                        days=policy.window_days,
                        minimum=cutpoints.MIN_CUSTOMERS,
                    )
                )

    def _own_customers(self, as_of, sample=None) -> dict:
        """The company's customers as the kernels that suggest cut-points take them.

        :param sample: about how many of them are enough
        """
        self.ensure_one()
        days = self.window_days
        Facts = self.env["customer.facts"]
        facts = Facts._fetch(
            self.company_id,
            as_of,
            Windows(days, days, days),
            Facts._sample_restriction(sample) if sample else Facts._sample_restriction(),
        )
        median = rhythm.company_median(facts["first"], facts["last"], facts["purchases_life"])
        return {
            "recency": scoring.recency_value(
                facts["last"],
                to_days(as_of),
                self._kernel(),
                rhythm.shrunk_interval(
                    facts["first"], facts["last"], facts["purchases_life"], median
                ),
            ),
            "frequency": facts["purchases"],
            "money": facts["revenue"],
            "mode": self.recency_mode,
            "median_interval": median,
        }

    def _calibrate(self, as_of) -> bool:
        """Set cut-points from customers who bought in the window; False if too few did."""
        calibration = cutpoints.calibrate(**self._own_customers(as_of))
        if not calibration.customers:
            return False
        self._set_cuts(calibration)
        self.calibrated_on = as_of
        self.calibrated_count = calibration.customers
        return True
