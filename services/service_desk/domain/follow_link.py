"""A customer's link to a ticket: who has it may follow it, answer and rate, without a login. Only its hash is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from libs.common.errors import NotFound, Refused
from services.service_desk.domain.ticket import State

LASTS_DAYS = 90
MOST_DAYS = 365
PER_HOUR = 20
"""So many words and files may come through one link from one address in an hour."""

STATE_TEXTS: dict[State, dict[str, str]] = {
    "new": {"en": "We have received it", "zh": "已收到"},
    "open": {"en": "We are working on it", "zh": "处理中"},
    "pending": {"en": "We wait for your answer", "zh": "等待您的回复"},
    "resolved": {"en": "Resolved; a reply takes it up again", "zh": "已解决；回复即可重新处理"},
    "closed": {"en": "Closed; a reply begins a new ticket", "zh": "已关闭；回复将生成新的工单"},
}
"""What a customer is told of each state, in both languages."""


class TicketLinkClosed(NotFound):
    """The link opens nothing: it never did, it was taken back, or it ran out. Which of these, nobody is told."""

    code = "ticket_link_closed"
    usual_cure = "ask the service desk for a new link"


class NoTicketLink(NotFound):
    """The ticket has no link that is open."""

    code = "ticket_has_no_link"
    usual_cure = "make one with POST"


class TooManyWords(Refused):
    """One address writes more than a person would."""

    code = "too_many_replies"
    usual_cure = "wait an hour, or call the service desk"


@dataclass(frozen=True)
class FollowLink:
    """A link; ``expires_on`` is its last day."""

    id: str
    ticket_id: str
    token_hash: str
    expires_on: date
    created_by: str
    created_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class ShownLink(FollowLink):
    """A link as the desk sees it; ``token`` only where it was just made."""

    token: str | None = None

    @property
    def path(self) -> str | None:
        """The address below the gateway's, as it is sent to the customer."""
        return None if self.token is None else f"/api/v1/public/tickets/{self.token}"


def require_open(link: FollowLink | None, today: date) -> FollowLink:
    """Return the link if it opens anything; refuse in the same words whatever stands against it."""
    if link is None or link.revoked_at is not None or link.expires_on < today:
        raise TicketLinkClosed("this link opens no ticket")
    return link
