from odoo import fields, models

GROUP = "customer_success.group_customer_own"


class ProductProduct(models.Model):
    _inherit = "product.product"

    customer_problem_count = fields.Integer(
        "Recurring Issues", compute="_compute_customer_problem_count", groups=GROUP
    )

    def _compute_customer_problem_count(self):
        counts = dict(
            self.env["customer.problem"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.customer_problem_count = counts.get(product._origin, 0)

    def action_open_customer_problems(self):
        self.env["customer.problem"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_problem_action"
        )
        return action | {"domain": [("product_id", "in", self.ids)], "context": {}}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    customer_problem_count = fields.Integer(
        "Recurring Issues", compute="_compute_customer_problem_count", groups=GROUP
    )

    def _compute_customer_problem_count(self):
        for template in self:
            template.customer_problem_count = sum(
                template.with_context(active_test=False).product_variant_ids.mapped(
                    "customer_problem_count"
                )
            )

    def action_open_customer_problems(self):
        return self.with_context(
            active_test=False
        ).product_variant_ids.action_open_customer_problems()
