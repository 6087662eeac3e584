"""Recommendations: find, make, renew, let lapse, and decide, where of two who decide at once one is told no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, case, func, or_, select, update

from libs.common.db import Prepared, Transaction, Upsert
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
_THEIRS: BindParameter[list[str]] = bindparam("of_customers", expanding=True)
_LIVE = Prepared(select(*COLUMNS).where(_R.customer_id.in_(_THEIRS), _R.state.in_(LIVE)))
_ENDED = Prepared(
    select(*COLUMNS).where(
        _R.customer_id.in_(_THEIRS), _R.state.not_in(LIVE), _R.decided_at >= bindparam("since")
    )
)
_TOLD = (
    "because_id", "quantity_milli", "currency", "value_minor", "chance_bp", "expected_minor", "figures",
)  # fmt: skip
_MAKE = Upsert(recommendation, lambda insert: insert.on_conflict_do_nothing())
_RENEW = Prepared(
    update(recommendation)
    .where(_R.id == bindparam("of_id"), _R.state.in_(LIVE))
    .values({name: bindparam(f"to_{name}") for name in _TOLD} | {"state": "open", "snoozed_until": None})
)
_LAPSE = Prepared(
    update(recommendation)
    .where(_R.id.in_(bindparam("of_ids", expanding=True)), _R.state.in_(LIVE))
    .values(state="lapsed", snoozed_until=None, decided_at=bindparam("to_decided_at"))
)


@dataclass(frozen=True)
class Offer:
    """An idea for a customer: how likely he says yes, in hundredths of a percent, and what that is worth.

    ``expected_minor`` is in minor units of ``currency``.
    """

    customer_id: str
    idea: Idea
    currency: str
    chance_bp: int
    expected_minor: int


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


def live(connection: Connection, customer_ids: Sequence[str]) -> dict[str, list[Recommendation]]:
    """Return what is open or snoozed for each of these customers, at most a chunk of them."""
    return _by_customer(connection.execute(_LIVE, {"of_customers": customer_ids}))


def ended(
    connection: Connection, customer_ids: Sequence[str], since: datetime
) -> dict[str, list[Recommendation]]:
    """Return what was decided or lapsed for each of these customers since a time, at most a chunk of them."""
    return _by_customer(connection.execute(_ENDED, {"of_customers": customer_ids, "since": since}))


def _by_customer(rows: Iterable[Any]) -> dict[str, list[Recommendation]]:
    found: dict[str, list[Recommendation]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append(read(row))
    return found


def make(tx: Transaction, offers: Sequence[Offer]) -> None:
    """Store new recommendations, but none where there is a live one of the same item."""
    rows = [
        _told(each)
        | {
            "id": tx.new_id(),
            "customer_id": each.customer_id,
            "kind": each.idea.kind,
            "item_id": each.idea.item_id,
            "valid_until": each.idea.valid_until,
            "state": "open",
            "made_at": tx.now,
            "hit": False,
        }
        for each in offers
    ]
    if rows:
        tx.connection.execute(_MAKE.on(tx.connection), rows)


def renew(tx: Transaction, offers: Sequence[tuple[str, Offer]]) -> None:
    """Let live recommendations have the figures of today, and be open; until when they hold stays."""
    rows = [
        {"of_id": recommendation_id} | {f"to_{name}": value for name, value in _told(offer).items()}
        for recommendation_id, offer in offers
    ]
    if rows:
        tx.connection.execute(_RENEW, rows)


def lapse(tx: Transaction, ids: Sequence[str]) -> None:
    """Let recommendations that are still live hold no more."""
    if ids:
        tx.connection.execute(_LAPSE, {"of_ids": ids, "to_decided_at": tx.now})


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


def _told(offer: Offer) -> dict[str, Any]:
    return {
        "because_id": offer.idea.because,
        "quantity_milli": offer.idea.milli,
        "currency": offer.currency,
        "value_minor": offer.idea.minor,
        "chance_bp": offer.chance_bp,
        "expected_minor": offer.expected_minor,
        "figures": dict(offer.idea.figures),
    }
