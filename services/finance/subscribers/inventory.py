"""What finance hears from inventory: goods that left are invoiced, that came back credited, that came in owed for."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.finance.domain.terms import Terms
from services.finance.use_cases.arrive import (
    ArrivedDelivery,
    arrive,
    goods_came_back,
    return_called_off,
)
from services.finance.use_cases.bill import bill_delivery
from services.finance.use_cases.book_stock_value import StockValued, book_stock_value
from services.finance.use_cases.bring_in_invoices import PastShipment, keep_delivery
from services.finance.use_cases.credit_notes import InspectedReturn
from services.finance.use_cases.delivery_credit import (
    AskedDelivery,
    WithdrawnDelivery,
    ask_delivery,
    withdraw_delivery,
)
from services.finance.use_cases.keep_purchase import (
    EndedPurchase,
    PlacedPurchase,
    ReceivedPurchase,
    end_purchase,
    keep_purchase,
    receive_goods,
)
from services.finance.use_cases.post_invoice import ShippedDelivery
from services.finance.use_cases.sent_back import SentBack, book_sent_back


@dataclass(frozen=True)
class DecidedReturn:
    """What finance reads of ``inventory.return.decided.v1``."""

    order_id: str
    number: str
    state: str


def inventory_subscriptions(terms: Terms) -> Subscriptions:
    """Return the handlers of inventory's messages; invoices fall due by ``terms``, past deliveries are only kept."""
    subscriptions = Subscriptions("finance")

    @subscriptions.on("inventory.delivery.shipped.v1", ShippedDelivery)
    def delivery_shipped(tx: Transaction, view: ShippedDelivery, _message: Message) -> None:
        bill_delivery(tx, view, terms)

    @subscriptions.on("inventory.delivery.recorded.v1", PastShipment)
    def delivery_recorded(tx: Transaction, view: PastShipment, _message: Message) -> None:
        keep_delivery(tx, view)

    @subscriptions.on("inventory.stock.valued.v1", StockValued)
    def stock_valued(tx: Transaction, view: StockValued, _message: Message) -> None:
        book_stock_value(tx, view, terms)

    _from_suppliers(subscriptions, terms)
    _when_it_is_there(subscriptions, terms)
    _before_it_leaves(subscriptions, terms)
    return subscriptions


def _from_suppliers(subscriptions: Subscriptions, terms: Terms) -> None:
    @subscriptions.on("inventory.purchase_order.placed.v1", PlacedPurchase)
    def purchase_placed(tx: Transaction, view: PlacedPurchase, _message: Message) -> None:
        keep_purchase(tx, view)

    @subscriptions.on("inventory.purchase_order.received.v1", ReceivedPurchase)
    def purchase_received(tx: Transaction, view: ReceivedPurchase, _message: Message) -> None:
        receive_goods(tx, view, terms)

    @subscriptions.on("inventory.purchase_order.closed.v1", EndedPurchase)
    def purchase_closed(tx: Transaction, view: EndedPurchase, _message: Message) -> None:
        end_purchase(tx, view)

    @subscriptions.on("inventory.supplier_return.shipped.v1", SentBack)
    def supplier_return_shipped(tx: Transaction, view: SentBack, _message: Message) -> None:
        book_sent_back(tx, view, terms)


def _when_it_is_there(subscriptions: Subscriptions, terms: Terms) -> None:
    @subscriptions.on("inventory.return.inspected.v1", InspectedReturn)
    def return_inspected(tx: Transaction, view: InspectedReturn, _message: Message) -> None:
        goods_came_back(tx, view, terms)

    @subscriptions.on("inventory.delivery.delivered.v1", ArrivedDelivery)
    def delivery_delivered(tx: Transaction, view: ArrivedDelivery, _message: Message) -> None:
        arrive(tx, view, terms)

    @subscriptions.on("inventory.return.decided.v1", DecidedReturn)
    def return_decided(tx: Transaction, view: DecidedReturn, _message: Message) -> None:
        if view.state == "cancelled":
            return_called_off(tx, view.order_id, view.number)


def _before_it_leaves(subscriptions: Subscriptions, terms: Terms) -> None:
    @subscriptions.on("inventory.delivery.credit_asked.v1", AskedDelivery)
    def delivery_asked(tx: Transaction, view: AskedDelivery, _message: Message) -> None:
        ask_delivery(tx, view, terms)

    @subscriptions.on("inventory.delivery.credit_withdrawn.v1", WithdrawnDelivery)
    def delivery_withdrawn(tx: Transaction, view: WithdrawnDelivery, _message: Message) -> None:
        withdraw_delivery(tx, view)
