from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import cutpoints
from ...tools import value_policy as kernel
from ...tools.errors import PolicyError
from ..common.policy_messages import policy_messages

AXES = [("recency", "Recency"), ("frequency", "Frequency"), ("money", "Money")]
STATES = [
    ("draft", "Draft"),
    ("scheduled", "Scheduled"),
    ("published", "Published"),
    ("archived", "Archived"),
]

#: What changes in a draft alone: customers were judged by a published policy, or are about to be.
FROZEN_FIELDS = {
    "company_id",
    "window_days",
    "recency_mode",
    "weight_recency",
    "weight_frequency",
    "weight_money",
    "dwell_days",
    "cut_ids",
    "recency_cut_ids",
    "frequency_cut_ids",
    "money_cut_ids",
    "tier_ids",
}

#: What only publishing, scheduling and going back write.
PUBLISHING_FIELDS = {
    "state",
    "published_on",
    "published_by_id",
    "publish_on",
    "scheduled_by_id",
    "schedule_error",
}


class CustomerValuePolicy(models.Model):
    """How a company scores its customers and which score gives which tier.

    A policy is edited as a draft and frozen when published or scheduled; one per company is
    published. To change it, make a new version: what customers were judged by stays readable.
    """

    _name = "customer.value.policy"
    _inherit = ["customer.kept.fields", "mail.thread"]
    _description = "Value Policy"
    _order = "company_id, version desc, id desc"

    name = fields.Char(required=True, translate=False, default=lambda self: self.env._("Standard"))
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda s: s.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    previous_id = fields.Many2one(
        "customer.value.policy", "Previous Version", readonly=True, copy=False, ondelete="set null"
    )
    published_on = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")

    # Facts
    window_days = fields.Integer(
        "Window (Days)",
        required=True,
        default=365,
        help="How far back purchases count for frequency and money.",
    )
    recency_mode = fields.Selection(
        [
            (kernel.RECENCY_DAYS, "Days since the last purchase"),
            (kernel.RECENCY_RHYTHM, "Silence against the customer's own rhythm"),
        ],
        required=True,
        default=kernel.RECENCY_DAYS,
        help="With own rhythm, a customer who buys once a quarter is not penalised after a month.",
    )

    # Score
    weight_recency = fields.Float(required=True, default=0.2, digits=(5, 2))
    weight_frequency = fields.Float(required=True, default=0.3, digits=(5, 2))
    weight_money = fields.Float(required=True, default=0.5, digits=(5, 2))
    cut_ids = fields.One2many("customer.value.cut", "policy_id", "Cut-Points", copy=True)
    recency_cut_ids = fields.One2many(
        "customer.value.cut", "policy_id", domain=[("axis", "=", "recency")]
    )
    frequency_cut_ids = fields.One2many(
        "customer.value.cut", "policy_id", domain=[("axis", "=", "frequency")]
    )
    money_cut_ids = fields.One2many(
        "customer.value.cut", "policy_id", domain=[("axis", "=", "money")]
    )
    # Copied with the cut-points that they tell of
    calibrated_on = fields.Date(
        readonly=True, help="When the cut-points were last made from own customers."
    )
    calibrated_count = fields.Integer("Calibrated On Customers", readonly=True)

    # Tiers
    tier_ids = fields.One2many("customer.value.policy.tier", "policy_id", "Tiers", copy=True)
    dwell_days = fields.Integer(
        "Wait Before A Downgrade (Days)",
        required=True,
        default=60,
        help="How long a customer's score must stay too low before the tier is lost. Upgrades are "
        "immediate.",
    )

    version_count = fields.Integer(compute="_compute_version_count")

    _one_published = models.UniqueIndex(
        "(company_id) WHERE state = 'published'", "A company has one published policy."
    )
    _version_uniq = models.Constraint(
        "UNIQUE(company_id, version)", "Another policy of this company has this version number."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(name)s, version %(version)s", name=policy.name, version=policy.version
            )

    @api.depends("company_id")
    def _compute_version_count(self):
        counts = dict(
            self._read_group(
                [("company_id", "in", self.company_id.ids)], ["company_id"], ["__count"]
            )
        )
        for policy in self:
            policy.version_count = counts.get(policy.company_id, 0)

    # ---- rules ---------------------------------------------------------------------------------

    def _kernel(self) -> kernel.ValuePolicy:
        """This policy as the kernels read it. A tier's id in it is the ``customer.tier`` id."""
        self.ensure_one()
        cuts = {axis: [] for axis, __ in AXES}
        for cut in self.cut_ids:
            cuts[cut.axis].append(cut.value)
        return kernel.ValuePolicy(
            recency_mode=self.recency_mode,
            recency_cuts=sorted(cuts["recency"]),
            frequency_cuts=sorted(cuts["frequency"]),
            money_cuts=sorted(cuts["money"]),
            recency_weight=self.weight_recency,
            frequency_weight=self.weight_frequency,
            money_weight=self.weight_money,
            tiers=tuple(
                kernel.TierRule(line.tier_id.id, line.threshold, line.keep_threshold)
                for line in self.tier_ids.sorted("threshold", reverse=True)
            ),
            window_days=self.window_days,
            dwell_days=self.dwell_days,
        )

    def _check_publishable(self) -> None:
        """Refuse a policy that cannot judge, saying everything that is wrong and how to mend it."""
        for policy in self:
            rules = policy._kernel()
            rank = {tier.id: (tier.sequence, tier.id) for tier in policy.tier_ids.tier_id}
            try:
                # In the order of the tiers: a better tier must not be easier to reach.
                replace(rules, tiers=sorted(rules.tiers, key=lambda t: rank[t.id])).validate()
            except PolicyError as error:
                names = {line.tier_id.id: line.tier_id.name for line in policy.tier_ids}
                raise ValidationError("\n".join(policy_messages(self.env, error, names))) from error

    @api.constrains(*sorted(FROZEN_FIELDS - {"company_id"}))
    def _check_rules(self):
        """A draft may be incomplete, but never wrong: it is complained about as it is saved."""
        self.filtered(lambda policy: policy.cut_ids and policy.tier_ids)._check_publishable()

    def write(self, vals):
        self._refuse_kept(vals)
        if FROZEN_FIELDS & vals.keys():
            self._refuse_unless_draft()
        return super().write(vals)

    @api.model
    def _kept_fields(self):
        return PUBLISHING_FIELDS

    @api.model
    def _kept_sentence(self, labels):
        return self.env._(
            "A policy is published, scheduled and archived by its buttons, which ask why and "
            "write it down; not by writing its state."
        )

    def _refuse_unless_draft(self) -> None:
        if any(policy.state == "scheduled" for policy in self):
            raise UserError(
                self.env._(
                    "A scheduled policy is not changed: it is published as it was when its day was "
                    "chosen. Cancel the schedule, change it, and schedule it again."
                )
            )
        if any(policy.state != "draft" for policy in self):
            raise UserError(
                self.env._(
                    "A published policy is never changed, since customers were judged by it. "
                    "Make a new version, change that, and publish it."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(policy.state == "scheduled" for policy in self):
            raise UserError(self.env._("Cancel the schedule first; then delete the draft."))
        if any(policy.state != "draft" for policy in self):
            raise UserError(
                self.env._("Only a draft can be deleted: customers were judged by this policy.")
            )

    # ---- versions ------------------------------------------------------------------------------

    @api.model
    def _published(self, company):
        """The company's published policy, or an empty record."""
        return self.search([("company_id", "=", company.id), ("state", "=", "published")])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
            if "version" not in vals:
                company_id = vals.get("company_id") or self.env.company.id
                vals["version"] = self._next_version(company_id)
        policies = super().create(vals_list)
        for policy in policies:
            if not policy.tier_ids:
                policy.tier_ids = policy._default_tier_values()
            if not policy.cut_ids:
                policy._set_cuts(cutpoints.calibrate([], [], [], mode=policy.recency_mode))
        return policies

    @api.model
    def _next_version(self, company_id) -> int:
        last = self.search([("company_id", "=", company_id)], order="version desc", limit=1)
        return last.version + 1

    def copy_data(self, default=None):
        company_id = (default or {}).get("company_id")
        return [
            vals | {"version": self._next_version(company_id or policy.company_id.id)}
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _default_tier_values(self) -> list:
        tiers = self.env["customer.tier"].search([], limit=len(kernel.DEFAULT_TIER_SCORES))
        scores = kernel.DEFAULT_TIER_SCORES[-len(tiers) :]  # the lowest always starts from 0
        return [
            fields.Command.create(
                {"tier_id": tier.id, "threshold": threshold, "keep_threshold": keep}
            )
            for tier, (threshold, keep) in zip(tiers, scores, strict=True)
        ]

    def _set_cuts(self, calibration: cutpoints.Calibration) -> None:
        """Replace the cut-points."""
        self.ensure_one()
        self.cut_ids = [fields.Command.clear()] + [
            fields.Command.create({"axis": axis, "value": value})
            for axis, __ in AXES
            for value in getattr(calibration, axis)
        ]

    def action_new_version(self):
        """Copy this policy as the draft of the next version."""
        self.ensure_one()
        draft = self.copy({"name": self.name, "previous_id": self.id})
        return draft._get_records_action()

    def action_open_versions(self):
        """All versions of this policy's company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_value_policy_action"
        )
        return action | {
            "name": self.env._("Versions"),
            "domain": [("company_id", "=", self.company_id.id)],
        }
