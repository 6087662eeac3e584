"""What crm notes of sales: the quotations that it wanted, and every order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from services.crm.domain.followed_order import Placed
from services.crm.use_cases.follow_opportunity import (
    note_closed_quotation,
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
class OrderPlaced:
    """What crm reads of an order."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    quotation_id: str | None = None
    opportunity_id: str | None = None


@dataclass(frozen=True)
class OrderRecorded:
    """What crm reads of an order of the past."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money


@dataclass(frozen=True)
class OrderAmended:
    """What crm reads of an order that was changed."""

    order_id: str
    total: Money


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
@subscriptions.on("sales.quotation.expired.v1", AboutQuotation)
def quotation_closed(tx: Transaction, view: AboutQuotation, message: Message) -> None:
    """Note that another quotation may be wanted now."""
    note_closed_quotation(tx, view.quotation_id)


@subscriptions.on("sales.order.placed.v1", OrderPlaced)
def order_placed(tx: Transaction, view: OrderPlaced, message: Message) -> None:
    """Follow the order; its opportunity is won."""
    note_order(tx, Placed(**vars(view)))


@subscriptions.on("sales.order.recorded.v1", OrderRecorded)
def order_recorded(tx: Transaction, view: OrderRecorded, message: Message) -> None:
    """Follow the order of the past as well: its invoices and payments may be brought in too."""
    note_order(tx, Placed(**vars(view)))


@subscriptions.on("sales.order.amended.v1", OrderAmended)
def order_amended(tx: Transaction, view: OrderAmended, message: Message) -> None:
    """Note what the order comes to now."""
    note_new_total(tx, view.order_id, view.total)


@subscriptions.on("sales.order.completed.v1", AboutOrder)
def order_completed(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Note that the order is done."""
    note_order_end(tx, view.order_id, "completed")


@subscriptions.on("sales.order.cancelled.v1", AboutOrder)
def order_cancelled(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Note that the order is off."""
    note_order_end(tx, view.order_id, "cancelled")
