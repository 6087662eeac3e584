"""What was sold, without tax: as booked, and as it would be without rounding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from libs.common.money import Money
from services.sales.domain.amounts import exact_text, in_e11
from services.sales.reports.visible import visible_to
from services.sales.store.tables import sales_order


@dataclass(frozen=True)
class RevenueSearch:
    """Which orders to sum up: not cancelled, of one currency, ordered ``since`` to ``until``, both included."""

    currency: str
    since: date | None = None
    until: date | None = None
    customer_id: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class Revenue:
    """``count`` orders; ``rounding_e11`` is what rounding added over their ``lines_rounded`` rounded lines."""

    count: int
    booked: Money
    rounding_e11: int
    lines_rounded: int

    @property
    def exact(self) -> str:
        """The sum of price x quantity x (1 - discount) less tax in the prices, before the price was rounded."""
        return exact_text(in_e11(self.booked) - self.rounding_e11, self.booked.currency)

    @property
    def rounding(self) -> str:
        """Booked minus exact."""
        return exact_text(self.rounding_e11, self.booked.currency)


def order_revenue(connection: Connection, wanted: RevenueSearch) -> Revenue:
    """Sum up the orders' own sums; the lines need not be read again."""
    row = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(sales_order.c.total_minor - sales_order.c.tax_minor), 0),
            func.coalesce(func.sum(sales_order.c.rounding_e11), 0),
            func.coalesce(func.sum(sales_order.c.lines_rounded), 0),
        ).where(*_conditions(wanted))
    ).one()
    count, total, rounding, lines = (int(value) for value in row)
    return Revenue(count, Money(total, wanted.currency), rounding, lines)


def _conditions(wanted: RevenueSearch) -> list[ColumnElement[bool]]:
    found = [
        sales_order.c.state != "cancelled",
        sales_order.c.currency == wanted.currency,
        visible_to(wanted.only_owner, sales_order.c.customer_id),
    ]
    if wanted.customer_id is not None:
        found.append(sales_order.c.customer_id == wanted.customer_id)
    if wanted.since is not None:
        found.append(sales_order.c.ordered_on >= wanted.since)
    if wanted.until is not None:
        found.append(sales_order.c.ordered_on <= wanted.until)
    return found
