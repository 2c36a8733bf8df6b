"""Every group x model x operation, and the side doors."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerCase

NOTHING, READ, CHANGE, MAKE, ALL = "", "r", "rw", "rwc", "rwcd"
#: What each group may do with each model: read, write, create, delete.
MATRIX = {
    #                                internal  own      all      admin
    "customer.profile": (NOTHING, READ, READ, READ),
    "customer.profile.total": (NOTHING, NOTHING, NOTHING, READ),
    "customer.profile.month": (NOTHING, READ, READ, READ),
    "customer.transition": (NOTHING, READ, READ, READ),
    "customer.tier": (NOTHING, READ, READ, ALL),
    "customer.lifecycle.stage": (NOTHING, READ, READ, CHANGE),
    "customer.value.policy": (NOTHING, READ, READ, ALL),
    "customer.value.cut": (NOTHING, READ, READ, ALL),
    "customer.value.policy.tier": (NOTHING, READ, READ, ALL),
    "customer.lifecycle.policy": (NOTHING, READ, READ, CHANGE),
    "customer.value.publication": (NOTHING, READ, READ, READ),
    "customer.value.trial": (NOTHING, NOTHING, READ, "rd"),
    "customer.value.trial.cell": (NOTHING, NOTHING, READ, READ),
    "customer.market": (NOTHING, NOTHING, READ, READ),
    "customer.run": (NOTHING, NOTHING, READ, READ),
    "customer.mark": (NOTHING, NOTHING, NOTHING, READ),
    "customer.segment": (NOTHING, READ, ALL, ALL),
    "customer.segment.size": (NOTHING, NOTHING, READ, READ),
    "customer.data.check": (NOTHING, READ, READ, ALL),
    "customer.demand": (NOTHING, READ, READ, READ),
    "customer.demand.focus": (NOTHING, READ, READ, ALL),
    "customer.demand.policy": (NOTHING, READ, READ, CHANGE),
    "customer.demand.yardstick": (NOTHING, NOTHING, READ, READ),
    "customer.override": (NOTHING, ALL, ALL, ALL),
    "customer.publication": (NOTHING, NOTHING, NOTHING, ALL),
    "customer.value.comparison": (NOTHING, ALL, ALL, ALL),
    "customer.replay": (NOTHING, READ, READ, READ),
    "customer.replay.line": (NOTHING, READ, READ, READ),
    "customer.ticket": (NOTHING, MAKE, MAKE, ALL),
    "customer.ticket.move": (NOTHING, READ, READ, READ),
    "customer.ticket.alert": (NOTHING, READ, READ, READ),
    "customer.rating.request": (NOTHING, READ, READ, READ),
    "customer.ticket.stage": (NOTHING, READ, READ, ALL),
    "customer.ticket.category": (NOTHING, READ, READ, ALL),
    "customer.ticket.team": (NOTHING, READ, READ, ALL),
    "customer.sla.policy": (NOTHING, READ, READ, ALL),
    "customer.followup": (NOTHING, MAKE, MAKE, ALL),
    "customer.followup.stage": (NOTHING, READ, READ, ALL),
    "customer.followup.outcome": (NOTHING, READ, READ, ALL),
    "customer.cadence": (NOTHING, READ, READ, ALL),
    "customer.contact.fact": (NOTHING, READ, READ, READ),
    "customer.followup.progress": (NOTHING, NOTHING, READ, READ),
    "customer.followup.capacity": (NOTHING, READ, MAKE, ALL),
    "customer.followup.load": (NOTHING, NOTHING, READ, READ),
    "customer.contact.log": (NOTHING, ALL, ALL, ALL),
    "customer.followup.pass.on": (NOTHING, NOTHING, ALL, ALL),
    "customer.cadence.choice": (NOTHING, ALL, ALL, ALL),
    "customer.ticket.intake": (NOTHING, NOTHING, NOTHING, READ),
    "customer.ticket.merge": (NOTHING, ALL, ALL, ALL),
    "customer.problem": (NOTHING, READ, MAKE, ALL),
    "customer.problem.notice": (NOTHING, READ, READ, READ),
    "customer.problem.inform": (NOTHING, NOTHING, ALL, ALL),
    "customer.problem.inform.line": (NOTHING, NOTHING, ALL, ALL),
    "customer.recurrence.rule": (NOTHING, READ, READ, ALL),
    "customer.recurrence.look": (NOTHING, READ, READ, READ),
    "customer.playbook": (NOTHING, READ, READ, ALL),
    "customer.playbook.step": (NOTHING, READ, READ, ALL),
    "customer.playbook.enrolment": (NOTHING, READ, READ, READ),
    "customer.playbook.plan": (NOTHING, READ, READ, READ),
    "customer.playbook.progress": (NOTHING, NOTHING, NOTHING, READ),
    "customer.playbook.start": (NOTHING, NOTHING, NOTHING, ALL),
    "customer.winback": (NOTHING, MAKE, MAKE, ALL),
    "customer.winback.reason": (NOTHING, READ, READ, ALL),
    "customer.pool.rule": (NOTHING, READ, READ, ALL),
    "customer.pool.move": (NOTHING, READ, READ, READ),
    "customer.pool.entry": (NOTHING, READ, READ, READ),
    "customer.consent.purpose": (NOTHING, READ, READ, ALL),
    "customer.consent": (NOTHING, "rc", "rc", "rc"),
    "customer.occasion": (NOTHING, READ, READ, ALL),
    "customer.occasion.date": (NOTHING, READ, READ, ALL),
    "customer.care.program": (NOTHING, READ, ALL, ALL),
    "customer.care.message": (NOTHING, READ, READ, READ),
    "customer.care.trial": (NOTHING, NOTHING, ALL, ALL),
    "customer.care.trial.line": (NOTHING, NOTHING, ALL, ALL),
}
#: What a customer with a login may do: only with its own records, by rule, and field by field.
PORTAL = {"customer.ticket": READ}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
#: Buttons that only open a dialog, which then asks for itself.
DIALOGS = {"action_watch", "action_set_by_hand"}
SHOWN = ("customer_profile_id", "value_tier_id", "lifecycle_stage_id", "demand_focus_id")


class SecurityCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = cls._user("internal")
        cls.own = cls._user("own", "own")
        cls.all = cls._user("all", "all")
        cls.admin = cls._user("admin", "admin")
        for user in (cls.internal, cls.own, cls.all, cls.admin):
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.outsiders = [
            new_test_user(
                cls.env,
                login=f"cs_{name}",
                groups=f"base.group_{name}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("portal", "public")
        ]
        cls.other = cls._new_company("Other")
        cls.mine, cls.theirs = cls._customers(2, name="Secure")
        cls.mine.user_id = cls.own
        cls.theirs.user_id = cls.all
        for company in cls.company | cls.other:
            cls._bulk([(cls.mine, cls.today, 10), (cls.theirs, cls.today, 900_000)], company)
            run = cls.env["customer.run"]._open(company, "full", "asked")
            while run._advance():
                pass

    def _as(self, user, model, companies=None):
        companies = companies or self.company
        return self.env[model].with_user(user).with_context(allowed_company_ids=companies.ids)

    def _partners(self, user):
        return self._as(user, "res.partner").browse((self.mine | self.theirs).ids)


@tagged("post_install", "-at_install")
class TestAccess(SecurityCase):
    def test_the_matrix_knows_every_model(self):
        own = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "customer_success" and not model._abstract
        }
        self.assertEqual(own - MATRIX.keys(), set())

    def test_every_group_model_and_operation(self):
        users = (self.internal, self.own, self.all, self.admin)
        for model, allowed in MATRIX.items():
            for user, may in zip(users, allowed, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, user=user.login, operation=operation):
                        self.assertEqual(self._as(user, model).has_access(operation), letter in may)
            for user in self.outsiders:
                may = PORTAL.get(model, NOTHING) if user._is_portal() else NOTHING
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, user=user.login, operation=operation):
                        self.assertEqual(self._as(user, model).has_access(operation), letter in may)

    def test_the_groups_build_on_each_other(self):
        for user, levels in ((self.own, 1), (self.all, 2), (self.admin, 3)):
            names = ("own", "all", "admin")
            held = [user.has_group(f"customer_success.group_customer_{name}") for name in names]
            with self.subTest(user=user.login):
                self.assertEqual(held, [n < levels for n in range(3)])
        self.assertFalse(self.internal.has_group("customer_success.group_customer_own"))

    def test_nobody_changes_what_was_computed(self):
        profile = self._profile(self.mine).with_user(self.admin)
        for change in (
            lambda: profile.write({"value_tier_id": self.tiers["key"].id}),
            lambda: profile.write({"manual_tier_id": self.tiers["key"].id}),
            lambda: profile.write({"revenue": 1}),
            lambda: profile.copy(),
            lambda: profile.unlink(),
            lambda: profile.create({"partner_id": self.mine.id, "company_id": self.company.id}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_money_is_read_by_our_groups_alone(self):
        for user in (self.internal, *self.outsiders):
            for model in ("customer.profile", "customer.transition"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self._as(user, model).search_read([], ["revenue"])
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self._as(user, model)._read_group([], [], ["revenue:sum"])


@tagged("post_install", "-at_install")
class TestOwnCustomers(SecurityCase):
    """An account manager's colleague's customers, through every door."""

    def test_profiles(self):
        Profile = self._as(self.own, "customer.profile")
        domain = [("partner_id", "in", (self.mine | self.theirs).ids)]
        self.assertEqual(Profile.search(domain).partner_id, self.mine)
        self.assertEqual(Profile.search_count(domain), 1)
        self.assertEqual(Profile._read_group(domain, [], ["revenue:sum"]), [(10,)])
        hidden = self._profile(self.theirs).with_user(self.own)
        for door in (
            lambda: hidden.read(["revenue"]),
            lambda: hidden.revenue,
            lambda: hidden.export_data(["revenue"]),
            lambda: hidden.web_read({"revenue": {}}),
            lambda: hidden.action_recompute(),
            lambda: hidden._set_manual("tier", self.tiers["low"], "envy", False),
            lambda: hidden.message_post(body="hello"),
        ):
            with self.assertRaises(AccessError):
                hidden.invalidate_recordset()
                door()

    def test_transitions(self):
        Transition = self._as(self.own, "customer.transition")
        self.assertEqual(Transition.search([]).profile_id.partner_id, self.mine)
        hidden = self._transitions(self.theirs).with_user(self.own)
        with self.assertRaises(AccessError):
            hidden.mapped("evidence")
        self.assertEqual(
            sum(count for (count,) in Transition._read_group([], [], ["__count"])),
            len(self._transitions(self.mine)),
        )

    def test_a_customer_handed_over(self):
        self.mine.user_id = self.all
        self.env.flush_all()
        self.assertFalse(self._as(self.own, "customer.profile").search([]))
        self.assertFalse(self._as(self.own, "customer.transition").search([]))

    def test_what_contacts_show(self):
        mine, theirs = self._partners(self.own)
        self.assertTrue(mine.value_tier_id)
        for name in SHOWN:
            with self.subTest(name):
                self.assertFalse(theirs[name])

    def test_what_contacts_show_after_somebody_else_read_them(self):
        """Within one transaction: a cache must not remember for whom it was filled."""
        for reader in (self.theirs.sudo(), self._partners(self.all)[1]):
            reader = reader.with_context(allowed_company_ids=self.company.ids)
            self.assertTrue(reader.value_tier_id)
            for name in SHOWN:
                with self.subTest(name):
                    self.assertFalse(self._partners(self.own)[1][name])

    def test_searching_contacts(self):
        Partner = self._as(self.own, "res.partner")
        both = ("id", "in", (self.mine | self.theirs).ids)
        tier = self._profile(self.theirs).value_tier_id
        for domain in (
            [("value_tier_id", "=", tier.id)],
            [("value_tier_id.code", "=", tier.code)],
            [("customer_profile_id.revenue", ">", 1000)],
            [("customer_profile_id", "any", [("revenue", ">", 1000)])],
            [("lifecycle_stage_id", "!=", False)],
            [("value_tier_id", "!=", False)],
        ):
            with self.subTest(domain=domain):
                self.assertNotIn(self.theirs, Partner.search([both, *domain]))
        self.assertIn(self.theirs, Partner.search([both, ("value_tier_id", "=", False)]))

    def test_grouping_sorting_and_exporting_contacts(self):
        Partner = self._as(self.own, "res.partner")
        domain = [("id", "in", (self.mine | self.theirs).ids)]
        groups = dict(Partner._read_group(domain, ["value_tier_id"], ["__count"]))
        self.assertEqual(
            groups, {self._profile(self.mine).value_tier_id: 1, self.env["customer.tier"]: 1}
        )
        # theirs is worth more: whoever may not know finds it where those without a tier are
        self._set_manual_orders()
        for direction in ("asc", "desc"):
            order = Partner.search(domain, order=f"value_tier_id {direction} nulls last").ids
            with self.subTest(direction):
                self.assertEqual(order, (self.mine | self.theirs).ids)
        exported = Partner.browse(self.theirs.ids).export_data(["name", "value_tier_id/name"])
        self.assertFalse(exported["datas"][0][1])

    def _set_manual_orders(self):
        for partner, code in ((self.mine, "medium"), (self.theirs, "key")):
            self._profile(partner)._set_manual("tier", self.tiers[code], "test", False)
        everyone = self._as(self.all, "res.partner").search(
            [("id", "in", (self.mine | self.theirs).ids)], order="value_tier_id"
        )
        self.assertEqual(everyone.ids, (self.theirs | self.mine).ids)

    def test_paths_through_the_profile(self):
        """Odoo groups and sorts by paths too: what lies behind the path has the same walls."""
        domain = [("id", "in", (self.mine | self.theirs).ids)]
        Partner = self._as(self.own, "res.partner")
        for path in ("customer_profile_id.lifecycle_stage_id", "customer_profile_id.user_id"):
            try:
                groups = Partner._read_group(domain, [path], ["__count"])
            except (AccessError, ValueError):
                continue  # refused altogether
            with self.subTest(path):
                self.assertEqual(
                    sorted((bool(value), count) for value, count in groups), [(False, 1), (True, 1)]
                )
        for order in ("customer_profile_id", "customer_profile_id desc"):
            self.assertEqual(len(Partner.search(domain, order=order)), 2)
        Internal = self._as(self.internal, "res.partner")
        for path in ("customer_profile_id.lifecycle_stage_id", "value_tier_id.code"):
            with self.subTest(path), self.assertRaises(AccessError):
                Internal._read_group(domain, [path], ["__count"])

    def test_messages_of_anothers_customer(self):
        message = self._profile(self.theirs).message_post(body="Owes us 900,000")
        self.assertFalse(self._as(self.own, "mail.message").search([("id", "=", message.id)]))


@tagged("post_install", "-at_install")
class TestNoGroup(SecurityCase):
    """A colleague of another department sees contacts, and nothing of ours on them."""

    def test_contacts_do_not_show_it(self):
        Partner = self._as(self.internal, "res.partner")
        fields = Partner.fields_get()
        for name in SHOWN:
            with self.subTest(name):
                self.assertNotIn(name, fields)
                with self.assertRaises(AccessError):
                    self._partners(self.internal).read([name])
                with self.assertRaises(AccessError):
                    Partner.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    Partner._read_group([], [name], ["__count"])
                with self.assertRaises(AccessError):
                    Partner.search([], order=name)
                with self.assertRaises(AccessError):
                    self._partners(self.internal).export_data([f"{name}/id"])
        for path in ("value_tier_id.code", "customer_profile_id.revenue"):
            with self.subTest(path), self.assertRaises(AccessError):
                Partner.search([(path, "=", "key")])

    def test_the_contact_form_opens_without_it(self):
        for user in (self.internal, self.own):
            arch = self._as(user, "res.partner").get_view(view_type="form")["arch"]
            with self.subTest(user=user.login):
                self.assertEqual('name="customer_profile_id"' in arch, user == self.own)

    def test_menus(self):
        """Nothing of the app is offered to somebody who may see nothing of it."""
        own = self.env["ir.model.data"].search(
            [("module", "=", "customer_success"), ("model", "=", "ir.ui.menu")]
        )
        for user in (self.internal, self.own):
            visible = set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
            with self.subTest(user=user.login):
                self.assertEqual(bool(set(own.mapped("res_id")) & visible), user == self.own)


@tagged("post_install", "-at_install")
class TestCompanies(SecurityCase):
    def test_another_companys_records_are_not_there(self):
        for name in (
            "customer.profile",
            "customer.transition",
            "customer.run",
            "customer.market",
            "customer.value.policy",
            "customer.lifecycle.policy",
        ):
            found = self._as(self.admin, name).search([])
            hidden = self.env[name].search([("company_id", "=", self.other.id)], limit=1)
            with self.subTest(name):
                self.assertEqual(found.company_id, self.company)
                self.assertTrue(hidden)
                with self.assertRaises(AccessError):
                    hidden.with_user(self.admin).with_context(
                        allowed_company_ids=self.company.ids
                    ).read([])
        policy = self.env["customer.value.policy"]._published(self.other)
        for lines in (policy.cut_ids, policy.tier_ids):
            with self.subTest(lines._name), self.assertRaises(AccessError):
                lines.with_user(self.admin).with_context(allowed_company_ids=self.company.ids).read(
                    []
                )

    def test_with_both_companies_both_are_there(self):
        self.all.company_ids = self.company | self.other
        domain = [("partner_id", "=", self.mine.id)]
        both = self._as(self.all, "customer.profile", self.company | self.other)
        self.assertEqual(both.search(domain).company_id, self.company | self.other)
        one = self._as(self.all, "customer.profile", self.other)
        self.assertEqual(one.search(domain).company_id, self.other)

    def test_contacts_show_the_active_company_alone(self):
        self.all.company_ids = self.company | self.other
        self._profile(self.theirs)._set_manual("tier", self.tiers["key"], "here", False)
        self._profile(self.theirs, self.other)._set_manual(
            "tier", self.tiers["low"], "there", False
        )
        both = self.company | self.other
        for first, code in ((self.company, "key"), (self.other, "low")):
            companies = first | (both - first)
            partner = self._as(self.all, "res.partner", companies).browse(self.theirs.id)
            with self.subTest(company=first.name):
                self.assertEqual(partner.value_tier_id, self.tiers[code])


@tagged("post_install", "-at_install")
class TestCalls(SecurityCase):
    """What the web client, and anybody with a key, may call."""

    def test_private_methods_cannot_be_called(self):
        for model, names in (
            ("customer.profile", ("_set_manual", "_recompute", "_hand_over_to")),
            ("customer.run", ("_queue", "_open", "_advance", "_work", "_cron_keep_up", "_store")),
            ("customer.facts", ("_fetch", "_query")),
            ("customer.mark", ("_add", "_insert_pending")),
            ("customer.value.policy", ("_publish_default", "_set_cuts", "_calibrate")),
        ):
            for name in names:
                with self.subTest(f"{model}.{name}"), mute_logger("odoo.service.model"):
                    self.assertTrue(hasattr(self.env[model], name))
                    with self.assertRaises(AccessError):
                        get_public_method(self.env[model], name)

    def test_every_action_asks_who_calls(self):
        """Whatever a button may call: nothing for a colleague without our groups."""
        for model, cls in self.env.registry.items():
            if cls._original_module != "customer_success" or cls._abstract or cls._transient:
                continue
            records = (
                self.env[model].search([("company_id", "=", self.company.id)], limit=1)
                if ("company_id" in cls._fields)
                else self.env[model].search([], limit=1)
            )
            for name in dir(cls):
                defined = any(
                    name in vars(base)
                    and base.__module__.startswith("odoo.addons.customer_success")
                    for base in cls.__mro__
                )
                if not name.startswith(("action_", "get_", "start_")) or not defined:
                    continue
                if name in DIALOGS:
                    continue
                for user in (self.internal, *self.outsiders):
                    with (
                        self.subTest(f"{model}.{name}", user=user.login),
                        self.assertRaises(AccessError),
                    ):
                        getattr(records.with_user(user), name)()

    def test_recomputing_everybody_needs_the_right_to_see_everybody(self):
        own, all_ = self._as(self.own, "customer.run"), self._as(self.all, "customer.run")
        with self.assertRaises(AccessError):
            own.start_full()
        run = self.env["customer.run"].browse(all_.start_full())
        self.assertEqual((run.company_id, run.user_id), (self.company, self.all))
        with self.assertRaises(AccessError):
            run.with_user(self.own).action_step()

    def test_recomputing_all_companies_means_ones_own(self):
        runs = self.env["customer.run"].browse(
            self._as(self.all, "customer.run").start_full(all_companies=True)
        )
        self.assertEqual(runs.company_id, self.company)

    def test_another_companys_run_is_none_of_ones_business(self):
        """By its id: it would be computed, and its figures told."""
        run = self.env["customer.run"]._queue(self.other, "asked")
        with self.assertRaises(AccessError):
            self._as(self.all, "customer.run").browse(run.id).action_step()
        self.assertEqual(run.state, "queued")

    def test_freshness_is_for_those_who_see_figures(self):
        for user in (self.internal, *self.outsiders):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, "customer.run").get_freshness()
        fresh = self._as(self.own, "customer.run").get_freshness()
        self.assertEqual((fresh["state"], fresh["company"]), ("fresh", self.company.name))

    def test_recomputing_ones_own_customer(self):
        self._bulk([(self.mine, self.today, 5)])
        self._profile(self.mine).with_user(self.own).action_recompute()
        self.assertEqual(self._profile(self.mine).revenue, 15)

    def test_only_administrators_publish(self):
        policy = self.env["customer.value.policy"]._published(self.company)
        draft = policy.copy()
        for user in (self.own, self.all):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draft.with_user(user).action_publish()
        self.assertEqual(policy.state, "published")
        draft.with_user(self.admin).action_publish()
        self.assertEqual((draft.state, policy.state), ("published", "archived"))

    def test_administrators_edit_limits(self):
        limits = self.env["customer.lifecycle.policy"]._for_company(self.company)
        with self.assertRaises(AccessError):
            limits.with_user(self.all).lost_min_days = 30
        limits.with_user(self.admin).lost_min_days = 30
        self.assertEqual(limits.lost_min_days, 30)

    def test_the_dialog_takes_no_customer_one_may_not_see(self):
        with self.assertRaises(AccessError):
            self._as(self.own, "customer.override").create(
                {
                    "profile_ids": [Command.set(self._profile(self.theirs).ids)],
                    "kind": "tier",
                    "tier_id": self.tiers["low"].id,
                    "reason": "envy",
                }
            ).action_apply()
        self.assertFalse(self._profile(self.theirs).manual_tier_id)

    def test_a_tier_in_use_is_not_deleted(self):
        """Profiles and the log name it without a foreign key: it refuses by itself."""
        spare = self.env["customer.tier"].create({"name": "Spare", "code": "spare"})
        spare.copy({"code": "never"}).with_user(self.admin).unlink()
        profile = self._profile(self.theirs)
        profile._set_manual("tier", spare, "For a day", False)
        for state in ("in use", "in the log alone"):
            with self.subTest(state), self.assertRaises(UserError):
                spare.with_user(self.admin).unlink()
            profile._set_manual("tier", self.env["customer.tier"], False, False)
            self.assertNotEqual(profile.value_tier_id, spare)
        self.assertTrue(spare.exists())

    def test_a_policy_in_use_is_not_deleted(self):
        policy = self._profile(self.theirs).policy_id
        policy.copy().action_publish()
        self.assertEqual(policy.state, "archived")
        with self.assertRaises(UserError):
            policy.with_user(self.admin).unlink()
