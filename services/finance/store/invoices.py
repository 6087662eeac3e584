"""Invoices: posted once per delivery, paid by conditional updates of their open amount."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from libs.common.money import Money
from services.finance.domain.invoicing import Invoice, InvoiceLine
from services.finance.store.tables import invoice, invoice_line


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
    )


def is_invoiced(connection: Connection, delivery_id: str) -> bool:
    """Tell whether the delivery has its invoice."""
    query = select(invoice.c.id).where(invoice.c.delivery_id == delivery_id)
    return connection.execute(query).one_or_none() is not None


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
    connection.execute(
        insert(invoice).values(
            id=new.invoice_id,
            number=new.number,
            state=new.state,
            payment_state=new.payment_state,
            order_id=new.order_id,
            order_number=order_number,
            delivery_id=new.delivery_id,
            delivery_number=delivery_number,
            customer_id=new.customer_id,
            currency=new.total.currency,
            total_minor=new.total.minor,
            open_minor=new.open.minor,
            posted_on=new.posted_on,
            due_on=new.due_on,
            paid_on=None if new.open else new.posted_on,
            correlation_id=new.correlation_id,
            created_at=created_at,
            version=new.version,
        )
    )
    connection.execute(insert(invoice_line), [_line_values(new.invoice_id, line) for line in lines])


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
    }


def find(connection: Connection, invoice_id: str) -> Invoice | None:
    """Return an invoice as it stands."""
    row = connection.execute(select(invoice).where(invoice.c.id == invoice_id)).one_or_none()
    return None if row is None else to_invoice(row)


def pay(connection: Connection, invoice_id: str, customer_id: str, amount: Money, on: date) -> Invoice | None:
    """Take ``amount`` off what is open, if so much is open and it is this customer's; else ``None``."""
    left = invoice.c.open_minor - amount.minor
    row = connection.execute(
        update(invoice)
        .where(
            invoice.c.id == invoice_id,
            invoice.c.customer_id == customer_id,
            invoice.c.currency == amount.currency,
            invoice.c.state == "posted",
            invoice.c.open_minor >= amount.minor,
        )
        .values(
            open_minor=left,
            payment_state=case((left == 0, "paid"), else_="partial"),
            paid_on=case((left == 0, on), else_=None),
            version=invoice.c.version + 1,
        )
        .returning(*invoice.c)
    ).one_or_none()
    return None if row is None else to_invoice(row)


def oldest_due_on(connection: Connection, customer_id: str) -> date | None:
    """Return the due day of the customer's oldest open invoice."""
    query = select(func.min(invoice.c.due_on)).where(
        invoice.c.customer_id == customer_id, invoice.c.open_minor > 0
    )
    found: date | None = connection.execute(query).scalar_one()
    return found
