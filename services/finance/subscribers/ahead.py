"""What a group of messages needs is locked before the first of them is handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from libs.common.db import Transaction
from libs.common.envelope import Message
from services.finance.use_cases.accounts import lock_together
from services.finance.use_cases.advances import customers_of as asked_for_advances
from services.finance.use_cases.credit import customers_of
from services.finance.use_cases.credit_notes import lock_numbers
from services.finance.use_cases.keep_purchase import lock_invoice_numbers, lock_suppliers
from services.finance.use_cases.post_invoice import OtherwiseBilled, lock_payment_numbers, otherwise_billed

_NAMES_ITS_CUSTOMER = frozenset(
    (
        "crm.customer.details_changed.v1",
        "crm.customer.owner_changed.v1",
        "crm.customer.registered.v1",
        "finance.ask_advance.v1",
        "finance.hold_credit.v1",
        "inventory.delivery.delivered.v1",
        "inventory.delivery.credit_asked.v1",
        "inventory.delivery.credit_withdrawn.v1",
        "inventory.delivery.shipped.v1",
        "inventory.return.inspected.v1",
        "sales.order.amended.v1",
    )
)
_COMES_BACK = "inventory.return.inspected.v1"
_GOES_BACK = "inventory.supplier_return.shipped.v1"
_NAMES_ITS_SUPPLIER = frozenset(
    ("inventory.purchase_order.placed.v1", "inventory.purchase_order.received.v1", _GOES_BACK)
)
_LEAVES = "inventory.delivery.shipped.v1"
_ARRIVES = "inventory.delivery.delivered.v1"
_BOOKED_WITHOUT_INVOICE = frozenset(
    ("inventory.purchase_order.received.v1", "inventory.stock.valued.v1", _COMES_BACK, _GOES_BACK)
)
_NAMES_ITS_ORDER = "finance.release_credit.v1"
_NAMES_ITS_ADVANCE = "finance.release_advance.v1"
_MAY_BE_BILLED = "sales.order.confirmed.v1"
_GIVES_UP = frozenset(("sales.order.cancelled.v1", "sales.order.closed_short.v1"))


def look_ahead(tx: Transaction, messages: Sequence[Message]) -> None:
    """Lock the accounts and suppliers that ``messages`` are about, all of them together.

    A group that locked them one by one, with an invoice posted in between, would wait for an account while it keeps
    the number series from whoever has that account: a deadlock, which takes the engine a second to see. Nor may one
    group number an invoice and then a credit note while another does it the other way round.
    """
    if len(messages) < 2:  # a single one locks its account before anything else
        return
    customers = {str(message.data["customer_id"]) for message in messages if _names_its_customer(message)}
    orders, paid_ahead = (
        [str(message.data["order_id"]) for message in messages if message.type == type_]
        for type_ in (_NAMES_ITS_ORDER, _NAMES_ITS_ADVANCE)
    )
    groups = {str(message.data["group"]) for message in messages if message.data.get("group") is not None}
    otherwise = _otherwise_billed(tx, messages)
    owed = customers_of(tx, orders) | asked_for_advances(tx, paid_ahead) | otherwise.given_up_by
    lock_together(tx, customers | owed, groups)
    suppliers = {
        str(message.data["supplier_id"]) for message in messages if message.type in _NAMES_ITS_SUPPLIER
    }
    if suppliers:
        lock_suppliers(tx, suppliers)
    _lock_numbers(tx, messages, otherwise)


def _otherwise_billed(tx: Transaction, messages: Sequence[Message]) -> OtherwiseBilled:
    """Look which orders of a group are paid in cash or invoiced whole: by one statement, where there may be any."""
    left, given_up = (
        [
            str(order)
            for message in messages
            if message.type in types and (order := message.data.get("order_id"))
        ]
        for types in ((_LEAVES, _ARRIVES, _COMES_BACK), _GIVES_UP)
    )  # a return of before returns named their order is of an ordinary one
    return otherwise_billed(tx, left, given_up)


def _lock_numbers(tx: Transaction, messages: Sequence[Message], otherwise: OtherwiseBilled) -> None:
    """Lock the series of a group that takes numbers of several, in the one order: the journal's come last.

    Or the group could have the journal's numbers in hand while it waits for those of invoices or payments.
    """
    kinds = {message.type for message in messages}
    if _COMES_BACK in kinds or otherwise.given_up_by or otherwise.credits:
        lock_numbers(tx)
    confirmed = [message.data for message in messages if message.type == _MAY_BE_BILLED]
    if otherwise.cash or any(order.get("payment") == "cash" for order in confirmed):
        lock_payment_numbers(tx)
    bills = bool(kinds & {_LEAVES, _ARRIVES}) or any(map(_is_billed, confirmed))
    if bills and (kinds & _BOOKED_WITHOUT_INVOICE or otherwise.without_invoice):
        lock_invoice_numbers(tx)


def _names_its_customer(message: Message) -> bool:
    """Tell whether the message moves its customer's account; a confirmed order does where it is invoiced now."""
    if message.type == _MAY_BE_BILLED:
        return _is_billed(message.data)
    return message.type in _NAMES_ITS_CUSTOMER


def _is_billed(order: Mapping[str, Any]) -> bool:
    """Tell whether a confirmed order is invoiced as a whole, or has a down payment."""
    return order.get("invoice_on") == "order" or bool(order.get("down_payment_bp"))
