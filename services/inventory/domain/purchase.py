"""Purchase orders: what was ordered of one supplier for one warehouse, and how much of it has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money, Price
from libs.common.quantity import Quantity

PurchaseState = Literal["draft", "sent", "confirmed", "partially_received", "received", "closed", "cancelled"]
AWAITED: tuple[PurchaseState, ...] = ("sent", "confirmed", "partially_received")
"""The states in which goods are on their way."""
RECEIVABLE: tuple[PurchaseState, ...] = (*AWAITED, "received")


class PurchaseOrderNotFound(NotFound):
    """There is no such purchase order."""

    code = "purchase_order_not_found"
    usual_cure = "choose one from GET /api/v1/purchase-orders"


class PurchaseStateRefuses(Refused):
    """The purchase order is past the point where this could be done."""

    code = "purchase_order_state"


class LineNotOnPurchaseOrder(Invalid):
    """A line was named that is not on the purchase order."""

    code = "line_not_on_purchase_order"


class MoreThanAwaited(Refused):
    """More came in of a line than was ordered and the company's tolerance allows."""

    code = "more_than_awaited"


class OtherSupplier(Refused):
    """A requisition is for another supplier than the purchase order."""

    code = "other_supplier"


class OtherWarehouse(Refused):
    """The requisitions of one purchase order are for different warehouses."""

    code = "other_warehouse"


class OtherCurrency(Refused):
    """The prices of one purchase order are in different currencies."""

    code = "other_currency"


class PriceMissing(Invalid):
    """Nobody knows what the supplier asks for an item."""

    code = "price_missing"


class DayMissing(Invalid):
    """Nobody knows when an item will come in."""

    code = "day_missing"


@dataclass(frozen=True)
class PurchaseLine:
    """What was ordered for one requisition; ``most`` is the most that is taken in, by the tolerance of that day."""

    id: str
    item_id: str
    requisition_id: str
    quantity: Quantity
    most: Quantity
    unit_price: Price
    amount: Money
    expected_on: date
    received: Quantity

    @property
    def outstanding(self) -> Quantity:
        """What has not come in of what was ordered."""
        return max(self.quantity - self.received, Quantity.zero())


@dataclass(frozen=True)
class PurchaseOrder:
    """An order to a supplier.

    *draft*: written, not told to anybody. *sent*: ordered. *confirmed*: the supplier said when. *partially_received*
    and *received*: some or all of every line came in. *closed*: no more will come, or nothing is left to say.
    *cancelled*: given up before anything came. ``approval_id`` is the approval that it waits for, or was sent by.
    """

    id: str
    number: str
    supplier_id: str
    warehouse_id: str
    state: PurchaseState
    total: Money
    drafted_by: str | None = None
    sent_by: str | None = None
    ordered_on: date | None = None
    reference: str | None = None
    reason: str | None = None
    version: int = 1
    lines: tuple[PurchaseLine, ...] = ()
    approval_id: str | None = None

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items on it, in the order in which they are locked."""
        return tuple(sorted({line.item_id for line in self.lines}))

    @property
    def expected_on(self) -> date:
        """The day on which the last of it is expected."""
        return max(line.expected_on for line in self.lines)

    @property
    def fully_received(self) -> bool:
        """Whether at least what was ordered came in of every line."""
        return not any(line.outstanding for line in self.lines)


def send(purchase: PurchaseOrder, by: str | None, today: date) -> PurchaseOrder:
    """Return the order as told to the supplier on ``today``."""
    _require(purchase, ("draft",), "sent")
    return replace(purchase, state="sent", sent_by=by, ordered_on=today)


def confirm(purchase: PurchaseOrder, days: Mapping[str, date]) -> PurchaseOrder:
    """Return the order as the supplier confirmed it: for the lines in ``days`` (by line), when they come."""
    _require(purchase, AWAITED, "confirmed")
    lines = tuple(replace(line, expected_on=days.get(line.id, line.expected_on)) for line in purchase.lines)
    state: PurchaseState = "confirmed" if purchase.state == "sent" else purchase.state
    return replace(purchase, state=state, lines=lines)


def cancel(purchase: PurchaseOrder, reason: str) -> PurchaseOrder:
    """Return the order given up before anything came in."""
    _require(purchase, ("draft", "sent", "confirmed"), "cancelled")
    return replace(purchase, state="cancelled", reason=reason)


def close(purchase: PurchaseOrder, reason: str) -> PurchaseOrder:
    """Return the order with nothing more to come: what is outstanding is given up."""
    _require(purchase, RECEIVABLE, "closed")
    return replace(purchase, state="closed", reason=reason)


def require_receivable(purchase: PurchaseOrder) -> None:
    """Refuse goods of an order that was not sent, or is over."""
    _require(purchase, RECEIVABLE, "received")


def receive(purchase: PurchaseOrder, came: Mapping[str, Quantity]) -> PurchaseOrder:
    """Return the order after ``came`` (by line) has come in."""
    lines = tuple(
        replace(line, received=line.received + came.get(line.id, Quantity.zero())) for line in purchase.lines
    )
    after = replace(purchase, lines=lines)
    return replace(after, state="received" if after.fully_received else "partially_received")


def more_than_awaited(line: PurchaseLine, came: Quantity, field: str) -> MoreThanAwaited:
    """Return the refusal of ``came`` on ``line``, with the figures."""
    left = max(line.most - line.received, Quantity.zero())
    return MoreThanAwaited(
        f"{line.quantity} ordered, {line.received} received: at most {left} more are taken in",
        field=field,
        cure="receive at most that, and send the rest back or order it",
        ordered=line.quantity,
        received=line.received,
        most=line.most,
        left=left,
    )


def _require(purchase: PurchaseOrder, states: Sequence[PurchaseState], verb: str) -> None:
    if purchase.state not in states:
        raise PurchaseStateRefuses(
            f"purchase order {purchase.number} is {purchase.state} and cannot be {verb}",
            cure="read the purchase order again and go on from its present state",
            state=purchase.state,
        )
