"""Facts of inventory and finance that hold an order beside its saga: for how long is the company's term."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.saga import handle
from services.sales.sagas.order_to_cash import ORDER_TO_CASH
from services.sales.sagas.replies import StockShort
from services.sales.use_cases.hold_again import hold_again, hold_for_stock, hold_or_release
from services.sales.use_cases.record_backorder import record_backorder


@dataclass(frozen=True)
class Requeued:
    """What sales reads of stock that was taken back from an order."""

    order_id: str
    reason: str
    reference: str


@dataclass(frozen=True)
class DeliveryRefused:
    """What sales reads of goods that finance keeps in the house."""

    order_id: str
    number: str
    status: str
    reasons: tuple[str, ...]
    figures: dict[str, str]
    refused_of_order: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveryFree:
    """What sales reads of goods that need not stay in the house."""

    order_id: str
    refused_of_order: tuple[str, ...] = ()


def holding_subscriptions(days: int) -> Subscriptions:
    """Return the handlers; a hold is its owner's for ``days`` days."""
    subscriptions = Subscriptions("sales")

    @subscriptions.on("inventory.reservation.partially_reserved.v1", StockShort)
    def part_reserved(tx: Transaction, view: StockShort, message: Message) -> None:
        # Past its step of the saga the order goes on as before; what it waits for has changed.
        if handle(tx, ORDER_TO_CASH, message) == "late":
            hold_again(tx, view.order_id, "stock", view.figures(), days=days)
            record_backorder(tx, view.order_id, view.backordered())

    @subscriptions.on("inventory.reservation.requeued.v1", Requeued)
    def stock_taken_back(tx: Transaction, view: Requeued, message: Message) -> None:
        figures = {"reason": view.reason, "reference": view.reference}
        hold_for_stock(tx, view.order_id, figures, days=days)

    @subscriptions.on("finance.delivery_credit.refused.v1", DeliveryRefused)
    def goods_held_back(tx: Transaction, view: DeliveryRefused, message: Message) -> None:
        said = {
            "deliveries": ", ".join(view.refused_of_order),
            "status": view.status,
            "reasons": ", ".join(view.reasons),
        }
        hold_again(tx, view.order_id, "delivery_credit", view.figures | said, days=days)

    @subscriptions.on("finance.delivery_credit.granted.v1", DeliveryFree)
    @subscriptions.on("finance.delivery_credit.closed.v1", DeliveryFree)
    def goods_let_go(tx: Transaction, view: DeliveryFree, message: Message) -> None:
        hold_or_release(
            tx,
            view.order_id,
            "delivery_credit",
            {"deliveries": ", ".join(view.refused_of_order)},
            still=bool(view.refused_of_order),
            by=message.type,
            days=days,
        )

    return subscriptions
