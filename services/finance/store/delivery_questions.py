"""Questions about deliveries in their table; whoever changes them has locked their customer's account."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from libs.common.db import Prepared, Transaction
from services.finance.domain.delivery_check import DeliveryQuestion
from services.finance.store.credit_policy_tables import credit_override
from services.finance.store.delivery_check_tables import delivery_question
from services.finance.store.tables import account, credit_hold

_FIELDS = (
    "number", "order_id", "order_number", "customer_id", "question", "correlation_id", "asked_at", "state", "status",
    "override_id", "decided_at", "version",
)  # fmt: skip
_OPEN = delivery_question.c.state.in_(("granted", "refused"))
_FIND = Prepared(select(delivery_question).where(delivery_question.c.delivery_id == bindparam("b_id")))
_OPEN_OF = Prepared(
    select(delivery_question, credit_hold.c.order_id.label("hold_of"))
    .outerjoin(
        credit_hold,
        (credit_hold.c.order_id == delivery_question.c.order_id) & credit_hold.c.customer_id.is_not(None),
    )
    .where(delivery_question.c.customer_id == bindparam("b_customer_id"), _OPEN)
    .order_by(delivery_question.c.delivery_id)
)
# What overrides let pass of orders whose credit is still held: the limit is passed by them with a person's yes. That of
# a change is of its order once it has joined it.
_ASKED = credit_hold.alias("asked")
_BEYOND = Prepared(
    select(func.coalesce(func.sum(credit_override.c.amount_minor), 0))
    .join(_ASKED, _ASKED.c.order_id == credit_override.c.order_id)
    .join(credit_hold, credit_hold.c.order_id == func.coalesce(_ASKED.c.joined_order_id, _ASKED.c.order_id))
    .where(
        credit_override.c.customer_id == bindparam("b_customer_id"),
        credit_override.c.state == "used",
        credit_override.c.purpose == "order",
        credit_hold.c.state == "granted",
    )
)
_COUNT = Prepared(
    update(account)
    .where(account.c.customer_id == bindparam("b_customer_id"))
    .values(open_questions=account.c.open_questions + bindparam("b_more"))
)


def to_question(row: Row[Any]) -> DeliveryQuestion:
    """Return the question of a row of the table."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return DeliveryQuestion(delivery_id=row.delivery_id, **values, reasons=tuple(row.reasons))


def find(connection: Connection, delivery_id: str) -> DeliveryQuestion | None:
    """Return the question about a note, or nothing when there never was one."""
    row = connection.execute(_FIND, {"b_id": delivery_id}).one_or_none()
    return None if row is None else to_question(row)


def open_of(connection: Connection, customer_id: str) -> list[tuple[DeliveryQuestion, bool]]:
    """Return the customer's open questions, and of each whether its order was asked for credit."""
    rows = connection.execute(_OPEN_OF, {"b_customer_id": customer_id})
    return [(to_question(row), row.hold_of is not None) for row in rows]


def let_pass(connection: Connection, customer_id: str) -> int:
    """Return by how much, in minor units, overrides let orders pass the limit that are not all invoiced yet."""
    return int(connection.execute(_BEYOND, {"b_customer_id": customer_id}).scalar_one())


def put(tx: Transaction, new: DeliveryQuestion, *, is_new: bool) -> None:
    """Store a question, or what became of it."""
    values = {name: getattr(new, name) for name in _FIELDS} | {"reasons": list(new.reasons)}
    if is_new:
        tx.connection.execute(insert(delivery_question).values(delivery_id=new.delivery_id, **values))
        return
    this = delivery_question.c.delivery_id == new.delivery_id
    tx.connection.execute(update(delivery_question).where(this).values(**values))


def count_open(connection: Connection, customer_id: str, more: int) -> None:
    """Count that so many more questions of the customer are open: who has none is looked at by no statement."""
    connection.execute(_COUNT, {"b_customer_id": customer_id, "b_more": more})


def refused_of_order(connection: Connection, order_id: str) -> list[str]:
    """Return the numbers of the order's notes that may not leave."""
    query = select(delivery_question.c.number).where(
        delivery_question.c.order_id == order_id, delivery_question.c.state == "refused"
    )
    return list(connection.execute(query.order_by(delivery_question.c.number)).scalars())


def customers_with_open(connection: Connection) -> list[str]:
    """Return the customers of whom a question is open."""
    query = select(account.c.customer_id).where(account.c.open_questions > 0)
    return list(connection.execute(query.order_by(account.c.customer_id)).scalars())
