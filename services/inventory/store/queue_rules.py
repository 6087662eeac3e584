"""The versions of the rule of the queue, and the queue ranked anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select, union, update

from libs.common.db import Prepared, Transaction, upsert_into
from services.inventory.domain.production_order import RELEASED
from services.inventory.domain.queue_rule import QueueRule
from services.inventory.store.fulfilment_tables import queue_rule
from services.inventory.store.production_tables import component_want, production_order
from services.inventory.store.tables import customer, reservation, waiting

_MOVE_RESERVATION = Prepared(
    update(reservation)
    .where(reservation.c.id == bindparam("b_id"))
    .values(queue_no=bindparam("b_place"), version=reservation.c.version + 1)
)
_MOVE_WAITING = Prepared(
    update(waiting).where(waiting.c.reservation_id == bindparam("b_id")).values(queue_no=bindparam("b_place"))
)
_MOVE_PRODUCTION = Prepared(
    update(production_order)
    .where(production_order.c.id == bindparam("b_id"))
    .values(queue_no=bindparam("b_place"))
)
_MOVE_WANTS = Prepared(
    update(component_want)
    .where(component_want.c.production_order_id == bindparam("b_id"))
    .values(queue_no=bindparam("b_place"))
)


@dataclass(frozen=True)
class Queued:
    """A waiting order with what may rank it."""

    reservation_id: str
    order_id: str
    order_number: str
    correlation_id: str
    queue_no: int
    group: str | None
    promised_on: date | None


@dataclass(frozen=True)
class Producing:
    """A released production order with what may rank it: no customer, but the day on which it is due."""

    production_order_id: str
    queue_no: int
    due_on: date


def current(connection: Connection) -> QueueRule:
    """Return the rule that applies now."""
    statement = select(queue_rule).order_by(queue_rule.c.version.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return QueueRule()
    return QueueRule(row.version, tuple(row.groups), row.by_promised_day)


def add(tx: Transaction, new: QueueRule) -> bool:
    """Store the next version; false when somebody was faster."""
    row = {
        "version": new.version,
        "groups": list(new.groups),
        "by_promised_day": new.by_promised_day,
        "set_by": tx.cause.actor,
        "set_at": tx.now,
    }
    statement = upsert_into(tx.connection, queue_rule).values(**row).on_conflict_do_nothing()
    return tx.connection.execute(statement.returning(queue_rule.c.version)).first() is not None


def group_of(connection: Connection, customer_id: str) -> str | None:
    """Return the group of a customer, as crm says; nothing when he is in none, or not known yet."""
    statement = select(customer.c.customer_group).where(customer.c.id == customer_id)
    found: str | None = connection.execute(statement).scalar_one_or_none()
    return found


def items_waited_for(connection: Connection) -> list[str]:
    """Return every item that somebody waits for."""
    of_both = union(select(waiting.c.item_id), select(component_want.c.item_id)).subquery()
    return list(connection.execute(select(of_both.c.item_id).order_by(of_both.c.item_id)).scalars())


def queued(connection: Connection) -> list[Queued]:
    """Return every waiting order, in the order of the queue; not what is missing of reserved ones."""
    statement = (
        select(
            reservation.c.id, reservation.c.order_id, reservation.c.order_number, reservation.c.correlation_id,
            reservation.c.queue_no, customer.c.customer_group, reservation.c.promised_on,
        )
        .outerjoin(customer, customer.c.id == reservation.c.customer_id)
        .where(reservation.c.queue_no > 0)  # those below stand in front of all, whatever the rule
        .order_by(reservation.c.queue_no)
    )  # fmt: skip
    return [Queued(*row) for row in connection.execute(statement)]


def producing(connection: Connection) -> list[Producing]:
    """Return every released production order, whether it lacks anything now or not, kept to this transaction."""
    order = production_order.c
    statement = (
        select(order.id, order.queue_no, order.due_on)
        .where(order.state.in_(RELEASED))
        .order_by(order.id)
        .with_for_update(key_share=True)
    )
    return [Producing(*row) for row in connection.execute(statement)]


def move_production(connection: Connection, places: Iterable[tuple[str, int]]) -> None:
    """Give locked production orders new places in all their queues; they stay at their versions."""
    rows = [{"b_id": order_id, "b_place": place} for order_id, place in places]
    if rows:
        connection.execute(_MOVE_WANTS, rows)
        connection.execute(_MOVE_PRODUCTION, rows)


def move(connection: Connection, places: Iterable[tuple[str, int]]) -> None:
    """Give reservations new places in all their queues; the sequence within keeps them from meeting."""
    rows = [{"b_id": reservation_id, "b_place": place} for reservation_id, place in places]
    if rows:
        connection.execute(_MOVE_WAITING, rows)
        connection.execute(_MOVE_RESERVATION, rows)
