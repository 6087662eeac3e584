"""A customer's link to a quotation: who has it may read and answer it, without a login. Only its hash is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from libs.common.errors import NotFound, Refused
from services.sales.domain.order_type import Process
from services.sales.domain.quotation import Quotation, QuotationState

SHOWN: tuple[QuotationState, ...] = ("sent", "accepted", "declined")
BY_CUSTOMER = "customer"
"""Who placed an order that came by a link; who that was is in the act that is kept."""


class LinkClosed(NotFound):
    """The link opens nothing: it never did, or it was taken back, ran out, or its quotation was replaced.

    Which of these it is, nobody is told.
    """

    code = "quotation_link_closed"
    usual_cure = "ask whoever sent you the quotation for a new link"


class NoLink(NotFound):
    """The quotation has no link that is open."""

    code = "quotation_has_no_link"
    usual_cure = "make one with POST, once the quotation is sent"


class NotSent(Refused):
    """Only what was sent can be answered by the customer."""

    code = "quotation_not_sent"
    usual_cure = "send the quotation first"


class NoLinkToTheCounter(Refused):
    """What is handed over at the counter for cash cannot be accepted from afar."""

    code = "no_link_to_the_counter"
    usual_cure = "sell it with POST /api/v1/counter-sales, or revise it with an order type that is delivered"


class AnsweredAlready(Refused):
    """The quotation was answered otherwise before."""

    code = "quotation_answered"
    usual_cure = "ask whoever sent you the quotation for a new one"


class ChoiceNeedsWord(Refused):
    """What the customer chose needs a word of the company first; why is the company's business."""

    code = "choice_needs_confirmation"
    usual_cure = "choose less, or ask whoever sent you the quotation"


@dataclass(frozen=True)
class Caller:
    """Who stood at the door, as the gateway saw it: the IP address and what the browser calls itself."""

    address: str
    user_agent: str


@dataclass(frozen=True)
class LinkAct:
    """What was done through a link: the evidence of it."""

    id: str
    link_id: str
    quotation_id: str
    revision: int
    deed: Literal["accepted", "declined"]
    name: str
    address: str
    user_agent: str
    at: datetime
    chosen: tuple[int, ...] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class CustomerLink:
    """A link. ``expires_on`` is its last day, that of the quotation."""

    id: str
    quotation_id: str
    token_hash: str
    expires_on: date
    created_by: str
    created_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class ShownLink(CustomerLink):
    """A link as the salesperson sees it; ``token`` only where it was just made, ``answer`` once there is one."""

    token: str | None = None
    answer: LinkAct | None = None

    @property
    def path(self) -> str | None:
        """The address below the gateway's, as it is sent to the customer."""
        return None if self.token is None else f"/api/v1/public/quotations/{self.token}"


def require_sent(quotation: Quotation, today: date) -> None:
    """Refuse a link to what the customer cannot answer."""
    if quotation.state != "sent" or quotation.valid_until < today:
        raise NotSent(f"{quotation.number} is {quotation.state}", state=quotation.state)


def require_delivered(quotation: Quotation, process: Process) -> None:
    """Refuse a link to what would leave, and count as paid in cash, the moment that it is accepted."""
    if process.handover == "counter":
        raise NoLinkToTheCounter(
            f"orders of type {quotation.order_type} are handed over at the counter",
            order_type=quotation.order_type,
        )


def require_open(link: CustomerLink | None, quotation: Quotation | None, today: date) -> Quotation:
    """Return the quotation that the link opens; refuse it in the same words whatever stands against it."""
    if (
        link is None
        or quotation is None
        or link.revoked_at is not None
        or link.expires_on < today
        or quotation.superseded_by is not None
        or quotation.state not in SHOWN
    ):
        raise LinkClosed("this link opens no quotation")
    return quotation
