import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from . import conditions

#: Who sees whole companies, and so may know how a segment's total developed.
SEES_ALL = "customer_success.group_customer_all"
#: Months that the small picture of a segment's size shows.
PICTURE_MONTHS = 12


class CustomerSegment(models.Model):
    """A named audience: the customers who meet its conditions now.

    Membership is not stored. Wherever a segment is used its conditions become a subselect, so a
    customer belongs the moment the figures say so, and each reader sees the members among the
    customers that the reader may see. What is stored is its size, month by month
    (``customer.segment.size``).
    """

    _name = "customer.segment"
    _inherit = ["mail.thread"]
    _description = "Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(
        translate=True, help="Whom it is for and what it is used for, in your own words."
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Empty: for every company."
    )
    domain = fields.Char(
        "Conditions",
        required=True,
        default="[]",
        tracking=True,
        help="Dates may be relative to today, such as “today -30d”. Documents are reached through "
        "the customer, for example what was invoiced to it: Customer > Invoices > Invoice lines > "
        "Product > Product Category. That is what was addressed to the customer itself; add the "
        "same over Customer > Contact for its contacts and addresses.",
    )
    error = fields.Char(
        "Does Not Work", readonly=True, copy=False, help="Why its size could not be recorded."
    )

    # Size now, of the customers that the reader may see
    customer_count = fields.Integer("Customers", compute="_compute_size")
    revenue = fields.Monetary(
        compute="_compute_size", help="Of these customers, as on their cards."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    problem = fields.Char(compute="_compute_size")

    # Size month by month, of whole companies
    size_ids = fields.One2many(
        "customer.segment.size", "segment_id", "Size By Month", groups=SEES_ALL
    )
    size_picture = fields.Text(compute="_compute_size_picture", groups=SEES_ALL)

    # ---- conditions ----------------------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        for segment in self:
            domain = conditions.read(self.env, segment.domain)
            conditions.check(self.env, domain)
            __, problem = conditions.attempt(
                self.env, lambda domain=domain: self._profiles().search_count(domain, limit=1)
            )
            if problem:
                raise ValidationError(problem)

    def _profiles(self):
        """Archived customers belong only where the conditions ask for them."""
        return self.env["customer.profile"].with_context(active_test=True)

    def _members(self) -> Domain:
        """The customers of this segment, as a domain on customers.

        :raises UserError: if its conditions do not work any more, naming it
        """
        self.ensure_one()
        try:
            domain = conditions.read(self.env, self.domain)
            conditions.check(self.env, domain)
        except UserError as error:
            raise UserError(
                self.env._("Segment %(name)s: %(problem)s", name=self.name, problem=error)
            ) from error
        if not any(condition.field_expr == "active" for condition in domain.iter_conditions()):
            domain &= Domain("active", "=", True)
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        return domain

    def _partners(self) -> Domain:
        """The contacts of this segment in the active company, or in its own: a domain on contacts.

        Contacts belong with their firm. It stays one subselect however many they are.
        """
        company = self.company_id or self.env.company
        query = self._profiles()._search(Domain("company_id", "=", company.id) & self._members())
        return Domain(
            "commercial_partner_id",
            "in",
            query.subselect(SQL.identifier(query.table, "partner_id")),
        )

    @api.model
    def _search_members(self, operator, value, domain_of):
        """What a search for "is in segment" means.

        :param domain_of: gives the domain of one segment on the model searched
        """
        if operator == "any":
            return Domain.OR(domain_of(segment) for segment in self.search(value))
        if operator == "=":
            value = [value]
        elif operator != "in":
            return NotImplemented
        chosen = self.with_context(active_test=False).search(
            [("id", "in", [item for item in value if item])]
        )
        domain = Domain.OR(domain_of(segment) for segment in chosen)
        if any(not item for item in value):  # in none
            working = self._working()
            domain |= ~Domain.OR(domain_of(segment) for segment in working)
        return domain

    def _working(self):
        """The segments in use whose conditions can be read: what a list may look through."""
        return self.search([("error", "=", False)]).filtered(lambda segment: segment._is_readable())

    def _is_readable(self) -> bool:
        try:
            self._members()
        except UserError:
            return False
        return True

    @api.model
    def _segments_of(self, profiles) -> dict:
        """Which segments each of these customers is in. One query for each segment."""
        found = {profile_id: [] for profile_id in profiles.ids}
        for segment in self._working():
            members, __ = conditions.attempt(
                self.env,
                lambda segment=segment: self._profiles().search(
                    segment._members() & Domain("id", "in", profiles.ids), order="id"
                ),
            )
            for profile_id in members.ids if members else ():
                found[profile_id].append(segment.id)
        return found

    # ---- size now ------------------------------------------------------------------------------

    def _count(self) -> list[tuple]:
        """``(company, customers, revenue)`` of the members that may be read. One query."""
        shown = Domain("company_id", "in", self.env.companies.ids)
        return self._profiles()._read_group(
            shown & self._members(), ["company_id"], ["__count", "revenue:sum"]
        )

    @api.depends("domain", "company_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_size(self):
        company = self.env.company
        today = company._customer_today()
        for segment in self:
            rows, problem = conditions.attempt(self.env, segment._count)
            segment.problem = problem
            segment.customer_count = sum(count for __, count, __ in rows or ())
            segment.revenue = sum(
                owner.currency_id._convert(revenue, company.currency_id, company, today)
                for owner, __, revenue in rows or ()
            )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    # ---- size by month -------------------------------------------------------------------------

    @api.depends("size_ids")
    @api.depends_context("company", "lang")
    def _compute_size_picture(self):
        sizes = self.env["customer.segment.size"].search(
            [("segment_id", "in", self.ids), ("company_id", "=", self.env.company.id)],
            order="month",
        )
        by_segment = sizes.grouped("segment_id")
        for segment in self:
            rows = by_segment.get(segment._origin, sizes.browse())[-PICTURE_MONTHS:]
            # One month is a number and needs no picture
            segment.size_picture = len(rows) > 1 and json.dumps(
                [
                    {
                        "key": self.env._("Customers"),
                        "values": [
                            {
                                "label": format_date(self.env, row.month, date_format="MMM yy"),
                                "value": row.customer_count,
                                "type": "past",
                            }
                            for row in rows
                        ],
                    }
                ]
            )

    def _record_sizes(self, companies) -> None:
        """Store the size of these segments in these companies for the running month.

        As the system, whoever asks: a stored size is that of the whole company. A segment that
        cannot be counted is marked, and hinders nothing.
        """
        rows = []
        for segment in self.sudo().with_context(lang=None):
            problem = False
            for company in segment.company_id & companies if segment.company_id else companies:
                scoped = segment.with_context(allowed_company_ids=company.ids)
                found, failed = conditions.attempt(
                    scoped.env, lambda scoped=scoped, company=company: scoped._count_of(company)
                )
                problem = problem or failed
                if found:
                    month = company._customer_today().replace(day=1)
                    rows.append((segment.id, company.id, month, *found))
            if (segment.error or False) != problem:
                segment.error = problem
        self.env["customer.segment.size"]._put(rows)

    def _count_of(self, company) -> tuple:
        domain = self._members() & Domain("company_id", "=", company.id)
        return self._profiles()._read_group(domain, [], ["__count", "revenue:sum"])[0]

    def _companies(self):
        """The companies in which these segments have a size."""
        return self.env["res.company"].sudo().search([("active", "=", True)])

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._record_sizes(segments._companies())
        return segments

    def write(self, vals):
        result = super().write(vals)
        if {"domain", "company_id"} & vals.keys() or vals.get("active"):
            self._record_sizes(self._companies())
        return result

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", segment.name)}
            for segment, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ---- from the search bar, and where a screen leads -----------------------------------------

    @api.model
    def action_save_search(self, domain="[]"):
        """Ask a name for the customers that the search bar shows.

        :param domain: the search as text, unevaluated: else “My Customers” would be one person's
        """
        self.check_access("create")
        found = conditions.read(self.env, domain).map_conditions(self._spelled_out)
        if found.is_true():
            raise UserError(
                self.env._(
                    "This is every customer. Filter them first: a segment names those who are left; "
                    "grouping alone leaves out nobody."
                )
            )
        conditions.check(self.env, found)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_segment_action_save"
            ),
            "context": {"default_domain": repr(list(found))},
        }

    def _spelled_out(self, condition) -> Domain:
        """A condition on segments, by their own conditions: so an opened one can be refined."""
        if condition.field_expr != "segment_ids":
            return condition
        negative = condition.operator in ("!=", "not in", "not ilike", "not like")
        if isinstance(condition.value, str):
            chosen = self.search([("name", "ilike", condition.value)])
        else:
            value = condition.value
            ids = [value] if isinstance(value, (int, bool)) else list(value)
            chosen = self.search([("id", "in", [item for item in ids if item])])
        domain = Domain.OR(conditions.read(self.env, segment.domain) for segment in chosen)
        return ~domain if negative else domain

    def action_open_customers(self):
        """Its customers in the ordinary list, under its name."""
        self.check_access("read")
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_profile_action"
            ),
            "view_mode": "list,kanban,pivot,graph,form",
            "views": [(False, view) for view in ("list", "kanban", "pivot", "graph", "form")],
            "display_name": self.name,
            "domain": [("segment_ids", "in", self.ids)],
            "context": {},
        }

    def action_open_contacts(self):
        """Its contacts, firms and the people of these firms."""
        self.check_access("read")
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_form"),
            "display_name": self.name,
            "domain": [("customer_segment_ids", "in", self.ids)],
            "context": {},
        }

    def action_open_sizes(self):
        self.check_access("read")
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_segment_size_action"
            ),
            "domain": [("segment_id", "=", self.id)],
            "display_name": self.env._("Size of %s", self.name),
        }
