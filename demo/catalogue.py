"""What the two demo distributors sell. Prices are today's list prices in the company's currency."""

from typing import NamedTuple


class Product(NamedTuple):
    code: str
    name: str
    category: str
    price: float


# Codes of one category share their first two letters: customers name the categories they buy.
_HARTWELL = {
    "Cement & Concrete": [
        ("CE-101", "Portland cement type I/II, 94 lb bag", 16.90),
        ("CE-102", "High-strength concrete mix, 80 lb bag", 7.80),
        ("CE-103", "Type S masonry mortar, 80 lb bag", 11.40),
        ("CE-104", "Self-levelling underlayment, 50 lb bag", 38.50),
    ],
    "Rebar & Steel": [
        ("RE-101", "Rebar #4 grade 60, 20 ft", 14.80),
        ("RE-102", "Rebar #5 grade 60, 20 ft", 23.10),
        ("RE-103", "Welded wire mesh 6x6, 5 x 10 ft sheet", 36.00),
        ("RE-104", "Steel stud 3-5/8 in, 25 ga, 10 ft", 9.20),
    ],
    "Bricks & Blocks": [
        ("BR-101", "Red clay facing brick, pallet of 510", 438.00),
        ("BR-102", "Concrete block 8 x 8 x 16 in, pallet of 90", 248.00),
        ("BR-103", "Concrete paver, charcoal, pallet of 110 sq ft", 465.00),
    ],
    "Tiles": [
        ("TI-101", "Porcelain floor tile 24 x 24 in, box of 4", 46.50),
        ("TI-102", "Ceramic wall tile 4 x 12 in, box of 34", 32.80),
        ("TI-103", "Large-format tile adhesive, 50 lb", 27.90),
        ("TI-104", "Epoxy grout kit, 3 gal", 94.00),
    ],
    "Insulation": [
        ("IN-101", "Mineral wool batt R-15, pack of 60 sq ft", 66.00),
        ("IN-102", "XPS board 2 in, 4 x 8 ft", 47.50),
        ("IN-103", "Vapour barrier 6 mil, 10 x 100 ft", 72.00),
    ],
    "Paint": [
        ("PA-101", "Interior latex, eggshell white, 5 gal", 128.00),
        ("PA-102", "Exterior acrylic, satin, 5 gal", 164.00),
        ("PA-103", "Masonry primer, 5 gal", 98.00),
    ],
    "Sanitary Ware": [
        ("SA-101", "Wall-hung toilet with carrier", 389.00),
        ("SA-102", "Vitreous china washbasin 24 in", 136.00),
        ("SA-103", "Thermostatic shower mixer", 219.00),
        ("SA-104", "Stainless steel sink 33 in, double bowl", 268.00),
    ],
    "Boards & Roofing": [
        ("BO-101", "Gypsum board 1/2 in, 4 x 8 ft", 14.60),
        ("BO-102", "OSB sheathing 7/16 in, 4 x 8 ft", 19.80),
        ("BO-103", "Architectural shingles, bundle", 41.20),
        ("BO-104", "Synthetic roof underlayment, 10 sq", 86.00),
    ],
    "Tools": [
        ("TO-101", "Cordless hammer drill 18 V, two batteries", 239.00),
        ("TO-102", "Rotary laser level", 519.00),
        ("TO-103", "Contractor wheelbarrow 6 cu ft", 124.00),
        ("TO-104", "Diamond blade 14 in, segmented", 89.00),
    ],
}
_HENGZHU = {
    "水泥砂浆": [
        ("CE-201", "普通硅酸盐水泥 P.O 42.5（50 kg/袋）", 27.50),
        ("CE-202", "干混砌筑砂浆 M10（吨）", 348.00),
        ("CE-203", "自流平水泥（25 kg/袋）", 58.00),
    ],
    "钢筋型材": [
        ("RE-201", "螺纹钢 HRB400E Φ12（吨）", 3680.00),
        ("RE-202", "螺纹钢 HRB400E Φ20（吨）", 3620.00),
        ("RE-203", "轻钢龙骨 75 系列（支）", 26.80),
    ],
    "砖与砌块": [
        ("BR-201", "蒸压加气混凝土砌块 B06（立方米）", 276.00),
        ("BR-202", "烧结多孔砖（千块）", 680.00),
    ],
    "瓷砖": [
        ("TI-201", "抛釉砖 800×800（箱）", 168.00),
        ("TI-202", "仿古砖 600×600（箱）", 126.00),
        ("TI-203", "瓷砖胶 C2 型（20 kg/袋）", 46.00),
    ],
    "保温防水": [
        ("IN-201", "岩棉板 A 级 50 mm（立方米）", 520.00),
        ("IN-202", "SBS 改性沥青防水卷材 4 mm（卷）", 318.00),
    ],
    "涂料": [
        ("PA-201", "内墙乳胶漆 18 L（桶）", 398.00),
        ("PA-202", "外墙真石漆 75 kg（桶）", 465.00),
    ],
    "卫浴洁具": [
        ("SA-201", "连体坐便器 305 坑距", 980.00),
        ("SA-202", "恒温淋浴花洒套装", 1260.00),
        ("SA-203", "台下盆 20 寸", 268.00),
    ],
    "工具五金": [
        ("TO-201", "充电式电锤 20 V", 768.00),
        ("TO-202", "激光水平仪 12 线", 460.00),
    ],
}


def _products(categories: dict) -> tuple[Product, ...]:
    return tuple(
        Product(code, name, category, price)
        for category, products in categories.items()
        for code, name, price in products
    )


PRODUCTS = {"hartwell": _products(_HARTWELL), "hengzhu": _products(_HENGZHU)}
