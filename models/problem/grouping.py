"""What tickets of one group share, as a key: ``category_id=3|product_id=7``.

The key names its fields, so a problem still knows which tickets are its own after somebody changed the
rule that found it.
"""

from odoo.fields import Domain
from odoo.tools import SQL

#: Kinds of fields that tickets can be grouped by: what has few values and a name for each.
GROUPABLE = ("many2one", "selection", "boolean")
_TRUE = "true"  # as PostgreSQL writes it


def key_sql(model, query, names) -> SQL:
    """The key of each ticket of ``query``."""
    parts = [
        SQL(
            "CONCAT(%s, COALESCE((%s)::text, ''))",
            f"{name}=",
            model._field_to_sql(query.table, name, query),
        )
        for name in names
    ]
    return SQL("CONCAT_WS('|', %s)", SQL(", ").join(parts))


def key_of(ticket, names) -> str:
    """The same of one ticket, without asking the database."""
    return "|".join(f"{name}={_text(ticket, name)}" for name in names)


def names_of(key: str) -> tuple[str, ...]:
    return tuple(part.partition("=")[0] for part in key.split("|"))


def values_of(model, key: str) -> dict:
    """What tickets with this key have in each field; fields that are gone are left out."""
    values = {}
    for part in key.split("|"):
        name, _equals, text = part.partition("=")
        field = model._fields.get(name)
        if not field:
            continue
        if field.type == "many2one":
            values[name] = int(text) if text else False
        elif field.type == "boolean":
            values[name] = text == _TRUE
        else:
            values[name] = text or False
    return values


def domain_of(model, key: str) -> Domain:
    return Domain.AND(Domain(name, "=", value) for name, value in values_of(model, key).items())


def label_of(model, key: str) -> str:
    """The group in words: what its values are called, those that are empty left out."""
    words = []
    for name, value in values_of(model, key).items():
        field = model._fields[name]
        if not value:
            continue
        if field.type == "many2one":
            words.append(model.env[field.comodel_name].browse(value).exists().display_name)
        elif field.type == "selection":
            words.append(dict(field._description_selection(model.env)).get(value, value))
        else:
            words.append(field._description_string(model.env))
    return " · ".join(filter(None, words))


def _text(ticket, name) -> str:
    field, value = ticket._fields[name], ticket[name]
    if field.type == "many2one":
        return str(value.id) if value else ""
    if field.type == "boolean":
        return _TRUE if value else "false"
    return value or ""
