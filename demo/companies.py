"""The demo's two distributors, their people, and what those decided by hand."""

from typing import NamedTuple


class Company(NamedTuple):
    key: str
    name: str
    currency: str
    country: str
    street: str
    city: str
    state: str
    zip: str
    phone: str
    phones: str  # of its customers; {} takes four digits
    domain: str
    timezone: str
    lang: str
    tax_name: str
    tax: float


class Person(NamedTuple):
    company: str
    login: str  # and password
    name: str
    function: str
    sees: str  # own or all customers
    phone: str
    timezone: str
    domain: str
    both: bool = False  # of all companies


class Choice(NamedTuple):
    company: str
    customer: str
    kind: str
    value: str
    user: str
    reason: str
    days: int  # from today


_US, _CN = "America/New_York", "Asia/Shanghai"
_HARTWELL, _HENGZHU = "hartwell.example.com", "hengzhu.example.com"

COMPANIES = (
    Company(
        key="hartwell",
        name="Hartwell Building Supply",
        currency="USD",
        country="us",
        street="1480 Fields Avenue",
        city="Columbus",
        state="OH",
        zip="43211",
        phone="+1 614-555-0100",
        phones="+1 614-555-{}",
        domain=_HARTWELL,
        timezone=_US,
        lang="en_US",
        tax_name="8.25%",
        tax=8.25,
    ),
    Company(
        key="hengzhu",
        name="上海恒筑建材有限公司",
        currency="CNY",
        country="cn",
        street="沪太路 2999 号",
        city="上海",
        state="SH",
        zip="200444",
        phone="+86 21 5550 0100",
        phones="+86 21 5550 {}",
        domain=_HENGZHU,
        timezone=_CN,
        lang="zh_CN",
        tax_name="13%",
        tax=13.0,
    ),
)


def _hartwell(login: str, name: str, function: str, number: int, sees="own", both=False) -> Person:
    phone = f"+1 614-555-{number:04}"
    return Person("hartwell", login, name, function, sees, phone, _US, _HARTWELL, both)


def _hengzhu(login: str, name: str, function: str, number: int) -> Person:
    phone = f"+86 21 5550 {number:04}"
    return Person("hengzhu", login, name, function, "own", phone, _CN, _HENGZHU)


PEOPLE = (
    _hartwell("mara", "Mara Lindqvist", "Key Account Manager", 111),
    _hartwell("tom", "Tom Okafor", "Account Manager, Contractors", 112),
    _hartwell("ines", "Ines Duarte", "Account Manager, Retail & Interiors", 113),
    _hartwell("helen", "Helen Brandt", "Sales Manager", 110, sees="all", both=True),
    _hengzhu("chenwei", "陈伟", "大客户经理", 111),
    _hengzhu("lina", "李娜", "客户经理", 112),
)

MANUAL = (
    Choice(
        company="hartwell",
        customer="st_brendan",
        kind="tier",
        value="key",
        user="helen",
        reason="Framework agreement for the new hospital wing: 1.2 M until next summer, first "
        "deliveries in spring.",
        days=150,
    ),
    Choice(
        company="hartwell",
        customer="cedar_hill",
        kind="focus",
        value="service",
        user="ines",
        reason="Said so on the site visit: one person who answers matters more to them than price.",
        days=180,
    ),
    Choice(
        company="hengzhu",
        customer="hongxing",
        kind="tier",
        value="high",
        user="lina",
        reason="宁波新店明年开业，已签年度供货意向。",
        days=120,
    ),
)
