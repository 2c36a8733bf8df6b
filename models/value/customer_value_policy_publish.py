"""Which version judges: publishing a draft, and going back to a version that was replaced."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerValuePolicy(models.Model):
    """Publishing is an event of the log (``customer.value.publication``), never a change of rules.

    A version that was replaced is published again as it stands, with the cut-points of then. Going
    back is therefore a publication like any other, and does not take back the moves in between: each
    customer is judged from the standing it has.
    """

    _inherit = "customer.value.policy"

    publication_ids = fields.One2many("customer.value.publication", "policy_id", "Publications")
    publication_count = fields.Integer(compute="_compute_publication_count")
    revert_id = fields.Many2one(
        "customer.value.policy",
        "Published Before",
        compute="_compute_revert_id",
        help="The version that this one replaced, and that one can go back to.",
    )
    revert_version = fields.Integer("Version Before", compute="_compute_revert_id")
    successor_id = fields.Many2one(
        "customer.value.policy",
        "Takes Over Next",
        compute="_compute_successor_id",
        help="The version that is scheduled to replace this one.",
    )

    @api.depends("publication_ids")
    def _compute_publication_count(self):
        counts = dict(
            self.env["customer.value.publication"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.publication_count = counts.get(policy._origin, 0)

    @api.depends("state", "publication_ids")
    def _compute_revert_id(self):
        for policy in self:
            last = policy.publication_ids.sorted("id")[-1:]
            before = last.replaced_id if policy.state == "published" else self.browse()
            policy.revert_id = before.filtered(lambda p: p.state == "archived")
            policy.revert_version = policy.revert_id.version

    @api.depends("state", "company_id")
    def _compute_successor_id(self):
        for policy in self:
            published = policy.state == "published"
            policy.successor_id = self._scheduled(policy.company_id) if published else False

    # ---- buttons -------------------------------------------------------------------------------

    def action_ask_publish(self):
        """Ask who publishes this version why, and from when."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "archived"):
            raise UserError(self.env._("%s is published or scheduled already.", self.display_name))
        self._check_ready()
        if self.state == "draft":
            title = self.env._("Publish Version %s", self.version)
        else:
            title = self.env._("Go Back To Version %s", self.version)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.publication",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    def action_revert(self):
        """Ask for publishing the version before this one again."""
        self.ensure_one()
        self.check_access("write")
        if not self.revert_id:
            raise UserError(self.env._("There is no version before this one to go back to."))
        return self.revert_id.action_ask_publish()

    def action_publish(self):
        """Publish these drafts now; the progress dialog of the runs."""
        for policy in self:
            if policy.state != "draft":
                raise UserError(self.env._("%s is not a draft.", policy.display_name))
        return self._publish()._progress_action()

    def action_open_publications(self):
        """When this version was published, by whom and why."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_value_publication_action"
        )
        return action | {"domain": [("policy_id", "=", self.id)]}

    def action_compare(self):
        """What changed from the version that this one was made from, or that comes before it."""
        self.ensure_one()
        others = self.search([("company_id", "=", self.company_id.id), ("id", "!=", self.id)])
        earlier = others.filtered(lambda policy: policy.version < self.version)
        other = self.previous_id or self.revert_id or earlier[:1] or others[-1:]
        if not other:
            raise UserError(self.env._("There is only one version: nothing to compare it with."))
        return self._compare_with(other)

    def _compare_with(self, other):
        self.check_access("read")
        comparison = self.env["customer.value.comparison"].create(
            {"policy_id": self.id, "other_id": other.id}
        )
        return comparison._get_records_action(name=self.env._("Compare Versions"))

    # ---- publishing ----------------------------------------------------------------------------

    def _check_ready(self) -> None:
        """Refuse what cannot judge, and what gives tiers that are out of use."""
        self._check_publishable()
        for policy in self:
            unused = policy.tier_ids.tier_id.filtered(lambda tier: not tier.active)
            if unused:
                raise ValidationError(
                    self.env._(
                        "%(policy)s gives a tier that is archived: %(tiers)s. Restore it under "
                        "Value Tiers, or publish a version without it.",
                        policy=policy.display_name,
                        tiers=", ".join(unused.mapped("name")),
                    )
                )

    def _publish(self, reason="", user=None):
        """Have every customer of these policies' companies judged by them; the runs, queued.

        A progress dialog on the runs only watches, and lends a hand.

        :param user: who said so, the current user unless given
        """
        user = user or self.env.user
        runs = self.env["customer.run"].sudo()
        for policy in self:
            policy.check_access("write")
            policy._check_ready()
            current = self._published(policy.company_id)
            if current == policy:
                raise UserError(self.env._("%s is published already.", policy.display_name))
            current.sudo().write({"state": "archived"})
            current.flush_recordset()  # one published at a time, at each moment
            if not (policy.previous_id or policy.publication_ids):
                policy.previous_id = current
            policy.sudo().write(
                {
                    "state": "published",
                    "published_on": fields.Datetime.now(),
                    "published_by_id": user.id,
                    "publish_on": False,
                    "publish_reason": False,
                    "scheduled_by_id": False,
                    "schedule_error": False,
                }
            )
            self.env["customer.value.publication"].sudo().create(
                {
                    "company_id": policy.company_id.id,
                    "policy_id": policy.id,
                    "replaced_id": current.id,
                    "effective_date": policy.company_id._customer_today(),
                    "user_id": user.id,
                    "reason": reason,
                }
            )
            policy._note_publication(current, reason, user)
            runs += runs._queue(policy.company_id, "policy")
        return runs

    def _note_publication(self, replaced, reason, user) -> None:
        words = {"user": user.name, "replaced": replaced.version, "reason": reason}
        if reason and replaced:
            note = self.env._(
                "%(user)s published it instead of version %(replaced)s: %(reason)s", **words
            )
        elif reason:
            note = self.env._("%(user)s published it: %(reason)s", **words)
        elif replaced:
            note = self.env._("%(user)s published it instead of version %(replaced)s.", **words)
        else:
            note = self.env._("%(user)s published it.", **words)
        self.message_post(body=note)
        if replaced:
            replaced.message_post(
                body=self.env._("Replaced by version %(version)s.", version=self.version)
            )

    @api.model
    def _publish_default(self, company):
        """Give ``company`` its first policy, calibrated on its own data where it has enough."""
        policy = self.with_company(company).create({"company_id": company.id})
        policy._calibrate(company._customer_today())
        policy._publish(self.env._("The company's first policy, made by itself"))
