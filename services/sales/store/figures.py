"""Counting orders: each once, as it stands now, and the difference to before into the sums that it belongs to.

The row of an order in ``counted_order`` is locked before the order is read, so whoever counts it last has seen all that
was written before. Sums are taken in one sequence of tables and keys by everybody: none waits for another in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Row, String, Table, bindparam, cast, delete, func, select, update

from libs.common.db import Prepared, Transaction, Upsert, chunks
from services.sales.domain.counting import CountedOrder, counted
from services.sales.domain.figure_period import month_of
from services.sales.store import orders
from services.sales.store.campaign_tables import opportunity_campaign
from services.sales.store.figure_tables import (
    buyer,
    buyer_month,
    campaign_day,
    counted_line,
    counted_order,
    day_figure,
    item_month,
    seller_month,
)
from services.sales.store.tables import customer, quotation, sales_order

_SUMS = ("net_minor", "costed_minor", "cost_minor")
_WORDS = ("salesperson", "region", "channel", "customer_group")
_BOUGHT_BY = ("currency", "customer_id")
_SOLD_BY = ("salesperson", "campaign", *_BOUGHT_BY)
_THESE: BindParameter[list[str]] = bindparam("of_ids", expanding=True)
_BEGUN = Prepared(
    select(
        sales_order.c.id,
        sales_order.c.number,
        sales_order.c.customer_id,
        sales_order.c.currency,
        func.coalesce(customer.c.owner_id, "").label("salesperson"),
        func.coalesce(customer.c.region, "").label("region"),
        func.coalesce(quotation.c.channel, "").label("channel"),
        func.coalesce(customer.c.group, "").label("customer_group"),
        func.coalesce(cast(opportunity_campaign.c.campaign_id, String), "").label("campaign"),
    )
    .join(customer, customer.c.id == sales_order.c.customer_id)
    .outerjoin(quotation, quotation.c.id == sales_order.c.quotation_id)
    .outerjoin(opportunity_campaign, opportunity_campaign.c.opportunity_id == quotation.c.opportunity_id)
    .where(sales_order.c.id.in_(_THESE))
)
_BEGIN = Upsert(counted_order, lambda insert: insert.on_conflict_do_nothing(index_elements=["order_id"]))
_LOCK = Prepared(
    select(counted_order)
    .where(counted_order.c.order_id.in_(_THESE))
    .order_by(counted_order.c.order_id)
    .with_for_update()
)
_LINES = Prepared(select(counted_line).where(counted_line.c.order_id.in_(_THESE)))
_FORGET_LINES = Prepared(delete(counted_line).where(counted_line.c.order_id.in_(_THESE)))
_ADD_LINES = Prepared(counted_line.insert())
_SET = Prepared(
    update(counted_order)
    .where(counted_order.c.order_id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in ("orders", *_SUMS)})
)
_BOUNDS = select(func.min(counted_order.c.day), func.max(counted_order.c.day)).where(
    counted_order.c.customer_id == buyer.c.customer_id, counted_order.c.orders == 1
)
_FIRST, _LAST = (_BOUNDS.with_only_columns(column).scalar_subquery() for column in _BOUNDS.selected_columns)


def _adding(table: Table) -> Upsert:
    """Return the statement that adds to the sums of a table by its key."""
    keys = [column.name for column in table.primary_key]
    sums = [column.name for column in table.c if column.name not in (*keys, "first_on", "last_on")]
    return Upsert(
        table,
        lambda insert: insert.on_conflict_do_update(
            index_elements=keys, set_={name: table.c[name] + insert.excluded[name] for name in sums}
        ),
    )


_ADD_DAYS, _ADD_CAMPAIGNS, _ADD_ITEMS, _ADD_MONTHS, _ADD_SELLERS = (
    _adding(table) for table in (day_figure, campaign_day, item_month, buyer_month, seller_month)
)
_LOCK_BUYERS = Upsert(
    buyer,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["customer_id"], set_={"orders": buyer.c.orders}
    ),
)
_SET_BUYERS = Prepared(
    update(buyer)
    .where(buyer.c.customer_id == bindparam("b_id"))
    .values(orders=buyer.c.orders + bindparam("b_orders"), first_on=_FIRST, last_on=_LAST)
)
Sums = dict[tuple[Any, ...], list[int]]


def count(tx: Transaction, order_id: str, day: date | None = None) -> None:
    """Count an order before the commit, with all others of this transaction.

    ``day`` is when it was confirmed; without one, an order that was never counted is left alone.
    """
    tx.gather(_count, (order_id, day))


def _count(tx: Transaction, asked: list[tuple[str, date | None]]) -> None:
    for some in chunks(sorted({order_id for order_id, _ in asked})):
        _begin(tx, {order_id: day for order_id, day in asked if day is not None and order_id in some})
        before = {row.order_id: row for row in tx.connection.execute(_LOCK, {"of_ids": some})}
        if before:
            _recount(tx, before)


def _begin(tx: Transaction, days: Mapping[str, date]) -> None:
    if not days:
        return
    nothing = dict.fromkeys(("orders", *_SUMS), 0)
    rows = []
    for row in tx.connection.execute(_BEGUN, {"of_ids": sorted(days)}):
        told = row._asdict()
        order_id = told.pop("id")
        rows.append({"order_id": order_id, "day": days[order_id], **told, **nothing})
    if rows:
        rows.sort(key=lambda row: str(row["order_id"]))
        tx.connection.execute(_BEGIN.on(tx.connection), rows)


def _recount(tx: Transaction, before: Mapping[str, Any]) -> None:
    buyers = sorted({row.customer_id for row in before.values()})
    tx.connection.execute(
        _LOCK_BUYERS.on(tx.connection),
        [{"customer_id": each, "orders": 0, "first_on": None, "last_on": None} for each in buyers],
    )
    ids = sorted(before)
    after = {order.id: counted(order) for order in orders.as_they_are(tx.connection, ids)}
    counted_before = tx.connection.execute(_LINES, {"of_ids": ids}).all()
    items = _lines_changed(counted_before, before, after)
    changed = [order_id for order_id in ids if _moved(before[order_id], after[order_id])]
    if counted_before:
        tx.connection.execute(_FORGET_LINES, {"of_ids": ids})
    _keep_lines(tx, after)
    if changed:
        tx.connection.execute(_SET, [_values(order_id, after[order_id]) for order_id in changed])
        days = ("day", "currency", *_WORDS)
        _add(tx, _ADD_DAYS, days, ("orders", *_SUMS), _by(days, before, after, changed))
        owed = [order_id for order_id in changed if before[order_id].campaign]
        _add(
            tx,
            _ADD_CAMPAIGNS,
            ("campaign", *days),
            ("orders", *_SUMS),
            _by(("campaign", *days), before, after, owed),
        )
        for adding, words in ((_ADD_MONTHS, _BOUGHT_BY), (_ADD_SELLERS, _SOLD_BY)):
            sums = _by_month(words, before, after, changed)
            _add(tx, adding, ("month", *words), ("orders", "net_minor"), sums)
        _set_buyers(tx, before, after, changed)
    _add(tx, _ADD_ITEMS, ("month", "currency", "item_id"), ("milli", *_SUMS), items)


def _moved(row: Any, now: CountedOrder) -> bool:
    return any(getattr(row, name) != getattr(now, name) for name in ("orders", *_SUMS))


def _values(order_id: str, now: CountedOrder) -> dict[str, Any]:
    return {"b_id": order_id} | {f"b_{name}": getattr(now, name) for name in ("orders", *_SUMS)}


def _by(
    names: Sequence[str],
    before: Mapping[str, Any],
    after: Mapping[str, CountedOrder],
    changed: Iterable[str],
) -> Sums:
    sums: Sums = defaultdict(lambda: [0] * 4)
    for order_id in changed:
        row, now = before[order_id], after[order_id]
        key = tuple(getattr(row, name) for name in names)
        for place, name in enumerate(("orders", *_SUMS)):
            sums[key][place] += getattr(now, name) - getattr(row, name)
    return sums


def _by_month(
    names: Sequence[str],
    before: Mapping[str, Any],
    after: Mapping[str, CountedOrder],
    changed: Iterable[str],
) -> Sums:
    sums: Sums = defaultdict(lambda: [0] * 2)
    for order_id in changed:
        row, now = before[order_id], after[order_id]
        key = (month_of(row.day), *(getattr(row, name) for name in names))
        sums[key][0] += now.orders - row.orders
        sums[key][1] += now.net_minor - row.net_minor
    return sums


def _lines_changed(
    counted_before: Iterable[Row[Any]], before: Mapping[str, Any], after: Mapping[str, CountedOrder]
) -> Sums:
    """Return by how much the sums of items change: what the lines come to now, less what was counted of them."""
    sums: Sums = defaultdict(lambda: [0] * 4)

    def add(order_id: str, line: Any, sign: int) -> None:
        row = before[order_id]
        found = sums[month_of(row.day), row.currency, line.item_id]
        for place, name in enumerate(("milli", *_SUMS)):
            found[place] += sign * getattr(line, name)

    for row in counted_before:
        add(row.order_id, row, -1)
    for order_id, order in after.items():
        for line in order.lines:
            add(order_id, line, 1)
    return sums


def _keep_lines(tx: Transaction, after: Mapping[str, CountedOrder]) -> None:
    rows = [
        {"order_id": order_id} | {name: getattr(line, name) for name in line.__slots__}
        for order_id, order in after.items()
        for line in order.lines
    ]
    for some in chunks(rows):
        tx.connection.execute(_ADD_LINES, some)


def _add(tx: Transaction, adding: Upsert, keys: Sequence[str], names: Sequence[str], sums: Sums) -> None:
    rows = [
        dict(zip(keys, key, strict=True)) | dict(zip(names, added, strict=True))
        for key, added in sorted(sums.items(), key=lambda pair: tuple(str(part) for part in pair[0]))
        if any(added)
    ]
    for some in chunks(rows):
        tx.connection.execute(adding.on(tx.connection), some)


def _set_buyers(
    tx: Transaction, before: Mapping[str, Any], after: Mapping[str, CountedOrder], changed: Iterable[str]
) -> None:
    added: dict[str, int] = defaultdict(int)
    for order_id in changed:
        added[before[order_id].customer_id] += after[order_id].orders - before[order_id].orders
    rows = [{"b_id": each, "b_orders": orders} for each, orders in sorted(added.items())]
    tx.connection.execute(_SET_BUYERS, rows)
