"""Facts of sales' own that figures are made of: days are the company's, which is the company's term."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.sales.domain.terms import Terms
from services.sales.use_cases.count_orders import count_again, count_order


@dataclass(frozen=True)
class AboutOrder:
    """Which order it is about."""

    order_id: str


@dataclass(frozen=True)
class OrderRecorded:
    """Which order of the past it is about, and of which day."""

    order_id: str
    ordered_on: date


def counting(terms: Callable[[], Terms]) -> Subscriptions:
    """Return what is done for the figures, on the company's ``terms`` of the moment."""
    subscriptions = Subscriptions("sales")

    @subscriptions.on("sales.order.confirmed.v1", AboutOrder)
    def order_confirmed(tx: Transaction, view: AboutOrder, message: Message) -> None:
        count_order(tx, view.order_id, terms().today(message.time))

    @subscriptions.on("sales.order.recorded.v1", OrderRecorded)
    def order_recorded(tx: Transaction, view: OrderRecorded, message: Message) -> None:
        count_order(tx, view.order_id, view.ordered_on)

    @subscriptions.on("sales.order.amended.v1", AboutOrder)
    @subscriptions.on("sales.order.closed_short.v1", AboutOrder)
    @subscriptions.on("sales.order.cancelled.v1", AboutOrder)
    def order_changed(tx: Transaction, view: AboutOrder, message: Message) -> None:
        count_again(tx, view.order_id)

    return subscriptions
