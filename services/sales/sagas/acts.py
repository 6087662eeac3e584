"""What the order-to-cash saga says to others, and what it does to its own order when they answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from libs.common.db import Transaction
from libs.common.envelope import decode
from libs.common.saga import Data, Reply
from services.sales.domain.holds import HoldCode
from services.sales.domain.order_type import Process, Reserve, from_data
from services.sales.events import (
    AskAdvance,
    HoldCredit,
    LineToReserve,
    ReleaseAdvance,
    ReleaseCredit,
    ReleaseStock,
    ReserveStock,
)
from services.sales.sagas.changing import stop_open_change
from services.sales.sagas.replies import PARTLY, AdvanceMissing, CreditShort, Rejected, StockShort
from services.sales.use_cases import cancel_order, hold_order
from services.sales.use_cases.confirm_order import confirm_order
from services.sales.use_cases.record_backorder import record_backorder
from services.sales.use_cases.telling import locked_head, locked_order


def process_of(data: Data) -> Process:
    """Return the process that the order was made with."""
    return from_data(data.get("process"))


def reserves(*times: Reserve) -> Callable[[Data], bool]:
    """Return whether an order takes its stock at one of these times."""
    return lambda data: process_of(data).reserve in times


def reserve_from(data: Data) -> datetime | None:
    """Return from when on the order may take stock, where its type says so."""
    given = data.get("reserve_from")
    return None if given is None else datetime.fromisoformat(given)


def wait_for_the_day(tx: Transaction, data: Data) -> None:
    """Hold the order until its stock may be taken, and for as long as any hold after that."""
    moment = reserve_from(data)
    assert moment is not None, "only what has its day is held back"
    days = (moment - tx.now).days + 1 + int(data["hold_days"])
    hold_order.hold_order(tx, data["order_id"], "date", {"reserved_on": moment.date().isoformat()}, days=days)


def the_day_has_come(tx: Transaction, data: Data) -> None:
    """Release the hold, for the stock is asked for now."""
    hold_order.release_hold(tx, data["order_id"], "date", "the day")


def asks_for_credit(data: Data) -> bool:
    """Tell whether the customer's limit is asked."""
    return process_of(data).credit_check


def asks_for_advance(data: Data) -> bool:
    """Tell whether the order is paid before it goes out."""
    return process_of(data).payment == "advance"


def reserve_stock(tx: Transaction, data: Data) -> ReserveStock:
    """Return the order to reserve every line."""
    order, process = locked_order(tx, data["order_id"]), process_of(data)
    return ReserveStock(
        order_id=order.id,
        order_number=order.number,
        customer_id=order.customer_id,
        ordered_on=order.ordered_on,
        promised_on=order.promised_on,
        lines=tuple(LineToReserve(line.id, line.item_id, line.quantity) for line in order.lines),
        ship_complete=process.shipping == "complete",
        may_wait=process.shortage == "wait",
        source=process.source,
        takes_part=process.allocation == "partial",
    )


def release_stock(tx: Transaction, data: Data) -> ReleaseStock:
    """Return the order to give the stock back."""
    return ReleaseStock(data["order_id"], str(data.get("reason", "")))


def hold_credit(tx: Transaction, data: Data) -> HoldCredit:
    """Return the order to hold the total within the customer's limit."""
    order = locked_head(tx, data["order_id"])
    return HoldCredit(order.id, order.number, order.customer_id, order.total)


def release_credit(tx: Transaction, data: Data) -> ReleaseCredit:
    """Return the order to give the credit back."""
    return ReleaseCredit(data["order_id"], str(data.get("reason", "")))


def ask_advance(tx: Transaction, data: Data) -> AskAdvance:
    """Return the order to ask for the total, and to keep what comes in for it."""
    order = locked_head(tx, data["order_id"])
    return AskAdvance(order.id, order.number, order.customer_id, order.total)


def release_advance(tx: Transaction, data: Data) -> ReleaseAdvance:
    """Return the order to keep no money for it any more."""
    return ReleaseAdvance(data["order_id"], str(data.get("reason", "")))


def stock_is_short(tx: Transaction, data: Data, reply: Reply) -> None:
    """Hold the order until the warehouse has the goods."""
    short = decode(StockShort, reply.data)
    hold_order.hold_order(tx, data["order_id"], "stock", short.figures(), days=data["hold_days"])
    record_backorder(tx, data["order_id"], short.backordered())


def stock_is_there(tx: Transaction, data: Data, reply: Reply) -> None:
    """Go on with what the warehouse holds: with all of it, or with a part, and then the rest stays told as a hold."""
    if reply.type == PARTLY:
        stock_is_short(tx, data, reply)
    else:
        hold_order.release_hold(tx, data["order_id"], "stock", reply.type)


def credit_is_short(tx: Transaction, data: Data, reply: Reply) -> None:
    """Hold the order until there is room within the customer's limit."""
    figures = decode(CreditShort, reply.data).figures()
    hold_order.hold_order(tx, data["order_id"], "credit", figures, days=data["hold_days"])


def payment_is_missing(tx: Transaction, data: Data, reply: Reply) -> None:
    """Hold the order until its advance is paid."""
    figures = decode(AdvanceMissing, reply.data).figures()
    hold_order.hold_order(tx, data["order_id"], "payment", figures, days=data["hold_days"])


def release(code: HoldCode) -> Callable[[Transaction, Data, Reply], None]:
    """Return the act that releases a hold of ``code``, if there is one."""

    def act(tx: Transaction, data: Data, reply: Reply) -> None:
        hold_order.release_hold(tx, data["order_id"], code, reply.type)

    return act


def rejected(tx: Transaction, data: Data, reply: Reply) -> str:
    """Keep the sentence that explains the refusal, and return its code as the reason."""
    view = decode(Rejected, reply.data)
    data["detail"] = view.detail
    return view.reason


def credit_refused(tx: Transaction, data: Data, reply: Reply) -> str:
    """Return why credit was refused for good: finance rejected it, or will not let it wait."""
    if "waits" not in reply.data:
        return rejected(tx, data, reply)
    view = decode(CreditShort, reply.data)
    data["detail"] = ", ".join(f"{name} {figure}" for name, figure in view.figures().items())
    return "credit_refused"


def confirm(tx: Transaction, data: Data) -> None:
    """Confirm the order."""
    confirm_order(tx, data["order_id"], process_of(data))


def goods_were_faster(tx: Transaction, data: Data, reply: Reply) -> None:
    """Forget the cancel: the goods had left."""
    cancel_order.give_cancel_up(tx, data["order_id"])


def cancelled(tx: Transaction, data: Data, reason: str) -> None:
    """Cancel the order, now that nothing is held for it; a change that crossed the cancel ends with it."""
    stop_open_change(tx, data["order_id"], reason)
    cancel_order.finish_cancel(tx, data["order_id"], reason, data.get("detail"))
