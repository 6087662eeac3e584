"""Payments and their allocations: what is left of a payment is taken by conditional updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Connection, Row, bindparam, insert, select, update

from libs.common.db import Prepared, chunks
from libs.common.money import Money
from services.finance.domain.payment import Allocation, Payment
from services.finance.store.exchange import company_of, company_values
from services.finance.store.tables import allocation, payment

_ADD = Prepared(insert(payment))
_ADD_ALLOCATION = Prepared(insert(allocation))
_FIND = Prepared(select(payment).where(payment.c.id == bindparam("b_id")))
_OF_REFERENCE = Prepared(
    select(payment).where(
        payment.c.customer_id == bindparam("b_customer_id"), payment.c.reference == bindparam("b_reference")
    )
)
_REFERENCES: BindParameter[list[str]] = bindparam("b_references", expanding=True)
# Customer by customer: each look is a few steps into the index, however many payments there are.
_USED = Prepared(
    select(payment.c.reference).where(
        payment.c.customer_id == bindparam("b_customer_id"), payment.c.reference.in_(_REFERENCES)
    )
)
_AMOUNT = bindparam("b_amount", type_=BigInteger)
_TAKE = Prepared(
    update(payment)
    .where(
        payment.c.id == bindparam("b_id"),
        payment.c.currency == bindparam("b_currency"),
        payment.c.unallocated_minor - payment.c.earmarked_minor >= _AMOUNT,
    )
    .values(unallocated_minor=payment.c.unallocated_minor - _AMOUNT, version=payment.c.version + 1)
    .returning(*payment.c)
)
_KEPT = (payment.c.id == bindparam("b_id")) & (payment.c.earmarked_minor >= _AMOUNT)
_EARMARK = Prepared(
    update(payment)
    .where(
        payment.c.id == bindparam("b_id"),
        payment.c.currency == bindparam("b_currency"),
        payment.c.unallocated_minor - payment.c.earmarked_minor >= _AMOUNT,
    )
    .values(earmarked_minor=payment.c.earmarked_minor + _AMOUNT, version=payment.c.version + 1)
    .returning(*payment.c)
)
_FREE = Prepared(
    update(payment)
    .where(_KEPT)
    .values(earmarked_minor=payment.c.earmarked_minor - _AMOUNT, version=payment.c.version + 1)
)
_USE_EARMARKED = Prepared(
    update(payment)
    .where(_KEPT)
    .values(
        unallocated_minor=payment.c.unallocated_minor - _AMOUNT,
        earmarked_minor=payment.c.earmarked_minor - _AMOUNT,
        version=payment.c.version + 1,
    )
    .returning(*payment.c)
)


def to_payment(row: Row[Any]) -> Payment:
    """Return the payment of a row of the table."""
    return Payment(
        payment_id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        amount=Money(row.amount_minor, row.currency),
        unallocated=Money(row.unallocated_minor, row.currency),
        reference=row.reference,
        received_on=row.received_on,
        version=row.version,
        earmarked=Money(row.earmarked_minor, row.currency),
        company=company_of(row),
    )


def add(connection: Connection, new: Payment, *, recorded_by: str | None, created_at: datetime) -> None:
    """Insert a payment."""
    add_many(connection, [new], recorded_by=recorded_by, created_at=created_at)


def add_many(
    connection: Connection, new: Sequence[Payment], *, recorded_by: str | None, created_at: datetime
) -> None:
    """Insert many payments, in chunks; a number or reference that is taken breaks a constraint."""
    stamps = {"recorded_by": recorded_by, "created_at": created_at}
    for some in chunks(new):
        connection.execute(_ADD, [_payment_values(each) | stamps for each in some])


def _payment_values(new: Payment) -> dict[str, object]:
    return {
        "id": new.payment_id,
        "number": new.number,
        "customer_id": new.customer_id,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "unallocated_minor": new.unallocated.minor,
        "reference": new.reference,
        "received_on": new.received_on,
        "version": new.version,
        "earmarked_minor": 0,
        **company_values(new.company),
    }


def find(connection: Connection, payment_id: str) -> Payment | None:
    """Return a payment as it stands."""
    row = connection.execute(_FIND, {"b_id": payment_id}).one_or_none()
    return None if row is None else to_payment(row)


def find_by_reference(connection: Connection, customer_id: str, reference: str) -> Payment | None:
    """Return the customer's payment with this bank reference."""
    wanted = {"b_customer_id": customer_id, "b_reference": reference}
    row = connection.execute(_OF_REFERENCE, wanted).one_or_none()
    return None if row is None else to_payment(row)


def taken(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that a payment has."""
    found: set[str] = set()
    for some in chunks(numbers):
        found |= set(connection.execute(select(payment.c.number).where(payment.c.number.in_(some))).scalars())
    return found


def used_references(connection: Connection, wanted: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """Return customer and bank reference where a payment of the customer has one of those that are ``wanted``."""
    found: set[tuple[str, str]] = set()
    for customer_id, references in wanted.items():
        for some in chunks(references):
            values = {"b_customer_id": customer_id, "b_references": some}
            found |= {(customer_id, row.reference) for row in connection.execute(_USED, values)}
    return found


def take(connection: Connection, payment_id: str, amount: Money) -> Payment | None:
    """Take ``amount`` from what is free of the payment, if so much is; else ``None``."""
    wanted = {"b_id": payment_id, "b_currency": amount.currency, "b_amount": amount.minor}
    row = connection.execute(_TAKE, wanted).one_or_none()
    return None if row is None else to_payment(row)


def earmark(connection: Connection, payment_id: str, amount: Money) -> Payment | None:
    """Keep ``amount`` of what is free of the payment for an order, if so much is; else ``None``."""
    wanted = {"b_id": payment_id, "b_currency": amount.currency, "b_amount": amount.minor}
    row = connection.execute(_EARMARK, wanted).one_or_none()
    return None if row is None else to_payment(row)


def free(connection: Connection, payment_id: str, amount: Money) -> bool:
    """Keep so much less of the payment for orders; false when so much is not kept."""
    return connection.execute(_FREE, {"b_id": payment_id, "b_amount": amount.minor}).rowcount == 1


def use_earmarked(connection: Connection, payment_id: str, amount: Money) -> Payment | None:
    """Take ``amount`` from what is kept of the payment for orders, if so much is; else ``None``."""
    row = connection.execute(_USE_EARMARKED, {"b_id": payment_id, "b_amount": amount.minor}).one_or_none()
    return None if row is None else to_payment(row)


def add_allocations(connection: Connection, new: Sequence[Allocation], created_at: datetime) -> None:
    """Insert many allocations, in chunks."""
    for some in chunks(new):
        connection.execute(
            _ADD_ALLOCATION, [_allocation_values(each) | {"created_at": created_at} for each in some]
        )


def _allocation_values(new: Allocation) -> dict[str, object]:
    return {
        "id": new.allocation_id,
        "payment_id": new.payment_id,
        "invoice_id": new.invoice_id,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "allocated_on": new.allocated_on,
        "days_to_pay": new.days_to_pay,
    }
