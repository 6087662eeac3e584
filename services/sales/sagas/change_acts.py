"""What the saga of a change says to others, and what it does to the change and its order when they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from libs.common.db import Transaction
from libs.common.envelope import decode
from libs.common.money import Money
from libs.common.outbox import send
from libs.common.quantity import Quantity
from libs.common.saga import Data, Reply
from services.sales.domain.order_change import ChangeState, LineChange, OrderChange
from services.sales.events import (
    AmendReservation,
    HoldCredit,
    LineToAmend,
    LineToReserve,
    ReleaseCredit,
    ReleaseStock,
    ReserveStock,
)
from services.sales.sagas.replies import CreditShort, Rejected, StockShort
from services.sales.store import order_changes, orders
from services.sales.use_cases import change_order


def takes_stock(data: Data) -> bool:
    """Tell whether more of anything is wanted."""
    return bool(data["raises"])


def takes_credit(*, waiting: bool) -> Callable[[Data], bool]:
    """Return whether more credit is needed, and is waited for or not."""
    return lambda data: bool(data["credit"]) and bool(data["may_wait"]) is waiting


def _change(tx: Transaction, data: Data) -> OrderChange:
    found = order_changes.find(tx.connection, data["change_id"])
    assert found is not None, "a saga is about a change that is stored"
    return found


def reserve_raised(tx: Transaction, data: Data) -> ReserveStock:
    """Return the order to reserve what rises, under the change's own id."""
    change = _change(tx, data)
    order = orders.head(tx.connection, change.order_id)
    assert order is not None
    return ReserveStock(
        order_id=change.id,
        order_number=change.number,
        customer_id=order.customer_id,
        ordered_on=order.ordered_on,
        lines=tuple(
            LineToReserve(each.line.id, each.line.item_id, each.raised)
            for each in change.lines
            if each.raised
        ),
        may_wait=change.may_wait,
    )


def release_raised(_tx: Transaction, data: Data) -> ReleaseStock:
    """Return the order to give what rises back."""
    return ReleaseStock(data["change_id"], str(data.get("reason", "")))


def hold_difference(tx: Transaction, data: Data) -> HoldCredit:
    """Return the order to hold what the order comes to more within the customer's limit."""
    change = _change(tx, data)
    order = orders.head(tx.connection, change.order_id)
    assert order is not None
    return HoldCredit(change.id, change.number, order.customer_id, change.difference)


def release_difference(_tx: Transaction, data: Data) -> ReleaseCredit:
    """Return the order to give the credit back."""
    return ReleaseCredit(data["change_id"], str(data.get("reason", "")))


def amend_reservation(tx: Transaction, data: Data) -> AmendReservation:
    """Return the order to let stock and delivery notes be as the change says."""
    change = _change(tx, data)
    return AmendReservation(
        order_id=change.order_id,
        change_id=change.id,
        change_no=change.no,
        reason=change.reason,
        lines=tuple(_to_amend(each, data["shipped"]) for each in change.lines),
        promised_on=change.promised_after,
    )


def _to_amend(each: LineChange, shipped: dict[str, int]) -> LineToAmend:
    line = each.line
    quantity = Quantity.zero() if each.after is None else each.after.quantity
    # What was worked out for what had left holds only as long as no more has; a raise can be evened later.
    seen = Quantity(shipped.get(line.id, 0)) if each.reprices or each.lowered else None
    return LineToAmend(line.id, line.item_id, quantity, seen)


def stock_is_short(tx: Transaction, data: Data, reply: Reply) -> None:
    """Note what the change waits for in the warehouse."""
    change_order.hold_change(tx, data["change_id"], "stock", decode(StockShort, reply.data).figures())


def credit_is_short(tx: Transaction, data: Data, reply: Reply) -> None:
    """Note what the change waits for in the customer's limit."""
    change_order.hold_change(tx, data["change_id"], "credit", decode(CreditShort, reply.data).figures())


def rejected(_tx: Transaction, data: Data, reply: Reply) -> str:
    """Keep the sentence that explains the refusal, and return its code as the reason."""
    view = decode(Rejected, reply.data)
    data["detail"] = view.detail
    return view.reason


def credit_refused(tx: Transaction, data: Data, reply: Reply) -> str:
    """Return why credit was refused; a request that finance would let wait is taken back."""
    if "waits" not in reply.data:
        return rejected(tx, data, reply)
    view = decode(CreditShort, reply.data)
    data["detail"] = ", ".join(f"{name} {figure}" for name, figure in view.figures().items())
    if view.waits:
        back = release_difference(tx, data | {"reason": "credit_refused"})
        send(tx, back, correlation_id=tx.cause.correlation_id or data["order_id"])
    return "credit_refused"


def apply(tx: Transaction, data: Data) -> None:
    """Let the order read as the change says."""
    change_order.apply_change(tx, data["change_id"])


def given_up(tx: Transaction, data: Data, reason: str) -> None:
    """Let the change be over: nothing is held for it, and its order is what it was."""
    change = change_order.locked_change(tx, data["change_id"])
    if change.outcome is None:
        change_order.end_change(tx, change, "rejected", reason, data.get("detail"))
        return
    state: ChangeState = "withdrawn" if change.outcome == "withdrawn" else "rejected"
    change_order.end_change(tx, change, state, change.outcome, change.detail)


def data_of(change: OrderChange, *, credit_check: bool, shipped: dict[str, int]) -> dict[str, Any]:
    """Return what the saga of a change has to know: what it asks for, and how much of each line had left."""
    more = change.difference > Money.zero(change.currency)
    return {
        "change_id": change.id,
        "order_id": change.order_id,
        "raises": any(each.raised for each in change.lines),
        "credit": credit_check and more,
        "may_wait": change.may_wait,
        "shipped": shipped,
    }
