from odoo import api, fields, models

from ..common.fields import LooseMany2one
from ..evidence.formats import Formats
from .customer_demand import REASONS
from .focus_receipt import FocusReceipt


class CustomerTransition(models.Model):
    """What a customer buys on is logged beside its tier and stage: from what to what, when, why.

    A focus is neither up nor down: ``direction`` is empty, and no count of moves includes it.
    """

    _inherit = "customer.transition"

    kind = fields.Selection(
        selection_add=[("focus", "Demand focus")], ondelete={"focus": "cascade"}
    )
    from_focus_id = LooseMany2one(
        "customer.demand.focus", "From Focus", ondelete="restrict", readonly=True
    )
    to_focus_id = LooseMany2one(
        "customer.demand.focus", "To Focus", ondelete="restrict", readonly=True
    )

    def _of_focus(self):
        return self.filtered(lambda transition: transition.kind == "focus")

    @api.depends("from_focus_id", "to_focus_id")
    def _compute_names(self):
        moves = self._of_focus()
        for transition in moves:
            transition.from_name = transition.from_focus_id.name
            transition.to_name = transition.to_focus_id.name or self.env._("Not known")
        return super(CustomerTransition, self - moves)._compute_names()

    def _compute_reason_text(self):
        moves = self._of_focus()
        words = dict(self.env["customer.demand"]._fields["reason"]._description_selection(self.env))
        for transition in moves:
            reason = transition.reason
            transition.reason_text = words.get(reason, reason) if reason in _CODES else reason
        return super(CustomerTransition, self - moves)._compute_reason_text()

    @api.depends("to_focus_id.color")
    def _compute_to_color(self):
        moves = self._of_focus()
        for transition in moves:
            transition.to_color = transition.to_focus_id.color
        return super(CustomerTransition, self - moves)._compute_to_color()

    def _compute_evidence_html(self):
        moves = self._of_focus()
        for transition in moves:
            receipt = FocusReceipt(
                self.env,
                transition.evidence,
                Formats(self.env, transition.currency_id),
            )
            transition.evidence_html = self.env["ir.qweb"]._render(
                "customer_success.demand_evidence_sum", {"lines": receipt.lines(), "links": {}}
            )
        return super(CustomerTransition, self - moves)._compute_evidence_html()


_CODES = {code for code, __ in REASONS}
