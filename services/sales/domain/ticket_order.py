"""What the service desk wants of sales for a ticket: a replacement at once, or a quotation for a repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.order_type import STANDARD

TicketOrderKind = Literal["replacement", "repair"]
KINDS: tuple[TicketOrderKind, ...] = get_args(TicketOrderKind)
FREE = "replacement"
"""The order type of what costs the customer nothing; it asks for no credit."""


@dataclass(frozen=True)
class AskingTicket:
    """The ticket that wanted something; ``ticket_request_id`` names what, once. Documents that come of it bear all."""

    ticket_request_id: str | None = None
    ticket_id: str | None = None
    ticket_number: str | None = None


NO_TICKET = AskingTicket()


@dataclass(frozen=True)
class TicketOrder:
    """What a ticket wanted; ``request_id`` names it."""

    request_id: str
    ticket_id: str
    ticket_number: str
    kind: TicketOrderKind

    @property
    def asking(self) -> AskingTicket:
        """Return it as its documents bear it."""
        return AskingTicket(self.request_id, self.ticket_id, self.ticket_number)


@dataclass(frozen=True)
class WantedOrder:
    """What is wanted, in whose name. A replacement without a ``unit_price`` is free; a repair costs what it costs."""

    ticket: TicketOrder
    customer_id: str
    wanted_by: str
    item_id: str
    quantity: Quantity
    unit_price: Price | None = None

    def price(self, currency: str) -> Price | None:
        """Return the price that is given by hand, if any, for a customer who buys in ``currency``."""
        if self.ticket.kind == "replacement" and self.unit_price is None:
            return Price(0, currency)
        return self.unit_price

    @property
    def order_type(self) -> str:
        """The order type that fits."""
        is_free = self.unit_price is None or self.unit_price.e4 == 0
        return FREE if self.ticket.kind == "replacement" and is_free else STANDARD


@dataclass(frozen=True)
class OfTicket:
    """A quotation, and the order that it became, of what a ticket wanted; ``total`` is with tax."""

    request_id: str
    ticket_id: str
    quotation_id: str
    quotation_number: str
    total: Money
    order_id: str | None = None
    order_number: str | None = None


def kind_of(word: str) -> TicketOrderKind:
    """Read the kind as the desk tells it."""
    if word not in KINDS:
        raise ValueError(f"no kind of order for a ticket: {word[:40]!r}")
    return word
