"""Invoices on proof of delivery: what left is in transit until it is signed for, and what is refused never billed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from libs.common.db import Database
from services.finance.store import chart
from services.finance.store.billing_tables import travelling
from services.finance.store.tables import posting
from services.finance.tests.builders import an_id, harbor_pumps, usd
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.billing import (
    bring_back,
    end,
    invoices_of,
    paid_ahead,
    send,
    sign,
    take_in,
)
from services.finance.tests.integration.books import (
    open_unlimited,
    release,
    said,
    side_by_side,
    state_of,
    the_account,
)
from services.finance.use_cases.arrive import return_called_off

TEN = ("10", "100.00", "7.00", "7")


@pytest.fixture
def books(finance: Database) -> Database:
    open_unlimited(finance, harbor_pumps())
    return finance


def balances_by_role(books: Database, *roles: str) -> tuple[int, ...]:
    """What the accounts of these roles stand at, a debit above zero."""
    moved = func.sum(posting.c.debit_minor - posting.c.credit_minor)
    with books.reading() as connection:
        codes = chart.codes_now(connection)
        sums = dict(connection.execute(select(posting.c.account, moved).group_by(posting.c.account)).all())
    return tuple(int(sums.get(codes[role], 0)) for role in roles)


def on_proof(books: Database, order: str = "SO-1", **more: object) -> None:
    take_in(books, order, TEN, invoice_on="delivery", **more)


def test_r4_2_what_was_signed_for_is_invoiced_and_its_cost_follows_it(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "2", "12.00"), (1, "8", "48.01"))
    assert invoices_of(books, "SO-1") == []
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales", "revenue") == (6001, -6001, 0, 0)
    account = the_account(books)
    assert (account.held, account.receivable, account.exposure) == (usd("107.00"), usd("0"), usd("107.00"))
    assert_transit(books)

    sign(books, "DN-1", "SO-1", (1, "2", "0"), (1, "8", "3"), on=date(2026, 3, 5))
    (billed,) = invoices_of(books, "SO-1")
    assert (billed.total, billed.posted_on, billed.due_on) == (
        usd("74.90"),
        date(2026, 3, 5),
        date(2026, 4, 4),
    )
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales", "revenue") == (
        1800, -6001, 4201, -7000,
    )  # fmt: skip
    (told,) = said(books, "delivery.not_invoiced")
    assert (told["reason"], told["order_fully_invoiced"]) == ("refused", False)
    assert [line["quantity"] for line in told["lines"]] == ["3"]
    assert said(books, "invoice.posted")[0]["order_fully_invoiced"]
    account = the_account(books)
    assert (account.held, account.receivable, state_of(books, "SO-1")) == (usd("0"), usd("74.90"), "used")

    sign(books, "DN-1", "SO-1", (1, "10", "0"))  # told again, it changes nothing
    assert len(invoices_of(books, "SO-1")) == 1
    assert bring_back(books, "DN-1", "SO-1", (1, "3", "12.00")) is None
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales", "revenue") == (
        0, -4801, 4801, -7000,
    )  # fmt: skip  # a piece of the three was scrapped
    assert said(books, "credit_note.posted") == []


def assert_transit(books: Database) -> None:
    """What the ledger has in transit is what the deliveries have."""
    transit = balances_by_role(books, "in_transit")[0]
    with books.reading() as connection:
        assert connection.execute(select(func.sum(travelling.c.cost_left_minor))).scalar_one() == transit


def test_what_is_refused_whole_is_never_invoiced_and_frees_the_credit(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "10", "60.00"))
    sign(books, "DN-1", "SO-1", (1, "10", "10"))
    assert invoices_of(books, "SO-1") == []
    assert said(books, "delivery.not_invoiced")[0]["order_fully_invoiced"]
    assert the_account(books).exposure == usd("0")
    assert bring_back(books, "DN-1", "SO-1", (1, "10", "60.00")) is None
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales") == (0, 0, 0)
    assert_books_agree(books)


def test_goods_that_come_back_after_they_were_signed_for_are_credited(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "10", "60.00"))
    sign(books, "DN-1", "SO-1", (1, "10", "2"))
    note = bring_back(books, "DN-1", "SO-1", (1, "1", "6.00"), number="RMA-other")
    assert note.total == usd("10.70")
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales") == (1200, -5400, 4200)
    assert bring_back(books, "DN-1", "SO-1", (1, "2", "12.00")) is None
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales") == (0, -4200, 4200)


def test_a_return_at_the_door_that_is_called_off_comes_back_with_another_one(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "10", "60.00"))
    sign(books, "DN-1", "SO-1", (1, "10", "2"))
    books.transact(lambda tx: return_called_off(tx, an_id("order", "SO-1"), "RMA-DN-1"))
    assert bring_back(books, "DN-1", "SO-1", (1, "2", "12.00"), number="RMA-other") is None
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales") == (0, -4800, 4800)


def test_what_comes_back_before_anybody_signed_is_not_invoiced_when_somebody_does(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "10", "60.00"))
    assert bring_back(books, "DN-1", "SO-1", (1, "4", "24.00"), number="RMA-1") is None
    assert said(books, "delivery.not_invoiced")[0]["reason"] == "returned"
    assert the_account(books).held == usd("64.20")
    sign(books, "DN-1", "SO-1", (1, "10", "0"))
    (billed,) = invoices_of(books, "SO-1")
    assert billed.total == usd("64.20")
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales") == (0, -3600, 3600)
    assert the_account(books).held == usd("0")


@pytest.mark.parametrize("shipped_first", [True, False])
def test_closed_short_the_credit_of_what_is_on_its_way_stays_held_until_it_is_invoiced(
    books: Database, shipped_first: bool
):
    on_proof(books)
    acts = [lambda: send(books, "DN-1", "SO-1", (1, "4")), lambda: release(books, "SO-1")]
    for act in acts if shipped_first else reversed(acts):
        act()
    end(books, "SO-1", (1, "6"))
    assert (the_account(books).held, state_of(books, "SO-1")) == (usd("42.80"), "granted")
    sign(books, "DN-1", "SO-1", (1, "4", "0"))
    assert said(books, "invoice.posted")[0]["order_fully_invoiced"]
    assert (the_account(books).held, the_account(books).receivable) == (usd("0"), usd("42.80"))
    assert_books_agree(books)


def test_an_order_whose_credit_nobody_asks_for_weighs_on_it_once_it_has_left(books: Database):
    on_proof(books, credit=False)
    assert the_account(books).exposure == usd("0")
    send(books, "DN-1", "SO-1", (1, "4"))
    assert the_account(books).exposure == usd("107.00")
    sign(books, "DN-1", "SO-1", (1, "4", "0"))
    assert (the_account(books).held, the_account(books).receivable) == (usd("64.20"), usd("42.80"))
    end(books, "SO-1", (1, "6"))
    assert the_account(books).exposure == usd("42.80")


def test_a_down_payment_is_deducted_from_what_was_signed_for_and_the_refused_share_is_credited(
    books: Database,
):
    on_proof(books, down_payment_bp=5000)
    send(books, "DN-1", "SO-1", (1, "10"))
    sign(books, "DN-1", "SO-1", (1, "10", "4"))
    ahead, billed = invoices_of(books, "SO-1")
    assert (ahead.total, billed.total) == (usd("53.50"), usd("32.10"))
    (note,) = said(books, "credit_note.posted")
    assert note["total"]["minor"] == 2140
    assert paid_ahead(books, "SO-1") == (0, 0)
    assert_books_agree(books)


def test_two_proofs_at_once_post_one_invoice(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "10", "60.00"))
    both = [lambda: sign(books, "DN-1", "SO-1", (1, "10", "2")) for _ in range(2)]
    assert side_by_side(*both) == [None, None]
    assert len(invoices_of(books, "SO-1")) == 1
    assert len(said(books, "delivery.not_invoiced")) == 1
    assert_transit(books)


def test_a_return_and_a_proof_that_cross_never_credit_what_was_not_billed(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "10", "60.00"))
    side_by_side(
        lambda: sign(books, "DN-1", "SO-1", (1, "10", "0")),
        lambda: bring_back(books, "DN-1", "SO-1", (1, "4", "24.00"), number="RMA-1"),
    )
    assert the_account(books).receivable == usd("64.20")
    assert the_account(books).held == usd("0")
    assert balances_by_role(books, "in_transit", "stock", "cost_of_sales") == (0, -3600, 3600)
