"""What a group of messages needs is locked before the first of them is handled."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.db import Transaction
from libs.common.envelope import Message
from services.finance.use_cases.accounts import lock_together
from services.finance.use_cases.advances import customers_of as asked_for_advances
from services.finance.use_cases.credit import customers_of
from services.finance.use_cases.credit_notes import lock_numbers
from services.finance.use_cases.keep_purchase import lock_invoice_numbers, lock_suppliers

_NAMES_ITS_CUSTOMER = frozenset(
    (
        "crm.customer.details_changed.v1",
        "crm.customer.owner_changed.v1",
        "crm.customer.registered.v1",
        "finance.ask_advance.v1",
        "finance.hold_credit.v1",
        "inventory.delivery.shipped.v1",
        "inventory.return.inspected.v1",
    )
)
_TAKES_CREDIT_NUMBERS = "inventory.return.inspected.v1"
_NAMES_ITS_SUPPLIER = frozenset(
    ("inventory.purchase_order.placed.v1", "inventory.purchase_order.received.v1")
)
_TAKES_INVOICE_NUMBERS = "inventory.delivery.shipped.v1"
_BOOKS_WITHOUT_THEM = "inventory.purchase_order.received.v1"
_NAMES_ITS_ORDER = "finance.release_credit.v1"
_NAMES_ITS_ADVANCE = "finance.release_advance.v1"
_MAY_BE_BILLED = "sales.order.confirmed.v1"


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
    lock_together(tx, customers | customers_of(tx, orders) | asked_for_advances(tx, paid_ahead), groups)
    suppliers = {
        str(message.data["supplier_id"]) for message in messages if message.type in _NAMES_ITS_SUPPLIER
    }
    if suppliers:
        lock_suppliers(tx, suppliers)
    kinds = {message.type for message in messages}
    if _TAKES_CREDIT_NUMBERS in kinds:
        lock_numbers(tx)
    # Or the group could have the numbers of the journal in hand while it waits for those of invoices.
    if kinds >= {_TAKES_INVOICE_NUMBERS, _BOOKS_WITHOUT_THEM}:
        lock_invoice_numbers(tx)


def _names_its_customer(message: Message) -> bool:
    """Tell whether the message moves its customer's account; a confirmed order does where it is invoiced whole."""
    if message.type == _MAY_BE_BILLED:
        return message.data.get("invoice_on") == "order"
    return message.type in _NAMES_ITS_CUSTOMER
