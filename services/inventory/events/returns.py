"""Goods that come back, as inventory tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class ReturnLine:
    """A part of a shipped line that is to come back."""

    line_no: int
    order_line_id: str
    item_id: str
    quantity: Quantity
    lot: str | None = None


@event("inventory.return.requested.v1", key="order_id")
@dataclass(frozen=True)
class ReturnRequested:
    """A customer wants to send goods of a delivery back; ``request_id`` as the service desk wanted it, if it did."""

    return_id: str
    number: str
    delivery_id: str
    delivery_number: str
    order_id: str
    order_number: str
    customer_id: str
    reason: str
    lines: tuple[ReturnLine, ...]
    request_id: str | None = None
    ticket_id: str | None = None


@event("inventory.return.not_requested.v1", key="order_id")
@dataclass(frozen=True)
class ReturnNotRequested:
    """What was wanted from a ticket cannot come back: ``code`` names the rule, ``detail`` says it in words."""

    request_id: str
    ticket_id: str
    order_id: str
    code: str
    detail: str


@event("inventory.return.decided.v1", key="order_id")
@dataclass(frozen=True)
class ReturnDecided:
    """A return was answered: ``state`` is approved, rejected or cancelled, ``answer`` says why."""

    return_id: str
    number: str
    order_id: str
    state: str
    answer: str | None = None


@event("inventory.return.received.v1", key="order_id")
@dataclass(frozen=True)
class ReturnReceived:
    """Goods came back into quarantine; ``lines`` hold what was received of each."""

    return_id: str
    number: str
    order_id: str
    warehouse_id: str
    received_on: date
    lines: tuple[ReturnLine, ...]


@dataclass(frozen=True)
class InspectedLine:
    """What was received of a line, and what became of it; ``credit`` is false where the customer gets no credit.

    ``cost`` is what the restocked part was worth when it left, where known. ``serials`` are all that came back.
    """

    order_line_id: str
    item_id: str
    quantity: Quantity
    restocked: Quantity
    scrapped: Quantity
    credit: bool
    lot: str | None = None
    cost: Money | None = None
    serials: tuple[str, ...] = ()
    scrapped_serials: tuple[str, ...] = ()


@event("inventory.return.inspected.v1", key="order_id")
@dataclass(frozen=True)
class ReturnInspected:
    """Everything that came back was inspected; with that the return is closed."""

    return_id: str
    number: str
    delivery_id: str
    delivery_number: str
    order_id: str
    order_number: str
    customer_id: str
    reason: str
    inspected_on: date
    lines: tuple[InspectedLine, ...]
