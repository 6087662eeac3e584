"""What a technician notices while working on a ticket, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.service_desk.domain.errors import FindingInvalid, TicketStateRefuses
from services.service_desk.domain.ticket import Ticket

FindingKind = Literal["worn", "outgrown", "consumables", "upgrade"]
FINDING_KINDS: tuple[FindingKind, ...] = get_args(FindingKind)


@dataclass(frozen=True)
class Finding:
    """What was noticed: of ``item_id``, which the customer holds; ``wanted_item_id`` is what they may need.

    ``opportunity_id`` and ``owner_id`` are set once crm has put it before the customer's salesperson.
    """

    id: str
    ticket_id: str
    kind: FindingKind
    note: str
    found_by: str
    found_at: datetime
    item_id: str | None = None
    wanted_item_id: str | None = None
    quantity: Quantity | None = None
    opportunity_id: str | None = None
    opportunity_number: str | None = None
    owner_id: str | None = None


@dataclass(frozen=True)
class Earned:
    """An order that came of a finding: what it comes to with tax, and what of it is revenue, without."""

    order_id: str
    order_number: str
    state: str
    order_total: Money
    revenue: Money


def check_wanted(wanted_item_id: str | None, quantity: Quantity | None) -> None:
    """Refuse an item without a quantity, and a quantity of nothing."""
    if (wanted_item_id is None) != (quantity is None):
        field = "quantity" if quantity is None else "wanted_item_id"
        raise FindingInvalid(
            "what is wanted has an item and a quantity", field=field, cure="give both, or neither"
        )


def require_noticeable(ticket: Ticket) -> None:
    """Refuse to note something with a ticket that nobody will touch again."""
    if ticket.state == "closed":
        raise TicketStateRefuses(
            f"ticket {ticket.number} is closed", cure="open another ticket", state=ticket.state
        )
