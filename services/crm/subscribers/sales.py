"""What crm notes of sales: the quotations that it wanted, and every order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.crm.domain.followed_line import Line
from services.crm.domain.followed_order import Placed
from services.crm.use_cases.follow_lines import note_given_up, note_line, note_nothing_left
from services.crm.use_cases.follow_opportunity import (
    note_closed_quotation,
    note_confirmed,
    note_new_total,
    note_order,
    note_order_end,
    note_quotation,
    note_refusal,
)

subscriptions = Subscriptions("crm")


@dataclass(frozen=True)
class OpportunityQuoted:
    """What crm reads of a quotation for an opportunity."""

    quotation_id: str
    opportunity_id: str
    number: str
    total: Money


@dataclass(frozen=True)
class OpportunityNotQuoted:
    """What crm reads of a quotation that could not be drawn up."""

    opportunity_id: str
    detail: str


@dataclass(frozen=True)
class AboutQuotation:
    """Which quotation came to its end."""

    quotation_id: str


@dataclass(frozen=True)
class PlacedLine:
    """What crm reads of an order line; ``net`` is its amount without tax, where that was told apart."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    amount: Money
    net: Money | None = None


@dataclass(frozen=True)
class OrderPlaced:
    """What crm reads of an order."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    quotation_id: str | None = None
    opportunity_id: str | None = None
    lines: tuple[PlacedLine, ...] = ()


@dataclass(frozen=True)
class OrderRecorded:
    """What crm reads of an order of the past."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    lines: tuple[PlacedLine, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What crm reads of what a line says since it was changed."""

    quantity: Quantity
    net: Money


@dataclass(frozen=True)
class ChangedLine:
    """A line that changed; without ``after`` it is none any more."""

    order_line_id: str
    item_id: str
    after: Terms | None


@dataclass(frozen=True)
class OrderAmended:
    """What crm reads of an order that was changed."""

    order_id: str
    total: Money
    customer_id: str = ""
    lines: tuple[ChangedLine, ...] = ()


@dataclass(frozen=True)
class GivenUp:
    """How much of a line will never be shipped."""

    order_line_id: str
    quantity: Quantity


@dataclass(frozen=True)
class OrderClosedShort:
    """What crm reads of an order of which only a part is sold."""

    order_id: str
    lines: tuple[GivenUp, ...]


@dataclass(frozen=True)
class AboutOrder:
    """Which order came to its end."""

    order_id: str


@subscriptions.on("sales.opportunity.quoted.v1", OpportunityQuoted)
def opportunity_quoted(tx: Transaction, view: OpportunityQuoted, message: Message) -> None:
    """Note the quotation beside its opportunity."""
    note_quotation(tx, view.opportunity_id, view.quotation_id, view.number, view.total)


@subscriptions.on("sales.opportunity.not_quoted.v1", OpportunityNotQuoted)
def opportunity_not_quoted(tx: Transaction, view: OpportunityNotQuoted, message: Message) -> None:
    """Note why there is no quotation."""
    note_refusal(tx, view.opportunity_id, view.detail)


@subscriptions.on("sales.quotation.declined.v1", AboutQuotation)
@subscriptions.on("sales.quotation.cancelled.v1", AboutQuotation)
@subscriptions.on("sales.quotation.expired.v1", AboutQuotation)
def quotation_closed(tx: Transaction, view: AboutQuotation, message: Message) -> None:
    """Note that another quotation may be wanted now."""
    note_closed_quotation(tx, view.quotation_id)


@subscriptions.on("sales.order.placed.v1", OrderPlaced)
def order_placed(tx: Transaction, view: OrderPlaced, message: Message) -> None:
    """Follow the order and its lines; its opportunity is won."""
    _follow(tx, view)


@subscriptions.on("sales.order.confirmed.v1", AboutOrder)
def order_confirmed(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Note that the order counts, from the moment at which sales said so."""
    note_confirmed(tx, view.order_id, message.time)


@subscriptions.on("sales.order.recorded.v1", OrderRecorded)
def order_recorded(tx: Transaction, view: OrderRecorded, message: Message) -> None:
    """Follow the order of the past as well: its invoices and payments may be brought in too."""
    _follow(tx, view)


@subscriptions.on("sales.order.amended.v1", OrderAmended)
def order_amended(tx: Transaction, view: OrderAmended, message: Message) -> None:
    """Note what the order comes to now, and its lines."""
    note_new_total(tx, view.order_id, view.total)
    nothing = Terms(Quantity.zero(), Money.zero(view.total.currency))
    for line in view.lines:
        after = line.after or nothing
        ids = (line.order_line_id, view.order_id, view.customer_id, line.item_id)
        note_line(tx, Line(*ids, after.quantity, after.net))


@subscriptions.on("sales.order.closed_short.v1", OrderClosedShort)
def order_closed_short(tx: Transaction, view: OrderClosedShort, message: Message) -> None:
    """Note what of the order's lines was given up."""
    for line in view.lines:
        note_given_up(tx, view.order_id, line.order_line_id, line.quantity)


@subscriptions.on("sales.order.completed.v1", AboutOrder)
def order_completed(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Note that the order is done."""
    note_order_end(tx, view.order_id, "completed")


@subscriptions.on("sales.order.cancelled.v1", AboutOrder)
def order_cancelled(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Note that the order is off."""
    note_order_end(tx, view.order_id, "cancelled")
    note_nothing_left(tx, view.order_id)


def _follow(tx: Transaction, view: OrderPlaced | OrderRecorded) -> None:
    told = dict(vars(view))
    lines: tuple[PlacedLine, ...] = told.pop("lines")
    note_order(tx, Placed(**told, recorded=isinstance(view, OrderRecorded) or None))
    for line in lines:
        ids = (line.order_line_id, view.order_id, view.customer_id, line.item_id)
        note_line(tx, Line(*ids, line.quantity, line.net or line.amount, view.ordered_on))
