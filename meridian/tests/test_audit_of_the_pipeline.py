"""The audit of opportunities sees each fault that it is there for."""

from __future__ import annotations

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.followed import crm_follows_the_money, crm_knows_what_goods_cost
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.crm.tests.builders import MIGRATIONS, Desk
from services.crm.tests.pipeline import ORDER, PUMP, Pipeline, money
from services.inventory.tests.builders import MIGRATIONS as INVENTORY

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


def test_a_cost_that_inventory_does_not_know_is_found(sqlite_databases: TestDatabases) -> None:
    clock = ManualClock()
    stores = {
        "crm": sqlite_databases.make("crm", MIGRATIONS, clock=clock),
        "inventory": sqlite_databases.make("inventory", INVENTORY, clock=clock),
    }
    pipeline = Pipeline(Desk(stores["crm"], SigningKeys.fresh()))
    gone = {"order_id": ORDER, "lines": [{"cost": None}]}
    pipeline.hears("inventory.delivery.shipped.v1", "d-1", gone)
    assert list(crm_knows_what_goods_cost(stores, clock.now())) == [], "nobody says what that cost"
    other = "00000000-0000-7000-8000-0000000b0000"
    gone = {"order_id": other, "lines": [{"cost": money("1.00")}]}
    pipeline.hears("inventory.delivery.shipped.v1", "d-2", gone)
    assert list(crm_knows_what_goods_cost(stores, clock.now())) == [other]
