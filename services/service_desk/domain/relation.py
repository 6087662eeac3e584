"""How tickets hang together: merged into one, split from one, following one that is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from libs.common.errors import Invalid, Refused
from services.service_desk.domain.ticket import UNRESOLVED, Ticket

Tie = Literal["merged_into", "split_from", "follows"]
TIES: tuple[Tie, ...] = ("merged_into", "split_from", "follows")


class NotToBeMerged(Refused):
    """Two tickets cannot become one: one of them is past that, or they are not two, or not one customer's."""

    code = "tickets_not_mergeable"


class NothingChosen(Invalid):
    """Nothing would be left, or nothing would be taken."""

    code = "nothing_to_split"


@dataclass(frozen=True)
class Relation:
    """``ticket_id`` is merged into, was split from, or follows ``other_id``."""

    ticket_id: str
    tie: Tie
    other_id: str
    by: str
    at: datetime


def require_mergeable(gone: Ticket, kept: Ticket) -> None:
    """Refuse what cannot become one ticket."""
    if gone.id == kept.id:
        raise NotToBeMerged("a ticket cannot be merged into itself", cure="name another ticket")
    if gone.customer_id != kept.customer_id:
        raise NotToBeMerged(
            "the tickets are of two customers",
            cure="merge only what one customer asks, else it would be read by another",
        )
    for ticket in (gone, kept):
        if ticket.state not in UNRESOLVED:
            raise NotToBeMerged(
                f"ticket {ticket.number} is {ticket.state}",
                cure="merge while both are worked on",
                number=ticket.number,
                state=ticket.state,
            )
