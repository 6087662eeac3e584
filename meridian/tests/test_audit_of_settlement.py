"""The audit's checks of credit, losses and refunds find what is wrong, and nothing where all is well."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from meridian.audit.run import QUERIES
from services.finance.tests.builders import HARBOR, TERMS, an_id, harbor_pumps
from services.finance.tests.integration.books import an_invoice, ask, confirm, credit, pay, ship, the_account
from services.finance.tests.integration.settling import (
    ask_refund,
    claim_again,
    give_up,
    in_parts,
    say_yes,
    tolerate,
)
from services.finance.use_cases.accounts import keep_customer
from services.finance.use_cases.credit_overrides import RequestOverride, request_override

FINANCE = Path(__file__).parents[2] / "services" / "finance" / "migrations"
FAULTS = (
    ("I02_losses_are_what_was_written_off", "UPDATE write_off SET amount_minor = 7 WHERE state = 'posted'"),
    (
        "I03_instalments_are_the_invoice",
        "UPDATE invoice_instalment SET amount_minor = amount_minor - 1 WHERE number = 1",
    ),
    ("I03_instalments_are_the_invoice", "UPDATE invoice_instalment SET later_minor = 7 WHERE number = 1"),
    ("I04_allocations_fit_the_invoice", "UPDATE write_off SET amount_minor = 7 WHERE state = 'posted'"),
    ("I04_allocations_fit_the_payment", "UPDATE refund SET amount_minor = 7 WHERE payment_id IS NOT NULL"),
    (
        "I04_allocations_fit_the_credit_note",
        "UPDATE refund SET amount_minor = 7 WHERE credit_note_id IS NOT NULL",
    ),
    ("I05_exposure_is_within_the_limit", "UPDATE credit_override SET state = 'lapsed'"),
    (
        "I15_an_override_is_as_its_approval_says",
        "UPDATE approval SET state = 'rejected' WHERE number = 'CO-000001'",
    ),
    (
        "I15_a_loss_and_a_refund_are_as_their_approval_says",
        "UPDATE approval SET state = 'rejected' WHERE number = 'RF-000001'",
    ),
    (
        "I15_a_loss_and_a_refund_are_as_their_approval_says",
        "UPDATE write_off SET state = 'withdrawn' WHERE state = 'waiting'",
    ),
)


@pytest.fixture
def books(make_database: MakeDatabase) -> Database:
    """Give the books of a customer of whom each of these things happened."""
    books = make_database("finance", FINANCE)
    books.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
    tolerate(books, "5.00")
    in_parts(books, HARBOR)
    invoice = an_invoice(books, "SO-1", "100.00")
    payment = pay(books, "BANK-1", "150.00", (invoice.invoice_id, "60.00"))
    give_up(books, invoice.invoice_id, "2.00")
    claim_again(books, give_up(books, invoice.invoice_id, "3.00").write_off_id)
    give_up(books, invoice.invoice_id, "20.00")
    note = credit(books, invoice.invoice_id, (1, None, "70.00"))
    for source in ({"payment_id": payment.payment_id}, {"credit_note_id": note.credit_note_id}):
        say_yes(books, ask_refund(books, "10.00", **source).approval_id)
    room = the_account(books).room
    assert room is not None
    ask(books, "SO-2", str(room.decimal + 50))
    command = RequestOverride(an_id("order", "SO-2"), "Trusted", date(2026, 3, 2) + timedelta(days=5), "sam")
    say_yes(books, books.transact(lambda tx: request_override(tx, command, TERMS)).approval_id)
    return books


def test_each_fault_is_found_and_nothing_before_it(books: Database) -> None:
    for check, fault in FAULTS:
        with books.engine.connect() as connection:
            assert offenders(connection, check) == 0, check
            _unguard(connection, fault.split()[1])
            connection.execute(text(fault))
            assert offenders(connection, check) == 1, check
            connection.rollback()


def test_what_is_sold_without_a_look_at_the_credit_may_pass_the_limit(make_database: MakeDatabase) -> None:
    """Of a type of orders whose credit nobody checks nothing is held: their invoices are owed whatever the limit is."""
    books = make_database("finance", FINANCE)
    books.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
    pay(books, "BANK-1", "1.00")
    confirm(books, "SO-1", ("1", "5000.00"))
    ship(books, "DN-1", "SO-1", (1, "1"))
    with books.engine.connect() as connection:
        assert offenders(connection, "I05_exposure_is_within_the_limit") == 0
        connection.execute(text("UPDATE sales_order SET payment = 'cash'"))
        assert offenders(connection, "I05_exposure_is_within_the_limit") == 1


def offenders(connection: Connection, check: str) -> int:
    _, _, statement = (QUERIES / "finance" / f"{check}.sql").read_text(encoding="utf-8").partition("\n")
    return len(connection.execute(text(statement)).all())


def _unguard(connection: Connection, table: str) -> None:
    """Let the rows of a table be changed, as somebody who owns it could."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
    for name in connection.execute(names, {"name": table}).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))
