"""The same again: a quotation of what a customer ordered before, at the prices of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.forms import Filling
from services.sales.domain.errors import NothingToRepeat, OrderNotFound, UnknownCustomer
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.order import Order
from services.sales.domain.order_type import STANDARD
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.store import customers, order_types, orders, own_fields
from services.sales.use_cases.issue_quotation import IssueQuotation, issue_quotation


@dataclass(frozen=True)
class RepeatOrder:
    """Whose order is offered again; without ``order_id`` the customer's last one that was not cancelled."""

    customer_id: str
    pen: Pen
    order_id: str | None = None
    only_owner: str | None = None
    valid_until: date | None = None
    promised_on: date | None = None
    channel: str | None = None
    order_type: str | None = None
    coupon: str | None = None
    filling: Filling | None = None


def repeat_order(tx: Transaction, command: RepeatOrder, terms: Terms) -> Quotation:
    """Issue a quotation of the same items and quantities; discounts were for that time and are not repeated.

    An item that is not sold any more is refused by its line, not left out unsaid.
    """
    order = _the_order(tx, command)
    lines = tuple(RequestedLine(line.item_id, line.quantity) for line in order.lines)
    offer = IssueQuotation(
        customer_id=command.customer_id,
        lines=lines,
        pen=command.pen,
        only_owner=command.only_owner,
        valid_until=command.valid_until,
        promised_on=command.promised_on,
        channel=command.channel,
        order_type=command.order_type or _type_again(tx, order),
        coupon=command.coupon,
        filling=command.filling,
        said=own_fields.of_quotation(tx.connection, order.quotation_id) if order.quotation_id else None,
    )
    return issue_quotation(tx, offer, terms)


def _type_again(tx: Transaction, order: Order) -> str:
    """Return the type of which the order is offered again; what was handed over at the counter is delivered.

    Nobody stands there to take the goods and pay when a quotation is accepted.
    """
    kind = order_types.known(tx.connection, order.order_type, order.order_type_version)
    return STANDARD if kind.process.handover == "counter" else kind.code


def _the_order(tx: Transaction, command: RepeatOrder) -> Order:
    if customers.find_shown(tx.connection, command.customer_id, command.only_owner) is None:
        raise UnknownCustomer(f"there is no customer {command.customer_id}", field="customer_id")
    order_id = command.order_id or orders.last_of(tx.connection, command.customer_id)
    if order_id is None:
        raise NothingToRepeat("this customer has not ordered anything yet", field="customer_id")
    order = orders.find(tx.connection, order_id, command.only_owner)
    if order is None or order.customer_id != command.customer_id:
        raise OrderNotFound(f"this customer has no order {order_id}", field="order_id")
    return order
