"""A year of old tickets, and what several customers said lately of one product."""

# A table reads best with one row per line.
# ruff: noqa: E501

from typing import NamedTuple


class Old(NamedTuple):
    """A complaint that was closed long ago."""

    company: str
    customer: str
    days: int  # ago
    category: str
    product: str
    name: str


class New(NamedTuple):
    """One of several that say the same."""

    company: str
    customer: str
    hours: int  # ago
    category: str
    product: str
    channel: str
    owner: str
    name: str
    said: str


class Known(NamedTuple):
    """An issue that was found, mended and closed."""

    company: str
    name: str
    category: str
    owner: str
    since: int  # days ago
    closed: int  # days ago
    cause: str
    correction: str
    prevention: str
    told: str


def _old(company: str, rows) -> tuple[Old, ...]:
    return tuple(Old(company, *row) for row in rows)


def _new(company: str, category: str, product: str, rows) -> tuple[New, ...]:
    return tuple(New(company, row[0], row[1], category, product, *row[2:]) for row in rows)


# fmt: off
OLD = _old(
    "hartwell",
    [
        ("ohio_tile", 231, "quality", "TI-101", "Two boxes with chipped edges"),
        ("meridian", 352, "delivery", "", "Truck came a day late"),
        ("kestrel", 341, "quality", "RE-102", "Rebar bent in transport"),
        ("stonebridge", 333, "delivery", "", "Delivered to the wrong gate"),
        ("lakeshore", 318, "quality", "BR-101", "Bricks of a wrong red"),
        ("cedar_hill", 305, "price", "", "Old price on the quotation"),
        ("metro_housing", 296, "delivery", "", "Half of the order came"),
        ("tri_county", 287, "quality", "BO-101", "Boards wet at the corners"),
        ("hometown", 275, "service", "", "Nobody answers the phone at noon"),
        ("brightside", 262, "quality", "PA-101", "Lids leak"),
        ("alder", 254, "delivery", "", "No call before the delivery"),
        ("summit_masonry", 243, "quality", "BR-102", "Pallet of blocks broken"),
        ("granite_peak", 228, "delivery", "", "Came at six, site was closed"),
        ("westfield_schools", 215, "service", "", "Data sheet missing"),
        ("riverbend", 204, "quality", "SA-103", "Mixer drips"),
        ("kestrel", 193, "delivery", "", "Crane waited two hours"),
        ("castellan", 181, "quality", "SA-101", "Carrier without bolts"),
        ("fairmont", 172, "delivery", "", "Shingles left in the rain"),
        ("beacon", 160, "price", "", "Discount missing"),
        ("haverford", 151, "quality", "IN-101", "Batts torn"),
        ("miller_lumber", 139, "delivery", "", "Wrong tour"),
        ("corner_supply", 128, "service", "", "Rude on the phone"),
        ("oakline", 117, "quality", "TI-102", "Wall tiles bowed"),
        ("meridian", 99, "invoice", "", "Freight on the invoice and in the price"),
        ("tri_county", 93, "invoice", "", "Freight charged twice"),
        ("alder", 88, "invoice", "", "Freight charged though agreed free"),
        ("valley_paint", 81, "invoice", "", "Freight twice on one invoice"),
        ("lopez", 74, "delivery", "", "Two bags short"),
        ("northgate", 61, "quality", "CE-102", "Bags hardened"),
        ("bluestem", 49, "delivery", "", "Driver would not wait"),
        ("patel_painting", 37, "quality", "PA-102", "Colour differs from the card"),
        ("dawson", 26, "service", "", "Waited long at the counter"),
    ],
) + _old(
    "hengzhu",
    [
        ("huating", 203, "quality", "TI-201", "有两箱崩边"),
        ("pujiang", 344, "delivery", "", "送货晚了一天"),
        ("zhonghe", 331, "quality", "RE-201", "钢筋表面锈蚀"),
        ("pujiang", 318, "delivery", "", "送错工地大门"),
        ("jinmao", 301, "price", "", "报价单用了旧价格"),
        ("huating", 286, "quality", "PA-201", "乳胶漆桶盖漏漆"),
        ("zhonghe", 272, "delivery", "", "只到了一半货"),
        ("yangpu", 259, "service", "", "中午电话没人接"),
        ("pujiang", 247, "quality", "CE-202", "砂浆袋受潮"),
        ("jinmao", 233, "delivery", "", "没有提前电话通知"),
        ("lvdi_school", 219, "quality", "SA-201", "坐便器缺配件"),
        ("zhonghe", 188, "delivery", "", "司机不愿等卸货"),
        ("huating", 171, "service", "", "缺检测报告"),
        ("pujiang", 156, "delivery", "", "吊车等了两小时"),
        ("yangpu", 142, "quality", "BR-201", "砌块缺角"),
        ("jinmao", 127, "delivery", "", "少送两托"),
        ("zhonghe", 109, "quality", "IN-202", "卷材粘连"),
        ("pujiang", 86, "delivery", "", "凌晨送货无人签收"),
        ("huating", 64, "price", "", "折扣漏算"),
        ("lvdi_school", 43, "service", "", "开票抬头错误"),
    ],
)

NEW = _new(
    "hartwell", "quality", "TI-101",
    [
        ("ohio_tile", 262, "email", "ines", "Chipped edges on 24 x 24 tiles", "Every third tile of the last pallet has a chipped edge. We cannot sell these."),
        ("castellan", 215, "phone", "ines", "Porcelain tiles arrive with broken corners", "Eleven of forty boxes have broken corners, always the lower ones."),
        ("lakeshore", 148, "email", "ines", "Broken corners, floor tiles", "The lobby stands still: nine boxes are broken at the corners."),
        ("haverford", 92, "phone", "mara", "Tiles chipped in the box", "The boxes look fine from outside, the tiles inside are chipped."),
        ("ohio_tile", 68, "phone", "ines", "Chipped edges on 24 x 24 tiles again", "The new pallet has chipped edges, too. Same as last week."),
        ("trillium", 40, "email", "mara", "Damaged porcelain tiles, 6 boxes", "Six boxes damaged. Your driver says that the pallets were stacked three high."),
    ],
) + _new(
    "hengzhu", "quality", "TI-201",
    [
        ("huating", 250, "phone", "lina", "抛釉砖崩边", "这一批八百砖三块里就有一块崩边，没法铺。"),
        ("jinmao", 190, "visit", "chenwei", "800 砖边角破损", "四十箱里有九箱边角破损，都是下面几层。"),
        ("lvdi_school", 121, "phone", "lina", "瓷砖到货有破角", "外箱看着好好的，里面的砖角都磕坏了。"),
        ("huating", 66, "email", "lina", "抛釉砖又崩边", "新到的一托还是崩边，和上周一样。"),
        ("pujiang", 30, "email", "chenwei", "抛釉砖破损六箱", "破损六箱，司机说托盘堆了三层。"),
    ],
)

KNOWN = (
    Known(
        "hartwell", "Freight charged twice", "invoice", "tom", 104, 66,
        "The new price list contains freight, and the order form still added it.",
        "Four customers credited, each called.",
        "Order form and price list checked against each other before a new list goes live.",
        "Our new price list contained freight and the order form added it again. You have been credited, and new lists are now checked before they go live.",
    ),
)
# fmt: on
