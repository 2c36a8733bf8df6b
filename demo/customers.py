"""The demo's customers: who they are, what story they have and which categories they buy.

``archetype`` names a story of :mod:`generator`; ``size`` is a usual order's untaxed amount in the
customer's currency, ``pace`` the usual days between two orders.
"""

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

_HARTWELL = _of(
    "hartwell",
    [
        # Key accounts and the large contractors
        ("meridian", "Meridian Homes", "key", 21_500, 11, "CE RE BO IN", "mara", "Columbus", "OH", "Laura Bennett", "Director of Procurement"),
        ("kestrel", "Kestrel Construction Group", "key", 26_000, 14, "CE RE BR", "mara", "Pittsburgh", "PA", "Marcus Hale", _BUYER),
        ("granite_peak", "Granite Peak Builders", "growing", 17_500, 13, "CE RE BO", "tom", "Cleveland", "OH", "Priya Raman", _BUYER),
        ("lakeshore", "Lakeshore Development", "steady", 16_800, 16, "BR TI SA", "ines", "Toledo", "OH", "Daniel Whitcomb", "Project Director"),
        ("ironwood", "Ironwood General Contractors", "slowing", 15_500, 14, "CE RE IN", "tom", "Akron", "OH", "Grace Oyelaran", _BUYER),
        ("northgate", "Northgate Civil Works", "waiting", 9_800, 13, "CE RE BR", "mara", "Erie", "PA", "Victor Stahl", "Commercial Manager"),
        # Contractors
        ("bluestem", "Bluestem Residential", "growing", 6_200, 17, "BO IN PA", "ines", "Dayton", "OH", "Hannah Keller", _OWNER),
        ("cedar_hill", "Cedar Hill Renovations", "steady", 3_900, 19, "BO PA SA", "ines", "Columbus", "OH", "Owen Pritchard", _OWNER),
        ("fairmont", "Fairmont Roofing & Siding", "seasonal", 5_600, 16, "BO TO", "tom", "Youngstown", "OH", "Carla Mendes", _BUYER),
        ("summit_masonry", "Summit Masonry", "seasonal", 4_300, 18, "BR CE", "tom", "Canton", "OH", "Pete Novak", _OWNER),
        ("tri_county", "Tri-County Drywall", "steady", 2_800, 14, "BO RE TO", "ines", "Mansfield", "OH", "Shawn Ortega", _SITE),
        ("haverford", "Haverford Restoration", "surging", 4_100, 18, "PA IN TI", "mara", "Wheeling", "WV", "Beatrice Lang", "Managing Partner"),
        ("oakline", "Oakline Interiors", "big_credit", 5_900, 21, "TI SA PA", "ines", "Columbus", "OH", "Julian Frost", "Head of Projects"),
        ("riverbend", "Riverbend Apartments", "won_back", 5_200, 19, "SA PA TI", "mara", "Cincinnati", "OH", "Sofia Marchetti", "Facilities Manager"),
        ("stonebridge", "Stonebridge Concrete", "steady", 7_400, 21, "CE RE", "tom", "Lima", "OH", "Ray Dubois", _BUYER),
        ("prairie", "Prairie Steel Erectors", "silent", 5_300, 20, "RE TO", "tom", "Fort Wayne", "IN", "Nick Halloran", _SITE),
        ("castellan", "Castellan Bath & Kitchen", "steady", 4_700, 18, "SA TI", "ines", "Dublin", "OH", "Elena Voss", _BUYER),
        ("whitaker", "Whitaker & Sons Builders", "slowing", 4_400, 18, "CE BO IN", "tom", "Zanesville", "OH", "Jim Whitaker", _OWNER),
        ("alder", "Alder Creek Homes", "joined", 6_800, 20, "BO IN CE", "mara", "Newark", "OH", "Molly Tran", _BUYER),
        ("beacon", "Beacon Property Services", "steady", 1_900, 16, "PA TO SA", "ines", "Columbus", "OH", "Andre Wallace", "Maintenance Lead"),
        ("ridgeway", "Ridgeway Fence & Deck", "lost", 2_300, 24, "CE TO", "tom", "Marietta", "OH", "Kyle Sutter", _OWNER),
        ("vanguard", "Vanguard Homebuilders", "lost", 11_800, 17, "CE RE BO", "mara", "Indianapolis", "IN", "Teresa Quinn", _BUYER),
        ("blackwell", "Blackwell Tile & Stone", "lost_lately", 3_100, 20, "TI", "ines", "Columbus", "OH", "Stefan Ruiz", _OWNER),
        # Retailers
        ("hometown", "Hometown Hardware", "steady", 3_600, 15, "TO PA CE", "ines", "Delaware", "OH", "Nancy Ellison", "Store Manager"),
        ("valley_paint", "Valley Paint & Decor", "steady", 2_200, 20, "PA", "ines", "Springfield", "OH", "Rick Amato", _OWNER),
        ("brightside", "Brightside Home Centers", "key", 14_500, 12, "PA TI SA TO", "mara", "Louisville", "KY", "Monica Sterling", "Category Buyer"),
        ("miller_lumber", "Miller Lumber & Supply", "slowing", 3_800, 16, "BO TO", "tom", "Findlay", "OH", "Hank Miller", _OWNER),
        ("corner_supply", "Corner Supply Co-op", "steady", 1_400, 19, "TO CE", "tom", "Athens", "OH", "Dora Hensley", "Manager"),
        ("ohio_tile", "Ohio Valley Tile Outlet", "growing", 3_400, 20, "TI", "ines", "Cincinnati", "OH", "Farid Haddad", _BUYER),
        # Municipalities and institutions
        ("city_marlow", "City of Marlow Public Works", "steady", 8_200, 33, "CE BR", "mara", "Marlow", "OH", "Ellen Brody", "Procurement Officer"),
        ("harlan_county", "Harlan County Highway Department", "seasonal", 7_900, 24, "CE RE BR", "mara", "Lancaster", "OH", "Walt Jennings", "Superintendent"),
        ("st_brendan", "St. Brendan Hospital Trust", "manual", 2_900, 45, "SA PA IN", "mara", "Columbus", "OH", "Ruth Abernathy", "Estates Manager"),
        ("westfield_schools", "Westfield School District", "steady", 4_600, 48, "PA SA BO", "ines", "Westfield", "OH", "Paul Greaves", "Facilities Director"),
        ("metro_housing", "Metro Housing Authority", "recovered", 6_900, 22, "SA PA BO", "mara", "Dayton", "OH", "Yvonne Clarke", "Contracts Officer"),
        # Small traders
        ("dawson", "Dawson Handyman", "steady", 420, 24, "TO PA", "ines", "Columbus", "OH", "Eric Dawson", _OWNER),
        ("lopez", "Lopez Plastering", "steady", 610, 29, "CE BO", "tom", "Dayton", "OH", "Miguel Lopez", _OWNER),
        ("greenleaf", "Greenleaf Landscaping", "seasonal", 980, 20, "BR CE", "tom", "Gahanna", "OH", "Amy Foster", _OWNER),
        ("patel_painting", "Patel Painting", "steady", 740, 26, "PA", "ines", "Westerville", "OH", "Rakesh Patel", _OWNER),
        ("kowalski", "Kowalski Plumbing", "steady", 860, 31, "SA TO", "ines", "Parma", "OH", "Adam Kowalski", _OWNER),
        ("sunrise", "Sunrise Pools", "lost", 1_500, 34, "TI CE", "tom", "Mason", "OH", "Gina Russo", _OWNER),
        ("barlow", "Barlow Carpentry", "silent", 690, 27, "BO TO", "tom", "Chillicothe", "OH", "Tim Barlow", _OWNER),
        ("evans", "Evans Garage Doors", "slowing", 950, 27, "TO RE", "tom", "Sandusky", "OH", "Lloyd Evans", _OWNER),
        # Abroad
        ("trillium", "Trillium Homes Ontario", "steady", 9_600, 24, "IN SA TI", "mara", "Windsor", "ON", "Chloé Gagnon", _BUYER, "CAD", "CA"),
        ("rheinbau", "Rheinbau Fertighaus GmbH", "steady", 6_300, 41, "SA TO", "mara", "Köln", "", "Jörg Steinmann", "Einkauf", "EUR", "DE"),
        # New, once, never
        ("copperfield", "Copperfield Modular", "newcomer", 8_700, 24, "RE IN BO", "tom", "Columbus", "OH", "Isaac Boyd", "Operations Manager"),
        ("lumen", "Lumen Electric & Solar", "newcomer", 1_650, 19, "TO RE", "ines", "Hilliard", "OH", "Naomi Sato", _OWNER),
        ("harborview", "Harborview Hotels", "rising", 5_400, 17, "SA TI PA", "mara", "Cleveland", "OH", "Gregory Vance", "Renovation Manager"),
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
        ("pujiang", "浦江建设集团有限公司", "key", 186_000, 12, "CE RE BR", "chenwei", "上海", "SH", "周建国", "采购总监"),
        ("zhonghe", "中和建筑工程有限公司", "steady", 118_000, 15, "CE RE", "chenwei", "苏州", "JS", "吴晓峰", "采购经理"),
        ("huating", "华庭装饰工程有限公司", "growing", 62_000, 17, "TI PA SA", "lina", "杭州", "ZJ", "沈佳怡", "项目经理"),
        ("jinmao", "金茂置业发展有限公司", "slowing", 96_000, 17, "TI SA IN", "chenwei", "南京", "JS", "顾明远", "成本经理"),
        ("yangpu", "杨浦区市政养护所", "steady", 42_000, 31, "CE BR", "chenwei", "上海", "SH", "郑伟民", "科长"),
        ("lvdi_school", "嘉定第三实验学校", "steady", 18_000, 52, "PA SA", "lina", "上海", "SH", "钱丽华", "总务主任"),
        ("hongxing", "红杉家居建材商行", "steady", 26_000, 18, "TI PA TO", "lina", "宁波", "ZJ", "孙志强", "店长"),
        ("anju", "安居装修有限公司", "seasonal", 21_000, 19, "PA TI", "lina", "上海", "SH", "徐海燕", "经理"),
        ("dongfang", "东方钢结构有限公司", "silent", 74_000, 21, "RE", "chenwei", "无锡", "JS", "马骏", "采购主管"),
        ("weilai", "未来城房地产开发有限公司", "lost", 135_000, 20, "RE CE IN", "chenwei", "上海", "SH", "韩雪", "采购经理"),
        ("jiangnan", "江南防水工程队", "steady", 8_600, 23, "IN", "lina", "嘉兴", "ZJ", "朱大勇", "负责人"),
        ("xinmei", "欣美卫浴专营店", "steady", 15_500, 20, "SA", "lina", "上海", "SH", "何静", "店主"),
        ("laowang", "老王五金店", "steady", 2_900, 24, "TO", "lina", "昆山", "JS", "王德福", "店主"),
        ("tianyi", "天一幕墙有限公司", "big_credit", 52_000, 24, "IN RE", "chenwei", "上海", "SH", "蒋文涛", "项目经理"),
        ("nordhaus", "Nordhaus Living Pte. Ltd.", "steady", 6_800, 27, "TI SA", "chenwei", "Singapore", "", "Adeline Koh", "Sourcing Manager", "USD", "SG"),
        ("chuangxin", "创新空间设计有限公司", "newcomer", 33_000, 23, "PA TI", "lina", "上海", "SH", "罗雨晴", "设计总监"),
        ("binjiang", "滨江酒店管理有限公司", "one_time", 47_000, 0, "SA", "lina", "上海", "SH", "唐磊", "工程部经理"),
        ("yuanda", "远大物流园有限公司", "prospect", 260_000, 0, "CE RE IN", "chenwei", "太仓", "JS", "高翔", "基建主管"),
    ],
)

CUSTOMERS = _HARTWELL + _HENGZHU
