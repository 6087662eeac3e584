"""The audit sees each value that the ledger does not know of, and each return that it has forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from libs.common.db import Database
from libs.common.money import Money, Price
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from meridian.audit.valued import ledger_stock_is_the_valuation, what_went_back_is_taken_off
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.finance.tests.builders import SHIPPED_ON, TERMS, an_id
from services.finance.use_cases.book_stock_value import StockValued, ValuedLine, book_stock_value
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.integration.test_supplier_returns import Back
from services.inventory.use_cases.value_stock import RevalueItem, revalue_item

NOW = ManualClock().now()


def stores(databases: TestDatabases) -> dict[str, Database]:
    return {
        "inventory": databases.make("inventory", MIGRATIONS, clock=ManualClock()),
        "finance": databases.make("finance", FINANCE, clock=ManualClock()),
    }


def found(of: dict[str, Database]) -> list[str]:
    return list(ledger_stock_is_the_valuation(of, NOW))


def forget(shop: Shop) -> None:
    shop.do(lambda tx: tx.connection.execute(text("DELETE FROM outbox")))


def book(of: dict[str, Database], number: str, *lines: tuple[str, str]) -> Any:
    parts = tuple(ValuedLine(kind, Money.of(amount, "USD")) for kind, amount in lines)
    told = StockValued(an_id("change", number), an_id("document", number), number, SHIPPED_ON, parts)
    return of["finance"].transact(lambda tx: book_stock_value(tx, told, TERMS))


def test_r4_5_a_value_that_the_ledger_does_not_know_of_is_found(sqlite_databases: TestDatabases) -> None:
    of = stores(sqlite_databases)
    shop = Shop(of["inventory"])
    main, valve = shop.warehouse(), shop.item()
    document = shop.book(main, (valve, 10, None, None, Price.of("2.00", "USD")))
    assert found(of) == [], "it is on its way"
    forget(shop)
    assert found(of) == [f"{document.number}: 2000 USD"]
    book(of, document.number, ("receipt", "20.00"))
    assert found(of) == []

    command = RevalueItem(valve.id, Price.of("3.00", "USD"), "Dear", SHIPPED_ON)
    shop.do(lambda tx: revalue_item(tx, command))
    forget(shop)
    assert found(of) == [f"revaluation of {valve.sku}: 1000 USD"]
    book(of, f"revaluation of {valve.sku}", ("revaluation", "10.01"))
    assert found(of) == [f"revaluation of {valve.sku}: -1 USD"]
    book(of, "SA-000009", ("adjustment", "1.00"))
    assert found(of)[0] == "SA-000009: -100 USD"


def test_what_went_back_and_finance_does_not_know_is_found(sqlite_databases: TestDatabases) -> None:
    of = stores(sqlite_databases)
    back = Back(Shop(of["inventory"]))
    back.ship(back.approve(back.ask(back.wanted(4))))
    assert list(what_went_back_is_taken_off(of, NOW)) == []
    assert not offenders(of["inventory"], "inventory", "I03_what_goes_back_came_in")
    forget(back.shop)
    assert list(what_went_back_is_taken_off(of, NOW)) == [back.order.lines[0].id]
    unguarded(of["inventory"], "UPDATE returned_receipt SET returned_milli = returned_milli - 1000")
    assert offenders(of["inventory"], "inventory", "I03_what_goes_back_came_in")
