"""The audit of what order types bring sees each fault that it is there for, and nothing where all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.tests.test_audit_bites import offenders, unguarded
from services.finance.tests.builders import TERMS, harbor_pumps
from services.finance.tests.integration.books import pay
from services.finance.tests.integration.test_advances import ask_for
from services.finance.use_cases.accounts import keep_customer
from services.inventory.tests.builders import MIGRATIONS as INVENTORY
from services.inventory.tests.builders import Shop
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_order_types import got_for
from services.sales.tests.builders import MIGRATIONS as SALES
from services.sales.tests.builders import Desk

FINANCE = Path(__file__).parents[2] / "services" / "finance" / "migrations"
ADVANCE_FAULTS = {
    "I04_an_advance_is_what_is_kept_for_it": "UPDATE credit_hold SET held_minor = held_minor - 1",
    "I13_earmarked_is_what_advances_keep": "UPDATE earmark SET left_minor = left_minor - 1",
}


@pytest.mark.parametrize("check", ADVANCE_FAULTS)
def test_what_is_wrong_with_advances_is_found(make_database: MakeDatabase, check: str) -> None:
    books = make_database("finance", FINANCE)
    books.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
    ask_for(books, "SO-1", "100.00")
    pay(books, "SO-1", "60.00")
    assert [offenders(books, "finance", each) for each in ADVANCE_FAULTS] == [0, 0]
    unguarded(books, ADVANCE_FAULTS[check])
    assert offenders(books, "finance", check) == 1


def test_an_order_that_nobody_buys_for_is_found(make_database: MakeDatabase) -> None:
    check, shop = "I01_what_an_order_is_got_is_asked_for", Shop(make_database("inventory", INVENTORY))
    got_for(shop, Buying(shop), "1", "3")
    assert offenders(shop.database, "inventory", check) == 0
    unguarded(shop.database, "UPDATE requisition SET state = 'rejected'")
    assert offenders(shop.database, "inventory", check) == 1


def test_an_order_of_a_type_that_is_not_its_quotations_is_found(make_database: MakeDatabase) -> None:
    check = "I03_an_order_is_of_the_type_it_was_quoted_with"
    desk = Desk(make_database("sales", SALES), SigningKeys.fresh())
    desk.order(order_type="prepaid")
    assert offenders(desk.database, "sales", check) == 0
    unguarded(desk.database, "UPDATE sales_order SET order_type_version = 9")
    assert offenders(desk.database, "sales", check) == 1
