"""Payments and their allocations: what is left of a payment is taken by conditional updates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from libs.common.money import Money
from services.finance.domain.payment import Allocation, Payment
from services.finance.store.tables import allocation, payment


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
    )


def add(connection: Connection, new: Payment, *, recorded_by: str | None, created_at: datetime) -> None:
    """Insert a payment."""
    connection.execute(
        insert(payment).values(
            id=new.payment_id,
            number=new.number,
            customer_id=new.customer_id,
            currency=new.amount.currency,
            amount_minor=new.amount.minor,
            unallocated_minor=new.unallocated.minor,
            reference=new.reference,
            received_on=new.received_on,
            recorded_by=recorded_by,
            created_at=created_at,
            version=new.version,
        )
    )


def find(connection: Connection, payment_id: str) -> Payment | None:
    """Return a payment as it stands."""
    row = connection.execute(select(payment).where(payment.c.id == payment_id)).one_or_none()
    return None if row is None else to_payment(row)


def find_by_reference(connection: Connection, customer_id: str, reference: str) -> Payment | None:
    """Return the customer's payment with this bank reference."""
    row = connection.execute(
        select(payment).where(payment.c.customer_id == customer_id, payment.c.reference == reference)
    ).one_or_none()
    return None if row is None else to_payment(row)


def take(connection: Connection, payment_id: str, amount: Money) -> Payment | None:
    """Take ``amount`` from what is left of the payment, if so much is left; else ``None``."""
    row = connection.execute(
        update(payment)
        .where(
            payment.c.id == payment_id,
            payment.c.currency == amount.currency,
            payment.c.unallocated_minor >= amount.minor,
        )
        .values(unallocated_minor=payment.c.unallocated_minor - amount.minor, version=payment.c.version + 1)
        .returning(*payment.c)
    ).one_or_none()
    return None if row is None else to_payment(row)


def add_allocation(connection: Connection, new: Allocation, created_at: datetime) -> None:
    """Insert an allocation."""
    connection.execute(
        insert(allocation).values(
            id=new.allocation_id,
            payment_id=new.payment_id,
            invoice_id=new.invoice_id,
            currency=new.amount.currency,
            amount_minor=new.amount.minor,
            allocated_on=new.allocated_on,
            days_to_pay=new.days_to_pay,
            created_at=created_at,
        )
    )
