"""Birthdays of the demo's contacts, and what some of them allowed or refused."""

from typing import NamedTuple

#: Days from today to the contact's next birthday, or since its last one where negative; all others
#: are spread over the year.
BIRTHDAYS = {
    "hartwell": {
        "lakeshore": 0,
        "cedar_hill": 0,
        "meridian": 0,  # complains
        "riverbend": 0,  # wants none
        "castellan": -1,
        "bluestem": -2,
        "kestrel": -3,  # complains
        "stonebridge": -4,
        "haverford": -6,
        "fairmont": -7,  # wants none
        "granite_peak": -8,  # complains
        "trillium": -9,
        "harborview": 3,
        "ironwood": 5,
    },
    "hengzhu": {
        "jinmao": 0,
        "huating": 0,  # complains
        "pujiang": -2,  # complains
        "yangpu": -3,
        "hongxing": -5,
        "tianyi": -6,  # wants none
        "zhonghe": 4,
    },
}


class Word(NamedTuple):
    company: str
    customer: str
    purpose: str
    state: str
    source: str
    days: int  # ago
    how: str = ""


CONSENTS = (
    Word("hartwell", "riverbend", "greetings", "refused", "one_click", 41),
    Word("hartwell", "fairmont", "greetings", "refused", "page", 90),
    Word(
        "hartwell", "meridian", "offers", "given", "person", 120, "Signed at the framework meeting"
    ),
    Word("hartwell", "kestrel", "offers", "given", "page", 75),
    Word("hartwell", "bluestem", "offers", "given", "page", 63),
    Word("hartwell", "castellan", "offers", "given", "person", 30, "On the phone"),
    Word("hartwell", "castellan", "offers", "refused", "page", 8),
    Word("hengzhu", "tianyi", "greetings", "refused", "person", 52, "电话中说不需要节日祝福"),
    Word("hengzhu", "pujiang", "offers", "given", "person", 100, "年度框架协议签署时"),
    Word("hengzhu", "hongxing", "offers", "given", "page", 20),
)


class Calls(NamedTuple):
    """The program that puts birthdays of all but small customers' contacts on the board."""

    program: str
    segment: str
    advice: str


BIRTHDAY_CALLS = {
    "hartwell": Calls(
        "Birthday call",
        "Key to medium customers",
        "Wish a happy birthday in person; ask how the season is going.",
    ),
    "hengzhu": Calls("生日电话", "中价值以上客户", "亲自祝贺生日，顺便问问近期项目进展。"),
}
