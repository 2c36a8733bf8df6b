"""What a mail server's refusal means: try again later, or never.

SMTP says it by the first digit of its reply: 4 is for now, 5 is for good. A connection that could not
be made, or broke, has no reply and is for now.
"""

import re
from datetime import timedelta

#: How long after a failure to try again, by how often that was done. After the last, somebody looks.
WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
#: A reply as Python's smtplib writes it down: ``(451, b'busy')``.
_REPLY = re.compile(r"\((\d{3}), ?b?['\"]")


def is_for_good(reason: str) -> bool:
    """Whether the server refused for good. One recipient of several refused for now is for now."""
    replies = _REPLY.findall(reason or "")
    return bool(replies) and all(reply.startswith("5") for reply in replies)
