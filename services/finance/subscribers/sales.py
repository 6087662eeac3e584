"""What finance hears from sales: credit to hold, advances to ask for, and orders to invoice."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.finance.domain.terms import Terms
from services.finance.use_cases.advances import AskAdvance, ReleaseAdvance, ask_advance, release_advance
from services.finance.use_cases.amend_order import AmendedOrder, amend_order
from services.finance.use_cases.arrive import order_ended
from services.finance.use_cases.bill import take_order_in
from services.finance.use_cases.credit import HoldCredit, ReleaseCredit, hold_credit, release_credit
from services.finance.use_cases.credit_notes import EndedOrder
from services.finance.use_cases.keep_order import ConfirmedOrder, RecordedOrder, keep_past_order


@dataclass(frozen=True)
class CancelledOrder:
    """What finance reads of ``sales.order.cancelled.v1``: nothing of the order will ever be shipped."""

    order_id: str
    number: str
    reason: str


def sales_subscriptions(terms: Terms) -> Subscriptions:
    """Return the handlers of sales' messages; credit is judged by ``terms``."""
    subscriptions = Subscriptions("finance")

    @subscriptions.on("finance.hold_credit.v1", HoldCredit)
    def credit_asked(tx: Transaction, view: HoldCredit, _message: Message) -> None:
        hold_credit(tx, view, terms)

    @subscriptions.on("finance.release_credit.v1", ReleaseCredit)
    def credit_returned(tx: Transaction, view: ReleaseCredit, _message: Message) -> None:
        release_credit(tx, view, terms)

    @subscriptions.on("finance.ask_advance.v1", AskAdvance)
    def advance_asked(tx: Transaction, view: AskAdvance, _message: Message) -> None:
        ask_advance(tx, view)

    @subscriptions.on("finance.release_advance.v1", ReleaseAdvance)
    def advance_returned(tx: Transaction, view: ReleaseAdvance, _message: Message) -> None:
        release_advance(tx, view, terms)

    @subscriptions.on("sales.order.confirmed.v1", ConfirmedOrder)
    def order_confirmed(tx: Transaction, view: ConfirmedOrder, _message: Message) -> None:
        take_order_in(tx, view, terms)

    @subscriptions.on("sales.order.amended.v1", AmendedOrder)
    def order_amended(tx: Transaction, view: AmendedOrder, _message: Message) -> None:
        amend_order(tx, view, terms)

    @subscriptions.on("sales.order.recorded.v1", RecordedOrder)
    def order_recorded(tx: Transaction, view: RecordedOrder, _message: Message) -> None:
        keep_past_order(tx, view)

    _when_it_is_off(subscriptions, terms)
    return subscriptions


def _when_it_is_off(subscriptions: Subscriptions, terms: Terms) -> None:
    @subscriptions.on("sales.order.cancelled.v1", CancelledOrder)
    def order_cancelled(tx: Transaction, view: CancelledOrder, _message: Message) -> None:
        order_ended(tx, EndedOrder(view.order_id, view.number, view.reason), terms)

    @subscriptions.on("sales.order.closed_short.v1", EndedOrder)
    def order_closed_short(tx: Transaction, view: EndedOrder, _message: Message) -> None:
        order_ended(tx, view, terms)
