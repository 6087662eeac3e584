"""Invoices: posted once per delivery, paid by conditional updates of their open amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Row,
    bindparam,
    case,
    insert,
    select,
    update,
)

from libs.common.db import Prepared, chunks
from libs.common.money import Money
from services.finance.domain.invoicing import Invoice, InvoiceLine
from services.finance.store.exchange import company_of, company_values
from services.finance.store.tables import invoice, invoice_line
from services.finance.store.taxes import tax_values

_ADD = Prepared(insert(invoice))
_ADD_LINES = Prepared(insert(invoice_line))
_OF_DELIVERY = Prepared(select(invoice.c.id).where(invoice.c.delivery_id == bindparam("b_delivery_id")))
_WHOLE = Prepared(
    select(invoice.c.id).where(invoice.c.delivery_id == bindparam("b_delivery_id"), invoice.c.kind == "goods")
)
_FIND = Prepared(select(invoice).where(invoice.c.id == bindparam("b_id")))
_AMOUNT = bindparam("b_amount", type_=BigInteger)
_LEFT = invoice.c.open_minor - _AMOUNT
_PAY = Prepared(
    update(invoice)
    .where(
        invoice.c.id == bindparam("b_id"),
        invoice.c.customer_id == bindparam("b_customer_id"),
        invoice.c.currency == bindparam("b_currency"),
        invoice.c.state == "posted",
        invoice.c.open_minor >= _AMOUNT,
    )
    .values(
        open_minor=_LEFT,
        payment_state=case((_LEFT == 0, "paid"), else_="partial"),
        paid_on=case((_LEFT == 0, bindparam("b_on", type_=Date)), else_=None),
        version=invoice.c.version + 1,
    )
    .returning(*invoice.c)
)
_MORE = invoice.c.open_minor + _AMOUNT
_REOPEN = Prepared(
    update(invoice)
    .where(invoice.c.id == bindparam("b_id"), invoice.c.total_minor >= _MORE)
    .values(
        open_minor=_MORE,
        payment_state=case((invoice.c.total_minor == _MORE, "not_paid"), else_="partial"),
        paid_on=None,
        version=invoice.c.version + 1,
    )
    .returning(*invoice.c)
)


@dataclass(frozen=True)
class Posted:
    """An invoice to be stored, with what stands on it."""

    invoice: Invoice
    lines: tuple[InvoiceLine, ...]
    order_number: str
    delivery_number: str


def to_invoice(row: Row[Any]) -> Invoice:
    """Return the invoice of a row of the table."""
    return Invoice(
        invoice_id=row.id,
        number=row.number,
        order_id=row.order_id,
        delivery_id=row.delivery_id,
        customer_id=row.customer_id,
        posted_on=row.posted_on,
        due_on=row.due_on,
        total=Money(row.total_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        correlation_id=row.correlation_id,
        state=row.state,
        version=row.version,
        tax_minor=row.tax_minor,
        company=company_of(row),
        kind=row.kind,
        discount=Money(row.discount_minor, row.currency) if row.discount_minor else None,
        discount_until=row.discount_until,
    )


def is_invoiced(connection: Connection, delivery_id: str) -> bool:
    """Tell whether the delivery has its invoice."""
    return of_delivery(connection, delivery_id) is not None


def of_delivery(connection: Connection, delivery_id: str) -> str | None:
    """Return the id of the delivery's invoice; ``None`` when it has none."""
    found: str | None = connection.execute(_OF_DELIVERY, {"b_delivery_id": delivery_id}).scalar_one_or_none()
    return found


def of_order(connection: Connection, order_id: str) -> str | None:
    """Return the id of the invoice that is for the whole of an order, whose id it bears in place of a delivery's."""
    if not order_id:
        return None
    found: str | None = connection.execute(_WHOLE, {"b_delivery_id": order_id}).scalar_one_or_none()
    return found


def add(
    connection: Connection,
    new: Invoice,
    lines: tuple[InvoiceLine, ...],
    *,
    order_number: str,
    delivery_number: str,
    created_at: datetime,
) -> None:
    """Insert a posted invoice with its lines."""
    add_many(connection, [Posted(new, lines, order_number, delivery_number)], created_at=created_at)


def add_many(connection: Connection, new: Sequence[Posted], *, created_at: datetime) -> None:
    """Insert many posted invoices with their lines, in chunks; a number that is taken breaks a constraint."""
    for some in chunks(new):
        connection.execute(_ADD, [_head_values(each, created_at) for each in some])
    for lines in chunks(_line_values(each.invoice.invoice_id, line) for each in new for line in each.lines):
        connection.execute(_ADD_LINES, lines)


def _head_values(posted: Posted, created_at: datetime) -> dict[str, object]:
    new = posted.invoice
    return {
        "id": new.invoice_id,
        "number": new.number,
        "state": new.state,
        "payment_state": new.payment_state,
        "order_id": new.order_id,
        "order_number": posted.order_number,
        "delivery_id": new.delivery_id,
        "delivery_number": posted.delivery_number,
        "customer_id": new.customer_id,
        "currency": new.total.currency,
        "total_minor": new.total.minor,
        "open_minor": new.open.minor,
        "posted_on": new.posted_on,
        "due_on": new.due_on,
        "paid_on": None if new.open else new.posted_on,
        "correlation_id": new.correlation_id,
        "created_at": created_at,
        "version": new.version,
        "tax_minor": new.tax_minor,
        **company_values(new.company),
        "kind": new.kind,
        "discount_minor": new.discount.minor if new.discount else 0,
        "discount_until": new.discount_until,
    }


def _line_values(invoice_id: str, line: InvoiceLine) -> dict[str, object]:
    return {
        "invoice_id": invoice_id,
        "line_no": line.line_no,
        "order_line_id": line.order_line_id,
        "item_id": line.item_id,
        "sku": line.sku,
        "name": line.name,
        "quantity_milli": line.quantity,
        "amount_minor": line.amount.minor,
        **tax_values(line.tax),
    }


def taken(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that an invoice has."""
    found: set[str] = set()
    for some in chunks(numbers):
        found |= set(connection.execute(select(invoice.c.number).where(invoice.c.number.in_(some))).scalars())
    return found


def lock_many(connection: Connection, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
    """Return many invoices, those that there are, locked in the order of their ids."""
    found: dict[str, Invoice] = {}
    for some in chunks(sorted(set(invoice_ids))):
        query = select(invoice).where(invoice.c.id.in_(some)).order_by(invoice.c.id).with_for_update()
        found |= {row.id: to_invoice(row) for row in connection.execute(query)}
    return found


def find(connection: Connection, invoice_id: str) -> Invoice | None:
    """Return an invoice as it stands."""
    row = connection.execute(_FIND, {"b_id": invoice_id}).one_or_none()
    return None if row is None else to_invoice(row)


def pay(connection: Connection, invoice_id: str, customer_id: str, amount: Money, on: date) -> Invoice | None:
    """Take ``amount`` off what is open, if so much is open and it is this customer's; else ``None``."""
    wanted = {
        "b_id": invoice_id,
        "b_customer_id": customer_id,
        "b_currency": amount.currency,
        "b_amount": amount.minor,
        "b_on": on,
    }
    row = connection.execute(_PAY, wanted).one_or_none()
    return None if row is None else to_invoice(row)


def reopen(connection: Connection, invoice_id: str, amount: Money) -> Invoice:
    """Let ``amount`` of an invoice be open again, which had been settled by something that is taken back."""
    row = connection.execute(_REOPEN, {"b_id": invoice_id, "b_amount": amount.minor}).one()
    return to_invoice(row)
