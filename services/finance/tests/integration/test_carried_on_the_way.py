"""What is on its way, paid ahead or heard of late is in the company's books of another currency to the end."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from libs.common.db import Database
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.reports.exchange_proof import accounts_that_disagree
from services.finance.reports.ledger import company_balance, trial_balance
from services.finance.store.exchange_tables import carried_stock
from services.finance.store.revaluations import open_on
from services.finance.tests.builders import HARBOR, QUAY, SHIPPED_ON, TERMS, an_id, harbor_pumps
from services.finance.tests.integration.billing import end, invoices_of, let_off, send, sign, take_in
from services.finance.tests.integration.books import credit, open_unlimited, said
from services.finance.tests.integration.test_stock_value_books import rate, tell
from services.finance.use_cases.accounts import KeepCustomer
from services.finance.use_cases.arrive import goods_came_back
from services.finance.use_cases.bill import bill_delivery
from services.finance.use_cases.credit_notes import InspectedReturn, ReturnedLine
from services.finance.use_cases.payments import InvoiceShare, ReceivePayment, receive_payment
from services.finance.use_cases.post_invoice import ShippedDelivery, ShippedLine
from services.finance.use_cases.revalue_exchange import RevalueExchange, revalue_exchange

PLAIN = ("10", "100.00", "0", "0")


@pytest.fixture
def books(finance: Database) -> Database:
    open_unlimited(finance, harbor_pumps())
    return finance


def on_proof(books: Database, order: str = "SO-1", **more: object) -> None:
    take_in(books, order, PLAIN, invoice_on="delivery", **more)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def send_of_euros(books: Database, *costs: str, on: date = SHIPPED_ON) -> None:
    parts = tuple(ShippedLine(an_id("line", "SO-1", "1"), Quantity.of("10"), euros(cost)) for cost in costs)
    of = (an_id("delivery", "DN-1"), "DN-1", an_id("order", "SO-1"), HARBOR, on, parts)
    books.transact(lambda tx: bill_delivery(tx, ShippedDelivery(*of), TERMS))


def euros_came_back(books: Database, quantity: str, cost: str | None) -> None:
    parts = (ReturnedLine(an_id("line", "SO-1", "1"), Quantity.of(quantity), cost=cost and euros(cost)),)
    told = InspectedReturn(
        an_id("return", "R"), "RMA-DN-1", an_id("delivery", "DN-1"), HARBOR, "Late", date(2026, 3, 6), parts,
        an_id("order", "SO-1"),
    )  # fmt: skip
    books.transact(lambda tx: goods_came_back(tx, told, TERMS))


def carried(books: Database) -> dict[str, str]:
    """What the company's books of dollars carry, without what is owed and earned."""
    found = books.read(lambda connection: company_balance(connection, "USD")).accounts
    assert sum(each.balance.minor for each in found) == 0
    return {
        each.code: each.balance.digits for each in found if each.balance and each.code not in ("1100", "4000")
    }


def roles(books: Database) -> dict[str, str]:
    found = books.read(trial_balance)
    return {
        account.code: account.balance.digits
        for each in found.currencies
        if each.currency == "EUR"
        for account in each.accounts
        if account.balance
    }


@pytest.mark.parametrize("kept", ["10.00", "6.00", None])
def test_goods_valued_in_another_currency_are_carried_all_the_way(books: Database, kept: str | None):
    rate(books, date(2026, 3, 1), 11_000_000_000)
    rate(books, date(2026, 3, 4), 13_000_000_000)
    tell(books, "OS-1", ("opening", "100.00"), currency="EUR")
    on_proof(books)
    send_of_euros(books, "30.01")
    at_home, under_way = carried(books)["1300"], carried(books)
    assert at_home == "76.99"
    sign(books, "DN-1", "SO-1", (1, "10", "3"), on=date(2026, 3, 5))
    euros_came_back(books, "3", kept)
    found, stands = carried(books), roles(books)
    transit = ({*under_way} - {"1300", "3000"}).pop()
    assert transit not in stands
    assert transit not in found
    with books.reading() as connection:
        row = connection.execute(select(carried_stock)).one()
    assert Money(row.amount_minor, "EUR").digits == stands["1300"]
    assert Money(row.carried_minor, "USD").digits == found["1300"]
    assert row.carried_minor != 0


