"""The demo's customers: who they are, what story they have and which categories they buy.

``archetype`` names a story of :mod:`generator`; ``size`` is a usual order's untaxed amount in the
customer's currency, ``pace`` the usual days between two orders.
"""
# A table reads best with one row per line.
# ruff: noqa: E501

from typing import NamedTuple


class Customer(NamedTuple):
    company: str
    key: str
    name: str
    archetype: str
    size: float
    pace: float
    categories: str  # two-letter codes of the catalogue, separated by spaces
    manager: str  # login
    city: str
    state: str  # code of a state of the company's country; empty elsewhere
    contact: str
    function: str
    currency: str = ""
    country: str = ""  # where it is not the company's


def _of(company: str, rows) -> tuple[Customer, ...]:
    return tuple(Customer(company, *row) for row in rows)


_OWNER, _BUYER, _SITE = "Owner", "Purchasing Manager", "Site Manager"

# fmt: off
_HARTWELL = _of(
    "hartwell",
    [
        # Key accounts and the large contractors
        ("meridian", "Meridian Homes", "key", 34_000, 18, "CE RE BO IN", "mara", "Columbus", "OH", "Laura Bennett", "Director of Procurement"),
        ("kestrel", "Kestrel Construction Group", "key", 40_000, 22, "CE RE BR", "mara", "Pittsburgh", "PA", "Marcus Hale", _BUYER),
        ("granite_peak", "Granite Peak Builders", "growing", 39_000, 25, "CE RE BO", "tom", "Cleveland", "OH", "Priya Raman", _BUYER),
        ("lakeshore", "Lakeshore Development", "steady", 31_000, 31, "BR TI SA", "ines", "Toledo", "OH", "Daniel Whitcomb", "Project Director"),
        ("ironwood", "Ironwood General Contractors", "slowing", 29_000, 28, "CE RE IN", "tom", "Akron", "OH", "Grace Oyelaran", _BUYER),
        ("northgate", "Northgate Civil Works", "waiting", 16_000, 20, "CE RE BR", "mara", "Erie", "PA", "Victor Stahl", "Commercial Manager"),
        # Contractors
        ("bluestem", "Bluestem Residential", "growing", 14_000, 39, "BO IN PA", "ines", "Dayton", "OH", "Hannah Keller", _OWNER),
        ("cedar_hill", "Cedar Hill Renovations", "steady", 8_500, 44, "BO PA SA", "ines", "Columbus", "OH", "Owen Pritchard", _OWNER),
        ("fairmont", "Fairmont Roofing & Siding", "seasonal", 12_000, 37, "BO TO", "tom", "Youngstown", "OH", "Carla Mendes", _BUYER),
        ("summit_masonry", "Summit Masonry", "seasonal", 9_100, 41, "BR CE", "tom", "Canton", "OH", "Pete Novak", _OWNER),
        ("tri_county", "Tri-County Drywall", "steady", 5_900, 32, "BO RE TO", "ines", "Mansfield", "OH", "Shawn Ortega", _SITE),
        ("haverford", "Haverford Restoration", "surging", 8_800, 41, "PA IN TI", "mara", "Wheeling", "WV", "Beatrice Lang", "Managing Partner"),
        ("oakline", "Oakline Interiors", "big_credit", 13_000, 48, "TI SA PA", "ines", "Columbus", "OH", "Julian Frost", "Head of Projects"),
        ("riverbend", "Riverbend Apartments", "won_back", 11_000, 44, "SA PA TI", "mara", "Cincinnati", "OH", "Sofia Marchetti", "Facilities Manager"),
        ("stonebridge", "Stonebridge Concrete", "steady", 16_000, 48, "CE RE", "tom", "Lima", "OH", "Ray Dubois", _BUYER),
        ("prairie", "Prairie Steel Erectors", "silent", 11_000, 46, "RE TO", "tom", "Fort Wayne", "IN", "Nick Halloran", _SITE),
        ("whitaker", "Whitaker & Sons Builders", "slowing", 9_600, 44, "CE BO IN", "tom", "Zanesville", "OH", "Jim Whitaker", _OWNER),
        ("castellan", "Castellan Bath & Kitchen", "steady", 10_000, 41, "SA TI", "ines", "Dublin", "OH", "Elena Voss", _BUYER),
        ("alder", "Alder Creek Homes", "joined", 15_000, 46, "BO IN CE", "mara", "Newark", "OH", "Molly Tran", _BUYER),
        ("beacon", "Beacon Property Services", "steady", 4_000, 37, "PA TO SA", "ines", "Columbus", "OH", "Andre Wallace", "Maintenance Lead"),
        ("ridgeway", "Ridgeway Fence & Deck", "lost", 4_900, 55, "CE TO", "tom", "Marietta", "OH", "Kyle Sutter", _OWNER),
        ("vanguard", "Vanguard Homebuilders", "lost", 22_000, 33, "CE RE BO", "mara", "Indianapolis", "IN", "Teresa Quinn", _BUYER),
        ("blackwell", "Blackwell Tile & Stone", "lost_lately", 6_700, 46, "TI", "ines", "Columbus", "OH", "Stefan Ruiz", _OWNER),
        # Retailers
        ("hometown", "Hometown Hardware", "steady", 7_600, 34, "TO PA CE", "ines", "Delaware", "OH", "Nancy Ellison", "Store Manager"),
        ("brightside", "Brightside Home Centers", "key", 25_000, 20, "PA TI SA TO BO IN BR", "mara", "Louisville", "KY", "Monica Sterling", "Category Buyer"),
        ("miller_lumber", "Miller Lumber & Supply", "slowing", 8_200, 37, "BO TO", "tom", "Findlay", "OH", "Hank Miller", _OWNER),
        ("valley_paint", "Valley Paint & Decor", "steady", 4_700, 52, "PA", "ines", "Springfield", "OH", "Rick Amato", _OWNER),
        ("corner_supply", "Corner Supply Co-op", "steady", 3_100, 46, "TO CE", "tom", "Athens", "OH", "Dora Hensley", "Manager"),
        ("ohio_tile", "Ohio Valley Tile Outlet", "growing", 7_200, 46, "TI", "ines", "Cincinnati", "OH", "Farid Haddad", _BUYER),
        # Municipalities and institutions
        ("city_marlow", "City of Marlow Public Works", "steady", 17_000, 76, "CE BR", "mara", "Marlow", "OH", "Ellen Brody", "Procurement Officer"),
        ("harlan_county", "Harlan County Highway Department", "seasonal", 17_000, 55, "CE RE BR", "mara", "Lancaster", "OH", "Walt Jennings", "Superintendent"),
        ("st_brendan", "St. Brendan Hospital Trust", "manual", 4_500, 72, "SA PA IN", "mara", "Columbus", "OH", "Ruth Abernathy", "Estates Manager"),
        ("westfield_schools", "Westfield School District", "steady", 7_100, 77, "PA SA BO", "ines", "Westfield", "OH", "Paul Greaves", "Facilities Director"),
        ("metro_housing", "Metro Housing Authority", "recovered", 15_000, 51, "SA PA BO", "mara", "Dayton", "OH", "Yvonne Clarke", "Contracts Officer"),
        # Small traders
        ("dawson", "Dawson Handyman", "steady", 890, 55, "TO PA", "ines", "Columbus", "OH", "Eric Dawson", _OWNER),
        ("lopez", "Lopez Plastering", "steady", 1_300, 67, "CE BO", "tom", "Dayton", "OH", "Miguel Lopez", _OWNER),
        ("greenleaf", "Greenleaf Landscaping", "seasonal", 2_100, 46, "BR CE", "tom", "Gahanna", "OH", "Amy Foster", _OWNER),
        ("patel_painting", "Patel Painting", "steady", 1_600, 60, "PA", "ines", "Westerville", "OH", "Rakesh Patel", _OWNER),
        ("sunrise", "Sunrise Pools", "lost", 3_300, 61, "TI CE", "tom", "Mason", "OH", "Gina Russo", _OWNER),
        ("kowalski", "Kowalski Plumbing", "steady", 1_900, 66, "SA TO", "ines", "Parma", "OH", "Adam Kowalski", _OWNER),
        ("barlow", "Barlow Carpentry", "silent", 1_500, 62, "BO TO", "tom", "Chillicothe", "OH", "Tim Barlow", _OWNER),
        ("evans", "Evans Garage Doors", "slowing", 2_100, 62, "TO RE", "tom", "Sandusky", "OH", "Lloyd Evans", _OWNER),
        # Abroad
        ("trillium", "Trillium Homes Ontario", "steady", 18_000, 47, "IN SA TI", "mara", "Windsor", "ON", "Chloé Gagnon", _BUYER, "CAD", "CA"),
        ("rheinbau", "Rheinbau Fertighaus GmbH", "steady", 9_800, 66, "SA TO", "mara", "Köln", "", "Jörg Steinmann", "Einkauf", "EUR", "DE"),
        # New, once, never
        ("copperfield", "Copperfield Modular", "newcomer", 10_000, 29, "RE IN BO", "tom", "Columbus", "OH", "Isaac Boyd", "Operations Manager"),
        ("lumen", "Lumen Electric & Solar", "newcomer", 2_000, 11, "TO RE", "ines", "Hilliard", "OH", "Naomi Sato", _OWNER),
        ("harborview", "Harborview Hotels", "rising", 6_300, 20, "SA TI PA", "mara", "Cleveland", "OH", "Gregory Vance", "Renovation Manager"),
        ("ashland_fair", "Ashland County Fairgrounds", "one_time", 3_200, 0, "BO PA", "tom", "Ashland", "OH", "Debbie Rowe", "Secretary"),
        ("quarry_theater", "Quarry Street Theater", "one_time", 1_150, 0, "PA TO", "ines", "Columbus", "OH", "Leo Maddox", "Technical Director"),
        ("pinnacle", "Pinnacle Event Structures", "credited", 9_400, 0, "RE BO", "tom", "Columbus", "OH", "Sandra Pike", _BUYER),
        ("cardinal", "Cardinal Senior Living", "prospect", 18_500, 0, "SA PA TI", "mara", "Columbus", "OH", "Howard Lin", "Development Director"),
        ("buckeye_solar", "Buckeye Solar Farms", "prospect", 12_200, 0, "RE CE", "tom", "Marion", "OH", "Tara Simmons", _BUYER),
        ("elm_street", "Elm Street Bakery", "prospect", 2_400, 0, "TI SA", "ines", "Bexley", "OH", "Camille Joubert", _OWNER),
    ],
)

