"""Cash discounts: what an early payment leaves out settles its invoice, with its tax, and nobody has it twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from libs.common.db import Database
from services.finance.domain.payment_terms import PaymentTerms, PaymentTermsInvalid, TermsPart
from services.finance.reports.ageing import AgeingSearch, ageing
from services.finance.reports.invoices import one_invoice
from services.finance.reports.period import Period
from services.finance.reports.statements import statement
from services.finance.reports.suggestions import suggestions_for
from services.finance.reports.tax_report import TaxDocumentSearch, tax_documents, tax_report
from services.finance.tests.builders import HARBOR, SHIPPED_ON, harbor_pumps, usd
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.billing import invoices_of, let_off, send, take_in
from services.finance.tests.integration.books import (
    allocate,
    at_once,
    credit,
    open_unlimited,
    pay,
    said,
    the_account,
)
from services.finance.tests.integration.settling import give_up, tolerate

TODAY = SHIPPED_ON


@pytest.fixture
def books(finance: Database) -> Database:
    open_unlimited(finance, harbor_pumps())
    let_off(finance)
    return finance


def an_invoice(books: Database, order: str = "SO-1", *, days_ago: int = 0, **more):
    """100.00 at 13 % and 10.00 at 6 %: 123.60, of which 2.47 may be left out."""
    take_in(books, order, ("2", "100.00", "13.00", "13"), ("1", "10.00", "0.60", "6"), **more)
    send(books, f"DN-{order}", order, (1, "2"), (2, "1"), on=TODAY - timedelta(days=days_ago))
    return invoices_of(books, order)[-1]


def test_r4_5_paid_in_time_two_percent_less_settles_it_and_corrects_the_tax(books: Database):
    due = an_invoice(books)
    assert (due.total, due.discount, due.discount_until) == (usd("123.60"), usd("2.47"), date(2026, 3, 12))
    pay(books, "RE-1", "121.13", (due.invoice_id, "121.13"))
    (settled,) = invoices_of(books, "SO-1")
    assert (settled.open, settled.payment_state) == (usd("0"), "paid")
    (told,) = said(books, "cash_discount.granted")
    assert (told["amount"]["minor"], told["tax"]["minor"]) == (247, 27)
    account = the_account(books)
    assert (account.receivable, account.unallocated) == (usd("0"), usd("0"))
    assert_books_agree(books)
    with books.reading() as connection:
        report = tax_report(connection, Period(TODAY, TODAY))
        assert [(row.code, row.tax.minor, row.difference.minor) for row in report.rows] == [
            ("VAT13", 1274, 0),
            ("VAT6", 59, 0),
        ]
        papers = tax_documents(connection, TaxDocumentSearch(Period(TODAY, TODAY)), after=None, limit=20)
        assert [(each.kind, each.tax.minor) for each in papers if each.kind != "invoice"] == [
            ("discount", -26),
            ("discount", -1),
        ]
        told_so = statement(connection, HARBOR, "USD", Period(TODAY, TODAY))
        assert [line.kind for line in told_so.lines] == ["invoice", "payment", "cash_discount"]
        assert told_so.closing == usd("0")
        (owed,) = ageing(connection, AgeingSearch(TODAY), with_controls=True).currencies or (None,)
        assert owed is None or not owed.amounts.open
        shown = one_invoice(connection, due.invoice_id, TODAY)
        assert [(off.number, off.amount) for off in shown.discounts] == [("CD-INV-000001", usd("2.47"))]


def test_what_is_short_of_more_or_came_a_day_later_leaves_it_open(books: Database):
    late = an_invoice(books, "SO-1", days_ago=11)
    in_time = an_invoice(books, "SO-2", days_ago=10)
    short = an_invoice(books, "SO-3")
    pay(books, "RE-1", "121.13", (late.invoice_id, "121.13"))
    pay(books, "RE-2", "121.13", (in_time.invoice_id, "121.13"))
    pay(books, "RE-3", "121.12", (short.invoice_id, "121.12"))
    assert [invoices_of(books, f"SO-{n}")[0].open for n in (1, 2, 3)] == [usd("2.47"), usd("0"), usd("2.48")]
    assert len(said(books, "cash_discount.granted")) == 1
    assert_books_agree(books)


def test_the_day_on_which_the_money_came_counts_and_not_that_on_which_it_is_matched(books: Database):
    due = an_invoice(books, days_ago=20)
    early = pay(books, "RE-1", "60.00", on=TODAY - timedelta(days=12))
    rest = pay(books, "RE-2", "61.13", on=TODAY - timedelta(days=10))
    allocate(books, early.payment_id, due.invoice_id, "60.00")
    allocate(books, rest.payment_id, due.invoice_id, "61.13")
    assert invoices_of(books, "SO-1")[0].open == usd("0")
    assert_books_agree(books)


def test_a_part_that_was_paid_late_spoils_it(books: Database):
    due = an_invoice(books, days_ago=20)
    late = pay(books, "RE-1", "60.00", on=TODAY)
    early = pay(books, "RE-2", "61.13", on=TODAY - timedelta(days=15))
    allocate(books, late.payment_id, due.invoice_id, "60.00")
    allocate(books, early.payment_id, due.invoice_id, "61.13")
    assert invoices_of(books, "SO-1")[0].open == usd("2.47")


def test_two_allocations_at_once_settle_it_once(books: Database):
    due = an_invoice(books)
    money = [pay(books, f"RE-{n}", "121.13").payment_id for n in range(2)]
    answers = at_once(2, lambda n: allocate(books, money[n], due.invoice_id, "121.13"))
    assert sorted(isinstance(each, Exception) for each in answers) == [False, True]
    assert len(said(books, "cash_discount.granted")) == 1
    account = the_account(books)
    assert (account.receivable, account.unallocated) == (usd("0"), usd("121.13"))
    assert_books_agree(books)


def test_the_database_itself_grants_no_second_discount(books: Database):
    due = an_invoice(books)
    pay(books, "RE-1", "121.13", (due.invoice_id, "121.13"))
    again = (
        "INSERT INTO cash_discount SELECT 'x', kind, 'CD-x', invoice_id, customer_id, payment_id, currency, "
        "amount_minor, posted_on, created_at FROM cash_discount"
    )
    with pytest.raises(Exception, match=r"(?i)unique|duplicate|invalid"):
        books.transact(lambda tx: tx.connection.execute(text(again)))


def test_goods_credited_after_it_give_back_what_was_paid_and_no_more(books: Database):
    due = an_invoice(books)
    pay(books, "RE-1", "121.13", (due.invoice_id, "121.13"))
    first = credit(books, due.invoice_id, (1, "1", None))
    assert (first.total, first.unallocated) == (usd("56.50"), usd("55.38"))
    last = credit(books, due.invoice_id, (1, "1", None), (2, "1", None))
    assert first.unallocated + last.unallocated == usd("121.13")
    assert invoices_of(books, "SO-1")[0].open == usd("0")
    back = said(books, "cash_discount.reversed")
    assert sum(each["amount"]["minor"] for each in back) == 247
    assert sum(each["tax"]["minor"] for each in back) == 27
    assert_books_agree(books)


def test_what_is_credited_before_lowers_it(books: Database):
    due = an_invoice(books)
    credit(books, due.invoice_id, (1, "1", None))
    assert invoices_of(books, "SO-1")[0].open == usd("67.10")
    pay(books, "RE-1", "65.75", (due.invoice_id, "65.75"))
    assert invoices_of(books, "SO-1")[0].open == usd("1.35")  # half of 2.47 would be 1.34
    pay(books, "RE-2", "0.01", (due.invoice_id, "0.01"))
    assert invoices_of(books, "SO-1")[0].open == usd("0")
    assert_books_agree(books)


def test_with_a_down_payment_it_is_of_what_is_left_to_pay(books: Database):
    due = an_invoice(books, down_payment_bp=5000)
    assert (due.total, due.discount) == (usd("61.80"), usd("1.23"))
    assert invoices_of(books, "SO-1")[0].discount is None
    pay(books, "RE-1", "60.57", (due.invoice_id, "60.57"))
    assert invoices_of(books, "SO-1")[1].open == usd("0")
    assert_books_agree(books)


def test_what_is_suggested_for_a_payment_knows_of_it(books: Database):
    first = an_invoice(books, "SO-1")
    second = an_invoice(books, "SO-2")
    one = pay(books, "no word", "121.13")
    both = pay(books, f"{first.number} {second.number}", "242.26")
    late = pay(books, "RE-3", "121.13", on=TODAY)
    with books.reading() as connection:
        found = suggestions_for(connection, one.payment_id).suggestions[0]
        assert (found.rule, found.confidence) == ("cash_discount", "medium")  # of two it is a guess which
        assert (found.shares[0].amount, found.shares[0].discount) == (usd("121.13"), usd("2.47"))
        named = suggestions_for(connection, both.payment_id).suggestions[0]
        assert (named.rule, named.confidence, named.rest) == ("reference", "high", usd("0"))
        assert [share.discount for share in named.shares] == [usd("2.47"), usd("2.47")]
    for share in named.shares:
        allocate(books, both.payment_id, share.invoice.invoice_id, str(share.amount.decimal))
    assert [invoices_of(books, order)[0].open for order in ("SO-1", "SO-2")] == [usd("0"), usd("0")]
    an_invoice(books, "SO-3", days_ago=11)
    with books.reading() as connection:
        assert [each.rule for each in suggestions_for(connection, late.payment_id).suggestions] == [
            "oldest_first"
        ]


def test_what_was_written_off_before_is_not_let_off_again(books: Database):
    due = an_invoice(books)
    tolerate(books, "1000.00")
    give_up(books, due.invoice_id, "2.00")
    pay(books, "RE-1", "121.13", (due.invoice_id, "121.13"))
    (told,) = said(books, "cash_discount.granted")
    assert told["amount"]["minor"] == 47
    assert_books_agree(books)


@pytest.mark.parametrize(
    ("parts", "bp", "days", "field"),
    [
        ((TermsPart(10_000, 30),), 0, 10, "discount_days"),
        ((TermsPart(5_000, 0), TermsPart(5_000, 30)), 200, 10, "discount_bp"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(parts, bp, days, field):
    with pytest.raises(PaymentTermsInvalid) as refused:
        PaymentTerms("skonto", 1, parts, discount_bp=bp, discount_days=days)
    assert refused.value.field == field
