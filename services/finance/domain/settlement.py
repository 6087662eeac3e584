"""What settles an invoice beside money, and money that goes back: never more than is open, never more than is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import require_positive

WriteOffState = Literal["waiting", "posted", "reversed", "rejected", "withdrawn"]
RefundState = Literal["waiting", "posted", "rejected", "withdrawn"]


class ToleranceInvalid(Invalid):
    """A tolerance is less than nothing."""

    code = "write_off_tolerance_invalid"


class WriteOffNotFound(NotFound):
    """There is no such write-off, or the caller may not know of it."""

    code = "write_off_not_found"
    usual_cure = "choose one from GET /api/v1/write-offs"


class WriteOffExceedsInvoice(Refused):
    """The invoice has less open than is to be written off."""

    code = "write_off_exceeds_invoice"


class WriteOffNotPosted(Refused):
    """Only a write-off that is posted can be reversed, once."""

    code = "write_off_not_posted"
    usual_cure = "choose one that is posted"


class RefundNotFound(NotFound):
    """There is no such refund, or the caller may not know of it."""

    code = "refund_not_found"
    usual_cure = "choose one from GET /api/v1/refunds"


class RefundInvalid(Invalid):
    """A refund is of a payment or of a credit note: of one of them."""

    code = "refund_invalid"


class RefundExceedsFree(Refused):
    """The payment or credit note has less left than is to go back."""

    code = "refund_exceeds_free"


class RefundUncovers(Refused):
    """Orders and invoices of the customer are covered by this money: without it the credit limit is passed."""

    code = "refund_uncovers_credit"
    usual_cure = "set the money against open invoices, raise the limit, or refund no more than the room"


@dataclass(frozen=True)
class WriteOff:
    """A part of an invoice that the company gives up: a small difference by itself, more with another's yes.

    ``posted_on`` is known once it is posted, ``reversed_on`` once a counter-entry took it back.
    """

    write_off_id: str
    number: str
    invoice_id: str
    customer_id: str
    amount: Money
    reason: str
    requested_by: str
    requested_at: datetime
    state: WriteOffState = "waiting"
    approval_id: str | None = None
    posted_on: date | None = None
    reversed_on: date | None = None
    version: int = 1


@dataclass(frozen=True)
class Refund:
    """Money that goes back to the customer, from what a payment or a credit note has left."""

    refund_id: str
    number: str
    payment_id: str | None
    credit_note_id: str | None
    customer_id: str
    amount: Money
    reason: str
    requested_by: str
    requested_at: datetime
    approval_id: str
    state: RefundState = "waiting"
    posted_on: date | None = None
    version: int = 1


def check_tolerance(amount: Money) -> None:
    """Refuse a tolerance below zero."""
    if amount.minor < 0:
        raise ToleranceInvalid(
            "a tolerance may not be negative", field="amount.amount", cure="give 0 or more"
        )


def check_write_off(invoice: Invoice, amount: Money) -> None:
    """Refuse to write off nothing, in another currency, or more than is open."""
    require_positive(amount, invoice.total.currency, "amount")
    if amount > invoice.open:
        raise WriteOffExceedsInvoice(
            f"{invoice.number} has {invoice.open} open",
            field="amount",
            cure="write off no more than is open",
            open=invoice.open,
            asked=amount,
        )


def needs_approval(amount: Money, before: Money, tolerance: Money) -> bool:
    """Tell whether a write-off needs another's yes; ``before`` is what was written off of the invoice without one.

    Else a large difference could be given up in small parts.
    """
    return amount + before > tolerance


def check_refund(account: Account, number: str, left: Money, amount: Money) -> None:
    """Refuse to give back nothing, more than is left, or what covers the customer's orders beyond the limit."""
    require_positive(amount, account.currency, "amount")
    if amount > left:
        raise RefundExceedsFree(
            f"{number} has {left} left",
            field="amount",
            cure="give back no more than is left",
            left=left,
            asked=amount,
        )
    if account.room is not None and amount > account.room:
        raise RefundUncovers(
            f"{account.name} has {account.room} of room below the limit",
            field="amount",
            room=account.room,
            exposure=account.exposure,
            limit=account.limit,
        )
