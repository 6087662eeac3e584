"""What happens to supplier invoices and payments to suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.supplier_invoice.posted.v1", key="supplier_invoice_id")
@dataclass(frozen=True)
class SupplierInvoicePosted:
    """A supplier invoice is owed; with a ``reason`` a person let it pass in spite of its differences."""

    supplier_invoice_id: str
    number: str
    supplier_id: str
    reference: str
    posted_on: date
    due_on: date
    total: Money
    reason: str | None = None


@event("finance.supplier_invoice.held.v1", key="supplier_invoice_id")
@dataclass(frozen=True)
class SupplierInvoiceHeld:
    """A supplier invoice differs from what was ordered or received; ``mismatches``: ``quantity``, ``price`` or both."""

    supplier_invoice_id: str
    number: str
    supplier_id: str
    reference: str
    total: Money
    mismatches: tuple[str, ...]


@event("finance.supplier_invoice.rejected.v1", key="supplier_invoice_id")
@dataclass(frozen=True)
class SupplierInvoiceRejected:
    """A supplier invoice will not be paid as it stands."""

    supplier_invoice_id: str
    number: str
    supplier_id: str
    reference: str
    total: Money
    reason: str


@event("finance.supplier_payment.made.v1", key="supplier_payment_id")
@dataclass(frozen=True)
class SupplierPaymentMade:
    """Money went to a supplier, for these of its invoices."""

    supplier_payment_id: str
    number: str
    supplier_id: str
    amount: Money
    paid_on: date
    reference: str
    supplier_invoice_ids: tuple[str, ...]
