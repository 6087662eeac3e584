"""What sales can say of a customer: for the customer's page, where other services add their part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from libs.common.db import Prepared
from libs.common.money import Money
from services.sales.domain.errors import CustomerNotFound
from services.sales.domain.holds import Hold
from services.sales.domain.order import Order
from services.sales.domain.quotation import OPEN
from services.sales.reports.orders import latest_orders
from services.sales.store import customers
from services.sales.store.figure_tables import buyer, buyer_month
from services.sales.store.tables import order_hold, quotation, sales_order

LAST_ORDERS = 5
MOST_HOLDS = 20
_OF_CUSTOMER: BindParameter[str] = bindparam("of_customer")
_MONTHS = (buyer_month.c.customer_id == buyer.c.customer_id) & (
    buyer_month.c.currency == bindparam("of_currency")
)
_BOUGHT = Prepared(
    select(
        func.coalesce(func.sum(buyer_month.c.orders), 0),
        func.coalesce(func.sum(buyer_month.c.net_minor), 0),
        buyer.c.first_on,
        buyer.c.last_on,
    )
    .select_from(buyer.outerjoin(buyer_month, _MONTHS))
    .where(buyer.c.customer_id == _OF_CUSTOMER)
    .group_by(buyer.c.customer_id)
)
_OPEN_QUOTATIONS = Prepared(
    select(func.count())
    .select_from(quotation)
    .where(quotation.c.customer_id == _OF_CUSTOMER, quotation.c.state.in_(OPEN))
)
_OPEN_HOLDS = Prepared(
    select(sales_order.c.number, *order_hold.c)
    .join(sales_order, sales_order.c.id == order_hold.c.order_id)
    .where(sales_order.c.customer_id == _OF_CUSTOMER, order_hold.c.released_at.is_(None))
    .order_by(order_hold.c.since)
    .limit(MOST_HOLDS)
)


@dataclass(frozen=True)
class HeldOrder:
    """An open hold and the number of the order that it stands in the way of."""

    number: str
    hold: Hold


@dataclass(frozen=True)
class SalesSummary:
    """A customer's business: orders confirmed and not cancelled, what they are worth, and what waits.

    Orders and revenue are those of the figures, so they are as fresh as those; the days are days of confirmation.
    """

    customer_id: str
    orders: int
    revenue: Money
    open_quotations: int
    last_orders: list[Order]
    open_holds: list[HeldOrder]
    first_ordered_on: date | None = None
    last_ordered_on: date | None = None

    @property
    def average_order_value(self) -> Money:
        """The revenue per order, rounded half up; zero when there are none."""
        return self.revenue.share(1, self.orders) if self.orders else self.revenue


def sales_summary(connection: Connection, customer_id: str, *, only_owner: str | None) -> SalesSummary:
    """Sum a customer up; refuse one whom the caller may not know of."""
    found = customers.find_shown(connection, customer_id, only_owner)
    if found is None:
        raise CustomerNotFound(f"there is no customer {customer_id}")
    orders, revenue, first, last = _bought(connection, customer_id, found.currency)
    return SalesSummary(
        customer_id=customer_id,
        orders=orders,
        revenue=revenue,
        open_quotations=_open_quotations(connection, customer_id),
        last_orders=latest_orders(connection, customer_id, LAST_ORDERS),
        open_holds=_open_holds(connection, customer_id),
        first_ordered_on=first,
        last_ordered_on=last,
    )


def _bought(
    connection: Connection, customer_id: str, currency: str
) -> tuple[int, Money, date | None, date | None]:
    """Return orders and revenue, summed up by month (there are few, however much a customer orders), and their days."""
    asked = {"of_customer": customer_id, "of_currency": currency}
    row = connection.execute(_BOUGHT, asked).one_or_none()
    return (
        (0, Money.zero(currency), None, None)
        if row is None
        else (int(row[0]), Money(int(row[1]), currency), *row[2:])
    )


def _open_quotations(connection: Connection, customer_id: str) -> int:
    return int(connection.execute(_OPEN_QUOTATIONS, {"of_customer": customer_id}).scalar_one())


def _open_holds(connection: Connection, customer_id: str) -> list[HeldOrder]:
    held = []
    for row in connection.execute(_OPEN_HOLDS, {"of_customer": customer_id}):
        values = row._asdict()
        held.append(HeldOrder(values.pop("number"), Hold(**values)))
    return held
