"""The audit of opportunities sees each fault that it is there for."""

from __future__ import annotations

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.followed import crm_follows_the_money
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.crm.tests.builders import MIGRATIONS, Desk
from services.crm.tests.pipeline import ORDER, PUMP, Pipeline, money

FAULTS = {
    "I03_an_order_wins_its_opportunity": "UPDATE opportunity SET order_id = id WHERE order_id IS NOT NULL",
    "I13_an_opportunity_is_where_its_last_step_says": "UPDATE opportunity_step SET step = 'negotiation'"
    " WHERE left_at IS NULL AND step = 'new'",
}


def test_each_fault_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    pipeline = Pipeline(Desk(make_database("crm", MIGRATIONS), SigningKeys.fresh()))
    pipeline.opened()
    won = pipeline.opened(lines=[{"item_id": PUMP, "quantity": "1"}])
    pipeline.ordered(won)
    assert [each for each in FAULTS if offenders(pipeline.desk.database, "crm", each)] == []

    for check, fault in FAULTS.items():
        unguarded(pipeline.desk.database, fault)
        assert offenders(pipeline.desk.database, "crm", check), check


def test_money_that_finance_does_not_know_is_found(sqlite_databases: TestDatabases) -> None:
    clock = ManualClock()
    stores = {
        "crm": sqlite_databases.make("crm", MIGRATIONS, clock=clock),
        "finance": sqlite_databases.make("finance", FINANCE, clock=clock),
    }
    pipeline = Pipeline(Desk(stores["crm"], SigningKeys.fresh()))
    won = pipeline.opened()
    pipeline.ordered(won)
    assert list(crm_follows_the_money(stores, clock.now())) == []
    pipeline.hears("finance.payment.allocated.v1", "p-1", {"order_id": ORDER, "amount": money("1.00")})
    assert list(crm_follows_the_money(stores, clock.now())) == [ORDER]
