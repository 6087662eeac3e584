"""What happens to credit notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class CreditedLine:
    """What a credit note takes back of an order line; no quantity where only the price was lowered.

    The ``tax`` comes on top of the amount.
    """

    order_line_id: str
    item_id: str
    quantity: Quantity
    amount: Money
    tax: Money | None = None


@event("finance.credit_note.posted.v1", key="order_id")
@dataclass(frozen=True)
class CreditNotePosted:
    """A part of an invoice was taken back; the total is with ``tax``.

    ``settled`` is what was open of the invoice and is not owed any more; ``unallocated``, the rest, was paid already
    and is the customer's to set against other invoices. ``return_id``: the goods that came back, if it is for goods.
    """

    credit_note_id: str
    number: str
    invoice_id: str
    invoice_number: str
    order_id: str
    customer_id: str
    posted_on: date
    total: Money
    settled: Money
    unallocated: Money
    reason: str
    lines: tuple[CreditedLine, ...]
    return_id: str | None = None
    tax: Money | None = None


@event("finance.credit_note.allocated.v1", key="order_id")
@dataclass(frozen=True)
class CreditNoteAllocated:
    """A part of a credit note settled a part of an invoice: its own, or another one of the customer."""

    credit_note_id: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money
