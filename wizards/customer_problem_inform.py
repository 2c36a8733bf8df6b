from odoo import api, fields, models
from odoo.tools import format_list

from ..models.problem.customer_problem_notice import STATES


class CustomerProblemInform(models.TransientModel):
    """Write to everybody touched by a recurring issue, after a look at who that is and what it says."""

    _name = "customer.problem.inform"
    _description = "Inform Everybody Touched"

    problem_id = fields.Many2one(
        "customer.problem", "Recurring Issue", required=True, readonly=True
    )
    template_id = fields.Many2one(
        "mail.template",
        "Letter",
        required=True,
        domain=[("model", "=", "customer.ticket")],
        default=lambda self: self.env.ref(
            "customer_success.mail_template_problem_inform", raise_if_not_found=False
        ),
    )
    line_ids = fields.One2many(
        "customer.problem.inform.line", "wizard_id", compute="_compute_line_ids", store=True
    )
    ready_count = fields.Integer("Will be told", compute="_compute_ready_count")
    text_missing = fields.Boolean(compute="_compute_ready_count")
    ticket_id = fields.Many2one(
        "customer.ticket",
        "Preview For",
        compute="_compute_ticket_id",
        store=True,
        readonly=False,
        domain="[('problem_id', '=', problem_id)]",
    )
    preview_subject = fields.Char("Subject", compute="_compute_preview")
    preview_body = fields.Html("Text", compute="_compute_preview", sanitize=False)

    @api.depends("problem_id", "template_id")
    def _compute_line_ids(self):
        langs = dict(self.env["res.lang"].get_installed())
        for wizard in self:
            lines = [fields.Command.clear()]
            if wizard.problem_id and wizard.template_id:
                lines += [
                    fields.Command.create(
                        {
                            "ticket_id": touched.ticket.id,
                            "partner_id": touched.partner.id
                            or touched.ticket.contact_id.id
                            or touched.ticket.partner_id.id,
                            "email": touched.email,
                            "language": langs.get(touched.lang, touched.lang),
                            "ticket_count": 1 + len(touched.others),
                            "state": touched.state,
                        }
                    )
                    for touched in wizard.problem_id._touched(wizard.template_id)
                ]
            wizard.line_ids = lines

    @api.depends("line_ids.state", "problem_id")
    def _compute_ready_count(self):
        for wizard in self:
            wizard.ready_count = len(wizard.line_ids.filtered(lambda line: line.state == "ready"))
            wizard.text_missing = not (wizard.problem_id.customer_text or "").strip()

    @api.depends("problem_id")
    def _compute_ticket_id(self):
        for wizard in self:
            wizard.ticket_id = wizard.problem_id.ticket_ids.sorted("id", reverse=True)[:1]

    @api.depends("ticket_id", "template_id")
    def _compute_preview(self):
        self.preview_subject = self.preview_body = False
        for wizard in self.filtered(lambda wizard: wizard.ticket_id and wizard.template_id):
            # the letter is of a ticket of this issue that one may see, whatever was chosen
            ticket = wizard.ticket_id._origin
            ticket.check_access("read")
            letter = wizard.problem_id._letter(wizard.template_id._origin, ticket)
            wizard.preview_subject, wizard.preview_body = letter["subject"], letter["body"]

    def action_send(self):
        """Write to everybody who will be told, and say how it went, here and on the issue."""
        self.ensure_one()
        problem = self.problem_id
        counts = problem._inform(self.template_id)
        words = dict(self.line_ids._fields["state"]._description_selection(self.env))
        words["ready"] = self.env._("Told")
        result = format_list(
            self.env,
            [
                self.env._("%(what)s: %(count)s", what=words[state], count=count)
                for state, count in counts.items()
                if count or state == "ready"
            ],
        )
        problem._message_log(
            body=self.env._(
                "Everybody touched was informed with “%(letter)s”. %(result)s.",
                letter=self.template_id.name,
                result=result,
            )
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if counts["ready"] else "warning",
                "message": result,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class CustomerProblemInformLine(models.TransientModel):
    _name = "customer.problem.inform.line"
    _description = "Person Touched By a Recurring Issue"

    wizard_id = fields.Many2one("customer.problem.inform", required=True, ondelete="cascade")
    ticket_id = fields.Many2one("customer.ticket", readonly=True)
    partner_id = fields.Many2one("res.partner", "Person", readonly=True)
    email = fields.Char("Address", readonly=True)
    language = fields.Char(readonly=True)
    ticket_count = fields.Integer("Tickets", readonly=True)
    state = fields.Selection(STATES, "What Happens", readonly=True)
