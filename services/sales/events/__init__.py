"""What sales tells others and orders of them. Within a major version fields are only added."""

from services.sales.events.approvals import (
    AskedStepTold,
    QuotationApprovalEscalated,
    QuotationApprovalRequested,
    QuotationApprovalWithdrawn,
    QuotationApproved,
    QuotationRejected,
)
from services.sales.events.commands import (
    HoldCredit,
    LineToReserve,
    ReleaseCredit,
    ReleaseStock,
    ReserveStock,
)
from services.sales.events.orders import (
    GivenUpLine,
    OrderCancelled,
    OrderClosedShort,
    OrderCompleted,
    OrderConfirmed,
    OrderedLine,
    OrderHeld,
    OrderHoldEscalated,
    OrderHoldReleased,
    OrderPlaced,
    OrderRecorded,
)
from services.sales.events.quotations import (
    QuotationAccepted,
    QuotationDeclined,
    QuotationExpired,
    QuotationIssued,
    QuotationRevised,
    QuotationSent,
)

__all__ = [
    "AskedStepTold",
    "GivenUpLine",
    "HoldCredit",
    "LineToReserve",
    "OrderCancelled",
    "OrderClosedShort",
    "OrderCompleted",
    "OrderConfirmed",
    "OrderHeld",
    "OrderHoldEscalated",
    "OrderHoldReleased",
    "OrderPlaced",
    "OrderRecorded",
    "OrderedLine",
    "QuotationAccepted",
    "QuotationApprovalEscalated",
    "QuotationApprovalRequested",
    "QuotationApprovalWithdrawn",
    "QuotationApproved",
    "QuotationDeclined",
    "QuotationExpired",
    "QuotationIssued",
    "QuotationRejected",
    "QuotationRevised",
    "QuotationSent",
    "ReleaseCredit",
    "ReleaseStock",
    "ReserveStock",
]
