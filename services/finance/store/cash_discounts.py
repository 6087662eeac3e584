"""Cash discounts: granted once per invoice, never changed; what is owed again of one is a row of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, exists, func, insert, select

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from services.finance.domain.cash_discount import CashDiscount, DiscountPart
from services.finance.domain.invoicing import Invoice
from services.finance.store.billing_tables import cash_discount, cash_discount_part
from services.finance.store.credit_tables import credited_line
from services.finance.store.tables import allocation, invoice_line, payment
from services.finance.store.taxes import tax_of, tax_values

_ITS: BindParameter[str] = bindparam("b_invoice_id")
_GRANTED = Prepared(
    select(cash_discount).where(cash_discount.c.invoice_id == _ITS, cash_discount.c.kind == "granted")
)
_PARTS = Prepared(
    select(cash_discount_part)
    .where(cash_discount_part.c.discount_id == bindparam("b_discount_id"))
    .order_by(cash_discount_part.c.part_no)
)
_ADD = Prepared(insert(cash_discount))
_ADD_PARTS = Prepared(insert(cash_discount_part))
_PAID_LATE = Prepared(
    select(
        exists(
            select(allocation.c.id)
            .join(payment, payment.c.id == allocation.c.payment_id)
            .where(allocation.c.invoice_id == _ITS, payment.c.received_on > bindparam("b_until"))
        )
    )
)
_BILLED = select(func.coalesce(func.sum(invoice_line.c.amount_minor + invoice_line.c.tax_minor), 0)).where(
    invoice_line.c.invoice_id == _ITS
)
_BACK = select(
    func.coalesce(func.sum(credited_line.c.credited_minor + credited_line.c.credited_tax_minor), 0)
).where(credited_line.c.invoice_id == _ITS)
_SHARE = Prepared(select(_BILLED.scalar_subquery().label("billed"), _BACK.scalar_subquery().label("back")))


def granted(connection: Connection, invoice_id: str) -> CashDiscount | None:
    """Return the discount that an invoice was settled with, if it was; its account must be locked."""
    row = connection.execute(_GRANTED, {"b_invoice_id": invoice_id}).one_or_none()
    if row is None:
        return None
    parts = connection.execute(_PARTS, {"b_discount_id": row.id})
    return _to_discount(row, tuple(_to_part(each, row.currency) for each in parts))


def _to_discount(row: Row[Any], parts: tuple[DiscountPart, ...]) -> CashDiscount:
    return CashDiscount(
        discount_id=row.id,
        kind=row.kind,
        number=row.number,
        invoice_id=row.invoice_id,
        customer_id=row.customer_id,
        amount=Money(row.amount_minor, row.currency),
        posted_on=row.posted_on,
        parts=parts,
        payment_id=row.payment_id,
    )


def _to_part(row: Row[Any], currency: str) -> DiscountPart:
    return DiscountPart(Money(row.amount_minor, currency), tax_of(row, currency))


def add(tx: Transaction, new: CashDiscount) -> None:
    """Store a discount; a second one for its invoice breaks a constraint."""
    values = {
        "id": new.discount_id,
        "kind": new.kind,
        "number": new.number,
        "invoice_id": new.invoice_id,
        "customer_id": new.customer_id,
        "payment_id": new.payment_id,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "posted_on": new.posted_on,
        "created_at": tx.now,
    }
    tx.connection.execute(_ADD, [values])
    rows = [
        {
            "discount_id": new.discount_id,
            "part_no": number,
            "amount_minor": part.amount.minor,
            **tax_values(part.tax),
        }
        for number, part in enumerate(new.parts, 1)
    ]
    tx.connection.execute(_ADD_PARTS, rows)


def was_paid_later(connection: Connection, invoice_id: str, until: date) -> bool:
    """Tell whether a part of the invoice was paid with money that came in after the day."""
    wanted = {"b_invoice_id": invoice_id, "b_until": until}
    return bool(connection.execute(_PAID_LATE, wanted).scalar_one())


def credited_share(connection: Connection, invoice_id: str) -> tuple[int, int]:
    """Return what of an invoice's lines is credited, and what they are, in minor units with tax."""
    row = connection.execute(_SHARE, {"b_invoice_id": invoice_id}).one()
    return int(row.back), int(row.billed)


def allowed(connection: Connection, invoice: Invoice, day: date) -> Money:
    """Return what a payment that came in on ``day`` may leave out of what is open of an invoice.

    It is less where a part was credited. Nothing is let off twice, or where a part was paid too late.
    """
    nothing = Money.zero(invoice.total.currency)
    offer, until = invoice.discount, invoice.discount_until
    if offer is None or until is None or day > until or not invoice.open:
        return nothing
    if granted(connection, invoice.invoice_id) or was_paid_later(connection, invoice.invoice_id, until):
        return nothing
    back, billed = credited_share(connection, invoice.invoice_id)
    return offer.share(billed - back, billed) if billed else nothing
