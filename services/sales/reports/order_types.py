"""Looking at order types, and trying a process on past orders before it applies to any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from services.sales.domain.order import Order
from services.sales.domain.order_steps import reserved_on, steps_of
from services.sales.domain.order_type import OrderType, OrderTypeNotFound, Process
from services.sales.reports.orders import with_holds
from services.sales.store import order_types, orders
from services.sales.store.order_type_tables import order_type
from services.sales.store.tables import sales_order

GIVEN_UP = "given_up"


@dataclass(frozen=True)
class TypeSearch:
    """What to look for; earlier versions are left out unless ``superseded`` asks for them."""

    code: str | None = None
    superseded: bool = False


@dataclass(frozen=True)
class TriedOrder:
    """A past order, as it ran and as it would have run.

    ``holds`` are the codes of what it would have waited for, as far as its past tells; with ``given_up`` it would have
    been refused for the want of stock that it waited for.
    """

    order: Order
    steps_before: tuple[str, ...]
    steps: tuple[str, ...]
    holds_before: tuple[str, ...]
    holds: tuple[str, ...]
    given_up: bool

    @property
    def differs(self) -> bool:
        """Whether the process would have made a difference to it."""
        return (self.steps, self.holds, self.given_up) != (self.steps_before, self.holds_before, False)


@dataclass(frozen=True)
class HeldHowOften:
    """How many of the orders would have waited for something."""

    code: str
    orders: int


@dataclass(frozen=True)
class ProcessTrial:
    """What a process would have done to the last orders."""

    looked_at: int
    different: int
    given_up: int
    holds: tuple[HeldHowOften, ...]
    orders: tuple[TriedOrder, ...]


def one_type(connection: Connection, type_id: str) -> OrderType:
    """Return one version of an order type."""
    found = order_types.find(connection, type_id)
    if found is None:
        raise OrderTypeNotFound(f"there is no order type {type_id}")
    return found


def list_types(
    connection: Connection, wanted: TypeSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[OrderType]:
    """Return up to ``limit`` versions by code, the last of each first, those after ``after``."""
    statement = select(order_type)
    if wanted.code is not None:
        statement = statement.where(order_type.c.code == wanted.code)
    if not wanted.superseded:
        later = order_type.alias()
        is_followed = select(later.c.code).where(
            later.c.code == order_type.c.code, later.c.version > order_type.c.version
        )
        statement = statement.where(~is_followed.exists())
    if after is not None:
        code, version = after
        further = and_(order_type.c.code == code, order_type.c.version < version)
        statement = statement.where(or_(order_type.c.code > code, further))
    rows = connection.execute(statement.order_by(order_type.c.code, order_type.c.version.desc()).limit(limit))
    return [order_types.from_row(row) for row in rows]


def try_process(connection: Connection, process: Process, last: int) -> ProcessTrial:
    """Return how the ``last`` orders would have run by ``process``; nothing is stored.

    Orders of another system are left out: they never ran here.
    """
    query = select(*orders.COLUMNS).where(sales_order.c.quotation_id.is_not(None))
    rows = connection.execute(query.order_by(sales_order.c.id.desc()).limit(last))
    found = with_holds(connection, [orders.from_row(row) for row in rows])
    types = order_types.known_many(
        connection, ((order.order_type, order.order_type_version) for order in found)
    )
    tried = tuple(
        _tried(order, types[order.order_type, order.order_type_version].process, process) for order in found
    )
    counts = Counter(code for each in tried for code in each.holds)
    return ProcessTrial(
        looked_at=len(tried),
        different=sum(each.differs for each in tried),
        given_up=sum(each.given_up for each in tried),
        holds=tuple(HeldHowOften(code, count) for code, count in sorted(counts.items())),
        orders=tried,
    )


def _tried(order: Order, before: Process, process: Process) -> TriedOrder:
    had = tuple(sorted({hold.code for hold in order.holds}))
    given_up = "stock" in had and process.shortage == "refuse"
    # What an order met under the very same process is known better than it can be guessed.
    holds = had if process == before else tuple(sorted(_holds(order, had, process)))
    return TriedOrder(
        order=order,
        steps_before=steps_of(before),
        steps=steps_of(process),
        holds_before=had,
        holds=() if given_up else holds,
        given_up=given_up,
    )


def _holds(order: Order, had: Iterable[str], process: Process) -> set[str]:
    """Return what an order would have waited for: of what it lacked then, that which would have been asked for.

    Money that is asked for beforehand is taken to be missing at first, and a day to lie ahead as seen from the order's.
    """
    asked = {"stock": process.reserve != "never", "credit": process.credit_check}
    holds = {code for code in had if asked.get(code)}
    if process.payment == "advance":
        holds.add("payment")
    if reserved_on(process, order.promised_on) > order.ordered_on:
        holds.add("date")
    return holds
