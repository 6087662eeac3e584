"""Payments to suppliers and what they paid: written once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from libs.common.db import Transaction, rows_among
from libs.common.money import Money
from services.finance.domain.supplier_payment import OwedInvoice, SupplierPayment, SupplierShare
from services.finance.store.exchange import company_of, company_values
from services.finance.store.payables_tables import supplier_allocation, supplier_invoice, supplier_payment


def add(
    tx: Transaction, new: SupplierPayment, shares: Sequence[SupplierShare], bank_line_id: str | None
) -> None:
    """Insert a payment with what it paid; a reference or a line of the bank that is taken breaks a constraint."""
    tx.connection.execute(
        insert(supplier_payment).values(
            id=new.payment_id,
            number=new.number,
            supplier_id=new.supplier_id,
            currency=new.amount.currency,
            amount_minor=new.amount.minor,
            reference=new.reference,
            paid_on=new.paid_on,
            booked_on=new.booked_on,
            bank_line_id=bank_line_id,
            recorded_by=tx.cause.actor,
            created_at=tx.now,
            **company_values(new.company),
        )
    )
    rows = [
        {
            "payment_id": new.payment_id,
            "invoice_id": share.supplier_invoice_id,
            "amount_minor": share.amount.minor,
            "allocated_on": new.booked_on,
        }
        for share in shares
    ]
    tx.connection.execute(insert(supplier_allocation), rows)


def number_of_reference(connection: Connection, supplier_id: str, reference: str) -> str | None:
    """Return the number of the payment to the supplier that has this reference of the bank."""
    query = select(supplier_payment.c.number).where(
        supplier_payment.c.supplier_id == supplier_id, supplier_payment.c.reference == reference
    )
    return connection.execute(query).scalar_one_or_none()


def number_of_bank_line(connection: Connection, line_id: str) -> str | None:
    """Return the number of the payment that a line of the bank is."""
    query = select(supplier_payment.c.number).where(supplier_payment.c.bank_line_id == line_id)
    return connection.execute(query).scalar_one_or_none()


def owed(connection: Connection, shares: Sequence[SupplierShare]) -> dict[str, OwedInvoice]:
    """Return the invoices that are to be paid, those that there are, by id."""
    query = select(supplier_invoice)
    ids = [share.supplier_invoice_id for share in shares]
    return {
        row.id: OwedInvoice(
            row.number,
            row.supplier_id,
            row.state,
            Money(row.open_minor, row.currency),
            row.posted_on,
            Money(row.total_minor, row.currency),
            company_of(row),
        )
        for row in rows_among(connection, query, supplier_invoice.c.id, ids)
    }
