"""What happens to changes of orders, and what an order reads as after one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from libs.common.envelope import event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@event("sales.order_change.proposed.v1", key="order_id")
@dataclass(frozen=True)
class OrderChangeProposed:
    """A change of an order is to be approved (``approval_id``) or checked; until it is applied nothing changes.

    ``difference`` is what the order would come to more, below zero where it is less.
    """

    order_id: str
    number: str
    change_id: str
    no: int
    customer_id: str
    reason: str
    proposed_by: str
    total_before: Money
    total_after: Money
    difference: Money
    approval_id: str | None = None
    flows: tuple[str, ...] = ()


@event("sales.order_change.approved.v1", key="order_id")
@dataclass(frozen=True)
class OrderChangeApproved:
    """Enough people approved of a change; stock and credit are asked for what rises."""

    order_id: str
    number: str
    change_id: str
    approved_by: str
    on_behalf_of: str | None = None


@event("sales.order_change.approval_escalated.v1", key="order_id")
@dataclass(frozen=True)
class OrderChangeApprovalEscalated:
    """Nobody answered a step of a change's approval in its time: the role ``asked_too`` may answer it as well."""

    order_id: str
    change_id: str
    number: str
    approval_id: str
    step: int
    name: str
    asked_too: str


@event("sales.order_change.held.v1", key="order_id")
@dataclass(frozen=True)
class OrderChangeHeld:
    """A change waits for ``code`` (stock or credit) by ``figures``; the order goes on as it is meanwhile."""

    order_id: str
    number: str
    change_id: str
    code: str
    figures: dict[str, str]


@event("sales.order_change.ended.v1", key="order_id")
@dataclass(frozen=True)
class OrderChangeEnded:
    """A change was ``rejected`` or ``withdrawn``, for ``reason``; the order is what it was, to the last digit."""

    order_id: str
    number: str
    change_id: str
    state: str
    reason: str
    detail: str | None = None


@dataclass(frozen=True)
class LineTerms:
    """What an order line says. ``amount`` and ``net`` are of all of it; ``net`` is without ``tax``, which is on top.

    Of ``kept``, which had left when the terms changed, the price stays what it was: ``kept_net`` and ``kept_tax``.
    """

    quantity: Quantity
    unit_price: Price
    discount_percent: Decimal
    amount: Money
    net: Money
    tax: Money
    tax_code: str | None
    tax_percent: Decimal | None
    kept: Quantity
    kept_net: Money
    kept_tax: Money


@dataclass(frozen=True)
class AmendedLine:
    """A line that changed; without ``before`` it is new, without ``after`` it is none any more."""

    order_line_id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    before: LineTerms | None
    after: LineTerms | None


@event("sales.order.amended.v1", key="order_id")
@dataclass(frozen=True)
class OrderAmended:
    """A confirmed order reads otherwise from now on; lines that are not named stay. ``change_no`` counts from 1."""

    order_id: str
    number: str
    customer_id: str
    change_id: str
    change_no: int
    reason: str
    total_before: Money
    total: Money
    tax: Money
    lines: tuple[AmendedLine, ...]
    promised_on: date | None = None
