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


COMPANIES = (
    Company("hartwell", "Hartwell Building Supply", "USD", "us", "1480 Fields Avenue", "Columbus", "OH", "43211", "+1 614-555-0100", "+1 614-555-{}", "hartwell.example.com", "America/New_York", "8.25%", 8.25),
    Company("hengzhu", "上海恒筑建材有限公司", "CNY", "cn", "沪太路 2999 号", "上海", "SH", "200444", "+86 21 5550 0100", "+86 21 5550 {}", "hengzhu.example.com", "Asia/Shanghai", "13%", 13.0),
)

_US, _CN = "America/New_York", "Asia/Shanghai"
PEOPLE = (
    Person("hartwell", "mara", "Mara Lindqvist", "Key Account Manager", "own", "+1 614-555-0111", _US, "hartwell.example.com"),
    Person("hartwell", "tom", "Tom Okafor", "Account Manager, Contractors", "own", "+1 614-555-0112", _US, "hartwell.example.com"),
    Person("hartwell", "ines", "Ines Duarte", "Account Manager, Retail & Interiors", "own", "+1 614-555-0113", _US, "hartwell.example.com"),
    Person("hartwell", "helen", "Helen Brandt", "Sales Manager", "all", "+1 614-555-0110", _US, "hartwell.example.com", both=True),
    Person("hengzhu", "chenwei", "陈伟", "大客户经理", "own", "+86 21 5550 0111", _CN, "hengzhu.example.com"),
    Person("hengzhu", "lina", "李娜", "客户经理", "own", "+86 21 5550 0112", _CN, "hengzhu.example.com"),
)

MANUAL = (
    Choice("hartwell", "st_brendan", "tier", "key", "helen", "Framework agreement for the new hospital wing: 1.2 M until next summer, first deliveries in spring.", 150),
    Choice("hengzhu", "hongxing", "tier", "high", "lina", "宁波新店明年开业，已签年度供货意向。", 120),
)
