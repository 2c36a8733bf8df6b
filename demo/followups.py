"""What the demo's account managers noted of their last calls and visits, and what they planned."""

from typing import NamedTuple

#: Days by which the contact of each customer in turn is late today; negative: still to come.
LATE = (-4, 0, -11, 3, -2, -19, 0, -7, 12, -26, -1, 0, -15, 5, -9, -33, 1, -5, 0, -21, 9, -13, -3)
#: How each of these last contacts was made, and how it went.
HOW = ("call", "call", "visit", "email", "call", "visit", "call")
OUTCOMES = ("spoke", "will_order", "spoke", "no_need", "spoke")
NOTES = {
    "hartwell": (
        "Happy with the last delivery; next tender opens in two weeks.",
        "Asks for pallet prices from ten pallets on.",
        "New site manager, introduced us to him.",
        "Stock is full until the end of the month.",
        "Would like samples of the anthracite tiles.",
    ),
    "hengzhu": (
        "对上次交货很满意，两周后有新项目招标。",
        "询问十托盘以上的价格。",
        "换了新的项目经理，已当面认识。",
        "库存充足，月底前不补货。",
        "想要哑光瓷砖样品。",
    ),
}


class Planned(NamedTuple):
    """A follow-up somebody planned by hand, and what came of it so far."""

    company: str
    customer: str
    user: str
    action: str
    days: int  # from today
    advice: str
    outcome: str = ""
    note: str = ""


PLANNED = (
    Planned(
        "hartwell",
        "lakeshore",
        "ines",
        "offer",
        0,
        "Offer the spring range of terrace tiles; they asked for frost resistance.",
    ),
    Planned(
        "hartwell",
        "granite_peak",
        "tom",
        "visit",
        -2,
        "Take the invoice along that charges freight twice, and a corrected one.",
    ),
    Planned(
        "hartwell",
        "kestrel",
        "mara",
        "call",
        0,
        "Tell them when the mill certificates come, before they ask.",
        "not_reached",
        "Left word with the front desk.",
    ),
    Planned(
        "hartwell",
        "northgate",
        "mara",
        "call",
        -1,
        "Ask what became of the Lake Road tender.",
        "comes_back",
        "Decides on Friday, calls us.",
    ),
    Planned(
        "hengzhu",
        "hongxing",
        "lina",
        "visit",
        0,
        "带上宁波新店的供货方案和样品册。",
    ),
)
#: Days by which what playbooks asked for is late today, card after card; negative: still to come.
PLAYBOOK_LATE = (0, 2, 0, -1)
#: An account manager who is away: first and last day from today.
AWAY = ("hartwell", "tom", 2, 4)
#: Follow-ups a day, so that a morning of the demo fits on a screen.
CAPACITY = 8
