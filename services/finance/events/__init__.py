"""What finance tells others. Names and meanings never change within a major version; fields are only added."""

from services.finance.events.credit import (
    CreditGranted,
    CreditRefused,
    CreditRejected,
    CreditReleased,
    CreditStopChanged,
    LimitChanged,
)
from services.finance.events.credit_notes import (
    CreditedLine,
    CreditNoteAllocated,
    CreditNotePosted,
)
from services.finance.events.invoices import (
    InvoicedLine,
    InvoicePaid,
    InvoicePosted,
    ReminderIssued,
)
from services.finance.events.payables import (
    SupplierInvoiceHeld,
    SupplierInvoicePosted,
    SupplierInvoiceRejected,
    SupplierPaymentMade,
)
from services.finance.events.payments import (
    PaymentAllocated,
    PaymentReceived,
)

__all__ = [
    "CreditGranted",
    "CreditNoteAllocated",
    "CreditNotePosted",
    "CreditRefused",
    "CreditRejected",
    "CreditReleased",
    "CreditStopChanged",
    "CreditedLine",
    "InvoicePaid",
    "InvoicePosted",
    "InvoicedLine",
    "LimitChanged",
    "PaymentAllocated",
    "PaymentReceived",
    "ReminderIssued",
    "SupplierInvoiceHeld",
    "SupplierInvoicePosted",
    "SupplierInvoiceRejected",
    "SupplierPaymentMade",
]
