from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import cutpoints

#: From about how many customers cut-points are suggested: their shares are then off by 0.3 % at most.
SAMPLE = 30_000


class CustomerValuePolicy(models.Model):
    _inherit = "customer.value.policy"

    trial_count = fields.Integer("Dry-Runs", compute="_compute_trial_count")

    def _compute_trial_count(self):
        trials = self.env["customer.value.trial"].sudo()
        counts = dict(
            trials._read_group([("policy_id", "in", self.ids)], ["policy_id"], ["__count"])
        )
        for policy in self:
            policy.trial_count = counts.get(policy._origin, 0)

    def action_open_trials(self):
        """The dry-runs of this policy."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_value_trial_action"
        )
        return action | {"domain": [("policy_id", "=", self.id)]}

    def _suggested_cuts(self, as_of) -> dict[str, cutpoints.Calibration]:
        """Cut-points that the company's own customers suggest, each way by its code.

        Empty where too few customers bought in the window.
        """
        customers = self._own_customers(as_of, SAMPLE)
        suggested = {
            "quantiles": cutpoints.calibrate(**customers),
            "breaks": cutpoints.by_natural_breaks(**customers),
        }
        return {code: cuts for code, cuts in suggested.items() if cuts.customers}

    def _take_suggestion(self, cuts: cutpoints.Calibration, as_of) -> None:
        """Have this draft use suggested cut-points."""
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("Make a new version first; then change the draft."))
        self._set_cuts(cuts)
        self.write({"calibrated_on": as_of, "calibrated_count": cuts.customers})
