"""A segment's conditions: read from text, checked, and tried, each failure said with its way out."""

import ast

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import mute_logger

#: Names in a domain that mean whoever looks at it.
_PERSONAL_NAMES = {"uid", "user", "user_id", "context", "active_id", "active_ids", "company_id"}
#: Fields whose answer depends on who asks.
_PERSONAL_FIELDS = {
    "message_is_follower",
    "message_needaction",
    "message_has_error",
    "message_has_sms_error",
    "my_activity_date_deadline",
}
#: Fields by which one segment would be made from another, and in the end from itself.
SEGMENT_FIELDS = {"segment_ids", "customer_segment_ids"}
#: What a condition that cannot be asked may raise.
_FAILURES = (UserError, ValueError, TypeError, KeyError, AttributeError, psycopg2.Error)


def read(env, text: str) -> Domain:
    """The domain that ``text`` spells: plain values only, so that it means the same to everybody."""
    text = (text or "").strip() or "[]"
    try:
        tree = ast.parse(text, mode="eval")
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if names & _PERSONAL_NAMES:
            raise ValidationError(
                env._(
                    "A segment is the same for everybody, so it cannot depend on who looks at it "
                    "(%s). Remove that condition (such as “My Customers”), or choose a person.",
                    ", ".join(sorted(names & _PERSONAL_NAMES)),
                )
            )
        if names:
            raise ValidationError(
                env._(
                    "A segment cannot calculate (%s). Write dates relative to today, for example "
                    "“today -30d”, or “today =1d” for the first of this month.",
                    ", ".join(sorted(names)),
                )
            )
        return Domain(ast.literal_eval(tree))
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError) as error:
        raise ValidationError(
            env._("These conditions cannot be read. Choose them again with the editor.")
        ) from error


def check(env, domain: Domain, model="customer.profile") -> None:
    """Refuse fields that are gone, that depend on who asks, or that lead back to segments."""
    for condition in domain.iter_conditions():
        field = _followed(env, env[model], condition.field_expr)
        if field is not None and field.relational and condition.operator in ("any", "not any"):
            check(env, Domain(condition.value), field.comodel_name)


def _followed(env, model, path: str):
    """The last field of a path; None where it ends in a property or a part of a date."""
    field = None
    for name in path.split("."):
        if field is not None:
            if not field.relational:
                return None
            model = env[field.comodel_name]
        field = model._fields.get(name)
        if field is None:
            raise ValidationError(
                env._(
                    "There is no field “%(field)s” on %(model)s. It may have gone with a module or "
                    "been renamed: choose another one, or remove the condition.",
                    field=name,
                    model=model._description,
                )
            )
        if name in _PERSONAL_FIELDS:
            raise ValidationError(
                env._(
                    "A segment is the same for everybody, but “%s” depends on who looks. Remove "
                    "that condition.",
                    field.get_description(env, ["string"])["string"],
                )
            )
        if name in SEGMENT_FIELDS:
            raise ValidationError(
                env._(
                    "A segment is not made from other segments, so that changing one never changes "
                    "another. Use their conditions instead."
                )
            )
    return field


def attempt(env, work):
    """``work()``, undone if it fails; its result, and why it failed in words or False."""
    try:
        with mute_logger("odoo.sql_db"), env.cr.savepoint():
            return work(), False
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except _FAILURES as error:
        return None, _explained(env, error)


def _explained(env, error) -> str:
    if isinstance(error, AccessError):
        return env._(
            "You may not read what this segment asks for. Ask an administrator for the right, or "
            "for other conditions."
        )
    if isinstance(error, UserError):
        return str(error)
    return env._(
        "One of the values cannot be compared with its field. Choose it again with the editor. (%s)",
        str(error).strip().split("\n")[0],
    )
