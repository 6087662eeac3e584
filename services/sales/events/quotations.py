"""What happens to quotations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money


@event("sales.quotation.issued.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationIssued:
    """A quotation was drawn up; it may be accepted until ``valid_until``, that day included."""

    quotation_id: str
    number: str
    customer_id: str
    total: Money
    valid_until: date


@event("sales.quotation.sent.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationSent:
    """The customer has the quotation."""

    quotation_id: str
    number: str


@event("sales.quotation.revised.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationRevised:
    """The quotation is superseded by ``revision_id``, its revision number ``revision``."""

    quotation_id: str
    number: str
    revision_id: str
    revision_number: str
    revision: int


@event("sales.quotation.accepted.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationAccepted:
    """The customer accepted; the order that came of it is ``order_id``."""

    quotation_id: str
    number: str
    order_id: str


@event("sales.quotation.expired.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationExpired:
    """The last day of validity passed without an answer."""

    quotation_id: str
    number: str


@event("sales.quotation.cancelled.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationCancelled:
    """Who sells took it back before the customer had answered."""

    quotation_id: str
    number: str
    reason: str


@event("sales.quotation.declined.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationDeclined:
    """The customer does not want it."""

    quotation_id: str
    number: str
    reason: str | None = None
