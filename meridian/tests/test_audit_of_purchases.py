"""The audit of purchases and recommendations sees each fault that it is there for."""

from __future__ import annotations

from sqlalchemy import text

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.bought import crm_follows_the_lines, crm_knows_what_came_back
from meridian.tests.test_audit_bites import offenders, unguarded
from services.crm.tests.builders import MIGRATIONS, Desk
from services.crm.tests.buying import Buying
from services.crm.tests.pipeline import PUMP, Pipeline
from services.inventory.tests.builders import MIGRATIONS as INVENTORY
from services.sales.tests.builders import MIGRATIONS as SALES

FAULTS = {
    "I13_an_accepted_recommendation_has_its_opportunity": "UPDATE recommendation SET opportunity_id = NULL",
    "I13_what_was_bought_is_of_a_followed_order": "UPDATE followed_line SET ordered_on = '2020-01-01'",
}


def test_each_fault_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    buying = Buying(Pipeline(Desk(make_database("crm", MIGRATIONS), SigningKeys.fresh())))
    assert buying.act(buying.only(buying.regular()), "accept", {}).status_code == 200
    assert [each for each in FAULTS if offenders(buying.desk.database, "crm", each)] == []

    for check, fault in FAULTS.items():
        unguarded(buying.desk.database, fault)
        assert offenders(buying.desk.database, "crm", check), check


def test_lines_and_returns_that_the_others_do_not_know_are_found(sqlite_databases: TestDatabases) -> None:
    clock = ManualClock()
    stores = {
        name: sqlite_databases.make(name, migrations, clock=clock)
        for name, migrations in (("crm", MIGRATIONS), ("sales", SALES), ("inventory", INVENTORY))
    }
    buying = Buying(Pipeline(Desk(stores["crm"], SigningKeys.fresh())))
    checks = (crm_follows_the_lines, crm_knows_what_came_back)
    assert [list(check(stores, clock.now())) for check in checks] == [[], []]
    order = buying.buys(buying.customer(), 3, (PUMP, 4, "40.00"))
    line = buying.line(order)
    back = text("UPDATE followed_line SET returned_milli = 1000")
    stores["crm"].transact(lambda tx: tx.connection.execute(back))
    assert [list(check(stores, clock.now())) for check in checks] == [[line], [line]]
