"""The audit's checks of returns and credit notes find what is wrong, and nothing where all is well."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from meridian.audit.run import QUERIES
from services.finance.tests.builders import TERMS, harbor_pumps
from services.finance.tests.integration.books import an_invoice, credit, pay
from services.finance.use_cases.accounts import keep_customer
from services.inventory.tests.builders import MIGRATIONS, Shop, line_id

FINANCE = Path(__file__).parents[2] / "services" / "finance" / "migrations"
RETURN_FAULTS = {
    "I01_quarantine_is_what_waits_for_inspection": "UPDATE goods_return_line SET restocked_milli = received_milli",
    "I03_returned_is_within_shipped": "UPDATE returned_part SET returned_milli = returned_milli - 1",
    "I13_a_closed_return_waits_for_nothing": "UPDATE goods_return SET state = 'closed'",
    "I14_return_numbers_have_no_gap": "UPDATE goods_return SET number = 'RMA-000009'",
}
CREDIT_FAULTS = {
    "I02_revenue_is_invoiced_less_credited": "UPDATE credit_note SET total_minor = total_minor + 1",
    "I03_credit_note_is_the_sum_of_its_lines": "UPDATE credit_note_line SET amount_minor = amount_minor + 1",
    "I03_credited_is_within_invoiced": "UPDATE credit_note_line SET amount_minor = amount_minor + 4000",
    "I04_allocations_fit_the_credit_note": "UPDATE credit_note SET unallocated_minor = unallocated_minor - 1",
    "I04_allocations_fit_the_invoice": "UPDATE credit_allocation SET amount_minor = amount_minor - 1",
    "I13_credited_is_the_sum_of_credit_note_lines": "UPDATE credited_line SET credited_minor = credited_minor - 1",
    "I13_unallocated_is_what_payments_and_credit_notes_left": "UPDATE account SET unallocated_minor = 0",
    "I14_credit_note_numbers_have_no_gap": "UPDATE credit_note SET number = 'CN-000009'",
}


def offenders(database: Database, store: str, check: str) -> int:
    _, _, statement = (QUERIES / store / f"{check}.sql").read_text(encoding="utf-8").partition("\n")
    return len(database.read(lambda connection: connection.execute(text(statement)).all()))


def unguarded(database: Database, fault: str) -> None:
    """Do ``fault`` as somebody who owns the tables could."""
    table = fault.split()[1]
    if database.is_sqlite:
        names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
        found = database.read(lambda connection: connection.execute(names, {"name": table}).scalars().all())
        off = [f"DROP TRIGGER {name}" for name in found]
    else:
        off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL"]
    for statement in (*off, fault):
        database.transact(lambda tx, statement=statement: tx.connection.execute(text(statement)))


@pytest.mark.parametrize("check", RETURN_FAULTS)
def test_what_is_wrong_with_returns_is_found(make_database: MakeDatabase, check: str) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 10))
    note = shop.shipped(1, (valve, 5))
    shop.take_back(shop.ask_back(note, (line_id(1, 1), 3), approved=True), main)
    assert offenders(shop.database, "inventory", check) == 0
    unguarded(shop.database, RETURN_FAULTS[check])
    assert offenders(shop.database, "inventory", check) == 1


@pytest.mark.parametrize("check", CREDIT_FAULTS)
def test_what_is_wrong_with_credit_notes_is_found(make_database: MakeDatabase, check: str) -> None:
    books = make_database("finance", FINANCE)
    books.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
    invoice = an_invoice(books, "SO-1", "100.00")
    pay(books, "BANK-1", "60.00", (invoice.invoice_id, "60.00"))
    credit(books, invoice.invoice_id, (1, None, "70.00"))
    assert offenders(books, "finance", check) == 0
    unguarded(books, CREDIT_FAULTS[check])
    assert offenders(books, "finance", check) == 1
