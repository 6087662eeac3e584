"""The overview of customers: who is to be worked out anew, what was worked out, and the place among all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, case, cast, func, or_, select, update

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.db.quintiles import quintile
from services.crm.domain.overview import Overview, health
from services.crm.domain.segments import HIGH_SHARE_BP, segment_of
from services.crm.store.overview_tables import customer_overview

_O = customer_overview.c
_FULL_BP = 10_000
_DUE = Upsert(
    customer_overview,
    # Who is due already is locked and not written again: of many messages about him one writes.
    lambda insert: insert.on_conflict_do_update(
        index_elements=["customer_id"], set_={"due": True}, where=~_O.due
    ),
)
_SEEN = (*(each.name for each in fields(Overview)), "currency", "looked_on", "looked_at", "health")
_PUT = Prepared(
    update(customer_overview)
    .where(_O.customer_id == bindparam("of_id"))
    .values({name: bindparam(f"to_{name}") for name in _SEEN})
)
_SCORES = ("recency", "frequency", "monetary", "segment", "high_value")
_RANK = Prepared(
    update(customer_overview)
    .where(_O.customer_id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in _SCORES})
)


def look_again(tx: Transaction, customers: Iterable[str | None]) -> None:
    """Let customers be worked out anew; written last, in the sequence of their ids, as everybody does."""
    for each in customers:
        if each is not None:
            tx.gather(_look_again, each)


def _look_again(tx: Transaction, customers: list[str]) -> None:
    rows = [{"customer_id": each, "due": True} for each in sorted(set(customers))]
    tx.connection.execute(_DUE.on(tx.connection), rows)


def due(connection: Connection, today: date, limit: int) -> list[str]:
    """Return customers to work out: first those of whom something was heard, then those not seen today."""
    heard = select(_O.customer_id).where(_O.due).order_by(_O.customer_id).limit(limit)
    found = list(connection.execute(heard).scalars())
    if len(found) < limit:
        unseen = or_(_O.looked_on < today, _O.looked_on.is_(None))
        rest = select(_O.customer_id).where(~_O.due, unseen).order_by(_O.customer_id)
        found += connection.execute(rest.limit(limit - len(found))).scalars()
    return found


def lock(tx: Transaction, customers: Sequence[str]) -> list[str]:
    """Keep customers to this transaction and return them; what is heard meanwhile waits and lets them be due again."""
    mine = _O.customer_id.in_(customers)
    query = select(_O.customer_id).where(mine).order_by(_O.customer_id).with_for_update()
    kept = list(tx.connection.execute(query).scalars())
    tx.connection.execute(update(customer_overview).where(mine).values(due=False))
    return kept


def put(tx: Transaction, found: Mapping[str, tuple[str | None, Overview]], today: date) -> None:
    """Store what was worked out of customers that this transaction keeps, each with the currency of his money."""
    rows = [
        {"of_id": customer_id, "to_currency": currency, "to_looked_on": today, "to_looked_at": tx.now}
        | {"to_health": health(seen, today)}
        | {f"to_{name}": value for name, value in asdict(seen).items()}
        for customer_id, (currency, seen) in found.items()
    ]
    if rows:
        tx.connection.execute(_PUT, rows)


def misplaced(connection: Connection) -> list[dict[str, Any]]:
    """Return whose place among all of his currency is another one now, with that; to be given to ``place``."""
    wanted = {row.customer_id: _place(row) for row in connection.execute(_placing())}
    nothing = dict.fromkeys(_SCORES) | {"high_value": False}
    kept = select(_O.customer_id, *(_O[name] for name in _SCORES))
    changed = []
    for row in connection.execute(kept.where(or_(_O.orders > 0, _O.segment.is_not(None)))):
        now = wanted.get(row.customer_id, nothing)
        if any(getattr(row, name) != now[name] for name in _SCORES):
            changed.append({"b_id": row.customer_id} | {f"b_{name}": now[name] for name in _SCORES})
    return sorted(changed, key=lambda each: str(each["b_id"]))


def place(tx: Transaction, places: list[dict[str, Any]]) -> None:
    """Let customers have their places."""
    tx.connection.execute(_RANK, places)


def _placing() -> Any:
    customer_id = _O.customer_id
    most_first = (_O.revenue_minor.desc(), customer_id)
    apart: Mapping[str, Any] = {"partition_by": _O.currency}
    before = func.sum(_O.revenue_minor).over(order_by=most_first, rows=(None, -1), **apart)
    whole = func.sum(_O.revenue_minor).over(**apart)
    high = cast(func.coalesce(before, 0), BigInteger) * _FULL_BP < cast(whole, BigInteger) * HIGH_SHARE_BP
    scores = {"recency": _O.last_on, "frequency": _O.orders, "monetary": _O.revenue_minor}
    tiles = (quintile(worth, apart=_O.currency).label(name) for name, worth in scores.items())
    return select(customer_id, case((high, 1), else_=0).label("high"), *tiles).where(_O.orders > 0)


def _place(row: Any) -> dict[str, Any]:
    scores = {name: int(getattr(row, name)) for name in ("recency", "frequency", "monetary")}
    segment = segment_of(scores["recency"], scores["frequency"])
    return scores | {"segment": segment, "high_value": bool(row.high)}
