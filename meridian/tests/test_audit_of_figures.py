"""The audit of figures sees each fault that it is there for: a sum that is not its documents'."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from libs.common.teams import TeamTold
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.counted import (
    everybody_knows_the_teams,
    orders_count_for_their_campaign,
    orders_count_for_what_they_are_worth,
)
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.crm.tests.builders import MIGRATIONS as CRM
from services.finance.tests.builders import harbor_pumps
from services.finance.tests.integration.books import allocate, an_invoice, open_unlimited, pay
from services.finance.use_cases.accounts import keep_team
from services.sales.tests.builders import MIGRATIONS, UNKNOWN, Desk, an_id, chai_line
from services.sales.tests.counting import sold

DAILY, MONTHLY, BUYER, CAMPAIGN, SELLER = (
    "I13_daily_figures_are_the_counted_orders",
    "I13_monthly_figures_are_the_counted_orders",
    "I13_a_buyer_is_as_his_orders_say",
    "I13_campaign_figures_are_the_counted_orders",
    "I13_sums_by_seller_are_the_counted_orders",
)
OPPORTUNITY, CAMPAIGN_ID, TEAM = an_id("opportunity"), an_id("campaign"), an_id("team")
TEAM_OF_ONE = (
    "INSERT INTO sales_team (id, name, turn, version) VALUES (:team, 'North', 0, 1)",
    "INSERT INTO sales_team_member (team_id, user_id, position) VALUES (:team, 'nancy', 1)",
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
    (CAMPAIGN, "UPDATE campaign_day SET cost_minor = cost_minor + 1"),
    (CAMPAIGN, "UPDATE campaign_day SET region = 'nowhere'"),
    (CAMPAIGN, "UPDATE campaign_day SET salesperson = 'nobody'"),
    (SELLER, "UPDATE seller_month SET net_minor = net_minor + 1"),
    (SELLER, "UPDATE seller_month SET orders = orders + 1"),
    (SELLER, "UPDATE seller_month SET salesperson = 'nobody'"),
    (SELLER, "UPDATE seller_month SET campaign = 'other' WHERE campaign <> ''"),
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
    opened = {"opportunity_id": OPPORTUNITY, "campaign_id": CAMPAIGN_ID}
    desk.hear(desk.message("crm.opportunity.opened.v1", OPPORTUNITY, opened))
    sold(desk, chai_line(10), opportunity_id=OPPORTUNITY)
    sold(desk, chai_line(5))
    assert [
        each for each in (DAILY, MONTHLY, BUYER, CAMPAIGN, SELLER) if offenders(desk.database, "sales", each)
    ] == []
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


def test_a_team_that_a_service_knows_otherwise_and_a_wrong_campaign_are_found(
    make_database: MakeDatabase,
) -> None:
    desk = Desk(make_database("sales", MIGRATIONS), SigningKeys.fresh())
    crm = make_database("crm", CRM)
    stores = {"sales": desk.database, "crm": crm}
    now = desk.database.clock.now()
    told = {"team_id": TEAM, "name": "North", "version": 1, "members": ["nancy"], "manager_id": None}
    desk.hear(desk.message("crm.sales_team.defined.v1", TEAM, told))
    opened = {"opportunity_id": OPPORTUNITY, "campaign_id": CAMPAIGN_ID}
    desk.hear(desk.message("crm.opportunity.opened.v1", OPPORTUNITY, opened))
    order = sold(desk, chai_line(10), opportunity_id=OPPORTUNITY)
    assert list(everybody_knows_the_teams(stores, now)) == [TEAM], "crm knows no such team"
    assert list(orders_count_for_their_campaign(stores, now)) == [order.id], "nor the opportunity"

    with crm.engine.begin() as connection:
        for statement in TEAM_OF_ONE:
            connection.execute(text(statement), {"team": TEAM})
    assert list(everybody_knows_the_teams(stores, now)) == []
    _execute(desk, "UPDATE sales_team SET manager_id = 'margaret'")
    assert list(everybody_knows_the_teams(stores, now)) == [TEAM]
    _execute(desk, "UPDATE sales_team SET manager_id = NULL")

    finance = make_database("finance", FINANCE)
    finance.transact(lambda tx: keep_team(tx, TeamTold(TEAM, 1, ("nancy",))))
    assert list(everybody_knows_the_teams(stores | {"finance": finance}, now)) == []
    finance.transact(lambda tx: keep_team(tx, TeamTold(TEAM, 2, ("nancy", "janet"))))
    assert list(everybody_knows_the_teams(stores | {"finance": finance}, now)) == [TEAM]


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
