"""Recommendations: find, make, renew, let lapse, and decide, where of two who decide at once one is told no."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select, update

from libs.common.db import Transaction, upsert_into
from libs.common.money import Money
from services.crm.domain.fortune import HIT_DAYS, REMEMBERED_DAYS, Fared
from services.crm.domain.idea import Idea, Kind
from services.crm.domain.recommendation import LIVE, Recommendation, State
from services.crm.store.buying_tables import recommendation
from services.crm.store.tables import customer

_R = recommendation.c
_PLAIN = (
    "id", "customer_id", "kind", "item_id", "because_id", "chance_bp", "figures", "valid_until", "state",
    "snoozed_until", "made_at", "shown_at", "decided_at", "decided_by", "reason", "detail", "opportunity_id",
)  # fmt: skip
COLUMNS = (
    *(_R[name] for name in _PLAIN),
    _R.quantity_milli,
    _R.currency,
    _R.value_minor,
    _R.expected_minor,
)


def read(row: Row[*tuple[Any, ...]]) -> Recommendation:
    """Return the recommendation in a row of ``COLUMNS``."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    value, expected = (Money(int(minor), row.currency) for minor in (row.value_minor, row.expected_minor))
    return Recommendation(quantity=row.quantity_milli, value=value, expected=expected, **plain)


def find(connection: Connection, recommendation_id: str) -> tuple[Recommendation | None, str | None]:
    """Return the recommendation, or nothing, and whose customer it is about."""
    query = select(*COLUMNS, customer.c.owner_id.label("customer_owner"))
    query = query.join(customer, customer.c.id == _R.customer_id).where(_R.id == recommendation_id)
    row = connection.execute(query).one_or_none()
    return (read(row), row.customer_owner) if row else (None, None)


def live(connection: Connection, customer_id: str) -> list[Recommendation]:
    """Return what is open or snoozed for a customer."""
    query = select(*COLUMNS).where(_R.customer_id == customer_id, _R.state.in_(LIVE))
    return [read(row) for row in connection.execute(query)]


def ended(connection: Connection, customer_id: str, since: datetime) -> list[Recommendation]:
    """Return what was decided or lapsed for a customer since a time."""
    query = select(*COLUMNS).where(
        _R.customer_id == customer_id, _R.state.not_in(LIVE), _R.decided_at >= since
    )
    return [read(row) for row in connection.execute(query)]


def make(tx: Transaction, customer_id: str, idea: Idea, currency: str, chance: int, expected: int) -> None:
    """Store a new recommendation, unless there is a live one of the same item."""
    values = _told(idea, currency, chance, expected) | {
        "id": tx.new_id(),
        "customer_id": customer_id,
        "kind": idea.kind,
        "item_id": idea.item_id,
        "valid_until": idea.valid_until,
        "state": "open",
        "made_at": tx.now,
        "hit": False,
    }
    tx.connection.execute(
        upsert_into(tx.connection, recommendation).values(**values).on_conflict_do_nothing()
    )


def renew(
    tx: Transaction, recommendation_id: str, idea: Idea, currency: str, chance: int, expected: int
) -> None:
    """Let a live recommendation have the figures of today, and be open; until when it holds stays."""
    values = _told(idea, currency, chance, expected) | {"state": "open", "snoozed_until": None}
    tx.connection.execute(
        update(recommendation).where(_R.id == recommendation_id, _R.state.in_(LIVE)).values(**values)
    )


def lapse(tx: Transaction, ids: Iterable[str]) -> None:
    """Let recommendations that are still live hold no more."""
    values = {"state": "lapsed", "snoozed_until": None, "decided_at": tx.now}
    for each in ids:
        tx.connection.execute(
            update(recommendation).where(_R.id == each, _R.state.in_(LIVE)).values(**values)
        )


def show(tx: Transaction, recommendation_id: str, to: str) -> bool:
    """Count a live recommendation as shown; false when it was counted before, or is over."""
    unseen = (_R.id == recommendation_id, _R.shown_at.is_(None), _R.state.in_(LIVE))
    values = {"shown_at": tx.now, "shown_to": to}
    return bool(tx.connection.execute(update(recommendation).where(*unseen).values(**values)).rowcount)


def decide(tx: Transaction, recommendation_id: str, state: State, by: str, **more: Any) -> bool:
    """Store what somebody decided of a live recommendation; false when somebody else was faster, or it lapsed."""
    values: dict[str, Any] = {"state": state, "snoozed_until": None} | more
    values |= {
        "shown_at": func.coalesce(_R.shown_at, tx.now),
        "shown_to": func.coalesce(_R.shown_to, by),
    }
    if state != "snoozed":
        values |= {"decided_at": tx.now, "decided_by": by}
    statement = update(recommendation).where(_R.id == recommendation_id, _R.state.in_(LIVE))
    return bool(tx.connection.execute(statement.values(**values)).rowcount)


def led_to(tx: Transaction, recommendation_id: str, opportunity_id: str) -> None:
    """Note the opportunity that came of an accepted recommendation."""
    values = {"opportunity_id": opportunity_id}
    tx.connection.execute(update(recommendation).where(_R.id == recommendation_id).values(**values))


def fared(connection: Connection, now: datetime) -> dict[Kind, Fared]:
    """Return how each kind fared within a year: of those decided, or shown so long ago that they never will be."""
    known = or_(_R.decided_at.is_not(None), _R.shown_at < now - timedelta(days=HIT_DAYS))
    hits = func.sum(case((_R.hit, 1), else_=0))
    query = select(_R.kind, func.count(), hits).where(
        known, _R.shown_at >= now - timedelta(days=REMEMBERED_DAYS)
    )
    return {
        kind: Fared(int(shown), int(hit)) for kind, shown, hit in connection.execute(query.group_by(_R.kind))
    }


def _told(idea: Idea, currency: str, chance: int, expected: int) -> dict[str, Any]:
    return {
        "because_id": idea.because,
        "quantity_milli": idea.milli,
        "currency": currency,
        "value_minor": idea.minor,
        "chance_bp": chance,
        "expected_minor": expected,
        "figures": dict(idea.figures),
    }
