"""Words that several models of this room share."""

#: What is done for a customer: the ways to be in touch, and what is not a contact by itself.
ACTIONS = [
    ("call", "Call"),
    ("visit", "Visit"),
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("offer", "Offer"),
    ("gift", "Gift"),
    ("task", "Task"),
]

#: Actions that are a contact with the customer when they are done.
CONTACTS = ("call", "visit", "email", "sms", "offer")
