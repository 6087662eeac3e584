"""Down payments: invoiced as an order is confirmed, deducted to the unit, credited where nothing deducts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from libs.common.db import Database
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.down_payment import DownPayment, DownPaymentCredited, DownPaymentLine, deduct
from services.finance.domain.down_payment import draft_down_payment as draft
from services.finance.domain.exchange import rate_e10
from services.finance.domain.invoicing import Draft, Order, OrderLine, draft_invoice
from services.finance.domain.taxes import LineTax
from services.finance.reports.exchange_proof import accounts_that_disagree
from services.finance.tests.builders import HARBOR, QUAY, SHIPPED_ON, harbor_pumps, usd
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.billing import (
    bring_back,
    end,
    invoices_of,
    paid_ahead,
    send,
    take_in,
)
from services.finance.tests.integration.books import (
    credit,
    open_unlimited,
    pay,
    said,
    side_by_side,
    the_account,
)
from services.finance.use_cases.accounts import KeepCustomer
from services.finance.use_cases.exchange import RecordRate, record_rate

SIXTEEN = ("16", "5350.66", "1177.15", "22")


@pytest.fixture
def books(finance: Database) -> Database:
    open_unlimited(finance, harbor_pumps())
    return finance


def test_r4_5_a_third_ahead_is_deducted_from_each_shipment_and_all_invoices_are_the_order(books: Database):
    total = take_in(books, "SO-1", SIXTEEN, down_payment_bp=3333)
    (ahead,) = invoices_of(books, "SO-1")
    assert (ahead.kind, ahead.number, ahead.total) == (
        "down_payment",
        "INV-000001",
        total.share(3333, 10_000),
    )
    account = the_account(books)
    assert (account.receivable, account.exposure) == (ahead.total, total)
    posted = said(books, "invoice.posted")[0]
    assert (posted["kind"], posted["lines"], posted["order_fully_invoiced"]) == ("down_payment", [], False)

    pay(books, "RE-1", str(ahead.total.decimal), (ahead.invoice_id, str(ahead.total.decimal)))
    for number, quantity in enumerate(("5", "1", "10"), 1):
        send(books, f"DN-{number}", "SO-1", (1, quantity))
    found = invoices_of(books, "SO-1")
    assert Money.total((each.total for each in found), "USD") == total
    assert sum(each.tax_minor for each in found) == 117_715
    assert paid_ahead(books, "SO-1") == (0, 0)
    assert said(books, "invoice.posted")[-1]["order_fully_invoiced"]
    assert the_account(books).exposure == total - ahead.total
    assert_books_agree(books)


@pytest.mark.parametrize("bp", [1, 1234, 5000, 9999])
def test_six_lines_at_seven_percent_with_any_share_ahead_are_the_order(books: Database, bp: int):
    lines = [("3", "39.96", "2.80", "7")] * 5 + [("3", "39.96", "2.79", "7")]
    total = take_in(books, "SO-1", *lines, down_payment_bp=bp)
    for number in range(3):
        send(books, f"DN-{number}", "SO-1", *((line, "1") for line in range(1, 7)))
    found = invoices_of(books, "SO-1")
    assert Money.total((each.total for each in found), "USD") == total
    assert all(each.total.minor >= each.tax_minor >= 0 for each in found)
    assert_books_agree(books)


@given(
    lines=st.lists(
        st.tuples(st.integers(1, 7), st.integers(0, 300), st.integers(0, 60)), min_size=1, max_size=4
    ),
    bp=st.integers(1, 9999),
    data=st.data(),
)
def test_no_rounding_takes_an_invoice_below_zero_or_loses_a_unit(lines, bp, data):
    """Property: whatever the shares, the parts and their order, all invoices together are the order, to the unit."""
    order = Order(
        "o", "SO-1", HARBOR, "USD", Money(0, "USD"), "o",
        tuple(
            OrderLine(
                f"l{no}", no, "i", "sku", "name", Quantity.of(str(quantity)), Money(net, "USD"),
                Quantity.zero(), Money.zero("USD"), LineTax("V", 70_000, Money(tax, "USD")), Money.zero("USD"),
            )
            for no, (quantity, net, tax) in enumerate(lines, 1)
        ),
        down_payment_bp=bp,
    )  # fmt: skip
    total = Money.total((line.gross for line in order.lines), "USD")
    ahead = draft(order)
    assert ahead.total == total.share(bp, 10_000)
    assert all(line.amount.minor >= 0 and line.tax_amount.minor >= 0 for line in ahead.lines)
    down = DownPayment(
        "o", "i", ahead.total, ahead.tax,
        tuple(DownPaymentLine(line.order_line_id, line.amount, line.tax) for line in ahead.lines),
    )  # fmt: skip
    billed = ahead.total
    for line in data.draw(st.permutations(order.lines)):
        cuts = data.draw(st.sets(st.integers(1, line.quantity.milli - 1), max_size=3))
        for before, after in pairwise([0, *sorted(cuts), line.quantity.milli]):
            part = draft_invoice(order, [(line.order_line_id, Quantity(after - before))])
            part = deduct(order, part, down)
            assert part.total.minor >= part.tax.minor >= 0
            billed = billed + part.total
            order = _after(order, part)
    assert billed == total


def _after(order: Order, part: Draft) -> Order:
    grown = {line.order_line_id: line for line in part.lines}
    return replace(
        order,
        lines=tuple(
            line
            if line.order_line_id not in grown
            else replace(
                line,
                invoiced_quantity=line.invoiced_quantity + grown[line.order_line_id].quantity,
                invoiced_amount=line.invoiced_amount + grown[line.order_line_id].amount,
                invoiced_tax=(line.invoiced_tax or Money.zero("USD")) + grown[line.order_line_id].tax_amount,
            )
            for line in order.lines
        ),
    )


def test_a_cancelled_order_gives_an_unpaid_down_payment_back_whole(books: Database):
    take_in(books, "SO-1", SIXTEEN, down_payment_bp=3000)
    end(books, "SO-1")
    (ahead,) = invoices_of(books, "SO-1")
    assert (ahead.open, ahead.payment_state) == (usd("0"), "paid")
    (note,) = said(books, "credit_note.posted")
    assert (note["total"]["minor"], note["unallocated"]["minor"]) == (ahead.total.minor, 0)
    account = the_account(books)
    assert (account.held, account.receivable, account.unallocated) == (usd("0"), usd("0"), usd("0"))
    end(books, "SO-1")  # told again, it changes nothing
    assert len(said(books, "credit_note.posted")) == 1
    assert_books_agree(books)


def test_what_is_closed_short_leaves_the_paid_rest_to_the_customer_also_when_told_before_the_shipment(
    books: Database,
):
    total = take_in(books, "SO-1", ("4", "100.00", "7.00", "7"), down_payment_bp=5000)
    (ahead,) = invoices_of(books, "SO-1")
    pay(books, "RE-1", "53.50", (ahead.invoice_id, "53.50"))
    end(books, "SO-1", (1, "3"))
    assert (
        said(books, "credit_note.posted") == []
    )  # one piece is on its way, and its invoice deducts its share
    send(books, "DN-1", "SO-1", (1, "1"))
    billed = invoices_of(books, "SO-1")[1]
    assert billed.total == usd("13.37")  # 26.75 less its share of what was paid ahead, 13.38
    (note,) = said(books, "credit_note.posted")
    assert note["total"]["minor"] == note["unallocated"]["minor"] == 5350 - 1338
    assert the_account(books).unallocated == usd("40.12")
    assert paid_ahead(books, "SO-1") == (0, 0)
    assert total == usd("107.00")
    assert_books_agree(books)


def test_goods_that_come_back_give_back_what_was_paid_ahead_for_them_too(books: Database):
    take_in(books, "SO-1", ("4", "100.00", "7.00", "7"), down_payment_bp=5000)
    ahead = invoices_of(books, "SO-1")[0]
    pay(books, "RE-1", "53.50", (ahead.invoice_id, "53.50"))
    send(books, "DN-1", "SO-1", (1, "4"))
    billed = invoices_of(books, "SO-1")[1]
    assert billed.total == usd("53.50")
    note = bring_back(books, "DN-1", "SO-1", (1, "4", None), number="RMA-1")
    assert (note.total, note.unallocated) == (usd("107.00"), usd("53.50"))
    assert_books_agree(books)


def test_a_down_payment_is_not_credited_by_hand(books: Database):
    take_in(books, "SO-1", SIXTEEN, down_payment_bp=3000)
    (ahead,) = invoices_of(books, "SO-1")
    with pytest.raises(DownPaymentCredited) as refused:
        credit(books, ahead.invoice_id, (1, None, "1.00"))
    assert refused.value.field == "invoice_id"


def test_two_shipments_at_once_deduct_the_down_payment_once(books: Database):
    total = take_in(books, "SO-1", ("2", "99.99", "7.01", "7"), down_payment_bp=3333)
    ship_both = [lambda n=n: send(books, f"DN-{n}", "SO-1", (1, "1")) for n in range(2)]
    assert side_by_side(*ship_both) == [None, None]
    assert Money.total((each.total for each in invoices_of(books, "SO-1")), "USD") == total
    assert paid_ahead(books, "SO-1") == (0, 0)
    assert_books_agree(books)


def test_the_last_shipment_and_a_close_that_cross_credit_the_rest_once(books: Database):
    take_in(books, "SO-1", ("4", "100.00", "7.00", "7"), down_payment_bp=5000)
    acts = (lambda: end(books, "SO-1", (1, "3")), lambda: send(books, "DN-1", "SO-1", (1, "1")))
    assert side_by_side(*acts) == [None, None]
    assert len(said(books, "credit_note.posted")) == 1
    assert paid_ahead(books, "SO-1") == (0, 0)
    assert_books_agree(books)


def test_it_falls_due_and_is_owed_like_every_invoice(books: Database):
    take_in(books, "SO-1", SIXTEEN, down_payment_bp=3000)
    (ahead,) = invoices_of(books, "SO-1")
    assert ahead.due_on == ahead.posted_on + timedelta(days=30)


def test_yen_have_no_decimals_and_the_books_in_dollars_balance_too(books: Database):
    """100.5 yen twice are 201, with 10 % tax 221: a third ahead, and a piece at a time, at another rate each."""
    at = [("0.0068", date(2026, 2, 1)), ("0.0071", SHIPPED_ON)]
    for rate, day in at:
        wanted = RecordRate("JPY", "USD", day, rate_e10(Decimal(rate)), "bank")
        books.transact(lambda tx, wanted=wanted: record_rate(tx, wanted))
    yen = KeepCustomer(QUAY, "C-000002", "Quay Marine", "JPY", None)
    open_unlimited(books, yen)
    total = take_in(
        books, "SO-1", ("2", "201", "20", "10"), currency="JPY", customer_id=QUAY, down_payment_bp=3333
    )
    for number in range(2):
        send(books, f"DN-{number}", "SO-1", (1, "1"), customer_id=QUAY)
    found = invoices_of(books, "SO-1")
    assert [each.total.minor for each in found] == [74, 73, 74]
    assert Money.total((each.total for each in found), "JPY") == total == Money(221, "JPY")
    with books.reading() as connection:
        assert list(accounts_that_disagree(connection)) == []
        query = text(
            "SELECT COALESCE(SUM(debit_minor - credit_minor), 0) FROM company_posting WHERE account = '2110'"
        )
        assert connection.execute(query).scalar_one() == 0
