"""When finance is asked before goods leave, and what it was asked and said about each note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, or_, select, update

from libs.common.db import Prepared, Transaction, Upsert
from services.inventory.domain.delivery import OPEN_STATES
from services.inventory.domain.delivery_credit import NEVER, CheckRule, CreditQuestion
from services.inventory.store.credit_tables import delivery_check, delivery_credit
from services.inventory.store.tables import delivery

# Read beside whatever a statement is about: the table has one row at most.
CHECK_COLUMNS = (
    delivery_check.c.version.label("check_version"),
    delivery_check.c.when_asked,
    delivery_check.c.days.label("check_days"),
)
_ASKED_ABOUT = ("asked", "refused")
_FIELDS = (
    "question", "asked_at", "owner", "deadline", "escalations", "status", "reasons", "figures", "decided_at",
    "hand_over_on",
)  # fmt: skip
_NOW = Prepared(select(*CHECK_COLUMNS))
_KEEP = Upsert(
    delivery_check,
    lambda given: given.on_conflict_do_update(
        index_elements=["id"],
        set_={name: getattr(given.excluded, name) for name in ("version", "when_asked", "days", "kept_at")},
        where=delivery_check.c.version < given.excluded.version,
    ),
)
_FIND = Prepared(select(delivery_credit).where(delivery_credit.c.delivery_id == bindparam("b_id")))
_HAND_OVER = Prepared(
    update(delivery_credit)
    .where(delivery_credit.c.delivery_id == bindparam("b_id"))
    .values(hand_over_on=bindparam("b_on"))
)


def to_check(row: Row[Any]) -> CheckRule:
    """Return the rule that was read beside a row; the one of the product where the company has set none."""
    if row.check_version is None:
        return NEVER
    return CheckRule(row.check_version, row.when_asked, row.check_days)


def rule_now(connection: Connection) -> CheckRule:
    """Return the rule that applies."""
    row = connection.execute(_NOW).one_or_none()
    return NEVER if row is None else to_check(row)


def keep_rule(tx: Transaction, rule: CheckRule) -> None:
    """Keep the rule, unless a later version is known."""
    row = {"id": 1, "version": rule.version, "when_asked": rule.when, "days": rule.days, "kept_at": tx.now}
    tx.connection.execute(_KEEP.on(tx.connection), row)


def question_of(connection: Connection, delivery_id: str) -> CreditQuestion | None:
    """Return what was asked about a note, or nothing when it never was."""
    row = connection.execute(_FIND, {"b_id": delivery_id}).one_or_none()
    return None if row is None else to_question(row)


def to_question(row: Row[Any]) -> CreditQuestion:
    """Return the question of a row of the table."""
    values = {name: getattr(row, name) for name in _FIELDS}
    values["reasons"] = tuple(row.reasons or ())
    return CreditQuestion(delivery_id=row.delivery_id, **values)


def add(tx: Transaction, new: CreditQuestion) -> None:
    """Store the first question about a note."""
    tx.connection.execute(insert(delivery_credit).values(delivery_id=new.delivery_id, **_values(new)))


def save(tx: Transaction, changed: CreditQuestion) -> None:
    """Store a changed question; its note is locked."""
    statement = update(delivery_credit).where(delivery_credit.c.delivery_id == changed.delivery_id)
    tx.connection.execute(statement.values(**_values(changed)))


def _values(question: CreditQuestion) -> dict[str, Any]:
    return {name: getattr(question, name) for name in _FIELDS} | {"reasons": list(question.reasons)}


def hand_over_later(tx: Transaction, delivery_id: str, on: Any) -> None:
    """Note that the note is handed over at the counter as soon as it may leave."""
    tx.connection.execute(_HAND_OVER, {"b_id": delivery_id, "b_on": on})


def due(connection: Connection, rule: CheckRule, now: datetime, limit: int) -> list[str]:
    """Return open notes about which finance was not asked and must be now, up to ``limit``."""
    latest = rule.latest_since(now)
    if latest is None:
        return []
    query = _open().where(delivery.c.credit == "not_needed", delivery.c.credit_since <= latest)
    return list(connection.execute(query.limit(limit)).scalars())


def not_asked_any_more(connection: Connection, rule: CheckRule, now: datetime, limit: int) -> list[str]:
    """Return open notes about which finance was asked, although by the rule nobody needs to be; up to ``limit``."""
    latest = rule.latest_since(now)
    query = _open().where(delivery.c.credit != "not_needed")
    if latest is not None:
        query = query.where(or_(delivery.c.credit_since > latest, delivery.c.credit_since.is_(None)))
    return list(connection.execute(query.limit(limit)).scalars())


def _open() -> Select[Any]:
    return select(delivery.c.id).where(delivery.c.state.in_(OPEN_STATES)).order_by(delivery.c.id)


def overdue(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Return open notes that wait for credit and whose deadline has passed, up to ``limit``."""
    query = (
        _open()
        .join(delivery_credit, delivery_credit.c.delivery_id == delivery.c.id)
        .where(delivery.c.credit.in_(_ASKED_ABOUT), delivery_credit.c.deadline <= now)
    )
    return list(connection.execute(query.limit(limit)).scalars())
