from odoo import fields, models

from ...tools.lifecycle import Stage


class CustomerLifecycleStage(models.Model):
    """A lifecycle stage: its name, colour and the strategy for customers in it.

    The stages themselves are fixed, since the rule that decides them is; a company words them and
    says what to do in each.
    """

    _name = "customer.lifecycle.stage"
    _description = "Lifecycle Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        [(stage.name.lower(), stage.name.capitalize()) for stage in Stage],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    strategy = fields.Text(translate=True, help="What to do for customers in this stage.")

    _code_uniq = models.Constraint("UNIQUE(code)", "Each lifecycle stage exists once.")
