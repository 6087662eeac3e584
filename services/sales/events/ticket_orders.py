"""What sales answers when the service desk wants a replacement, or a quotation for a repair."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("sales.ticket_order.moved.v1", key="request_id")
@dataclass(frozen=True)
class TicketOrderMoved:
    """What was wanted from a ticket came a step further.

    ``state``: quoted (``detail`` says what it waits for), declined, expired, placed, confirmed, part_shipped, shipped,
    delivered (``detail`` is the number of the delivery), cancelled. ``total`` is with tax, of the order once there is
    one.
    """

    request_id: str
    ticket_id: str
    state: str
    quotation_id: str
    quotation_number: str
    total: Money
    order_id: str | None = None
    order_number: str | None = None
    detail: str | None = None


@event("sales.ticket_order.refused.v1", key="request_id")
@dataclass(frozen=True)
class TicketOrderRefused:
    """What was wanted from a ticket cannot be sold: ``code`` names the rule, ``detail`` says it in words."""

    request_id: str
    ticket_id: str
    code: str
    detail: str
