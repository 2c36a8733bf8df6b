from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_ticket_count = fields.Integer(
        "Tickets",
        compute="_compute_customer_ticket_count",
        groups="customer_success.group_customer_own",
    )

    def _compute_customer_ticket_count(self):
        firms = self.commercial_partner_id
        counts = dict(
            self.env["customer.ticket"]._read_group(
                [("partner_id", "in", firms.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.customer_ticket_count = counts.get(partner.commercial_partner_id, 0)

    def signup_prepare(self, signup_type="signup"):
        """Only where it changes something.

        Odoo writes the contact with every mail that links to a portal page. Two mails to one contact
        at once, or an invoice being posted meanwhile, would collide over nothing.
        """
        changed = self.filtered(lambda partner: partner.signup_type != signup_type)
        return super(ResPartner, changed).signup_prepare(signup_type) if changed else True

    def action_open_customer_tickets(self):
        # customers read tickets, of their own; only we write them
        self.env["customer.ticket"].check_access("write")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action"
        )
        firm = self.commercial_partner_id
        return action | {
            "domain": [("partner_id", "=", firm.id)],
            "context": {"default_partner_id": firm.id, "default_contact_id": self.id},
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def _opinion_archive(self):
        """A window on all that these customers ever said."""
        self.env["customer.ticket"].check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action_archive"
        )
        return action | {"domain": [("partner_id", "in", self.commercial_partner_id.ids)]}

    def action_open_customer_opinions(self):
        self.check_access("read")
        return self._opinion_archive()
