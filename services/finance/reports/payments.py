"""Payments: lists, and one with what it paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select

from libs.common.db import Prepared, above_zero
from libs.common.money import Money
from services.finance.domain.payment import PaymentNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.store.exchange import company_of
from services.finance.store.tables import account, allocation, invoice, payment
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class PaymentSearch:
    """Which payments are looked for; ``only_owner`` limits them to one salesperson's customers."""

    customer_id: str | None = None
    reference: str | None = None
    unallocated: bool | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class PaymentView:
    """A payment with the name of who paid."""

    id: str
    number: str
    customer_id: str
    customer_number: str
    customer_name: str
    amount: Money
    company_amount: Money | None
    unallocated: Money
    earmarked: Money
    reference: str
    received_on: date
    version: int


@dataclass(frozen=True)
class Paid:
    """A part of the payment that paid an invoice."""

    invoice_id: str
    number: str
    order_id: str
    amount: Money
    allocated_on: date


@dataclass(frozen=True)
class PaymentDetail(PaymentView):
    """A payment with all that it paid."""

    allocations: tuple[Paid, ...] = ()


_QUERY: Select[Any] = select(
    payment,
    account.c.number.label("customer_number"),
    account.c.name.label("customer_name"),
    account.c.owner_id,
).join(account, account.c.customer_id == payment.c.customer_id)
_PAID = (
    allocation.c.invoice_id.label("paid_id"),
    invoice.c.number.label("paid_number"),
    invoice.c.order_id.label("paid_order_id"),
    allocation.c.currency.label("paid_currency"),
    allocation.c.amount_minor.label("paid_minor"),
    allocation.c.allocated_on,
)
# One row per allocation, or one without any.
_ONE = Prepared(
    _QUERY.add_columns(*_PAID)
    .outerjoin(allocation, allocation.c.payment_id == payment.c.id)
    .outerjoin(invoice, invoice.c.id == allocation.c.invoice_id)
    .where(payment.c.id == bindparam("b_id"))
    .order_by(allocation.c.id)
)


def list_payments(
    connection: Connection, wanted: PaymentSearch, *, after: Position | None, limit: int
) -> list[PaymentView]:
    """Return payments, newest first."""
    rows = page_of(connection, _QUERY.where(*_conditions(wanted)), payment.c.id, after, limit)
    return [PaymentView(**_view(row)) for row in rows]


def _conditions(wanted: PaymentSearch) -> list[ColumnElement[bool]]:
    has_left = above_zero(payment.c.unallocated_minor)
    choices = (
        (wanted.customer_id, payment.c.customer_id == wanted.customer_id),
        (wanted.reference, payment.c.reference == wanted.reference),
        (wanted.unallocated, has_left if wanted.unallocated else ~has_left),
        (wanted.only_owner, SIGHT.holds(account.c.owner_id, wanted.only_owner)),
    )
    return [condition for value, condition in choices if value is not None]


def _view(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "customer_id": row.customer_id,
        "customer_number": row.customer_number,
        "customer_name": row.customer_name,
        "amount": Money(row.amount_minor, row.currency),
        "company_amount": company_of(row),
        "unallocated": Money(row.unallocated_minor, row.currency),
        "earmarked": Money(row.earmarked_minor, row.currency),
        "reference": row.reference,
        "received_on": row.received_on,
        "version": row.version,
    }


def one_payment(connection: Connection, payment_id: str, *, only_owner: str | None = None) -> PaymentDetail:
    """Return the payment; refuse one that the caller may not know of."""
    rows = connection.execute(_ONE, {"b_id": payment_id}).all()
    if not rows or not SIGHT.shows(connection, rows[0].owner_id, only_owner):
        raise PaymentNotFound(
            f"there is no payment {payment_id}", cure="choose one from GET /api/v1/payments"
        )
    return PaymentDetail(
        **_view(rows[0]), allocations=tuple(_paid(row) for row in rows if row.paid_id is not None)
    )


def _paid(row: Row[Any]) -> Paid:
    amount = Money(row.paid_minor, row.paid_currency)
    return Paid(row.paid_id, row.paid_number, row.paid_order_id, amount, row.allocated_on)
