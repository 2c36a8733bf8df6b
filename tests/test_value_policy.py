"""The value policy as an admin handles it: drafts, versions, what is refused and with which words."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.value.customer_value_policy import FROZEN_FIELDS
from ..tools.cutpoints import MIN_CUSTOMERS
from ..tools.value_policy import MAX_CUTS
from .common import CustomerCase

#: From which score and down to which score, whatever the defaults are.
SCORES = {"key": (90, 85), "high": (75, 70), "medium": (50, 45), "low": (0, 0)}


class ValuePolicyCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["customer.value.policy"]
        cls.published = cls.Policy._published(cls.company)

    def _draft(self, policy=None):
        action = (policy or self.published).action_new_version()
        return self.Policy.browse(action["res_id"])

    @staticmethod
    def _line(policy, code):
        return policy.tier_ids.filtered(lambda line: line.tier_id.code == code)

    def _set_tier(self, policy, code, **vals):
        policy.write({"tier_ids": [Command.update(self._line(policy, code).id, vals)]})

    @staticmethod
    def _set_axis(policy, axis, values):
        cuts = policy[f"{axis}_cut_ids"]
        policy.write(
            {
                f"{axis}_cut_ids": [
                    *(Command.delete(cut.id) for cut in cuts),
                    *(Command.create({"axis": axis, "value": value}) for value in values),
                ]
            }
        )


@tagged("post_install", "-at_install")
class TestValuePolicyVersions(ValuePolicyCase):
    def test_a_new_company_starts_with_guesses_that_say_so(self):
        self.assertEqual(self.published.state, "published")
        self.assertEqual(self.published.version, 1)
        self.assertFalse(self.published.calibrated_count)
        self.assertFalse(self.published.calibrated_on)
        self.published._check_publishable()

    def test_a_new_version_is_a_draft_equal_to_its_origin(self):
        draft = self._draft()
        self.assertEqual((draft.state, draft.version), ("draft", 2))
        self.assertEqual(draft.previous_id, self.published)
        self.assertEqual(draft._kernel(), self.published._kernel())
        self.assertEqual(self.published.version_count, 2)

    def test_a_new_version_remembers_how_its_cut_points_were_made(self):
        draft = self._draft()
        draft.write({"calibrated_on": self.today, "calibrated_count": 12})
        copied = self._draft(draft)
        self.assertEqual((copied.calibrated_on, copied.calibrated_count), (self.today, 12))

    def test_versions_are_counted_per_company(self):
        other = self._new_company("Other Trading")
        self.assertEqual(self.Policy._published(other).version, 1)
        self._draft()
        self.assertEqual(self._draft().version, 3)
        self.assertEqual(self.Policy._published(other).version_count, 1)

    def test_publishing_replaces_the_published_version(self):
        draft = self._draft()
        draft.action_publish()
        self.assertEqual(draft.state, "published")
        self.assertEqual(self.published.state, "archived")
        self.assertEqual(draft.previous_id, self.published)
        self.assertTrue(draft.published_on)
        self.assertEqual(draft.published_by_id, self.env.user)
        self.assertEqual(self.Policy._published(self.company), draft)

    def test_publishing_queues_one_full_run_and_shows_it(self):
        Run = self.env["customer.run"]
        own = [("company_id", "=", self.company.id)]
        Run.search(own).unlink()
        first = self._draft().action_publish()
        second = self._draft().action_publish()
        runs = Run.search(own, order="id")
        self.assertEqual(runs.mapped("kind"), ["full", "full"])
        self.assertEqual(runs.mapped("state"), ["superseded", "queued"])
        self.assertEqual(first["params"]["run_ids"], runs[0].ids)
        self.assertEqual(second["params"]["run_ids"], runs[1].ids)
        self.assertEqual(second["tag"], "customer_success.recompute")

    def test_publishing_judges_everybody_by_the_new_version(self):
        customer = self._customer()
        self._invoice(customer, self._ago(5), 100)
        self._run()
        self.assertEqual(self._profile(customer).policy_id, self.published)
        draft = self._draft()
        draft.action_publish()
        self._run("full")
        self.assertEqual(self._profile(customer).policy_id, draft)

    def test_only_a_draft_is_published(self):
        draft = self._draft()
        draft.action_publish()
        for policy in (draft, self.published):
            with self.subTest(policy.state), self.assertRaisesRegex(UserError, "is not a draft"):
                policy.action_publish()

    def test_the_database_holds_one_published_version_per_company(self):
        draft = self._draft()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            draft.state = "published"
            draft.flush_recordset()

    def test_an_administrator_publishes_and_a_reader_does_not(self):
        admin, reader = self._user("admin", "admin"), self._user("reader", "all")
        draft = self._draft()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            draft.with_user(reader).action_publish()
        draft.with_user(admin).action_publish()
        self.assertEqual(draft.published_by_id, admin)
        run = self.env["customer.run"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual((run.state, run.user_id), ("queued", admin))


@tagged("post_install", "-at_install")
class TestValuePolicyFrozen(ValuePolicyCase):
    def _assert_frozen(self, change):
        with self.assertRaisesRegex(UserError, "Make a new version"):
            change()

    def test_every_rule_of_a_published_version_is_frozen(self):
        for name in sorted(FROZEN_FIELDS):
            value = [] if name.endswith("_ids") else self.published[name]
            if name == "company_id":
                value = value.id
            with self.subTest(name):
                self._assert_frozen(
                    lambda name=name, value=value: self.published.write({name: value})
                )

    def test_its_lines_are_frozen_however_they_are_reached(self):
        cut, line = self.published.cut_ids[0], self.published.tier_ids[0]
        own = {"policy_id": self.published.id}
        changes = {
            "cut changed": lambda: cut.write({"value": cut.value + 1}),
            "cut added": lambda: cut.create({**own, "axis": "money", "value": 7}),
            "cut deleted": cut.unlink,
            "threshold changed": lambda: line.write({"threshold": 99}),
            "tier added": lambda: line.copy(),
            "tier deleted": line.unlink,
        }
        for name, change in changes.items():
            with self.subTest(name):
                self._assert_frozen(change)

    def test_a_replaced_version_stays_frozen(self):
        self._draft().action_publish()
        self._assert_frozen(lambda: self.published.write({"window_days": 30}))

    def test_its_name_may_change(self):
        self.published.name = "Standard 2024"
        self.assertIn("Standard 2024", self.published.display_name)

    def test_only_a_draft_is_deleted(self):
        draft = self._draft()
        draft.unlink()
        self.assertFalse(draft.exists())
        with self.assertRaisesRegex(UserError, "Only a draft can be deleted"):
            self.published.unlink()


@tagged("post_install", "-at_install")
class TestValuePolicyMessages(ValuePolicyCase):
    """Each rule on both sides of its boundary, and the words with which it is refused."""

    def setUp(self):
        super().setUp()
        self.draft = self._draft()
        self.draft.write(
            {
                "tier_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "tier_id": self.tiers[code].id,
                                "threshold": threshold,
                                "keep_threshold": keep,
                            }
                        )
                        for code, (threshold, keep) in SCORES.items()
                    ),
                ]
            }
        )

    def _refused(self, message, change, *args, **kwargs):
        with self.assertRaises(ValidationError) as refusal:
            change(self.draft, *args, **kwargs)
        self.assertIn(message, str(refusal.exception))

    def _write(self, draft, **vals):
        draft.write(vals)

    def test_window(self):
        self._refused("A window of 0 days holds no purchases", self._write, window_days=0)
        self._refused("Set it to at least 1 day", self._write, window_days=-1)
        self._write(self.draft, window_days=1)

    def test_weights_sum(self):
        zero = {"weight_recency": 0, "weight_frequency": 0}
        self._refused("All weights are 0", self._write, **zero, weight_money=0)
        self._write(self.draft, **zero, weight_money=0.01)

    def test_negative_weight(self):
        self._refused("Recency has the weight -0.01", self._write, weight_recency=-0.01)
        self._write(self.draft, weight_recency=0)

    def test_wait_before_a_downgrade(self):
        self._refused("The wait before a downgrade is -1 days", self._write, dwell_days=-1)
        self._write(self.draft, dwell_days=0)

    def test_an_axis_without_cut_points(self):
        self._refused("Frequency has no cut-points", self._set_axis, "frequency", [])
        self._set_axis(self.draft, "frequency", [3])

    def test_too_many_cut_points(self):
        most = list(range(1, MAX_CUTS + 1))
        message = f"Money has {MAX_CUTS + 1} cut-points. Keep at most {MAX_CUTS}"
        self._refused(message, self._set_axis, "money", [*most, MAX_CUTS + 1])
        self._set_axis(self.draft, "money", most)

    def test_equal_cut_points(self):
        message = "Money: the cut-point 100 must be greater than the one before it, 100"
        self._refused(message, self._set_axis, "money", [100, 100])
        self._set_axis(self.draft, "money", [100, 100.01])

    def test_cut_point_of_nothing(self):
        self._refused("Recency: the cut-point 0 must be", self._set_axis, "recency", [0, 30])
        self._set_axis(self.draft, "recency", [0.01, 30])

    def test_threshold_out_of_range(self):
        self._refused("Key starts from 100.01", self._set_tier, "key", threshold=100.01)
        self._set_tier(self.draft, "key", threshold=100)
        low = {"threshold": -0.01, "keep_threshold": -0.01}
        self._refused("Low starts from -0.01", self._set_tier, "low", **low)

    def test_thresholds_of_neighbours(self):
        message = "High starts from 90, but the tier above it, Key, starts from 90. Set High lower"
        self._refused(message, self._set_tier, "high", threshold=90)
        self._set_tier(self.draft, "key", keep_threshold=90)
        self._set_tier(self.draft, "high", threshold=89.99)

    def test_thresholds_that_fall_the_wrong_way(self):
        message = "High starts from 95, but the tier above it, Key, starts from 90"
        self._refused(message, self._set_tier, "high", threshold=95, keep_threshold=92)

    def test_the_lowest_tier_takes_everybody(self):
        message = "The lowest tier, Low, starts from 0.01. Set it to 0"
        self._refused(message, self._set_tier, "low", threshold=0.01)
        self._set_tier(self.draft, "low", threshold=0)

    def test_keep_score_out_of_range(self):
        self._refused("Low is kept down to -0.01", self._set_tier, "low", keep_threshold=-0.01)
        self._set_tier(self.draft, "low", keep_threshold=0)

    def test_keep_score_above_the_threshold(self):
        message = "Key starts from 90 but is kept only down to 90.01"
        self._refused(message, self._set_tier, "key", keep_threshold=90.01)
        self._set_tier(self.draft, "key", keep_threshold=90)

    def test_keep_score_below_the_next_tier(self):
        message = "Key is kept down to 75, but High starts from 75: nobody could ever fall to it"
        self._refused(message, self._set_tier, "key", keep_threshold=75)
        self._set_tier(self.draft, "key", keep_threshold=75.01)

    def test_a_tier_named_twice(self):
        values = {"tier_id": self.tiers["key"].id, "threshold": 95, "keep_threshold": 92}
        self._refused("Key appears twice", self._write, tier_ids=[Command.create(values)])

    def test_everything_wrong_is_said_at_once(self):
        with self.assertRaises(ValidationError) as refusal:
            self.draft.write({"window_days": 0, "dwell_days": -1})
        self.assertEqual(len(str(refusal.exception).splitlines()), 2)

    def test_an_unfinished_draft_is_saved_but_not_published(self):
        self.draft.tier_ids.unlink()
        self.draft.window_days = 90
        with self.assertRaisesRegex(ValidationError, "Add at least one tier"):
            self.draft.action_publish()
        self.assertEqual(self.published.state, "published")

    def test_cut_points_can_be_shifted_by_one_place(self):
        cuts = self.draft.money_cut_ids.sorted("value")
        values = cuts.mapped("value")
        later = [*values[1:], values[-1] * 2]
        self.draft.write(
            {
                "money_cut_ids": [
                    Command.create({"axis": "money", "value": values[0]}),
                    *(
                        Command.update(cut.id, {"value": value})
                        for cut, value in zip(cuts, later, strict=True)
                    ),
                ]
            }
        )
        self.env.flush_all()
        self.assertEqual(
            self.draft.money_cut_ids.sorted("value").mapped("value"), [values[0], *later]
        )

    def test_the_level_of_each_cut_point(self):
        self._set_axis(self.draft, "recency", [30, 10, 20])
        self._set_axis(self.draft, "money", [300, 100, 200])
        levels = {cut.value: cut.level for cut in self.draft.recency_cut_ids}
        self.assertEqual(levels, {10: 4, 20: 3, 30: 2})
        levels = {cut.value: cut.level for cut in self.draft.money_cut_ids}
        self.assertEqual(levels, {100: 2, 200: 3, 300: 4})


@tagged("post_install", "-at_install")
class TestValuePolicyCalibration(ValuePolicyCase):
    def _buyers(self, count):
        self._bulk(
            [
                (customer, self._ago(10 * number + 3), 100.0 * (number + 1))
                for number, customer in enumerate(self._customers(count))
            ]
        )

    def test_one_customer_too_few(self):
        self._buyers(MIN_CUSTOMERS - 1)
        draft = self._draft()
        before = draft._kernel()
        message = f"too few customers with a purchase in the last 365 days .{MIN_CUSTOMERS} are"
        with self.assertRaisesRegex(UserError, message):
            draft.action_calibrate()
        self.assertEqual(draft._kernel(), before)
        self.assertFalse(draft.calibrated_count)

    def test_just_enough_customers(self):
        self._buyers(MIN_CUSTOMERS)
        draft = self._draft()
        before = draft._kernel()
        draft.action_calibrate()
        self.assertEqual((draft.calibrated_count, draft.calibrated_on), (MIN_CUSTOMERS, self.today))
        self.assertNotEqual(draft._kernel().cuts, before.cuts)
        self.assertEqual(draft._kernel().tiers, before.tiers)
        draft.action_publish()

    def test_purchases_before_the_window_do_not_count(self):
        self._buyers(MIN_CUSTOMERS)
        draft = self._draft()
        draft.window_days = 90  # the tenth bought 93 days ago
        with self.assertRaisesRegex(UserError, "in the last 90 days"):
            draft.action_calibrate()

    def test_only_a_draft_is_calibrated(self):
        self._buyers(MIN_CUSTOMERS)
        with self.assertRaisesRegex(UserError, "Make a new version first"):
            self.published.action_calibrate()

    def test_a_company_with_sales_is_calibrated_when_it_is_set_up(self):
        self._buyers(MIN_CUSTOMERS)
        self.env["customer.profile"].search([("company_id", "=", self.company.id)]).unlink()
        self.env.cr.execute(
            "DELETE FROM customer_value_policy WHERE company_id = %s", [self.company.id]
        )
        self.env.invalidate_all()
        self.company._customer_set_up()
        policy = self.Policy._published(self.company)
        self.assertEqual((policy.state, policy.calibrated_count), ("published", MIN_CUSTOMERS))
