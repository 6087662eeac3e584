"""The lines of every order as crm follows them: agreed, changed, given up, and what came back.

Whatever a group of messages says is written together, and the customers whom it is about are looked at anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    update,
)

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.db.types import Id
from services.crm.domain.buying import Bought, kept
from services.crm.domain.followed_line import Back, Line
from services.crm.store import buyings, overviews
from services.crm.store.buying_tables import followed_line
from services.crm.store.pipeline_tables import followed_order

_LINE = followed_line.c
_THESE: BindParameter[list[str]] = bindparam("of_ids", expanding=True)
_WHOSE = Prepared(select(_LINE.customer_id).where(_LINE.order_id.in_(_THESE)).distinct())
_AT_ONCE = 2000
_TELL = Upsert(
    followed_line,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["order_line_id"],
        set_={
            name: insert.excluded[name]
            for name in ("customer_id", "item_id", "quantity_milli", "net_minor", "currency")
        }
        | {"ordered_on": func.coalesce(insert.excluded.ordered_on, _LINE.ordered_on)},
    ),
)
_BACK = Upsert(
    followed_line,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["order_line_id"],
        set_={"returned_milli": _LINE.returned_milli + insert.excluded.returned_milli},
    ),
)


@dataclass(frozen=True)
class _GivenUp:
    order_id: str
    order_line_id: str
    milli: int


@dataclass(frozen=True)
class _Off:
    order_id: str


_News = Line | Back | _GivenUp | _Off


def agreed(tx: Transaction, line: Line) -> None:
    """Note what a line says, for the first time or since it was changed."""
    _say(tx, line)


def given_up(tx: Transaction, order_id: str, order_line_id: str, milli: int) -> None:
    """Note that so much of a line will never leave."""
    _say(tx, _GivenUp(order_id, order_line_id, milli))


def off(tx: Transaction, order_id: str) -> None:
    """Note that nothing of an order will leave."""
    _say(tx, _Off(order_id))


def came_back(tx: Transaction, back: Back) -> None:
    """Note what came back of a line."""
    _say(tx, back)


def _say(tx: Transaction, news: _News) -> None:
    tx.gather(_write, news)


def _write(tx: Transaction, news: list[_News]) -> None:
    """Write what a group of messages said, line by line in the one sequence in which everybody does."""
    lines: dict[str, dict[str, Any]] = {}
    backs: dict[str, dict[str, Any]] = {}
    for each in news:
        if isinstance(each, Line):
            before = lines.get(each.order_line_id, {})
            lines[each.order_line_id] = _told(each, before)
        elif isinstance(each, Back):
            row = backs.setdefault(each.order_line_id, _bare(each))
            row["returned_milli"] += each.quantity.milli
    for rows, statement in ((lines, _TELL), (backs, _BACK)):
        if rows:
            tx.connection.execute(statement.on(tx.connection), [rows[line] for line in sorted(rows)])
    _take_off(tx, news)
    orders = {each.order_id for each in news}
    _date(tx.connection, {each.order_id for each in news if isinstance(each, Line) and not each.ordered_on})
    whose = {row.customer_id for row in tx.connection.execute(_WHOSE, {"of_ids": sorted(orders)}).all()}
    buyings.look_again(tx, whose)
    overviews.look_again(tx, whose)


def _told(line: Line, before: dict[str, Any]) -> dict[str, Any]:
    return _row(line) | {
        "ordered_on": line.ordered_on or before.get("ordered_on"),
        "quantity_milli": line.quantity,
        "net_minor": line.net.minor,
        "currency": line.net.currency,
    }


def _bare(back: Back) -> dict[str, Any]:
    return _row(back) | {"ordered_on": None, "quantity_milli": 0, "net_minor": 0, "currency": None}


def _row(of: Line | Back) -> dict[str, Any]:
    names = ("order_line_id", "order_id", "customer_id", "item_id")
    return {name: getattr(of, name) for name in names} | {"given_up_milli": 0, "returned_milli": 0}


def _take_off(tx: Transaction, news: list[_News]) -> None:
    for each in news:
        if isinstance(each, _GivenUp):
            mine = _LINE.order_line_id == each.order_line_id
            less = {"given_up_milli": _LINE.given_up_milli + each.milli}
            tx.connection.execute(update(followed_line).where(mine).values(**less))
        elif isinstance(each, _Off):
            all_of_it = {"given_up_milli": _LINE.quantity_milli}
            tx.connection.execute(
                update(followed_line).where(_LINE.order_id == each.order_id).values(**all_of_it)
            )


def _date(connection: Connection, orders: set[str]) -> None:
    """Give lines that a change added the day of their order."""
    day = (
        select(followed_order.c.ordered_on)
        .where(followed_order.c.order_id == _LINE.order_id)
        .scalar_subquery()
    )
    for order_id in sorted(orders):
        undated = (_LINE.order_id == order_id, _LINE.ordered_on.is_(None))
        connection.execute(update(followed_line).where(*undated).values(ordered_on=day))


_READ = select(
    _LINE.customer_id, _LINE.item_id, _LINE.ordered_on, _LINE.quantity_milli, _LINE.given_up_milli,
    _LINE.returned_milli, _LINE.net_minor, _LINE.currency, _LINE.order_line_id,
).where(_LINE.ordered_on.is_not(None), _LINE.quantity_milli > _LINE.given_up_milli + _LINE.returned_milli)  # fmt: skip


_OF_CUSTOMERS = Prepared(_READ.where(_LINE.customer_id.in_(bindparam("of_customers", expanding=True))))


def of_customers(connection: Connection, customer_ids: Sequence[str]) -> dict[str, list[Bought]]:
    """Return the lines that customers kept something of, by customer; no more customers than a chunk has."""
    found: dict[str, list[Bought]] = {}
    for each in _read(connection.execute(_OF_CUSTOMERS, {"of_customers": customer_ids})):
        found.setdefault(each.customer_id, []).append(each)
    return found


def by_customer(connection: Connection, most: int) -> Iterator[Bought]:
    """Give the lines that customers kept something of, customer by customer, of at most the ``most`` latest lines.

    The day from which on lines are read is the same for all, so that no customer is known in part only.
    """
    count = connection.execute(select(func.count()).select_from(_READ.subquery())).scalar_one()
    query = _READ.order_by(_LINE.customer_id, _LINE.order_line_id).limit(_AT_ONCE)
    if count > most:
        days = _READ.with_only_columns(_LINE.ordered_on).order_by(_LINE.ordered_on.desc())
        query = query.where(_LINE.ordered_on > connection.execute(days.offset(most).limit(1)).scalar_one())
    place: tuple[str, str] | None = None
    while rows := connection.execute(query if place is None else query.where(_beyond(*place))).all():
        yield from _read(rows)
        place = rows[-1].customer_id, rows[-1].order_line_id


def _beyond(customer_id: str, order_line_id: str) -> ColumnElement[bool]:
    return tuple_(_LINE.customer_id, _LINE.order_line_id) > tuple_(
        literal(customer_id, Id), literal(order_line_id, Id)
    )


def counted(connection: Connection) -> int:
    """Return how many lines there are."""
    return int(connection.execute(select(func.count()).select_from(followed_line)).scalar_one())


def _read(rows: Iterable[Any]) -> list[Bought]:
    found = []
    for customer, item, day, agreed_, gone, returned, net, currency, _ in rows:
        milli, minor = kept(agreed_.milli, gone.milli, returned.milli, int(net))
        found.append(Bought(customer, item, day, milli, minor, currency))
    return found
