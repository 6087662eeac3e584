"""What settles an invoice beside money, and money that goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.write_off.posted.v1", key="order_id")
@dataclass(frozen=True)
class WriteOffPosted:
    """A part of an invoice is given up; it is not owed any more."""

    write_off_id: str
    number: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money
    posted_on: date
    reason: str


@event("finance.write_off.reversed.v1", key="order_id")
@dataclass(frozen=True)
class WriteOffReversed:
    """What was given up of an invoice is owed again."""

    write_off_id: str
    number: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money
    reversed_on: date
    reason: str


@event("finance.refund.posted.v1", key="customer_id")
@dataclass(frozen=True)
class RefundPosted:
    """Money goes back to a customer, from what a payment or a credit note had left."""

    refund_id: str
    number: str
    customer_id: str
    amount: Money
    posted_on: date
    reason: str
    payment_id: str | None = None
    credit_note_id: str | None = None


@event("finance.cash_discount.granted.v1", key="order_id")
@dataclass(frozen=True)
class CashDiscountGranted:
    """An invoice was paid early, and a part of it, with its ``tax``, is not owed any more."""

    discount_id: str
    number: str
    invoice_id: str
    order_id: str
    customer_id: str
    payment_id: str
    amount: Money
    tax: Money
    posted_on: date


@event("finance.cash_discount.reversed.v1", key="order_id")
@dataclass(frozen=True)
class CashDiscountReversed:
    """A part of a discount is owed again, because what it was granted for is credited."""

    discount_id: str
    number: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money
    tax: Money
    posted_on: date
