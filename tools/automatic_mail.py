"""Mail that no person wrote: out-of-office notes, delivery reports, mailing lists, other robots.

Answering one is how two robots come to write to each other for ever (RFC 3834).
"""

from collections.abc import Iterable

#: Headers whose mere presence says that a program answered.
_ANSWERING = {"x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from"}
#: What ``Precedence`` says of mail that wants no answer.
_UNANSWERED = {"auto_reply", "bulk", "junk", "list"}


def is_automatic(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a program sent it.

    >>> is_automatic([("Auto-Submitted", "auto-replied (vacation)")])
    True
    >>> is_automatic([("Auto-Submitted", "no")])
    False
    """
    for name, value in headers:
        name, value = name.lower(), str(value).strip().lower()
        if name == "auto-submitted" and not value.startswith("no"):
            return True
        if name in _ANSWERING and value not in ("", "no", "false"):
            return True
        if name == "precedence" and value in _UNANSWERED:
            return True
        if name == "return-path" and value == "<>":
            return True
    return False
