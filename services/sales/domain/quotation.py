"""A quotation: what a customer may have, at which price, until when; accepted, it becomes an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import LineAmount, exact_text, in_e11, line_amount, percent
from services.sales.domain.approval_errors import ApprovalPending
from services.sales.domain.errors import (
    AmountTooLarge,
    DatesReversed,
    NoLines,
    QuotationClosed,
    QuotationExpired,
)
from services.sales.domain.pricing import PriceTrace
from services.sales.domain.taxes import (
    NO_RULE,
    LineTax,
    Taxed,
    TaxedDocument,
    TaxRule,
    TaxTotal,
    totals_by_rate,
)
from services.sales.domain.traces import from_data

QuotationState = Literal["draft", "pending_approval", "sent", "accepted", "expired", "declined", "cancelled"]
OPEN: tuple[QuotationState, ...] = ("draft", "pending_approval", "sent")
MAX_LINES = 1000


@dataclass(frozen=True)
class QuotationLine(Taxed):
    """A priced line; sku, name and unit are those of the day, whatever becomes of the item.

    ``promotion`` is what promotions took off it. ``trace_data`` is how it came to its price, as plain data, for it is
    shown more often than looked into; ``None`` where it was not asked for.
    """

    id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Quantity
    unit_price: Price
    discount_bp: int
    amount: Money
    promotion: Money
    trace_data: Mapping[str, Any] | None
    tax: LineTax | None = None

    @property
    def price_trace(self) -> PriceTrace:
        """How the line came to its price."""
        if self.trace_data is None:
            raise LookupError(f"line {self.line_no} was read without its trace")
        return from_data(self.trace_data)

    @property
    def worth(self) -> LineAmount:
        """The amount together with the exact one."""
        return line_amount(self.unit_price, self.quantity, self.discount_bp).less(self.promotion)

    @property
    def exact_amount(self) -> str:
        """The amount before rounding, as plain digits."""
        return exact_text(self.worth.exact_e11, self.unit_price.currency)

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a percentage."""
        return percent(self.discount_bp)


@dataclass(frozen=True)
class Quotation(TaxedDocument):
    """A quotation. ``rounding_e11`` is what rounding added over all lines, in 10^-11 of the major unit.

    A later ``revision`` ``revises`` the one before it, which is ``superseded_by`` it. ``approval_id`` is the approval
    that it waits for or was sent by; none, where no flow asked for one.
    """

    id: str
    number: str
    state: QuotationState
    customer_id: str
    currency: str
    issued_on: date
    valid_until: date
    total: Money
    rounding_e11: int
    lines_rounded: int
    lines: tuple[QuotationLine, ...]
    created_by: str
    promised_on: date | None = None
    order_id: str | None = None
    decline_reason: str | None = None
    revision: int = 1
    revises: str | None = None
    superseded_by: str | None = None
    channel: str | None = None
    coupon: str | None = None
    approval_id: str | None = None
    version: int = 1
    tax_minor: int = 0
    tax_rule: TaxRule = NO_RULE

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """The sums of the lines for each code and rate of tax."""
        return totals_by_rate(self.lines)

    @property
    def exact_total(self) -> str:
        """What the prices make before rounding, as plain digits."""
        return exact_text(in_e11(self.priced) - self.rounding_e11, self.currency)


def check_request(lines: int, issued_on: date, valid_until: date) -> None:
    """Refuse a request whose shape is wrong before anything is looked up for it."""
    check_line_count(lines)
    if valid_until < issued_on:
        raise DatesReversed(
            "the quotation would end before it begins", field="valid_until", issued_on=issued_on
        )


