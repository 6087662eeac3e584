"""What finance tells others. Names and meanings never change within a major version; fields are only added."""

from services.finance.events.advances import (
    AdvanceCovered,
    AdvanceRejected,
    AdvanceReleased,
    AdvanceRequested,
)
from services.finance.events.amending import OrderAmended
from services.finance.events.approvals import (
    ApprovalEnded,
    ApprovalEscalated,
    ApprovalRequested,
)
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
from services.finance.events.delivery_credit import (
    DeliveryCheckSet,
    DeliveryCreditClosed,
    DeliveryCreditGranted,
    DeliveryCreditRefused,
)
from services.finance.events.invoices import (
    DeliveryNotInvoiced,
    InvoicedLine,
    InvoicePaid,
    InvoicePosted,
    ReminderIssued,
    UninvoicedLine,
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
from services.finance.events.settlement import (
    CashDiscountGranted,
    CashDiscountReversed,
    RefundPosted,
    WriteOffPosted,
    WriteOffReversed,
)
from services.finance.events.supplier_credit import SupplierCreditNotePosted

__all__ = [
    "AdvanceCovered",
    "AdvanceRejected",
    "AdvanceReleased",
    "AdvanceRequested",
    "ApprovalEnded",
    "ApprovalEscalated",
    "ApprovalRequested",
    "CashDiscountGranted",
    "CashDiscountReversed",
    "CreditGranted",
    "CreditNoteAllocated",
    "CreditNotePosted",
    "CreditRefused",
    "CreditRejected",
    "CreditReleased",
    "CreditStopChanged",
    "CreditedLine",
    "DeliveryCheckSet",
    "DeliveryCreditClosed",
    "DeliveryCreditGranted",
    "DeliveryCreditRefused",
    "DeliveryNotInvoiced",
    "InvoicePaid",
    "InvoicePosted",
    "InvoicedLine",
    "LimitChanged",
    "OrderAmended",
    "PaymentAllocated",
    "PaymentReceived",
    "RefundPosted",
    "ReminderIssued",
    "SupplierCreditNotePosted",
    "SupplierInvoiceHeld",
    "SupplierInvoicePosted",
    "SupplierInvoiceRejected",
    "SupplierPaymentMade",
    "UninvoicedLine",
    "WriteOffPosted",
    "WriteOffReversed",
]
