from odoo import fields, models

from ...tools.demand_focus import Reason
from ..common.fields import LooseMany2one

#: Why a focus is named or not; the codes are the kernel's.
REASONS = [
    ("clear", "What it does speaks clearly for this"),
    ("nothing_speaks", "It does only what is ordinary here"),
    ("too_little", "Too little is known of it yet"),
    ("too_weak", "What it does speaks too weakly for anything"),
    ("too_close", "Two foci are too close to name one"),
    ("held", "Another answer has not stood for long enough"),
]
if [code for code, __ in REASONS] != [reason.name.lower() for reason in Reason]:
    raise AssertionError("the words of the reasons are not those of the kernel")


class CustomerDemand(models.Model):
    """What was weighed to say what a customer buys on, and what a person said about it.

    Beside the profile rather than in it: only customers who did something that tells have a row, and
    a night's new evidence writes nothing to the profile unless its focus changes.
    """

    _name = "customer.demand"
    _description = "Demand Of A Customer"
    _log_access = False
    _rec_name = "profile_id"

    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, ondelete="cascade", readonly=True
    )
    company_id = LooseMany2one("res.company", required=True, ondelete="cascade", readonly=True)
    as_of = fields.Date(readonly=True, help="The day as which this was last found to be different.")

    # Weighed
    computed_focus_id = LooseMany2one("customer.demand.focus", readonly=True, ondelete="restrict")
    reason = fields.Selection(REASONS, readonly=True)
    points = fields.Float(readonly=True, digits=(6, 2), help="Of the focus, 0 to 100.")
    confidence = fields.Float(readonly=True, digits=(6, 4), help="Of the focus, 0 to 1.")
    rival_focus_id = LooseMany2one(
        "customer.demand.focus",
        readonly=True,
        ondelete="restrict",
        help="The answer that replaces the focus if it stands for long enough; empty: unknown.",
    )
    rival_since = fields.Date(readonly=True)
    evidence = fields.Json(readonly=True)

    # Said by a person
    manual_focus_id = LooseMany2one("customer.demand.focus", readonly=True, ondelete="restrict")
    manual_reason = fields.Char(readonly=True)
    manual_user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    manual_until = fields.Date(readonly=True, help="The last day on which it holds.")

    next_look_date = fields.Date(
        readonly=True, help="The first day on which time alone can change the answer."
    )

    _profile_uniq = models.Constraint("UNIQUE(profile_id)", "A customer's demand is weighed once.")
    _next_look_idx = models.Index("(company_id, next_look_date) WHERE next_look_date IS NOT NULL")
