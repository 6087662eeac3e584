"""Write-offs and refunds in their tables: what they say stays, how they stand moves by conditional updates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, func, insert, literal, select, update

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from services.finance.domain.settlement import Refund, WriteOff
from services.finance.store.settlement_tables import refund, write_off, write_off_tolerance

_TOLERANCE = Prepared(
    select(write_off_tolerance)
    .where(write_off_tolerance.c.currency == bindparam("b_currency"))
    .order_by(write_off_tolerance.c.version.desc())
    .limit(1)
)
_FIND_WRITE_OFF = Prepared(select(write_off).where(write_off.c.id == bindparam("b_id")))
_FIND_REFUND = Prepared(select(refund).where(refund.c.id == bindparam("b_id")))
_UNASKED = Prepared(
    select(func.coalesce(func.sum(write_off.c.amount_minor), literal(0, BigInteger))).where(
        write_off.c.invoice_id == bindparam("b_invoice_id"),
        write_off.c.state == "posted",
        write_off.c.approval_id.is_(None),
    )
)


def tolerance(connection: Connection, currency: str) -> tuple[Money, int]:
    """Return up to how much is written off without another's yes, and its version; nothing unless it was set."""
    row = connection.execute(_TOLERANCE, {"b_currency": currency}).one_or_none()
    return (Money.zero(currency), 0) if row is None else (Money(row.amount_minor, currency), row.version)


def add_tolerance(tx: Transaction, amount: Money, version: int) -> None:
    """Store the next version; one that another has stored meanwhile breaks the key."""
    tx.connection.execute(
        insert(write_off_tolerance).values(
            currency=amount.currency,
            version=version,
            amount_minor=amount.minor,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )


def written_off_unasked(connection: Connection, invoice_id: str, currency: str) -> Money:
    """Return what was written off of an invoice without another's yes; its account must be locked."""
    minor = connection.execute(_UNASKED, {"b_invoice_id": invoice_id}).scalar_one()
    return Money(int(minor), currency)


def to_write_off(row: Row[Any]) -> WriteOff:
    """Return the write-off of a row of the table."""
    return WriteOff(
        write_off_id=row.id,
        number=row.number,
        invoice_id=row.invoice_id,
        customer_id=row.customer_id,
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        state=row.state,
        approval_id=row.approval_id,
        posted_on=row.posted_on,
        reversed_on=row.reversed_on,
        version=row.version,
    )


def add_write_off(tx: Transaction, new: WriteOff) -> None:
    """Store a write-off."""
    tx.connection.execute(
        insert(write_off).values(
            id=new.write_off_id, number=new.number, invoice_id=new.invoice_id, **_document(new)
        )
    )


def _document(new: WriteOff | Refund) -> dict[str, Any]:
    return {
        "customer_id": new.customer_id,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "reason": new.reason,
        "state": new.state,
        "approval_id": new.approval_id,
        "requested_by": new.requested_by,
        "requested_at": new.requested_at,
        "posted_on": new.posted_on,
        "version": new.version,
    }


def find_write_off(connection: Connection, write_off_id: str) -> WriteOff | None:
    """Return a write-off as it stands."""
    row = connection.execute(_FIND_WRITE_OFF, {"b_id": write_off_id}).one_or_none()
    return None if row is None else to_write_off(row)


def move_write_off(connection: Connection, write_off_id: str, before: str, **values: Any) -> bool:
    """Change how a write-off stands that is ``before`` now; return whether it was."""
    found = connection.execute(
        update(write_off)
        .where(write_off.c.id == write_off_id, write_off.c.state == before)
        .values(version=write_off.c.version + 1, **values)
    )
    return found.rowcount == 1


def to_refund(row: Row[Any]) -> Refund:
    """Return the refund of a row of the table."""
    return Refund(
        refund_id=row.id,
        number=row.number,
        payment_id=row.payment_id,
        credit_note_id=row.credit_note_id,
        customer_id=row.customer_id,
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        approval_id=row.approval_id,
        state=row.state,
        posted_on=row.posted_on,
        version=row.version,
    )


def add_refund(tx: Transaction, new: Refund) -> None:
    """Store a refund."""
    tx.connection.execute(
        insert(refund).values(
            id=new.refund_id,
            number=new.number,
            payment_id=new.payment_id,
            credit_note_id=new.credit_note_id,
            **_document(new),
        )
    )


def find_refund(connection: Connection, refund_id: str) -> Refund | None:
    """Return a refund as it stands."""
    row = connection.execute(_FIND_REFUND, {"b_id": refund_id}).one_or_none()
    return None if row is None else to_refund(row)


def move_refund(connection: Connection, refund_id: str, before: str, **values: Any) -> bool:
    """Change how a refund stands that is ``before`` now; return whether it was."""
    found = connection.execute(
        update(refund)
        .where(refund.c.id == refund_id, refund.c.state == before)
        .values(version=refund.c.version + 1, **values)
    )
    return found.rowcount == 1
