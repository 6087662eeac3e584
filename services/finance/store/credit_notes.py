"""Credit notes: what is credited of an invoice line, and what is left of a credit note, move by guarded statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, insert, select, type_coerce, update

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.credit_notes import CreditNote
from services.finance.domain.crediting import CreditableLine, CreditLine
from services.finance.store.credit_tables import (
    credit_allocation,
    credit_note,
    credit_note_line,
    credited_line,
)
from services.finance.store.exchange import company_of, company_values
from services.finance.store.tables import invoice_line
from services.finance.store.taxes import tax_of

_LINES = Prepared(
    select(
        invoice_line,
        credited_line.c.credited_milli,
        credited_line.c.credited_minor,
        credited_line.c.credited_tax_minor,
    )
    .outerjoin(
        credited_line,
        (credited_line.c.invoice_id == invoice_line.c.invoice_id)
        & (credited_line.c.line_no == invoice_line.c.line_no),
    )
    .where(invoice_line.c.invoice_id == bindparam("b_invoice_id"))
    .order_by(invoice_line.c.line_no)
)


def _more(given: Any, name: str) -> Any:
    """Return the sum of what a column has and what is added to it."""
    return type_coerce(credited_line.c[name], BigInteger) + type_coerce(given.excluded[name], BigInteger)


_COUNT = Upsert(
    credited_line,
    lambda given: given.on_conflict_do_update(
        index_elements=["invoice_id", "line_no"],
        set_={
            name: _more(given, name) for name in ("credited_milli", "credited_minor", "credited_tax_minor")
        },
    ),
)
_ADD = Prepared(insert(credit_note))
_ADD_LINES = Prepared(insert(credit_note_line))
_ADD_ALLOCATION = Prepared(insert(credit_allocation))
_FIND = Prepared(select(credit_note).where(credit_note.c.id == bindparam("b_id")))
_OF_RETURN = Prepared(select(credit_note.c.id).where(credit_note.c.return_id == bindparam("b_return_id")))
_AMOUNT = bindparam("b_amount", type_=BigInteger)
_TAKE = Prepared(
    update(credit_note)
    .where(
        credit_note.c.id == bindparam("b_id"),
        credit_note.c.currency == bindparam("b_currency"),
        credit_note.c.unallocated_minor >= _AMOUNT,
    )
    .values(unallocated_minor=credit_note.c.unallocated_minor - _AMOUNT, version=credit_note.c.version + 1)
    .returning(*credit_note.c)
)


@dataclass(frozen=True)
class CreditAllocation:
    """A part of a credit note that settled a part of an invoice."""

    allocation_id: str
    credit_note_id: str
    invoice_id: str
    amount: Money
    allocated_on: date


def lines_of(connection: Connection, invoice_id: str, currency: str) -> tuple[CreditableLine, ...]:
    """Return the lines of an invoice with what was credited of each; its account must be locked."""
    rows = connection.execute(_LINES, {"b_invoice_id": invoice_id})
    return tuple(_creditable(row, currency) for row in rows)


def _creditable(row: Row[Any], currency: str) -> CreditableLine:
    return CreditableLine(
        line_no=row.line_no,
        order_line_id=row.order_line_id,
        item_id=row.item_id,
        sku=row.sku,
        name=row.name,
        quantity=row.quantity_milli,
        amount=Money(row.amount_minor, currency),
        credited_quantity=row.credited_milli or Quantity.zero(),
        credited_amount=Money(row.credited_minor or 0, currency),
        tax=tax_of(row, currency),
        credited_tax=Money(row.credited_tax_minor or 0, currency),
    )


def count(
    connection: Connection,
    invoice_id: str,
    before: Iterable[CreditableLine],
    credited: Iterable[CreditLine],
) -> None:
    """Count what a credit note takes back of each line; the table's checks refuse more than was invoiced."""
    billed = {line.line_no: line for line in before}
    rows = [
        {
            "invoice_id": invoice_id,
            "line_no": line.line_no,
            "quantity_milli": billed[line.line_no].quantity,
            "amount_minor": billed[line.line_no].amount.minor,
            "credited_milli": line.quantity,
            "credited_minor": line.amount.minor,
            "tax_minor": billed[line.line_no].tax_amount.minor,
            "credited_tax_minor": line.tax_amount.minor,
        }
        for line in credited
    ]
    connection.execute(_COUNT.on(connection), rows)


def add(tx: Transaction, new: CreditNote, lines: Sequence[CreditLine], correlation_id: str) -> None:
    """Insert a posted credit note with its lines."""
    values = {
        "id": new.credit_note_id,
        "number": new.number,
        "invoice_id": new.invoice_id,
        "customer_id": new.customer_id,
        "currency": new.total.currency,
        "total_minor": new.total.minor,
        "unallocated_minor": new.unallocated.minor,
        "reason": new.reason,
        "return_id": new.return_id,
        "posted_on": new.posted_on,
        "correlation_id": correlation_id,
        "recorded_by": tx.cause.actor,
        "created_at": tx.now,
        "version": new.version,
        "tax_minor": new.tax_minor,
        "left_minor": None if new.left is None else new.left.minor,
        **company_values(new.company),
    }
    tx.connection.execute(_ADD, [values])
    tx.connection.execute(_ADD_LINES, [_line_values(new, line) for line in lines])


def _line_values(new: CreditNote, line: CreditLine) -> dict[str, object]:
    return {
        "credit_note_id": new.credit_note_id,
        "invoice_id": new.invoice_id,
        "line_no": line.line_no,
        "quantity_milli": line.quantity,
        "amount_minor": line.amount.minor,
        "tax_minor": line.tax_amount.minor,
    }


def find(connection: Connection, credit_note_id: str) -> CreditNote | None:
    """Return a credit note as it stands."""
    row = connection.execute(_FIND, {"b_id": credit_note_id}).one_or_none()
    return None if row is None else _to_credit_note(row)


def _to_credit_note(row: Row[Any]) -> CreditNote:
    return CreditNote(
        credit_note_id=row.id,
        number=row.number,
        invoice_id=row.invoice_id,
        customer_id=row.customer_id,
        posted_on=row.posted_on,
        total=Money(row.total_minor, row.currency),
        unallocated=Money(row.unallocated_minor, row.currency),
        reason=row.reason,
        return_id=row.return_id,
        version=row.version,
        tax_minor=row.tax_minor,
        left=None if row.left_minor is None else Money(row.left_minor, row.currency),
        company=company_of(row),
    )


def is_credited(connection: Connection, return_id: str) -> bool:
    """Tell whether the goods of a return were credited."""
    return connection.execute(_OF_RETURN, {"b_return_id": return_id}).one_or_none() is not None


def take(connection: Connection, credit_note_id: str, amount: Money) -> CreditNote | None:
    """Take ``amount`` from what is left of the credit note, if so much is left; else ``None``."""
    wanted = {"b_id": credit_note_id, "b_currency": amount.currency, "b_amount": amount.minor}
    row = connection.execute(_TAKE, wanted).one_or_none()
    return None if row is None else _to_credit_note(row)


def add_allocation(tx: Transaction, new: CreditAllocation) -> None:
    """Insert what a credit note settled."""
    values = {
        "id": new.allocation_id,
        "credit_note_id": new.credit_note_id,
        "invoice_id": new.invoice_id,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "allocated_on": new.allocated_on,
        "created_at": tx.now,
    }
    tx.connection.execute(_ADD_ALLOCATION, [values])
