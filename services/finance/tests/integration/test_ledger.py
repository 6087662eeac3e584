"""The journal: what does not balance, is not sealed, or is sealed already, the database itself refuses."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from libs.common.money import Money
from services.finance.domain.ledger import payment_entry
from services.finance.store import ledger
from services.finance.store.tables import journal_entry, journal_seal, posting
from services.finance.tests.builders import HARBOR, SHIPPED_ON, an_id, usd
from services.finance.tests.integration.books import allocate, an_invoice, at_once, pay, the_account


def write_entry(tx, postings: list[tuple[str, str, int, int]], *, seal: bool = True) -> str:
    """Write an entry past the domain; ``postings`` are (account, currency, debit, credit)."""
    entry_id = tx.new_id()
    tx.connection.execute(
        insert(journal_entry).values(
            id=entry_id,
            number="JE-999999",
            kind="payment",
            document_id=tx.new_id(),
            document_number="PAY-1",
            customer_id=HARBOR,
            posted_on=SHIPPED_ON,
            correlation_id="test",
            created_at=tx.now,
        )
    )
    for line_no, (account, currency, debit, credit) in enumerate(postings, 1):
        tx.connection.execute(
            insert(posting).values(
                entry_id=entry_id,
                line_no=line_no,
                account=account,
                currency=currency,
                debit_minor=debit,
                credit_minor=credit,
            )
        )
    if seal:
        tx.connection.execute(insert(journal_seal).values(entry_id=entry_id))
    return entry_id


def entries(database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(journal_entry)).all())


UNBALANCED: tuple[list[tuple[str, str, int, int]], ...] = (
    [("1000", "USD", 100, 0), ("2100", "USD", 0, 99)],
    [("1000", "USD", 100, 0), ("2100", "EUR", 0, 100)],
    [("1000", "USD", 100, 0), ("2100", "USD", 0, 100), ("2100", "EUR", 0, 1)],
    [("1000", "USD", 100, 0)],
    [],
)
IMPOSSIBLE = (
    [("1000", "USD", 100, 100), ("2100", "USD", 0, 0)],
    [("1000", "USD", -100, 0), ("2100", "USD", 0, -100)],
    [("1000", "USD", 0, 0), ("2100", "USD", 0, 0)],
    [("9999", "USD", 100, 0), ("2100", "USD", 0, 100)],
    [("1000", "USD", 10**17 + 1, 0), ("2100", "USD", 0, 10**17 + 1)],
)


def test_an_entry_that_does_not_balance_in_each_currency_is_refused(finance, subtests):
    for postings in UNBALANCED:
        with subtests.test(postings=postings), pytest.raises(DBAPIError, match="does not balance"):
            finance.transact(partial(write_entry, postings=postings))
    assert entries(finance) == 0


def test_postings_that_cannot_be_are_refused(finance, subtests):
    for postings in IMPOSSIBLE:
        with subtests.test(postings=postings), pytest.raises(IntegrityError):
            finance.transact(partial(write_entry, postings=postings))
    assert entries(finance) == 0


def test_an_entry_that_is_not_sealed_cannot_be_committed(finance):
    balanced = [("1000", "USD", 100, 0), ("2100", "USD", 0, 100)]
    with pytest.raises(IntegrityError):
        finance.transact(lambda tx: write_entry(tx, balanced, seal=False))
    assert entries(finance) == 0


def test_nothing_can_be_posted_to_a_sealed_entry_even_if_it_would_balance(finance):
    pay(finance, "BANK-1", "1.00")
    with finance.reading() as connection:
        entry_id = connection.execute(select(journal_entry.c.id)).scalar_one()
    for line_no, (debit, credit) in ((3, (5, 0)), (4, (0, 5))):
        values = {"entry_id": entry_id, "line_no": line_no, "account": "1000", "currency": "USD"}
        with pytest.raises(DBAPIError, match="sealed"):
            finance.transact(
                lambda tx, v=values, d=debit, c=credit: tx.connection.execute(
                    insert(posting).values(**v, debit_minor=d, credit_minor=c)
                )
            )


def test_what_is_posted_stays(finance, subtests):
    pay(finance, "BANK-1", "1.00")
    changes = {
        "journal_entry": "kind = 'invoice'",
        "posting": "account = '4000'",
        "journal_seal": "entry_id = entry_id",
    }
    for table, change in changes.items():
        acts = [f"UPDATE {table} SET {change}", f"DELETE FROM {table}"]
        for act in acts if finance.is_sqlite else [*acts, f"TRUNCATE {table} CASCADE"]:
            with subtests.test(act), pytest.raises(DBAPIError, match="append-only"):
                finance.transact(lambda tx, act=act: tx.connection.execute(text(act)))
    assert entries(finance) == 1


def test_one_document_is_booked_once(finance):
    entry = payment_entry(an_id("payment"), "PAY-1", HARBOR, SHIPPED_ON, Money(100, "USD"))

    def book_twice(tx):
        ledger.book(tx, entry, "test")
        ledger.book(tx, entry, "test")

    with pytest.raises(IntegrityError):
        finance.transact(book_twice)
    assert entries(finance) == 0


def test_every_step_from_invoice_to_cash_is_booked(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "120.00")
    allocate(finance, payment.payment_id, invoice.invoice_id, "100.00")
    with finance.reading() as connection:
        rows = connection.execute(
            select(journal_entry.c.number, journal_entry.c.kind, posting.c.account, posting.c.debit_minor)
            .join(posting, posting.c.entry_id == journal_entry.c.id)
            .order_by(journal_entry.c.number, posting.c.line_no)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("JE-000001", "invoice", "1200", 10000),
        ("JE-000001", "invoice", "4000", 0),
        ("JE-000002", "payment", "1000", 12000),
        ("JE-000002", "payment", "2100", 0),
        ("JE-000003", "allocation", "2100", 10000),
        ("JE-000003", "allocation", "1200", 0),
    ]
    assert the_account(finance).unallocated == usd("20.00")


def test_entry_numbers_have_no_gap_when_payments_come_at_once(finance):
    at_once(12, lambda n: pay(finance, f"BANK-{n // 2}", "1.00"))
    assert entries(finance) == 6
