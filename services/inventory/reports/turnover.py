"""Inventory turnover out of the ledger of stock: no figure is kept that the ledger does not say."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, case, cast, func, literal, select, union_all

from services.inventory.domain.turnover import DayOfValue, Period, Turnover, turnover_of
from services.inventory.store.tables import item, stock_move
from services.inventory.store.value_tables import item_value, revaluation

__all__ = ["Turnover", "turnover"]

_CHANGES = union_all(
    select(
        stock_move.c.item_id,
        stock_move.c.moved_on.label("day"),
        stock_move.c.value_minor.label("minor"),
        stock_move.c.kind,
    ).where(stock_move.c.value_minor.is_not(None)),
    select(
        revaluation.c.item_id,
        revaluation.c.valued_on.label("day"),
        revaluation.c.value_minor.label("minor"),
        literal("revaluation").label("kind"),
    ),
).subquery("changes")


def turnover(
    connection: Connection,
    *,
    from_day: date,
    to_day: date,
    item_id: str | None = None,
    category: str | None = None,
) -> list[Turnover]:
    """Return the figures of a period, both days included, for each currency that items are valued in."""
    period = Period(from_day, to_day)
    change = _CHANGES.c
    before = change.day < from_day
    columns = (_total(change.minor), _total(-change.minor, "shipment"), _total(change.minor, "restock"))
    query = (
        select(item_value.c.currency, case((before, None), else_=change.day).label("day"), *columns)
        .join(item_value, item_value.c.item_id == change.item_id)
        .where(change.day <= to_day, item_value.c.currency.is_not(None))
        .group_by(item_value.c.currency, case((before, None), else_=change.day))
    )
    if item_id is not None:
        query = query.where(change.item_id == item_id)
    if category is not None:
        query = query.join(item, item.c.id == change.item_id).where(item.c.category == category)
    opening: dict[str, int] = defaultdict(int)
    days: dict[str, list[DayOfValue]] = defaultdict(list)
    for currency, day, *figures in connection.execute(query):
        changed, shipped, restocked = (int(figure or 0) for figure in figures)
        if day is None:
            opening[currency] = changed
        else:
            days[currency].append(DayOfValue(day, changed, shipped, restocked))
    return [
        turnover_of(period, currency, opening[currency], days[currency])
        for currency in sorted(opening.keys() | days.keys())
    ]


def _total(minor: Any, kind: str | None = None) -> Any:
    told = minor if kind is None else case((_CHANGES.c.kind == kind, minor), else_=0)
    return cast(func.sum(told), BigInteger)
