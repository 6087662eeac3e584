"""What sales orders of inventory and finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import command
from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class LineToReserve:
    """An order line and how much of its item it needs."""

    order_line_id: str
    item_id: str
    quantity: Quantity


@command("inventory.reserve_stock.v1", key="order_id")
@dataclass(frozen=True)
class ReserveStock:
    """Reserve all lines, or let the order wait for what is missing; without ``may_wait`` that is a refusal.

    ``ship_complete``: nothing of it leaves before all of it does. ``source``: ``stock``, or ``to_order`` (what is
    there is left to others, and all of it is got for this order). ``takes_part``: what there is of it is held at once,
    and only the rest is waited for.
    """

    order_id: str
    order_number: str
    customer_id: str
    ordered_on: date
    lines: tuple[LineToReserve, ...]
    promised_on: date | None = None
    ship_complete: bool = False
    may_wait: bool = True
    source: str = "stock"
    takes_part: bool = False


@command("inventory.release_stock.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseStock:
    """Give up what is reserved for the order, and refuse a reservation that arrives later."""

    order_id: str
    reason: str


@command("finance.hold_credit.v1", key="order_id")
@dataclass(frozen=True)
class HoldCredit:
    """Hold the order's amount within the customer's limit, or let it wait for room."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money


@command("finance.release_credit.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseCredit:
    """Give up the credit held for the order, and refuse a hold that arrives later."""

    order_id: str
    reason: str


@command("finance.ask_advance.v1", key="order_id")
@dataclass(frozen=True)
class AskAdvance:
    """Ask the customer for the order's amount before it goes out, and say when the money is there."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money


@command("finance.release_advance.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseAdvance:
    """Keep no money for the order any more, and refuse a request for an advance that arrives later."""

    order_id: str
    reason: str


@dataclass(frozen=True)
class LineToAmend:
    """What is to be of an order line: ``quantity`` of it in all, none where it is taken off the order.

    ``shipped``: so much of it must have left, and no more, for the rest to have another price; not given, it does not
    matter.
    """

    order_line_id: str
    item_id: str
    quantity: Quantity
    shipped: Quantity | None = None


@command("inventory.amend_reservation.v1", key="order_id")
@dataclass(frozen=True)
class AmendReservation:
    """Let what is held for an order, and its delivery notes, be as a change says, whole or not at all.

    What rises was reserved under the change's own id and joins the order here; what falls is free. Refused where goods
    of it have left or were picked. ``change_no`` counts the order's changes.
    """

    order_id: str
    change_id: str
    change_no: int
    reason: str
    lines: tuple[LineToAmend, ...]
    promised_on: date | None = None
