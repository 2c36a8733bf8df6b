"""What several models of care choose from, and why a message did not go, in words."""

KINDS = [
    ("holiday", "Holiday"),
    ("birthday", "Birthday of a contact"),
    ("first_purchase", "Anniversary of the first purchase"),
    ("weeks", "Every so many weeks"),
    ("transition", "The customer enters a tier or a stage"),
    ("new_product", "New product in a category that the customer buys"),
]
CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("followup", "Follow-up card")]
#: The channel that somebody allows or refuses: a card has us call.
CONSENT_CHANNEL = {"email": "email", "sms": "sms", "followup": "phone"}
VERDICTS = [
    ("queued", "Waiting"),
    ("handed", "In the outbox"),
    ("sent", "Sent"),
    ("refused", "Not sent"),
    ("held_out", "Held out"),
    ("failed", "Failed"),
]
#: Messages that went or are going: they count for caps, and each occasion has one of them at most.
WRITTEN = ("queued", "handed", "sent", "failed")
#: The gate's reasons (:data:`tools.care_gate.REASONS`), and what can happen after it.
REASONS = [
    ("late", "Too late for this occasion"),
    ("archived", "Contact archived"),
    ("no_address", "No address"),
    ("bad_address", "Address cannot be right"),
    ("blacklisted", "Address is blacklisted"),
    ("refused", "Refused by the contact"),
    ("not_given", "Not allowed yet for this purpose"),
    ("complaint", "Complaint open"),
    ("overdue", "Invoice overdue for long"),
    ("duplicate", "Same address already written to"),
    ("recent", "This program wrote lately"),
    ("capped", "Enough messages for now"),
    ("held_out", "Held out to measure the effect"),
    ("template", "Template does not work"),
    ("delivery", "Could not be delivered"),
    ("interrupted", "Interrupted while being sent: it may have arrived"),
]
