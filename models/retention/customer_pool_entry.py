from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime


class CustomerPoolEntry(models.Model):
    """The public pool: customers whom nobody looks after, for everybody who may claim one.

    It shows who and where it is, its tier and stage, and how long it has been silent; no money, and
    nothing of what was said. Whoever claims it sees the rest.
    """

    _name = "customer.pool.entry"
    _description = "Public Pool"
    _auto = False
    _order = "value_tier_id, last_purchase_date desc, id"
    _rec_name = "partner_id"
    _depends = {
        "customer.profile": [
            "user_id", "active", "company_id", "partner_id", "value_tier_id", "lifecycle_stage_id",
            "last_purchase_date",
        ],
        "customer.pool.move": ["profile_id", "at", "kind", "from_user_id"],
        "customer.contact.fact": ["profile_id", "last_at"],
        "res.company": ["customer_pool_on"],
    }  # fmt: skip

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    city = fields.Char(related="partner_id.city")
    country_id = fields.Many2one(related="partner_id.country_id")
    value_tier_id = fields.Many2one("customer.tier", readonly=True)
    tier_color = fields.Integer("Tier Color", related="value_tier_id.color")
    lifecycle_stage_id = fields.Many2one("customer.lifecycle.stage", readonly=True)
    stage_color = fields.Integer("Stage Color", related="lifecycle_stage_id.color")
    last_purchase_date = fields.Date("Last Purchase", readonly=True)
    last_contact_at = fields.Datetime("Last Contact", readonly=True)
    from_user_id = fields.Many2one("res.users", "Last With", readonly=True)
    since = fields.Datetime("In The Pool Since", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT p.id, p.partner_id, p.company_id, p.value_tier_id, p.lifecycle_stage_id,
                   p.last_purchase_date, k.last_at AS last_contact_at,
                   m.from_user_id, COALESCE(m.at, p.create_date) AS since
              FROM customer_profile p
              JOIN res_company c ON c.id = p.company_id AND c.customer_pool_on
              LEFT JOIN customer_contact_fact k ON k.profile_id = p.id
              LEFT JOIN LATERAL (SELECT m.at, m.from_user_id FROM customer_pool_move m
                                  WHERE m.profile_id = p.id
                                  ORDER BY m.at DESC, m.id DESC LIMIT 1) m ON TRUE
             WHERE p.user_id IS NULL AND p.active
            """
        )

    @api.model
    def action_open_pool(self):
        """The pool, with what one holds and has claimed today in its name."""
        self.browse().check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_pool_entry_action"
        )
        company = self.env.company
        if company.customer_pool_on:
            action["display_name"] = action["name"] = self.env._(
                "Public Pool: you hold %(held)s, claimed %(claims)s today",
                held=self._of(company.customer_pool_max_held, self._held(company)),
                claims=self._of(company.customer_pool_max_claims, self._claimed_today(company)),
            )
        return action

    def _of(self, most: int, count: int) -> str:
        return self.env._("%(count)s of %(most)s", count=count, most=most) if most else str(count)

    def _held(self, company) -> int:
        return (
            self.env["customer.profile"]
            .sudo()
            .search_count([("company_id", "=", company.id), ("user_id", "=", self.env.uid)])
        )

    def _claimed_today(self, company) -> int:
        return (
            self.env["customer.pool.move"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", "claimed"),
                    ("to_user_id", "=", self.env.uid),
                    ("day", "=", company._customer_today()),
                ]
            )
        )

    # ---- claiming ------------------------------------------------------------------------------

    def action_claim(self):
        """Look after these customers from now on. Of two people at once, one gets it."""
        self.browse().check_access("read")
        # Not by the pool's own rows: one that was claimed a second ago is no longer there.
        profiles = self.env["customer.profile"].sudo().browse(self.ids).exists()
        if (
            not self.env.user.has_group("customer_success.group_customer_own")
            or profiles.company_id - self.env.companies
        ):
            raise AccessError(self.env._("You may not claim these customers."))
        for profile in profiles.filtered("active"):
            self._claim(profile)
        self.invalidate_model()
        return self.action_open_pool() | {"target": "main"}

    def _claim(self, profile):
        company, partner, user = profile.company_id, profile.partner_id, self.env.user
        # One claim of a person at a time, so that two of them cannot both be the last allowed one.
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtext('customer_pool'), %s)", user.id)
        )
        try:
            partner.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody is changing %s at this moment. Try again.", partner.display_name
                )
            ) from error
        partner.invalidate_recordset(["user_id"])
        if partner.user_id:
            self._say_taken(profile)
        if not company.customer_pool_on:
            raise UserError(
                self.env._("This company has no public pool: an administrator can turn it on.")
            )
        held, most = self._held(company), company.customer_pool_max_held
        if most and held >= most:
            raise UserError(
                self.env._(
                    "You look after %(held)s customers, and %(most)s is the most: give one back first.",
                    held=held,
                    most=most,
                )
            )
        claimed, most = self._claimed_today(company), company.customer_pool_max_claims
        if most and claimed >= most:
            raise UserError(
                self.env._("You have claimed %s customers today: go on tomorrow.", claimed)
            )
        partner.with_context(customer_pool_move=True).user_id = user
        self.env.flush_all()
        self.env["customer.pool.move"]._log(
            profile, "claimed", {profile: self.env["res.users"]}, user, user
        )

    def _say_taken(self, profile):
        last = (
            self.env["customer.pool.move"]
            .sudo()
            .search([("profile_id", "=", profile.id), ("to_user_id", "!=", False)], limit=1)
        )
        raise UserError(
            self.env._(
                "%(user)s was faster: %(customer)s was claimed at %(time)s. Choose another one.",
                user=profile.partner_id.user_id.name,
                customer=profile.partner_id.display_name,
                time=format_datetime(self.env, last.at, dt_format="short") if last else "—",
            )
        )
