"""Where the numbers of a receipt lead: each to what it was made from, if its reader may see that.

A figure of nothing leads nowhere.
"""

from odoo import models

#: What a number of a receipt opens: its name in the templates, the field it shows, the action.
LINKS = (
    ("recency", "last_purchase_date", "action_open_last_purchase"),
    ("silence", "last_purchase_date", "action_open_last_purchase"),
    ("frequency", "purchase_count", "action_open_window_purchases"),
    ("age", "purchase_count_life", "action_open_all_purchases"),
    ("money", "revenue", "action_open_window_documents"),
    ("sales", "invoice_count", "action_open_window_sales"),
    ("recent", "trend_recent", "action_open_recent_documents"),
    ("prior", "trend_prior", "action_open_prior_documents"),
    ("usual", "trend_usual", "action_open_usual_documents"),
)
#: Orders and the credit notes made from them are two lists: these open the second one.
TREND_CREDITS = ("recent", "prior", "usual")


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    def _links(self) -> dict[str, str]:
        """The action behind each number of the receipts that this user may open."""
        self.ensure_one()
        links = {"log": "action_open_transitions"}
        for model, name, action in (
            ("customer.value.policy", "policy", "action_open_policy"),
            ("customer.lifecycle.policy", "limits", "action_open_limits"),
            ("customer.market", "market", "action_open_market"),
        ):
            if self.env[model].has_access("read"):
                links[name] = action
        if self.can_open_orders if self.fact_source == "order" else self.can_open_invoices:
            links |= {name: action for name, figure, action in LINKS if self[figure]}
        if self.can_open_invoices and self.credit_note_count:
            links["credited"] = "action_open_window_credit_notes"
        if self.can_open_invoices and self.fact_source == "order":
            links |= self._trend_credit_links()
        return links

    def _trend_credit_links(self) -> dict[str, str]:
        """For amounts of orders less credit notes: the list of the latter, where there are any."""
        return {
            f"{name}_credits": f"action_open_{name}_credit_notes"
            for name in TREND_CREDITS
            if self.env["account.move"].search_count(
                self._credit_notes_domain(*getattr(self, f"_{name}_span")()), limit=1
            )
        }

    def action_open_policy(self):
        """The policy that the tier was decided by: cut-points, weights, thresholds."""
        self.ensure_one()
        return self.policy_id._get_records_action()

    def action_open_limits(self):
        """The limits that the stage was decided by."""
        return self._limits().with_env(self.env)._get_records_action()

    def action_open_market(self):
        """The company's own market, by which the trend is divided."""
        self.ensure_one()
        market = self.env["customer.market"]._find(self.company_id, self.as_of)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_market_action"
        ) | {"domain": [("id", "in", market.ids)]}
