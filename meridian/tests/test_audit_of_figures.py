"""The audit of figures sees each fault that it is there for: a sum that is not its documents'."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.counted import orders_count_for_what_they_are_worth
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.finance.tests.builders import harbor_pumps
from services.finance.tests.integration.books import allocate, an_invoice, open_unlimited, pay
from services.sales.tests.builders import MIGRATIONS, UNKNOWN, Desk, chai_line
from services.sales.tests.counting import sold

DAILY, MONTHLY, BUYER = (
    "I13_daily_figures_are_the_counted_orders",
    "I13_monthly_figures_are_the_counted_orders",
    "I13_a_buyer_is_as_his_orders_say",
)
OF_SALES = [
    (DAILY, "UPDATE day_figure SET net_minor = net_minor + 1"),
    (DAILY, "UPDATE day_figure SET orders = orders + 1"),
    (DAILY, "UPDATE day_figure SET salesperson = 'nobody'"),
    (MONTHLY, "UPDATE item_month SET milli = milli + 1"),
    (MONTHLY, "UPDATE buyer_month SET net_minor = net_minor + 1"),
    (BUYER, "UPDATE buyer SET orders = orders + 1"),
    (BUYER, "UPDATE buyer SET first_on = '2020-01-01'"),
    (BUYER, f"UPDATE buyer SET customer_id = '{UNKNOWN}'"),
]
OWED, REVENUE = (
    "I13_receivables_by_month_are_what_moved_them",
    "I13_revenue_by_month_is_the_ledgers",
)
OF_FINANCE = [
    (OWED, "UPDATE receivable_month SET settled_minor = settled_minor + 1"),
    (
        OWED,
        "UPDATE receivable_month SET invoiced_minor = invoiced_minor + 1, settled_minor = settled_minor + 1",
    ),
    (OWED, "UPDATE receivable_month SET paid_minor = paid_minor + 1"),
    (OWED, f"UPDATE receivable_month SET customer_id = '{UNKNOWN}'"),
    (REVENUE, "UPDATE receivable_month SET revenue_minor = revenue_minor + 1"),
]


@pytest.mark.parametrize(("check", "fault"), OF_SALES)
def test_a_sum_of_orders_that_is_wrong_is_found(make_database: MakeDatabase, check: str, fault: str) -> None:
    desk = Desk(make_database("sales", MIGRATIONS), SigningKeys.fresh())
    sold(desk, chai_line(10))
    sold(desk, chai_line(5))
    assert [each for each in (DAILY, MONTHLY, BUYER) if offenders(desk.database, "sales", each)] == []
    unguarded(desk.database, fault)
    assert offenders(desk.database, "sales", check), fault


def test_an_order_that_counts_for_something_else_is_found(make_database: MakeDatabase) -> None:
    desk = Desk(make_database("sales", MIGRATIONS), SigningKeys.fresh())
    order = sold(desk, chai_line(10))
    stores = {"sales": desk.database}
    now = desk.database.clock.now()
    _execute(desk, "UPDATE counted_line SET milli = milli + 1")
    assert list(orders_count_for_what_they_are_worth(stores, now)) == [], "its news may be under way"
    _execute(desk, "UPDATE outbox SET type = 'sent'")
    assert list(orders_count_for_what_they_are_worth(stores, now)) == [order.id]
    _execute(desk, "UPDATE counted_line SET milli = milli - 1")
    assert list(orders_count_for_what_they_are_worth(stores, now)) == []


def _execute(desk: Desk, statement: str) -> None:
    # Not as ``unguarded`` does: ALTER TABLE lets the driver forget what the connection had prepared.
    with desk.database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(("check", "fault"), OF_FINANCE)
def test_a_month_that_is_not_its_documents_is_found(
    make_database: MakeDatabase, check: str, fault: str
) -> None:
    database = make_database("finance", FINANCE)
    open_unlimited(database, harbor_pumps())
    owed = an_invoice(database, "SO-1", "310.00", on=date(2025, 12, 1))
    payment = pay(database, "BANK-1", "100.00", on=date(2026, 1, 10))
    allocate(database, payment.payment_id, owed.invoice_id, "100.00")
    assert [each for each in (OWED, REVENUE) if offenders(database, "finance", each)] == []
    unguarded(database, fault)
    assert offenders(database, "finance", check), fault
