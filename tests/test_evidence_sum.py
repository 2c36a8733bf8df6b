"""The evidence of every demo customer, added up again from its documents, with arithmetic of its own.

Nothing of the product is used but what it stored: documents by plain SQL, cut-points, weights and
thresholds from the policy's records, exact fractions.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from lxml import html

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

AXES = ("recency", "frequency", "money")


def exact(number) -> Fraction:
    """What the shortest decimal of a float means."""
    return Fraction(repr(float(number)))


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up."""
    units = value * 10**decimals
    whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return Decimal(whole).scaleb(-decimals)


@tagged("post_install", "-at_install")
class TestEveryDemoCustomer(TransactionCase):
    def setUp(self):
        super().setUp()
        companies = [
            self.env.ref(f"customer_success_demo.company_{name}", raise_if_not_found=False)
            for name in ("hartwell", "hengzhu")
        ]
        ids = [company.id for company in companies if company]
        self.profiles = self.env["customer.profile"].search([("company_id", "in", ids)])
        self.documents = defaultdict(list)
        for company, partner, *document in self.env.execute_query(
            SQL(
                """
                SELECT company_id, commercial_partner_id, id, move_type, invoice_date,
                       amount_untaxed, amount_untaxed_signed, reversed_entry_id
                  FROM account_move
                 WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
                   AND company_id = ANY(%s)
                """,
                ids,
            )
        ):
            self.documents[company, partner].append(document)

    def _facts(self, profile):
        """Last purchase, days with a purchase, net amount, as of the day of the evidence."""
        day = profile.evidence_date
        start = day - timedelta(days=profile.policy_id.window_days)
        documents = [
            document
            for document in self.documents[profile.company_id.id, profile.partner_id.id]
            if document[2] <= day
        ]
        given_back = defaultdict(Fraction)
        for __, kind, __, amount, __, origin in documents:
            if kind == "out_refund" and origin:
                given_back[origin] += Fraction(amount)
        days = {
            made
            for move, kind, made, amount, signed, __ in documents
            if kind == "out_invoice" and signed > 0 and given_back[move] < Fraction(amount)
        }
        money = sum(Fraction(signed) for __, __, made, __, signed, __ in documents if made > start)
        return (
            max(days, default=None),
            min(days, default=None),
            len([made for made in days if made > start]),
            len(days),
            money,
        )

    def _interval(self, profile, first, last, purchases) -> Fraction:
        """The customer's own, with two of the company's median."""
        median = self.env["customer.market"].search(
            [
                ("company_id", "=", profile.company_id.id),
                ("month", "=", profile.as_of.replace(day=1)),
            ]
        )
        span = (last - first).days + 2 * exact(median.median_interval)
        return max(Fraction(rounded(span / (purchases - 1 + 2), 2)), Fraction(1))

    def _levels(self, profile, facts):
        last, first, frequency, purchases, money = facts
        silent = Fraction((profile.evidence_date - last).days)
        if profile.policy_id.recency_mode == "rhythm":
            silent /= self._interval(profile, first, last, purchases)
        cuts = {
            axis: [exact(cut.value) for cut in profile.policy_id.cut_ids if cut.axis == axis]
            for axis in AXES
        }
        return [
            (1 + sum(silent <= cut for cut in cuts["recency"]), 1 + len(cuts["recency"])),
            (1 + sum(frequency >= cut for cut in cuts["frequency"]), 1 + len(cuts["frequency"])),
            (1 + sum(money >= cut for cut in cuts["money"]), 1 + len(cuts["money"])),
        ]

    def _assert_tier(self, profile, score):
        """The stored tier is what the score reaches, or is kept as the policy says."""
        lines = profile.policy_id.tier_ids.sorted("threshold", reverse=True)
        reached = next(line for line in lines if score >= exact(line.threshold))
        own = lines.filtered(lambda line: line.tier_id == profile.computed_tier_id)
        if profile.tier_reason == "kept":
            self.assertEqual(reached, own)
        elif profile.tier_reason == "kept_by_margin":
            self.assertLess(score, exact(own.threshold))
            self.assertGreaterEqual(score, exact(own.keep_threshold))
        else:
            self.assertEqual(profile.tier_reason, "waiting")
            self.assertLess(score, exact(own.keep_threshold))
            since = (profile.evidence_date - profile.tier_below_since).days
            self.assertLess(since, profile.policy_id.dwell_days)

    def _read(self, markup):
        """The rendered receipt: points of the axes, the score, and all of its text."""
        tree = html.fromstring(str(markup))
        points = tree.xpath("//div[contains(@class, 'o_customer_receipt_points')]")
        *parts, score = [Decimal(node.text_content().strip()) for node in points]
        return parts, score, " ".join(tree.text_content().split())

    def test_documents_to_facts_to_levels_to_points_to_score_to_tier(self):
        for profile in self.profiles:
            with self.subTest(profile.display_name):
                facts = self._facts(profile)
                last, __, frequency, purchases, money = facts
                self.assertEqual(profile.last_purchase_date or None, last)
                self.assertEqual(profile.purchase_count, frequency)
                self.assertEqual(profile.purchase_count_life, purchases)
                self.assertEqual(Decimal(repr(profile.revenue)), rounded(money, 2))
                if not last:
                    self.assertFalse(profile.value_tier_id and not profile.tier_manual)
                    self.assertEqual(profile.value_score, 0)
                    continue
                levels = self._levels(profile, facts)
                self.assertEqual(
                    [level for level, __ in levels],
                    [profile.recency_level, profile.frequency_level, profile.monetary_level],
                )
                policy = profile.policy_id
                weights = [exact(policy[f"weight_{axis}"]) for axis in AXES]
                shares = [
                    100 * weight * level / (top * sum(weights))
                    for weight, (level, top) in zip(weights, levels, strict=True)
                ]
                score = rounded(sum(shares), 4)
                self.assertEqual(score, Decimal(repr(profile.value_score)).quantize(score))
                self._assert_tier(profile, Fraction(score))

                parts, shown, text = self._read(profile.value_evidence)
                self.assertEqual(shown, score)
                self.assertEqual(sum(parts), score)
                for part, share in zip(parts, shares, strict=True):
                    self.assertLessEqual(abs(Fraction(part) - share), Fraction(1, 10_000))
                days = (profile.evidence_date - last).days
                for said in (
                    f"{frequency} days with a purchase in {policy.window_days} days",
                    f"{rounded(money, 2):,} in {policy.window_days} days",
                    f"{days} days",
                    *(
                        f"level {level} of {top} × {float(100 * weight / sum(weights)):g}%"
                        for weight, (level, top) in zip(weights, levels, strict=True)
                    ),
                ):
                    self.assertIn(said, text)
        module = self.env["ir.module.module"].search([("name", "=", "customer_success")])
        self.assertEqual(len(self.profiles) > 60, module.demo)
