"""What consents are about, in one place."""

CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("phone", "Phone"), ("post", "Post")]
STATES = [("given", "Allowed"), ("refused", "Refused")]
SOURCES = [
    ("page", "Preference page"),
    ("one_click", "Unsubscribe button of the mail program"),
    ("person", "Told to one of us"),
    ("import", "Import"),
]
