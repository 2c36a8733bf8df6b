"""What a ticket is, how bad, and how it came: words that several models share."""

KINDS = [
    ("complaint", "Complaint"),
    ("suggestion", "Suggestion"),
    ("praise", "Praise"),
    ("question", "Question"),
]
SEVERITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Critical")]
CHANNELS = [
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("opinion_box", "Opinion box"),
    ("social", "Social media"),
    ("other", "Other"),
]