def test_what_left_before_it_is_known_to_have_come_in_is_carried_as_nothing_afterwards(books: Database):
    rate(books, date(2026, 3, 1), 11_000_000_000)
    rate(books, date(2026, 3, 4), 13_000_000_000)
    tell(books, "SA-1", ("adjustment", "-10.00"), currency="EUR")
    tell(books, "SA-2", ("adjustment", "10.00"), currency="EUR", on=date(2026, 3, 5))
    assert "1300" not in carried(books)
    tell(books, "SA-3", ("adjustment", "-10.00"), currency="EUR")
    tell(
        books, "MO-1", ("consumption", "-5.00"), ("production", "15.00"), currency="EUR", on=date(2026, 3, 5)
    )
    assert "1300" not in carried(books)


def test_the_rest_of_a_down_payment_without_tax_is_credited_where_its_parts_are_a_cent_more(books: Database):
    rate(books, date(2026, 2, 1), 11_333_000_000)
    open_unlimited(books, KeepCustomer(QUAY, "C-000002", "Quay Marine", "EUR", None))
    order = ("20", "200.00", "0", "0")
    take_in(books, "SO-1", order, currency="EUR", customer_id=QUAY, down_payment_bp=5000)
    (ahead,) = invoices_of(books, "SO-1")
    share = InvoiceShare(ahead.invoice_id, euros("90.27"))
    paid = ReceivePayment(QUAY, euros("90.27"), "RE-1", allocations=(share,))
    books.transact(lambda tx: receive_payment(tx, paid, TERMS))
    send(books, "DN-1", "SO-1", (1, "18"), customer_id=QUAY)
    end(books, "SO-1", (1, "2"))
    (note,) = said(books, "credit_note.posted")
    assert (note["total"]["minor"], note["unallocated"]["minor"]) == (1000, 27)
    assert books.read(lambda connection: list(accounts_that_disagree(connection))) == []
    assert "2110" not in carried(books)


def test_open_items_of_a_day_are_what_documents_are_open_whatever_settled_them(books: Database):
    rate(books, date(2026, 2, 1), 11_333_000_000)
    rate(books, date(2026, 3, 2), 12_777_000_000)
    open_unlimited(books, KeepCustomer(QUAY, "C-000002", "Quay Marine", "EUR", None))
    let_off(books, customer_id=QUAY)
    order = ("20", "199.99", "13.99", "7")
    take_in(books, "SO-1", order, currency="EUR", customer_id=QUAY, down_payment_bp=3333)
    send(books, "DN-1", "SO-1", (1, "11"), customer_id=QUAY)
    ahead, first = invoices_of(books, "SO-1")
    assert first.discount
    for number, billed, off in (("1", ahead, "0"), ("2", first, first.discount.digits)):
        amount = billed.open - euros(off)
        paid = ReceivePayment(
            QUAY, amount, f"RE-{number}", allocations=(InvoiceShare(billed.invoice_id, amount),)
        )
        books.transact(lambda tx, paid=paid: receive_payment(tx, paid, TERMS))
    assert_open(books)
    credit(books, first.invoice_id, (1, "3", None))
    assert_open(books)
    send(books, "DN-2", "SO-1", (1, "4"), customer_id=QUAY)
    assert_open(books)
    end(books, "SO-1", (1, "5"))
    assert len(said(books, "credit_note.posted")) == 2
    assert_open(books)
    found = books.transact(lambda tx: revalue_exchange(tx, RevalueExchange(date(2026, 3, 2)), TERMS))
    assert [each.currency for each in found] == ["EUR"]
    assert_open(books)


def assert_open(books: Database) -> None:
    found = sum(each.open.minor for each in invoices_of(books, "SO-1"))
    with books.reading() as connection:
        assert list(accounts_that_disagree(connection)) == []
        items = open_on(connection, date(2026, 12, 31), "USD").get("EUR", [])
    assert sum(each.open.minor for each in items if each.role == "receivable") == found