def check_line_count(lines: int) -> None:
    """Refuse more lines than a quotation has, and none."""
    if not 1 <= lines <= MAX_LINES:
        raise NoLines(f"a quotation has 1 to {MAX_LINES} lines", field="lines")


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of the amounts."""
    try:
        return Money.total(amounts, currency)
    except ValueError:
        raise AmountTooLarge("the total cannot be booked", field="lines") from None


def send(quotation: Quotation) -> Quotation:
    """Return the quotation as sent to the customer; only a draft can be."""
    _require_draft(quotation)
    return replace(quotation, state="sent", approval_id=None)


def wait_for_approval(quotation: Quotation, approval_id: str) -> Quotation:
    """Return the quotation as waiting to be sent until ``approval_id`` is approved."""
    _require_draft(quotation)
    return replace(quotation, state="pending_approval", approval_id=approval_id)


def send_approved(quotation: Quotation, today: date) -> Quotation:
    """Return the quotation as sent by its approval; one past its last day is not sent any more."""
    if quotation.valid_until < today:
        raise _too_late(quotation)
    return replace(quotation, state="sent")


def back_to_draft(quotation: Quotation) -> Quotation:
    """Return the quotation as a draft again: its approval was refused, or taken back."""
    return replace(quotation, state="draft")


def _require_draft(quotation: Quotation) -> None:
    if quotation.state == "pending_approval":
        raise _pending(quotation)
    if quotation.state != "draft":
        raise _closed(quotation, "sent")


def accept(quotation: Quotation, order_id: str, today: date) -> Quotation:
    """Return the quotation as accepted, for ``order_id``; refuse a closed one and one past its last day."""
    if quotation.state == "expired" or (quotation.state in OPEN and quotation.valid_until < today):
        raise _too_late(quotation)
    if quotation.state == "pending_approval":
        raise _pending(quotation)
    if quotation.state not in OPEN:
        raise _closed(quotation, "accepted")
    return replace(quotation, state="accepted", order_id=order_id)


def decline(quotation: Quotation, reason: str | None) -> Quotation:
    """Return the quotation as declined by the customer."""
    if quotation.state not in OPEN:
        raise _closed(quotation, "declined")
    return replace(quotation, state="declined", decline_reason=reason)


def require_revisable(quotation: Quotation) -> None:
    """Refuse to revise what was accepted, and what was cancelled or revised before."""
    if quotation.state in ("accepted", "cancelled") or quotation.superseded_by is not None:
        raise _closed(quotation, "revised")


def supersede(quotation: Quotation, by: str) -> Quotation:
    """Return the quotation as superseded by its next revision, which closes it; an accepted one stands.

    One that was declined or ran out stays so: that is what the customer answered to it.
    """
    require_revisable(quotation)
    state: QuotationState = "cancelled" if quotation.state in OPEN else quotation.state
    return replace(quotation, state=state, superseded_by=by)


def revised_number(number: str, revision: int) -> str:
    """Return the number of a revision: that of the first one, and which it is (Q-000012-R2)."""
    return f"{number.split('-R')[0]}-R{revision}"


def expire(quotation: Quotation) -> Quotation:
    """Return the quotation as expired."""
    if quotation.state not in OPEN:
        raise _closed(quotation, "expired")
    return replace(quotation, state="expired")


def _too_late(quotation: Quotation) -> QuotationExpired:
    return QuotationExpired(
        f"{quotation.number} was valid until {quotation.valid_until.isoformat()}",
        cure="Issue a new quotation.",
        valid_until=quotation.valid_until,
    )


def _pending(quotation: Quotation) -> ApprovalPending:
    return ApprovalPending(f"{quotation.number} waits for approval", approval_id=quotation.approval_id)


def _closed(quotation: Quotation, act: str) -> QuotationClosed:
    known = {"order_id": quotation.order_id, "superseded_by": quotation.superseded_by}
    figures = {name: value for name, value in known.items() if value is not None}
    cure = "go on with the revision that superseded it" if quotation.superseded_by else None
    message = f"{quotation.number} is {quotation.state} and cannot be {act}"
    return QuotationClosed(message, cure=cure, state=quotation.state, **figures)
