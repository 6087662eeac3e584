"""What finance hears from sales: credit to hold or release, and orders whose shipments it will invoice."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.finance.domain.terms import Terms
from services.finance.use_cases.credit import HoldCredit, ReleaseCredit, hold_credit, release_credit
from services.finance.use_cases.post_invoice import ConfirmedOrder, keep_order, keep_past_order


def sales_subscriptions(terms: Terms) -> Subscriptions:
    """Return the handlers of sales' messages; credit is judged by ``terms``."""
    subscriptions = Subscriptions("finance")

    @subscriptions.on("finance.hold_credit.v1", HoldCredit)
    def credit_asked(tx: Transaction, view: HoldCredit, _message: Message) -> None:
        hold_credit(tx, view, terms)

    @subscriptions.on("finance.release_credit.v1", ReleaseCredit)
    def credit_returned(tx: Transaction, view: ReleaseCredit, _message: Message) -> None:
        release_credit(tx, view, terms)

    @subscriptions.on("sales.order.confirmed.v1", ConfirmedOrder)
    def order_confirmed(tx: Transaction, view: ConfirmedOrder, _message: Message) -> None:
        keep_order(tx, view)

    @subscriptions.on("sales.order.recorded.v1", ConfirmedOrder)
    def order_recorded(tx: Transaction, view: ConfirmedOrder, _message: Message) -> None:
        keep_past_order(tx, view)

    return subscriptions
