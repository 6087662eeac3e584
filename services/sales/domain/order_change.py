"""A change of a confirmed order: a document of its own, decided once, that leaves the order as it was or as it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from libs.common.approvals.approval import Approval
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.amending import amended, lowered, raised
from services.sales.domain.change_errors import (
    ChangeEnded,
    NothingLeftOfOrder,
    OrderNotChangeable,
    TypeNotChangeable,
)
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.order_type import Process

ChangeState = Literal["pending_approval", "checking", "applied", "rejected", "withdrawn"]
OPEN: tuple[ChangeState, ...] = ("pending_approval", "checking")
DOCUMENT = "order_change"
Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class LineChange:
    """A line before and after; nothing where it is not. ``trace`` is how it was priced, where it was priced anew."""

    before: OrderLine | None
    after: OrderLine | None
    trace: Mapping[str, Any] | None = None

    @property
    def line(self) -> OrderLine:
        """The line as it is now, or was last."""
        found = self.after or self.before
        assert found is not None, "a change is of a line"
        return found

    @property
    def kind(self) -> Kind:
        """What becomes of the line."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def raised(self) -> Quantity:
        """By how much more is wanted."""
        return raised(self.before, self.after)

    @property
    def lowered(self) -> Quantity:
        """By how much less is wanted."""
        return lowered(self.before, self.after)

    @property
    def reprices(self) -> bool:
        """Whether what has not left has another price or discount."""
        old, new = self.before, self.after
        if old is None or new is None:
            return False
        return (old.unit_price, old.discount_bp) != (new.unit_price, new.discount_bp)


@dataclass(frozen=True)
class OrderChange:
    """A change, its lines and what the order comes to before and after it.

    *pending_approval*: others must say yes first. *checking*: stock and credit are asked for what rises; ``figures``
    say what it waits for. *applied*: the order is as it says. *rejected* and *withdrawn*: the order is what it was, and
    ``detail`` says why. With ``may_wait`` what is not there is waited for. ``based_on`` is the order's version.
    """

    id: str
    order_id: str
    no: int
    number: str
    reason: str
    created_by: str
    created_at: datetime
    based_on: int
    currency: str
    total_before: Money
    total_after: Money
    tax_before: Money
    tax_after: Money
    promised_before: date | None
    promised_after: date | None
    may_wait: bool
    lines: tuple[LineChange, ...]
    state: ChangeState = "checking"
    ended_at: datetime | None = None
    outcome: str | None = None
    detail: str | None = None
    figures: Mapping[str, str] | None = None
    approval_id: str | None = None
    version: int = 1

    @property
    def difference(self) -> Money:
        """What the order comes to more; below zero where it is less."""
        return self.total_after - self.total_before

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.state in OPEN


@dataclass(frozen=True)
class ShownChange(OrderChange):
    """A change, and the ``approval`` that it waits for where it was proposed just now."""

    approval: Approval | None = None


def check_changeable(order: Order, process: Process) -> None:
    """Refuse to change an order that is not on its way to the customer, or is of a type that is settled at once."""
    if order.is_recorded:
        raise OrderNotChangeable(
            f"{order.number} was brought in from another system",
            cure="change it there",
            state=order.state,
        )
    if order.cancel_requested_at is not None:
        raise OrderNotChangeable(
            f"{order.number} is being cancelled", cure="make a new order", state=order.state
        )
    if order.state not in ("confirmed", "processing"):
        cure = "wait until it is confirmed, or cancel it" if order.state == "pending" else "make a new order"
        raise OrderNotChangeable(f"{order.number} is {order.state}", cure=cure, state=order.state)
    if not any(line.to_ship for line in order.lines):
        raise OrderNotChangeable(
            f"all of {order.number} has left",
            cure="make a new order for more, take goods back as a return, or credit a price with a credit note",
            state=order.state,
        )
    _check_type(order, process)


def _check_type(order: Order, process: Process) -> None:
    if process.handover == "counter":
        _refuse_type(order, "is handed over at the counter", "take the goods back, or sell again")
    if process.payment == "advance":
        _refuse_type(
            order, "is paid in advance", "make another order for what is added, or cancel it and order anew"
        )
    if process.down_payment_bp:
        _refuse_type(
            order,
            "was paid in part ahead, by a share of what it came to",
            "make another order for what is added, or post a credit note",
        )
    if process.invoice == "order":
        _refuse_type(
            order, "was invoiced as a whole", "make another order for what is added, or post a credit note"
        )


def check_source(order: Order, process: Process, lines: tuple[LineChange, ...]) -> None:
    """Refuse other quantities of what is got for this order alone: the supplier was told how much."""
    if process.source != "stock" and any(line.raised or line.lowered for line in lines):
        _refuse_type(order, "is got for this customer alone", "make another order for what is added")


def _refuse_type(order: Order, why: str, cure: str) -> None:
    raise TypeNotChangeable(f"{order.number} {why}", cure=cure, order_type=order.order_type)


def after_change(order: Order, change: OrderChange) -> Order:
    """Return the order as the change says; how far its lines have come stays as it is now."""
    now = {line.id: line for line in order.lines}
    for each in change.lines:
        if each.after is None:
            del now[each.line.id]
        else:
            now[each.line.id] = _as_far_as(now.get(each.line.id), each.after)
    return amended(order, list(now.values()), change.promised_after)


def _as_far_as(now: OrderLine | None, after: OrderLine) -> OrderLine:
    if now is None:
        return after
    return replace(
        after,
        shipped=now.shipped,
        invoiced=now.invoiced,
        given_up=now.given_up,
        not_invoiced=now.not_invoiced,
    )


def require_something_left(order: Order, after: Order) -> None:
    """Refuse a change after which nothing of the order was or will be shipped."""
    if not any(line.to_ship or line.shipped for line in after.lines):
        raise NothingLeftOfOrder(f"nothing of {order.number} would be left", field="lines")


def ended(
    change: OrderChange, state: ChangeState, now: datetime, outcome: str | None, detail: str | None
) -> OrderChange:
    """Return the change as decided, once."""
    if not change.is_open:
        raise ChangeEnded(f"{change.number} is {change.state}", state=change.state)
    return replace(change, state=state, ended_at=now, outcome=outcome, detail=detail)
