"""Supplier invoices: entered, matched, decided, and paid by conditional updates of their open amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, case, delete, exists, insert, select, update

from libs.common.db import Transaction
from libs.common.money import Money, Price
from services.finance.domain.supplier_invoice import SupplierInvoice, WrittenLine, amount_of
from services.finance.domain.three_way import LineMatch
from services.finance.store.exchange import company_of, company_values
from services.finance.store.payables_tables import (
    supplier_invoice,
    supplier_invoice_line,
    supplier_invoice_match,
)

_INVOICE, _LINE = supplier_invoice.c, supplier_invoice_line.c


def add(tx: Transaction, new: SupplierInvoice) -> None:
    """Insert an invoice, on hold, with its lines; a reference that is taken breaks a constraint."""
    tx.connection.execute(
        insert(supplier_invoice).values(
            id=new.invoice_id,
            number=new.number,
            supplier_id=new.supplier_id,
            reference=new.reference,
            state="on_hold",
            payment_state="not_paid",
            currency=new.currency,
            total_minor=new.total.minor,
            tax_minor=new.tax.minor,
            open_minor=0,
            invoiced_on=new.invoiced_on,
            due_on=new.due_on,
            posted_on=None,
            entered_by=new.entered_by,
            decided_by=None,
            reason=None,
            correlation_id=tx.cause.correlation_id or new.invoice_id,
            created_at=tx.now,
            version=new.version,
        )
    )
    rows = [
        {
            "invoice_id": new.invoice_id,
            "line_no": line_no,
            "line_id": line.line_id,
            "quantity_milli": line.quantity,
            "unit_price_e4": line.unit_price.e4,
            "amount_minor": amount_of(line).minor,
        }
        for line_no, line in enumerate(new.lines, 1)
    ]
    tx.connection.execute(insert(supplier_invoice_line), rows)


def find(connection: Connection, invoice_id: str) -> SupplierInvoice | None:
    """Return an invoice as it stands; its supplier must be locked if it is to be changed."""
    row = connection.execute(select(supplier_invoice).where(_INVOICE.id == invoice_id)).one_or_none()
    return None if row is None else _invoice(row, _lines(connection, row))


def find_by_reference(connection: Connection, supplier_id: str, reference: str) -> SupplierInvoice | None:
    """Return the supplier's invoice of this number that was not rejected."""
    query = select(supplier_invoice).where(
        _INVOICE.supplier_id == supplier_id, _INVOICE.reference == reference, _INVOICE.state != "rejected"
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _invoice(row, _lines(connection, row))


def held_for(connection: Connection, supplier_id: str, line_ids: Iterable[str]) -> list[SupplierInvoice]:
    """Return the supplier's invoices on hold that have one of these lines, what was entered first first."""
    has_one = exists().where(_LINE.invoice_id == _INVOICE.id, _LINE.line_id.in_(sorted(set(line_ids))))
    query = select(supplier_invoice).where(
        _INVOICE.state == "on_hold", _INVOICE.supplier_id == supplier_id, has_one
    )
    rows = connection.execute(query.order_by(_INVOICE.id)).all()
    return [_invoice(row, _lines(connection, row)) for row in rows]


def _lines(connection: Connection, head: Row[Any]) -> tuple[WrittenLine, ...]:
    query = select(supplier_invoice_line).where(_LINE.invoice_id == head.id).order_by(_LINE.line_no)
    return tuple(
        WrittenLine(row.line_id, row.quantity_milli, Price(row.unit_price_e4, head.currency))
        for row in connection.execute(query)
    )


def _invoice(row: Row[Any], lines: tuple[WrittenLine, ...]) -> SupplierInvoice:
    return SupplierInvoice(
        invoice_id=row.id,
        number=row.number,
        supplier_id=row.supplier_id,
        reference=row.reference,
        currency=row.currency,
        total=Money(row.total_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        invoiced_on=row.invoiced_on,
        due_on=row.due_on,
        state=row.state,
        entered_by=row.entered_by,
        lines=lines,
        version=row.version,
        company=company_of(row),
    )


def keep_match(connection: Connection, invoice_id: str, matches: Sequence[LineMatch]) -> None:
    """Store what was found of the lines, in their order, in the place of what was found before."""
    connection.execute(
        delete(supplier_invoice_match).where(supplier_invoice_match.c.invoice_id == invoice_id)
    )
    rows = [
        {
            "invoice_id": invoice_id,
            "line_no": line_no,
            "received_milli": match.received,
            "invoiced_before_milli": match.invoiced_before,
            "over_milli": match.over,
            "dearer_minor": match.dearer.minor,
            "cleared_minor": match.cleared.minor,
            "mismatches": list(match.mismatches),
        }
        for line_no, match in enumerate(matches, 1)
    ]
    connection.execute(insert(supplier_invoice_match), rows)


def post(tx: Transaction, invoice: SupplierInvoice, posted_on: date, reason: str | None) -> bool:
    """Let an invoice on hold be owed; ``reason`` is why a person let it, ``None`` when it is as it should be."""
    values: dict[str, Any] = company_values(invoice.company) | {
        "state": "posted",
        "posted_on": posted_on,
        "open_minor": _INVOICE.total_minor,
        "payment_state": case((_INVOICE.total_minor == 0, "paid"), else_="not_paid"),
    }
    return _decide(tx, invoice, values, reason)


def reject(tx: Transaction, invoice: SupplierInvoice, reason: str) -> bool:
    """Refuse to owe an invoice that is on hold."""
    return _decide(tx, invoice, {"state": "rejected"}, reason)


def _decide(tx: Transaction, invoice: SupplierInvoice, values: dict[str, Any], reason: str | None) -> bool:
    decided_by = None if reason is None else tx.cause.actor
    changed = tx.connection.execute(
        update(supplier_invoice)
        .where(_INVOICE.id == invoice.invoice_id, _INVOICE.state == "on_hold")
        .values(version=_INVOICE.version + 1, reason=reason, decided_by=decided_by, **values)
    )
    return changed.rowcount == 1


def pay(connection: Connection, invoice_id: str, supplier_id: str, amount: Money) -> bool:
    """Take ``amount`` off what is open of a posted invoice of the supplier, if so much is open."""
    left = _INVOICE.open_minor - amount.minor
    changed = connection.execute(
        update(supplier_invoice)
        .where(
            _INVOICE.id == invoice_id,
            _INVOICE.supplier_id == supplier_id,
            _INVOICE.currency == amount.currency,
            _INVOICE.state == "posted",
            _INVOICE.open_minor >= amount.minor,
        )
        .values(
            open_minor=left,
            payment_state=case((left == 0, "paid"), else_="partial"),
            version=_INVOICE.version + 1,
        )
    )
    return changed.rowcount == 1
