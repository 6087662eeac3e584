"""Available to promise: when a quantity can be had, counting what lies here, who waits, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple, Protocol

from libs.common.quantity import Quantity
from services.inventory.domain.supply import SupplyPolicy

PromiseSource = Literal["stock", "incoming", "lead_time"]


class Arrival(NamedTuple):
    """What is on its way: how much of a purchase order's line is outstanding, and on which day it is expected."""

    expected_on: date
    purchase_order_id: str
    number: str
    warehouse_id: str
    quantity: Quantity


class InProduction(NamedTuple):
    """What is being made: how much of a released production order is outstanding, and when it is due."""

    expected_on: date
    production_order_id: str
    number: str
    warehouse_id: str
    quantity: Quantity


class Coming(Protocol):
    """What counts of everything that is on its way."""

    @property
    def expected_on(self) -> date:
        """The day on which it is expected."""

    @property
    def warehouse_id(self) -> str:
        """Where it goes."""

    @property
    def quantity(self) -> Quantity:
        """How much of it is outstanding."""


@dataclass(frozen=True)
class Promise:
    """The day on which a quantity can be had, and out of what; *lead_time*: it would be ordered or begun today."""

    on: date
    source: PromiseSource


def promise(
    quantity: int,
    available: int,
    waiting: int,
    arrivals: Iterable[Coming],
    policy: SupplyPolicy,
    today: date,
) -> Promise | None:
    """Return when ``quantity`` (all figures in thousandths) can be had by one who asks now; nothing if nobody knows.

    First come, first served: everybody who waits is served before. Goods that are late are expected today.
    ``policy`` has the days that buying or making the item takes.
    """
    free = available - waiting
    if free >= quantity:
        return Promise(today, "stock")
    for arrival in sorted(arrivals, key=lambda each: each.expected_on):
        free += arrival.quantity.milli
        if free >= quantity:
            return Promise(max(arrival.expected_on, today), "incoming")
    if policy.by_itself:
        return Promise(today + timedelta(days=policy.lead_days), "lead_time")
    return None