_HENGZHU = _of(
    "hengzhu",
    [
        ("pujiang", "浦江建设集团有限公司", "key", 305_000, 20, "CE RE BR", "chenwei", "上海", "SH", "周建国", "采购总监"),
        ("zhonghe", "中和建筑工程有限公司", "key", 220_000, 30, "CE RE", "chenwei", "苏州", "JS", "吴晓峰", "采购经理"),
        ("huating", "华庭装饰工程有限公司", "growing", 110_000, 33, "TI PA SA", "lina", "杭州", "ZJ", "沈佳怡", "项目经理"),
        ("jinmao", "金茂置业发展有限公司", "slowing", 180_000, 33, "TI SA IN", "chenwei", "南京", "JS", "顾明远", "成本经理"),
        ("yangpu", "杨浦区市政养护所", "steady", 78_000, 61, "CE BR", "chenwei", "上海", "SH", "郑伟民", "科长"),
        ("lvdi_school", "嘉定第三实验学校", "steady", 28_000, 84, "PA SA", "lina", "上海", "SH", "钱丽华", "总务主任"),
        ("hongxing", "红杉家居建材商行", "steady", 49_000, 36, "TI PA TO", "lina", "宁波", "ZJ", "孙志强", "店长"),
        ("anju", "安居装修有限公司", "seasonal", 39_000, 37, "PA TI", "lina", "上海", "SH", "徐海燕", "经理"),
        ("dongfang", "东方钢结构有限公司", "silent", 140_000, 41, "RE", "chenwei", "无锡", "JS", "马骏", "采购主管"),
        ("weilai", "未来城房地产开发有限公司", "lost", 105_000, 39, "RE CE IN", "chenwei", "上海", "SH", "韩雪", "采购经理"),
        ("laowang", "老王五金店", "steady", 6_200, 55, "TO", "lina", "昆山", "JS", "王德福", "店主"),
        ("tianyi", "天一幕墙有限公司", "big_credit", 96_000, 47, "IN RE", "chenwei", "上海", "SH", "蒋文涛", "项目经理"),
        ("nordhaus", "Nordhaus Living Pte. Ltd.", "steady", 15_000, 62, "TI SA", "chenwei", "Singapore", "", "Adeline Koh", "Sourcing Manager", "USD", "SG"),
        ("chuangxin", "创新空间设计有限公司", "newcomer", 39_000, 28, "PA TI", "lina", "上海", "SH", "罗雨晴", "设计总监"),
        ("binjiang", "滨江酒店管理有限公司", "one_time", 47_000, 0, "SA", "lina", "上海", "SH", "唐磊", "工程部经理"),
        ("yuanda", "远大物流园有限公司", "prospect", 260_000, 0, "CE RE IN", "chenwei", "太仓", "JS", "高翔", "基建主管"),
    ],
)
# fmt: on

CUSTOMERS = _HARTWELL + _HENGZHU
