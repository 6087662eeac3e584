"""What finance hears from inventory: goods that left are invoiced, that came back credited, that came in owed for."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.finance.domain.terms import Terms
from services.finance.use_cases.bill import bill_delivery
from services.finance.use_cases.book_stock_value import StockValued, book_stock_value
from services.finance.use_cases.bring_in_invoices import PastShipment, keep_delivery
from services.finance.use_cases.credit_notes import InspectedReturn, credit_return
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


def inventory_subscriptions(terms: Terms) -> Subscriptions:
    """Return the handlers of inventory's messages; invoices fall due by ``terms``, past deliveries are only kept."""
    subscriptions = Subscriptions("finance")

    @subscriptions.on("inventory.delivery.shipped.v1", ShippedDelivery)
    def delivery_shipped(tx: Transaction, view: ShippedDelivery, _message: Message) -> None:
        bill_delivery(tx, view, terms)

    @subscriptions.on("inventory.return.inspected.v1", InspectedReturn)
    def return_inspected(tx: Transaction, view: InspectedReturn, _message: Message) -> None:
        credit_return(tx, view, terms)

    @subscriptions.on("inventory.delivery.recorded.v1", PastShipment)
    def delivery_recorded(tx: Transaction, view: PastShipment, _message: Message) -> None:
        keep_delivery(tx, view)

    @subscriptions.on("inventory.stock.valued.v1", StockValued)
    def stock_valued(tx: Transaction, view: StockValued, _message: Message) -> None:
        book_stock_value(tx, view, terms)

    _from_suppliers(subscriptions, terms)
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
