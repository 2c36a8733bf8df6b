"""What a card says of its customer: read in a few statements for a whole page of cards."""

from datetime import timedelta

import babel.dates

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, get_lang
from odoo.tools.misc import babel_locale_parse

#: Late for longer than this, in days, and a card is coloured as such.
VERY_LATE = 7
#: Birthdays that are near enough to be mentioned, in days.
BIRTHDAY_DAYS = 14
#: Where a contact's birthday is kept, by us or by other modules.
BIRTHDAY_FIELDS = ("customer_birthday", "birthdate_date", "birthday", "birthdate")


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    value_tier_id = fields.Many2one(related="profile_id.value_tier_id")
    tier_color = fields.Integer(related="profile_id.tier_color", string="Tier Color")
    lifecycle_stage_id = fields.Many2one(related="profile_id.lifecycle_stage_id")
    stage_color = fields.Integer(related="profile_id.stage_color", string="Stage Color")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    is_late = fields.Boolean("Late", compute="_compute_lateness", search="_search_is_late")
    is_for_today = fields.Boolean(
        "For Today", compute="_compute_is_for_today", search="_search_is_for_today"
    )
    lateness = fields.Selection(
        [
            ("done", "Done"),
            ("very_late", "Very late"),
            ("late", "Late"),
            ("today", "Today"),
            ("coming", "Coming"),
        ],
        compute="_compute_lateness",
    )
    late_text = fields.Char("How Late", compute="_compute_lateness")
    color = fields.Integer(compute="_compute_lateness")
    last_contact_text = fields.Char("Last Contact", compute="_compute_card")
    order_text = fields.Char("Orders", compute="_compute_card")
    open_complaint_count = fields.Integer("Open Complaints", compute="_compute_card")
    birthday_text = fields.Char("Birthday", compute="_compute_card")

    # ---- late ----------------------------------------------------------------------------------

    @api.model
    def _late_domain(self, today) -> Domain:
        """Open, and its day has passed."""
        return self._open_domain() & Domain("due_date", "<", today)

    @api.depends("due_date", "done_at")
    @api.depends_context("lang")
    def _compute_lateness(self):
        today = {company: company._customer_today() for company in self.sudo().company_id}
        colors = {"very_late": 1, "late": 2}
        for followup in self:
            now = today.get(followup.sudo().company_id)
            late = followup.filtered_domain(self._late_domain(now)) if now else False
            days = (now - followup.due_date).days if now and followup.due_date else 0
            if followup.done_at:
                state = "done"
            elif late:
                state = "very_late" if days > VERY_LATE else "late"
            else:
                state = "coming" if days < 0 else "today"
            followup.is_late = bool(late)
            followup.lateness = state
            followup.color = colors.get(state, 0)
            followup.late_text = self._late_text(state, days)

    def _late_text(self, state, days) -> str:
        if state == "done":
            return self.env._("Done")
        if state == "today":
            return self.env._("Today")
        if state == "coming":
            return self.env._("Tomorrow") if days == -1 else self.env._("In %s days", -days)
        return self.env._("1 day late") if days == 1 else self.env._("%s days late", days)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._late_domain(self.env.company._customer_today())

    # ---- today ---------------------------------------------------------------------------------

    @api.model
    def _to_do_domain(self, today) -> Domain:
        """Still to be done, today at the latest."""
        return self._open_domain() & Domain("planned_date", "<=", today)

    @api.model
    def _today_domain(self, companies) -> Domain:
        """To do or done on the day that it is where each company is, whatever the reader's clock."""
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & (
                self._to_do_domain(today)
                | Domain("done_at", ">=", company._customer_day_start(today))
            )
            for company in companies
            for today in [company._customer_today()]
        )

    @api.depends("planned_date", "done_at")
    def _compute_is_for_today(self):
        here = self.filtered_domain(self._today_domain(self.sudo().company_id))
        for followup in self:
            followup.is_for_today = followup in here

    def _search_is_for_today(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._today_domain(self.env.companies)

    # ---- the customer --------------------------------------------------------------------------

    @api.depends("profile_id")
    @api.depends_context("lang", "tz")
    def _compute_card(self):
        """Whoever has the card is told what it takes to do it, also of a colleague's customer."""
        cards = self.sudo()
        profiles = cards.profile_id
        profiles.fetch(["last_purchase_date", "expected_interval", "company_id", "partner_id"])
        today = {company: company._customer_today() for company in profiles.company_id}
        kinds = dict(
            self.env["customer.contact.fact"]._fields["last_kind"]._description_selection(self.env)
        )
        birthdays = self._birthdays(profiles.partner_id, today)
        for followup, card in zip(self, cards, strict=True):
            profile = card.profile_id
            followup.last_contact_text = self._contact_text(profile, today, kinds)
            followup.order_text = self._order_text(profile)
            followup.open_complaint_count = profile.open_complaint_count
            followup.birthday_text = birthdays.get(profile.partner_id)

    def _contact_text(self, profile, today, kinds) -> str:
        at = profile.last_contact_at
        if not at:
            return self.env._("No contact yet")
        day = fields.Datetime.context_timestamp(self, at).date()
        days = (today[profile.company_id] - day).days
        when = (
            self.env._("today")
            if days <= 0
            else self.env._("yesterday")
            if days == 1
            else self.env._("%s days ago", days)
        )
        words = {"when": when, "how": kinds.get(profile.last_contact_kind, "")}
        who = profile.last_contact_user_id.name
        if who:
            return self.env._("%(how)s %(when)s, %(who)s", who=who, **words)
        return self.env._("%(how)s %(when)s", **words)

    def _order_text(self, profile) -> str:
        last = profile.last_purchase_date
        if not last:
            return self.env._("Has not bought yet")
        expected = last + timedelta(days=round(profile.expected_interval))
        return self.env._(
            "Last order %(last)s, next expected %(next)s",
            last=format_date(self.env, last),
            next=format_date(self.env, expected),
        )

    @api.model
    def _birthdays(self, partners, today) -> dict:
        """Customer -> whose birthday is near: of several people the first to have it."""
        Partner = self.env["res.partner"].sudo()
        names = [
            name
            for name in BIRTHDAY_FIELDS
            if name in Partner._fields
            and Partner._fields[name].type == "date"
            and Partner._fields[name].store
        ]
        if not names or not today:
            return {}
        day = min(today.values())
        near = {
            ((day + timedelta(days=n)).month, (day + timedelta(days=n)).day): n
            for n in range(BIRTHDAY_DAYS + 1)
        }
        first = {}
        kept = Domain.OR([(name, "!=", False)] for name in names)
        for person in Partner.search(Domain("commercial_partner_id", "in", partners.ids) & kept):
            born = next(filter(None, (person[name] for name in names)))
            ahead = near.get((born.month, born.day))
            customer = person.commercial_partner_id
            if ahead is not None and ahead < first.get(customer, (BIRTHDAY_DAYS + 1,))[0]:
                first[customer] = ahead, person.name
        return {
            customer: self.env._("%(who)s has a birthday today", who=who)
            if not ahead
            else self.env._(
                "%(who)s has a birthday on %(day)s",
                who=who,
                day=self._day_in_words(day + timedelta(days=ahead)),
            )
            for customer, (ahead, who) in first.items()
        }

    @api.model
    def _day_in_words(self, day) -> str:
        """Weekday, day and month in the order in which the reader's language says them."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return babel.dates.format_skeleton("MMMMEEEEd", day, locale=locale)

    # ---- buttons -------------------------------------------------------------------------------

    def action_log(self):
        return self._log_dialog(False)

    def action_log_call(self):
        return self._log_dialog("call")

    def action_log_email(self):
        return self._log_dialog("email")

    def action_log_visit(self):
        return self._log_dialog("visit")

    def _log_dialog(self, action):
        self.check_access("write")
        self.ensure_one()
        return self.env["customer.contact.log"]._dialog(
            self.sudo().profile_id, self, action or self.action
        )

    @api.model
    def get_my_load(self) -> dict:
        """What the user has to do today, has done, and can do: the bar above the board."""
        self.check_access("read")
        companies = self.env.companies
        mine = Domain("user_id", "=", self.env.uid) & Domain("company_id", "in", companies.ids)
        to_do = late = done = capacity = 0
        for company in companies:
            today = company._customer_today()
            here = mine & Domain("company_id", "=", company.id)
            to_do += self.search_count(here & self._to_do_domain(today))
            late += self.search_count(
                here & self._late_domain(today) & Domain("planned_date", "<=", today)
            )
            done += self._done_on(company, self.env.user, today).get(self.env.user, 0)
            places = self.env["customer.followup.capacity"]._places(
                company, self.env.user, today, days=1
            )
            capacity = max(capacity, places[self.env.user.sudo()][0])
        return {"to_do": to_do, "late": late, "done": done, "capacity": capacity}
