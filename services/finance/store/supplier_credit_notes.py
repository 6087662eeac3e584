"""Suppliers' credit notes: entered once, and used up by conditional updates of what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine
from services.finance.domain.supplier_credit import SupplierCreditNote
from services.finance.domain.supplier_invoice import WrittenLine, amount_of
from services.finance.store.exchange import company_of, company_values
from services.finance.store.payables_tables import bought_line
from services.finance.store.supplier_credit_tables import (
    supplier_credit_allocation,
    supplier_credit_note,
    supplier_credit_note_line,
)

_NOTE = supplier_credit_note.c


@dataclass(frozen=True)
class CreditAllocation:
    """The part of a credit note that settles one supplier invoice."""

    allocation_id: str
    credit_note_id: str
    invoice_id: str
    amount: Money
    allocated_on: date


def add(tx: Transaction, new: SupplierCreditNote, lines: Sequence[tuple[WrittenLine, Money]]) -> None:
    """Insert a credit note with its lines, each beside its goods at the order's price."""
    tx.connection.execute(
        insert(supplier_credit_note).values(
            id=new.credit_note_id,
            number=new.number,
            supplier_id=new.supplier_id,
            reference=new.reference,
            return_id=new.return_id,
            currency=new.total.currency,
            total_minor=new.total.minor,
            tax_minor=new.tax.minor,
            open_minor=new.open.minor,
            credited_on=new.credited_on,
            posted_on=new.posted_on,
            reason=new.reason,
            entered_by=tx.cause.actor,
            created_at=tx.now,
            version=new.version,
            **company_values(new.company),
        )
    )
    rows = [
        {
            "credit_note_id": new.credit_note_id,
            "line_no": line_no,
            "line_id": line.line_id,
            "quantity_milli": line.quantity,
            "unit_price_e4": line.unit_price.e4,
            "amount_minor": amount_of(line).minor,
            "cleared_minor": cleared.minor,
        }
        for line_no, (line, cleared) in enumerate(lines, 1)
    ]
    tx.connection.execute(insert(supplier_credit_note_line), rows)


def find(connection: Connection, credit_note_id: str) -> SupplierCreditNote | None:
    """Return a credit note as it stands; its supplier must be locked if it is to be used."""
    query = select(supplier_credit_note).where(_NOTE.id == credit_note_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else to_note(row)


def number_of_reference(connection: Connection, supplier_id: str, reference: str) -> str | None:
    """Return the number of the supplier's credit note of this reference."""
    query = select(_NOTE.number).where(_NOTE.supplier_id == supplier_id, _NOTE.reference == reference)
    return connection.execute(query).scalar_one_or_none()


def to_note(row: Row[Any]) -> SupplierCreditNote:
    """Return the credit note of a row."""
    return SupplierCreditNote(
        credit_note_id=row.id,
        number=row.number,
        supplier_id=row.supplier_id,
        reference=row.reference,
        total=Money(row.total_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        credited_on=row.credited_on,
        posted_on=row.posted_on,
        return_id=row.return_id,
        reason=row.reason,
        company=company_of(row),
        version=row.version,
    )


def count_credit(
    connection: Connection, seen: BoughtLine, quantity: Quantity, over: Quantity, value: Money
) -> bool:
    """Take ``quantity`` off what is invoiced if the line still is as it was ``seen``; else return ``False``."""
    changed = connection.execute(
        update(bought_line)
        .where(
            bought_line.c.line_id == seen.line_id,
            bought_line.c.invoiced_milli == seen.invoiced,
            bought_line.c.received_milli == seen.received,
        )
        .values(
            invoiced_milli=seen.invoiced - quantity,
            over_milli=over,
            invoiced_minor=bought_line.c.invoiced_minor - value.minor,
        )
    )
    return changed.rowcount == 1


def use(connection: Connection, credit_note_id: str, amount: Money) -> bool:
    """Take ``amount`` off what is left of a credit note, if so much is."""
    changed = connection.execute(
        update(supplier_credit_note)
        .where(
            _NOTE.id == credit_note_id,
            _NOTE.currency == amount.currency,
            _NOTE.open_minor >= amount.minor,
        )
        .values(open_minor=_NOTE.open_minor - amount.minor, version=_NOTE.version + 1)
    )
    return changed.rowcount == 1


def add_allocations(tx: Transaction, new: Sequence[CreditAllocation]) -> None:
    """Write down what a credit note settled."""
    rows = [
        {
            "id": each.allocation_id,
            "credit_note_id": each.credit_note_id,
            "invoice_id": each.invoice_id,
            "amount_minor": each.amount.minor,
            "allocated_on": each.allocated_on,
            "created_at": tx.now,
        }
        for each in new
    ]
    tx.connection.execute(insert(supplier_credit_allocation), rows)
