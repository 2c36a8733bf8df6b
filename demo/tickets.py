"""What the demo's customers complained of, suggested, praised and asked in the last days."""

# A story reads best in few lines.
# ruff: noqa: E501

from typing import NamedTuple


class Story(NamedTuple):
    company: str
    customer: str
    hours: int  # ago
    kind: str
    severity: str
    category: str
    channel: str
    owner: str  # login; empty: nobody yet
    stage: str
    name: str
    said: str
    solution: str = ""


STORIES = (
    Story(
        "hartwell",
        "meridian",
        3,
        "complaint",
        "3",
        "delivery",
        "phone",
        "mara",
        "acknowledged",
        "Crane waiting, no cement on site",
        "Your truck was promised for seven. It is ten, the crane costs us 400 an hour and nobody calls back.",
    ),
    Story(
        "hartwell",
        "kestrel",
        30,
        "complaint",
        "2",
        "quality",
        "email",
        "mara",
        "in_progress",
        "Rebar bundles without mill certificates",
        "Our inspector does not accept the last two bundles: the mill certificates are missing.",
    ),
    Story(
        "hartwell",
        "oakline",
        96,
        "complaint",
        "1",
        "quality",
        "email",
        "ines",
        "waiting",
        "Tiles of two shades in one order",
        "Boxes 14 to 20 are visibly darker than the rest. We have laid half of the lobby.",
    ),
    Story(
        "hartwell",
        "granite_peak",
        120,
        "complaint",
        "1",
        "invoice",
        "email",
        "tom",
        "new",
        "Invoice charges freight twice",
        "Freight is on the invoice and in the unit price. Please correct it, we cannot pay it like this.",
    ),
    Story(
        "hartwell",
        "whitaker",
        200,
        "complaint",
        "2",
        "delivery",
        "visit",
        "tom",
        "solved",
        "Third late delivery this quarter",
        "If it happens again we order elsewhere. My men stood around for half a day.",
        "Moved to the 6:00 tour; the dispatcher calls the evening before. Half a day credited.",
    ),
    Story(
        "hartwell",
        "harborview",
        20,
        "question",
        "1",
        "other",
        "email",
        "",
        "new",
        "Do you store fittings for us until March?",
        "We renovate floor by floor. Can you keep the fittings and deliver per floor?",
    ),
    Story(
        "hartwell",
        "hometown",
        50,
        "suggestion",
        "0",
        "service",
        "visit",
        "ines",
        "acknowledged",
        "A shelf label with the QR code of the data sheet",
        "Customers ask us for data sheets all day. A code on the label would save us the search.",
    ),
    Story(
        "hartwell",
        "st_brendan",
        70,
        "praise",
        "0",
        "service",
        "phone",
        "mara",
        "closed",
        "Weekend delivery saved our ward",
        "Please thank the driver: without him the ward would not have opened on Monday.",
        "Passed on to the driver and his dispatcher.",
    ),
    Story(
        "hengzhu",
        "pujiang",
        5,
        "complaint",
        "3",
        "quality",
        "phone",
        "chenwei",
        "acknowledged",
        "水泥强度复检不合格",
        "今天工地复检，三天强度不达标，监理要求停工。请马上派人到现场。",
    ),
    Story(
        "hengzhu",
        "huating",
        76,
        "complaint",
        "1",
        "delivery",
        "email",
        "lina",
        "in_progress",
        "瓷砖少送六箱",
        "送货单写八十箱，实收七十四箱，安装队明天就没货了。",
    ),
    Story(
        "hengzhu",
        "zhonghe",
        150,
        "complaint",
        "1",
        "price",
        "visit",
        "chenwei",
        "solved",
        "报价与合同不一致",
        "合同单价是含运费的，账单又另收了运费。",
        "已核对合同，多收的运费本周红冲，并提醒开票同事。",
    ),
    Story(
        "hengzhu",
        "hongxing",
        28,
        "suggestion",
        "0",
        "service",
        "visit",
        "lina",
        "new",
        "希望提供样板间陈列支持",
        "旺季前如果能提供一套样板陈列，我们愿意多备货。",
    ),
)
