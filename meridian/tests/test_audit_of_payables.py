"""The audit of what is owed to suppliers sees each fault that it is there for."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, text

from libs.common.db import Transaction
from libs.common.testing.plugin import MakeDatabase
from meridian.audit.run import QUERIES
from services.finance.tests.integration.buying import enter, let_pass, order_goods, pay_out, take_in

FINANCE = Path(__file__).parents[2] / "services" / "finance" / "migrations"
FAULTS = {
    "I02_payables_are_the_control_account": (
        "UPDATE supplier_invoice SET open_minor = open_minor - 1, payment_state = 'partial' WHERE open_minor > 1"
    ),
    "I02_uninvoiced_receipts_are_the_control_account": "UPDATE bought_line SET received_minor = received_minor + 1",
    "I03_a_supplier_invoice_is_the_sum_of_its_lines": (
        "UPDATE supplier_invoice_line SET amount_minor = amount_minor + 1"
    ),
    "I03_what_suppliers_invoiced_is_what_came_in": "UPDATE goods_receipt_line SET quantity_milli = quantity_milli + 1",
    "I04_payments_fit_the_supplier_invoice": "UPDATE supplier_allocation SET amount_minor = amount_minor + 1",
    "I04_payments_to_suppliers_are_their_parts": "UPDATE supplier_payment SET amount_minor = amount_minor + 1",
    "I14_supplier_invoice_numbers_have_no_gap": (
        "UPDATE supplier_invoice SET number = 'SI-000009' WHERE number = 'SI-000002'"
    ),
    "I15_nobody_released_his_own_supplier_invoice": (
        "UPDATE supplier_invoice SET entered_by = decided_by WHERE decided_by IS NOT NULL"
    ),
}


class TakenBack(Exception):
    """Ends a transaction of which nothing shall stay."""


def offenders(connection: Connection, check: str) -> int:
    _, _, statement = (QUERIES / "finance" / f"{check}.sql").read_text(encoding="utf-8").partition("\n")
    return len(connection.execute(text(statement)).all())


def unguarded(connection: Connection, fault: str) -> None:
    """Do ``fault`` as somebody who owns the tables could."""
    table = fault.split()[1]
    off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL"]
    if connection.dialect.name == "sqlite":
        names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
        off = [f"DROP TRIGGER {name}" for name in connection.execute(names, {"name": table}).scalars().all()]
    for statement in (*off, fault):
        connection.execute(text(statement))


def test_what_is_wrong_with_payables_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    books = make_database("finance", FINANCE)
    order_goods(books, "PO-1", ("10", "2.50"))
    take_in(books, "R-1", "PO-1", (1, "6"))
    bill = enter(books, "F-1", "PO-1", (1, "2", "2.50"))
    let_pass(books, enter(books, "F-2", "PO-1", (1, "2", "2.60")))
    pay_out(books, "T-1", (bill, "1.00"))
    with books.reading() as connection:
        assert [check for check in FAULTS if offenders(connection, check)] == []

    found: list[str] = []

    def break_it(tx: Transaction, check: str) -> None:
        unguarded(tx.connection, FAULTS[check])
        found.extend([check] * min(offenders(tx.connection, check), 1))
        raise TakenBack

    for check in FAULTS:
        with suppress(TakenBack):
            books.transact(lambda tx, check=check: break_it(tx, check))
    assert found == list(FAULTS)
