"""A quotation: what a customer may have, at which price, until when; accepted, it becomes an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.money import Money
from services.sales.domain.amounts import exact_text, in_e11
from services.sales.domain.approval_errors import ApprovalPending
from services.sales.domain.errors import (
    AmountTooLarge,
    DatesReversed,
    NoLines,
    QuotationClosed,
    QuotationExpired,
)
from services.sales.domain.margins import Margin, total_cost
from services.sales.domain.order_type import STANDARD
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.taxes import (
    NO_RULE,
    TaxedDocument,
    TaxRule,
    TaxTotal,
    totals_by_rate,
)
from services.sales.domain.ticket_order import NO_TICKET, AskingTicket

QuotationState = Literal["draft", "pending_approval", "sent", "accepted", "expired", "declined", "cancelled"]
OPEN: tuple[QuotationState, ...] = ("draft", "pending_approval", "sent")
MAX_LINES = 1000


@dataclass(frozen=True)
class Quotation(TaxedDocument, Margin):
    """A quotation. ``total`` is what its required lines and the choice that is offered cost; ``rounding_e11`` is what
    rounding added over these lines, in 10^-11 of the major unit.

    A later ``revision`` ``revises`` the one before it, which is ``superseded_by`` it. ``approval_id`` is the approval
    that it waits for or was sent by; none, where no flow asked for one. ``order_type`` in ``order_type_version`` says
    how the order that it becomes will run. ``decline_reason`` is why it came to nothing, in the words of the customer
    who declined it or of the seller who cancelled it. ``opportunity_id`` is what crm wanted it for, ``ticket`` who
    of the service desk did.
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
    order_type: str = STANDARD
    order_type_version: int = 1
    tax_minor: int = 0
    tax_rule: TaxRule = NO_RULE
    opportunity_id: str | None = None
    ticket: AskingTicket = NO_TICKET

    @property
    def earned(self) -> Money:
        """What the customer pays, without tax."""
        return self.net

    @property
    def cost(self) -> Money | None:
        """What the lines that count cost, where that is known of each; nothing for one read without its lines."""
        return total_cost([line.cost for line in self.lines if line.included], self.currency)

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """The sums of the lines that count for each code and rate of tax."""
        return totals_by_rate(line for line in self.lines if line.included)

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
    require_draft(quotation, "sent")
    return replace(quotation, state="sent", approval_id=None)


def wait_for_approval(quotation: Quotation, approval_id: str) -> Quotation:
    """Return the quotation as waiting to be sent until ``approval_id`` is approved."""
    require_draft(quotation, "sent")
    return replace(quotation, state="pending_approval", approval_id=approval_id)


def send_approved(quotation: Quotation, today: date) -> Quotation:
    """Return the quotation as sent by its approval; one past its last day is not sent any more."""
    if quotation.valid_until < today:
        raise _too_late(quotation)
    return replace(quotation, state="sent")


def back_to_draft(quotation: Quotation) -> Quotation:
    """Return the quotation as a draft again: its approval was refused, or taken back."""
    return replace(quotation, state="draft")


def require_draft(quotation: Quotation, act: str) -> None:
    """Refuse what can be done to a draft only."""
    if quotation.state == "pending_approval":
        raise _pending(quotation)
    if quotation.state != "draft":
        raise _closed(quotation, act)


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


def cancel(quotation: Quotation, reason: str) -> Quotation:
    """Return the quotation as taken back by who sells: nobody can accept it any more, and nobody revises it."""
    if quotation.state not in OPEN:
        raise _closed(quotation, "cancelled")
    return replace(quotation, state="cancelled", decline_reason=reason)


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
    """Return the number of a revision: that of the first one, and which it is from the second on (Q-000012-R2)."""
    first = number.split("-R")[0]
    return first if revision == 1 else f"{first}-R{revision}"


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
