"""Programs that every company has from the start, off until somebody starts them."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Ready(NamedTuple):
    name: object  # a lazy translation
    occasion: str
    purpose: str
    template: str
    recipients: str = "main"
    lead_days: int = 0

    def values(self, env) -> dict:
        def ref(name):
            return env.ref(f"customer_success.{name}").id

        return {
            "name": self.name._translate("en_US"),
            "occasion_id": ref(f"occasion_{self.occasion}"),
            "purpose_id": ref(f"consent_purpose_{self.purpose}"),
            "mail_template_id": ref(f"mail_template_care_{self.template}"),
            "recipients": self.recipients,
            "lead_days": self.lead_days,
        }


READY = (
    Ready(_lt("Birthday greeting"), "birthday", "greetings", "birthday"),
    Ready(_lt("New Year greeting"), "new_year", "greetings", "new_year", "contacts", 2),
    Ready(
        _lt("Spring Festival greeting"),
        "spring_festival",
        "greetings",
        "spring_festival",
        "contacts",
        2,
    ),
    Ready(_lt("Mid-Autumn greeting"), "mid_autumn", "greetings", "mid_autumn", "contacts", 1),
    Ready(_lt("A year together"), "first_purchase", "greetings", "first_purchase"),
    Ready(_lt("New in what you buy"), "new_product", "offers", "new_product"),
)
