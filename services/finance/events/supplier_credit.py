"""What happens to suppliers' credit notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.supplier_credit_note.posted.v1", key="supplier_credit_note_id")
@dataclass(frozen=True)
class SupplierCreditNotePosted:
    """A supplier owes us, or we owe it that much less; ``supplier_return_id`` is what it credits, where said."""

    supplier_credit_note_id: str
    number: str
    supplier_id: str
    reference: str
    posted_on: date
    total: Money
    supplier_return_id: str | None = None
