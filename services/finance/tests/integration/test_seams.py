"""Where two ways of doing business meet in one order: what is changed, and what is refused at the door."""

from __future__ import annotations

import pytest

from libs.common.db import Database
from services.finance.domain.standing import DeliveryCheck
from services.finance.tests.builders import harbor_pumps, usd
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.amending import amend, line, ship_after, terms
from services.finance.tests.integration.billing import bring_back, invoices_of, send, sign, take_in
from services.finance.tests.integration.books import (
    ask,
    confirm,
    open_unlimited,
    release,
    said,
    ship,
    state_of,
    the_account,
)
from services.finance.tests.integration.test_delivery_credit import (
    approve,
    ask_about,
    how,
    override,
    set_check,
)

PLAIN = ("10", "100.00", "0", "0")


@pytest.fixture
def books(finance: Database) -> Database:
    open_unlimited(finance, harbor_pumps())
    return finance


def on_proof(books: Database, order: str = "SO-1", **more: object) -> None:
    take_in(books, order, PLAIN, invoice_on="delivery", **more)


def test_what_is_refused_of_goods_that_left_before_a_change_takes_nothing_of_the_new_price(books: Database):
    for order, refused_first in (("SO-1", True), ("SO-2", False)):
        on_proof(books, order)
        send(books, f"DN-{order}", order, (1, "6"))
        if refused_first:
            sign(books, f"DN-{order}", order, (1, "6", "2"))
        change = line(order, 1, terms("10", "100.00"), terms("8", "84.00", kept="6", kept_net="60.00"))
        amend(books, order, f"{order}/1", "84.00", change)
        if not refused_first:
            sign(books, f"DN-{order}", order, (1, "6", "2"))
        send(books, f"DN-{order}-2", order, (1, "1"))
        send(books, f"DN-{order}-3", order, (1, "1"))
        sign(books, f"DN-{order}-2", order, (1, "1", "0"))
        sign(books, f"DN-{order}-3", order, (1, "1", "0"))
        assert [each.total for each in invoices_of(books, order)] == [
            usd("40.00"), usd("12.00"), usd("12.00"),
        ]  # fmt: skip
        assert state_of(books, order) == "used"
    assert the_account(books).held == usd("0")
    assert_books_agree(books)


def test_what_is_refused_of_goods_that_left_after_a_change_is_of_the_new_price(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "6"))
    change = line("SO-1", 1, terms("10", "100.00"), terms("8", "84.00", kept="6", kept_net="60.00"))
    amend(books, "SO-1", "SO-1/1", "84.00", change)
    sign(books, "DN-1", "SO-1", (1, "6", "0"))
    send(books, "DN-2", "SO-1", (1, "2"))
    sign(books, "DN-2", "SO-1", (1, "2", "1"))
    assert [each.total for each in invoices_of(books, "SO-1")] == [usd("60.00"), usd("12.00")]


def test_a_raise_of_an_order_that_was_invoiced_meanwhile_weighs_on_its_credit(finance: Database):
    ask(finance, "SO-1", "200.00")
    confirm(finance, "SO-1", ("2", "200.00"))
    ask(finance, "SO-1/1", "300.00")
    ship(finance, "DN-1", "SO-1", (1, "2"))
    assert state_of(finance, "SO-1") == "used"
    more = line("SO-1", 1, terms("2", "200.00"), terms("5", "500.00", kept="2", kept_net="200.00"))
    amend(finance, "SO-1", "SO-1/1", "500.00", more)
    assert not said(finance, "order.amended")[0]["order_fully_invoiced"]
    account = the_account(finance)
    assert (account.held, account.receivable) == (usd("300.00"), usd("200.00"))
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-1/1")) == ("granted", "released")
    assert ship_after(finance, "DN-2", "SO-1", (1, "3")).total == usd("300.00")
    assert (state_of(finance, "SO-1"), the_account(finance).held) == ("used", usd("0"))
    assert_books_agree(finance)


def test_a_raise_of_what_is_on_its_way_without_credit_weighs_on_it(books: Database):
    on_proof(books, credit=False)
    send(books, "DN-1", "SO-1", (1, "10"))
    more = line("SO-1", 1, terms("10", "100.00"), terms("15", "150.00", kept="10", kept_net="100.00"))
    amend(books, "SO-1", "SO-1/1", "150.00", more)
    assert the_account(books).exposure == usd("150.00")
    send(books, "DN-2", "SO-1", (1, "5"))
    sign(books, "DN-1", "SO-1", (1, "10", "0"))
    assert (the_account(books).held, the_account(books).receivable) == (usd("50.00"), usd("100.00"))
    assert_books_agree(books)


def test_what_an_override_let_a_raise_pass_does_not_hold_its_goods_back(finance: Database):
    set_check(finance, DeliveryCheck("always"))
    ask(finance, "SO-1", "800.00")
    confirm(finance, "SO-1", ("8", "800.00"))
    ask(finance, "SO-1/1", "400.00")
    approve(finance, override(finance, "SO-1/1"))
    assert state_of(finance, "SO-1/1") == "granted"
    ask_about(finance, "DN-1", "SO-1")
    assert how(finance, "DN-1") == "granted"
    more = line("SO-1", 1, terms("8", "800.00"), terms("12", "1200.00"))
    amend(finance, "SO-1", "SO-1/1", "1200.00", more)
    ask_about(finance, "DN-2", "SO-1")
    assert (how(finance, "DN-1"), how(finance, "DN-2")) == ("granted", "granted")
    ship_after(finance, "DN-1", "SO-1", (1, "12"))
    ask(finance, "SO-2", "0.00")
    confirm(finance, "SO-2", ("1", "0.00"))
    ask_about(finance, "DN-3", "SO-2")
    assert how(finance, "DN-3") == "refused", "once it is invoiced it counts as everything does"


@pytest.mark.parametrize("way", ["refused", "returned"])
@pytest.mark.parametrize(("quantity", "total", "left"), [("10", "64.00", "4.00"), ("14", "100.00", "40.00")])
def test_what_never_arrives_of_goods_that_left_before_a_change_frees_what_those_cost(
    books: Database, way: str, quantity: str, total: str, left: str
):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "6"))
    change = line("SO-1", 1, terms("10", "100.00"), terms(quantity, total, kept="6", kept_net="60.00"))
    amend(books, "SO-1", "SO-1/1", total, change)
    if way == "refused":
        sign(books, "DN-1", "SO-1", (1, "6", "6"))
    else:
        bring_back(books, "DN-1", "SO-1", (1, "6", None))
    assert the_account(books).held == usd(left)


def test_closed_short_after_a_change_what_is_on_its_way_stays_held_at_what_it_costs(books: Database):
    on_proof(books)
    send(books, "DN-1", "SO-1", (1, "6"))
    change = line("SO-1", 1, terms("10", "100.00"), terms("10", "64.00", kept="6", kept_net="60.00"))
    amend(books, "SO-1", "SO-1/1", "64.00", change)
    release(books, "SO-1")
    assert the_account(books).held == usd("60.00")
