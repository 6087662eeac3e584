"""What inventory hears from finance: what the suppliers have credited."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.inventory.use_cases.return_to_supplier import note_credited

subscriptions = Subscriptions("inventory")


@dataclass(frozen=True)
class SupplierCredited:
    """What is read of ``finance.supplier_credit_note.posted.v1``."""

    number: str
    supplier_return_id: str | None = None


@subscriptions.on("finance.supplier_credit_note.posted.v1", SupplierCredited)
def supplier_credited(tx: Transaction, view: SupplierCredited, message: Message) -> None:
    """Note on the return that the supplier has credited it."""
    if view.supplier_return_id is not None:
        note_credited(tx, view.supplier_return_id, view.number)
