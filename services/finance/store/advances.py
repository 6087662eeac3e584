"""Advances and the money that is kept for them: every change of a figure is one conditional update."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, case, select, update

from libs.common.db import Prepared, Upsert, above_zero, rows_among
from libs.common.money import Money
from services.finance.domain.advance import Advance, AdvanceState, Earmark
from services.finance.store.advance_tables import advance, earmark
from services.finance.store.tables import payment

_ITS = advance.c.order_id == bindparam("b_order_id")
_FIND = Prepared(select(advance).where(_ITS))
_LOCK = Prepared(select(advance).where(_ITS).with_for_update())
_ADD_IF_NEW = Upsert(advance, lambda insert: insert.on_conflict_do_nothing().returning(advance.c.order_id))
_AMOUNT = bindparam("b_amount", type_=BigInteger)
_REACHED = advance.c.covered_minor + _AMOUNT
_COVER = Prepared(
    update(advance)
    .where(_ITS, advance.c.state == "asked", advance.c.amount_minor >= _REACHED)
    .values(
        covered_minor=_REACHED,
        state=case((advance.c.amount_minor == _REACHED, "covered"), else_="asked"),
        decided_at=case(
            (advance.c.amount_minor == _REACHED, bindparam("b_at", type_=advance.c.decided_at.type))
        ),
        version=advance.c.version + 1,
    )
    .returning(*advance.c)
)
_KEEP = Upsert(
    earmark,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["payment_id", "order_id"],
        set_={
            "amount_minor": earmark.c.amount_minor + insert.excluded.amount_minor,
            "left_minor": earmark.c.left_minor + insert.excluded.left_minor,
        },
    ),
)
_TAKE = Prepared(
    update(earmark)
    .where(
        earmark.c.payment_id == bindparam("b_payment_id"),
        earmark.c.order_id == bindparam("b_order_id"),
        earmark.c.left_minor >= _AMOUNT,
    )
    .values(left_minor=earmark.c.left_minor - _AMOUNT)
)


def to_advance(row: Row[Any]) -> Advance:
    """Return the advance of a row of the table."""
    return Advance(
        order_id=row.order_id,
        order_number=row.order_number,
        customer_id=row.customer_id,
        amount=Money(row.amount_minor, row.currency),
        covered=Money(row.covered_minor, row.currency),
        state=row.state,
        correlation_id=row.correlation_id,
        asked_at=row.asked_at,
        reason=row.reason,
        version=row.version,
    )


def add_if_new(connection: Connection, new: Advance) -> bool:
    """Insert an advance unless the order has one; return whether it was inserted."""
    values = {
        "order_id": new.order_id,
        "order_number": new.order_number,
        "customer_id": new.customer_id,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "covered_minor": new.covered.minor,
        "state": new.state,
        "correlation_id": new.correlation_id,
        "reason": new.reason,
        "asked_at": new.asked_at,
        "decided_at": None if new.state == "asked" else new.asked_at,
        "version": new.version,
    }
    return connection.execute(_ADD_IF_NEW.on(connection), values).one_or_none() is not None


def find(connection: Connection, order_id: str, *, locked: bool = False) -> Advance | None:
    """Return the order's advance, if one was asked for."""
    row = connection.execute(_LOCK if locked else _FIND, {"b_order_id": order_id}).one_or_none()
    return None if row is None else to_advance(row)


def asked_of(connection: Connection, customer_id: str, order_numbers: Sequence[str]) -> list[Advance]:
    """Return the advances that the customer still has to pay for orders with these numbers, the oldest first."""
    query = select(advance).where(
        advance.c.customer_id == customer_id,
        advance.c.order_number.in_(order_numbers),
        advance.c.state == "asked",
    )
    return [to_advance(row) for row in connection.execute(query.order_by(advance.c.order_id))]


def customers_of(connection: Connection, order_ids: Iterable[str]) -> set[str]:
    """Return the customers of the orders' advances; a tombstone has none."""
    query = select(advance.c.customer_id).where(advance.c.customer_id.is_not(None))
    return {str(row.customer_id) for row in rows_among(connection, query, advance.c.order_id, order_ids)}


def cover(connection: Connection, order_id: str, amount: Money, at: datetime) -> Advance | None:
    """Count ``amount`` as there, if so much is still asked for; return the advance after it, else ``None``."""
    wanted = {"b_order_id": order_id, "b_amount": amount.minor, "b_at": at}
    row = connection.execute(_COVER, wanted).one_or_none()
    return None if row is None else to_advance(row)


def settle(
    connection: Connection, order_id: str, state: AdvanceState, at: datetime, reason: str | None = None
) -> None:
    """Record what became of a locked advance."""
    change = {"state": state, "decided_at": at, "reason": reason, "version": advance.c.version + 1}
    connection.execute(update(advance).where(advance.c.order_id == order_id).values(**change))


def keep(connection: Connection, payment_id: str, order_id: str, amount: Money, at: datetime) -> None:
    """Keep so much more of a payment for an order."""
    values = {
        "payment_id": payment_id,
        "order_id": order_id,
        "currency": amount.currency,
        "amount_minor": amount.minor,
        "left_minor": amount.minor,
        "created_at": at,
    }
    connection.execute(_KEEP.on(connection), values)


def kept_for(connection: Connection, order_id: str) -> list[Earmark]:
    """Return what is kept for an order and was not taken yet, in the order in which the payments came in."""
    query = select(earmark).where(earmark.c.order_id == order_id, earmark.c.left_minor > 0)
    return [
        Earmark(
            row.payment_id,
            row.order_id,
            Money(row.amount_minor, row.currency),
            Money(row.left_minor, row.currency),
        )
        for row in connection.execute(query.order_by(earmark.c.payment_id))
    ]


def take(connection: Connection, kept: Earmark, amount: Money) -> bool:
    """Take ``amount`` out of what is kept of one payment; false when so much is not there."""
    wanted = {"b_payment_id": kept.payment_id, "b_order_id": kept.order_id, "b_amount": amount.minor}
    return connection.execute(_TAKE, wanted).rowcount == 1


def free_payments(connection: Connection, customer_id: str) -> list[tuple[str, str]]:
    """Return id and reference of the customer's payments of which something is free, the oldest first."""
    query = select(payment.c.id, payment.c.reference).where(
        payment.c.customer_id == customer_id,
        above_zero(payment.c.unallocated_minor),
        payment.c.unallocated_minor > payment.c.earmarked_minor,
    )
    return [(row.id, row.reference) for row in connection.execute(query.order_by(payment.c.id))]
