"""Changed orders in finance: what had left is invoiced as it was, the rest as it is, and the credit follows."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.db import Database
from libs.common.errors import Later
from services.finance.tests.builders import harbor_pumps, usd
from services.finance.tests.integration.amending import amend, line, ship_after, terms
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
from services.finance.tests.integration.test_interleavings import Pair, play


def an_order(finance: Database, order: str, quantity: str, amount: str) -> None:
    ask(finance, order, amount)
    confirm(finance, order, (quantity, amount))


def test_the_credit_of_a_raise_joins_the_order_and_is_invoiced_with_it(finance):
    an_order(finance, "SO-1", "2", "200.00")
    ask(finance, "SO-1/1", "300.00")
    amend(finance, "SO-1", "SO-1/1", "500.00", line("SO-1", 1, terms("2", "200.00"), terms("5", "500.00")))
    assert (state_of(finance, "SO-1/1"), the_account(finance).held) == ("released", usd("500.00"))
    assert not said(finance, "order.amended")[0]["order_fully_invoiced"]
    assert ship_after(finance, "DN-1", "SO-1", (1, "5")).total == usd("500.00")
    assert (state_of(finance, "SO-1"), the_account(finance).held) == ("used", usd("0"))


def test_what_a_lowered_order_holds_less_goes_to_who_waits(finance):
    an_order(finance, "SO-1", "10", "1000.00")
    ask(finance, "SO-2", "300.00")
    assert state_of(finance, "SO-2") == "waiting"
    amend(finance, "SO-1", "c", "700.00", line("SO-1", 1, terms("10", "1000.00"), terms("7", "700.00")))
    assert (state_of(finance, "SO-2"), the_account(finance).held) == ("granted", usd("1000.00"))


def test_what_had_left_keeps_its_price_whichever_message_comes_first(finance):
    for order, early in (("SO-1", True), ("SO-2", False)):
        an_order(finance, order, "3", "100.00")
        change = line(order, 1, terms("3", "100.00"), terms("3", "53.33", kept="1", kept_net="33.33"))
        if early:
            ship(finance, f"DN-{order}", order, (1, "1"))
        amend(finance, order, f"{order}/1", "53.33", change)
        if not early:
            ship(finance, f"DN-{order}", order, (1, "1"))
        invoices = [ship_after(finance, f"DN-{order}-{n}", order, (1, "1")).total for n in range(2)]
        assert invoices == [usd("10.00"), usd("10.00")]
    assert [posted["total"]["minor"] for posted in said(finance, "invoice.posted")] == [
        3333, 1000, 1000, 3333, 1000, 1000,
    ]  # fmt: skip
    assert the_account(finance).held == usd("0")


def test_a_shipment_that_follows_a_change_waits_for_it(finance):
    an_order(finance, "SO-1", "2", "200.00")
    new = line("SO-1", 2, None, terms("1", "7.00"))
    with pytest.raises(Later):
        ship_after(finance, "DN-1", "SO-1", (2, "1"))
    ask(finance, "SO-1/1", "7.00")
    amend(finance, "SO-1", "SO-1/1", "207.00", new)
    assert ship_after(finance, "DN-1", "SO-1", (2, "1")).total == usd("7.00")


def test_taking_off_what_is_left_ends_the_order_and_frees_its_credit(finance):
    an_order(finance, "SO-1", "4", "400.00")
    ship(finance, "DN-1", "SO-1", (1, "1"))
    gone = line("SO-1", 1, terms("4", "400.00"), terms("1", "100.00", kept="1", kept_net="100.00"))
    amend(finance, "SO-1", "SO-1/1", "100.00", gone)
    assert said(finance, "order.amended")[0]["order_fully_invoiced"]
    assert (state_of(finance, "SO-1"), the_account(finance).held) == ("used", usd("0"))


def test_a_line_is_taken_off_and_a_change_told_again_changes_nothing(finance):
    ask(finance, "SO-1", "300.00")
    confirm(finance, "SO-1", ("1", "100.00"), ("2", "200.00"))
    off = line("SO-1", 2, terms("2", "200.00"), None)
    for _ in range(2):
        amend(finance, "SO-1", "SO-1/1", "100.00", off)
    assert the_account(finance).held == usd("100.00")
    assert len(said(finance, "order.amended")) == 2
    assert ship_after(finance, "DN-1", "SO-1", (1, "1")).total == usd("100.00")
    assert state_of(finance, "SO-1") == "used"


def test_the_credit_of_a_change_whose_order_was_cancelled_is_free(finance):
    an_order(finance, "SO-1", "2", "200.00")
    ask(finance, "SO-1/1", "300.00")
    release(finance, "SO-1")
    amend(finance, "SO-1", "SO-1/1", "500.00", line("SO-1", 1, terms("2", "200.00"), terms("5", "500.00")))
    assert (state_of(finance, "SO-1/1"), the_account(finance).held) == ("released", usd("0"))


@pytest.mark.postgres
def test_a_raise_and_another_order_for_the_last_of_the_limit(finance):
    def pair(number: int) -> Pair:
        an_order(finance, f"SO-{number}", "4", "400.00")
        return (
            partial(ask, finance, f"SO-{number}/1", "600.00"),
            partial(ask, finance, f"b-{number}", "600.00"),
        )

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        names = (f"SO-{number}/1", f"b-{number}")
        assert sorted(state_of(finance, name) for name in names) == ["granted", "waiting"]
        for name in (f"SO-{number}", *names):
            release(finance, name)

    assert play(finance, pair, check) > 10


@pytest.mark.postgres
def test_a_change_reaches_finance_as_its_order_is_shipped(finance):
    def pair(number: int) -> Pair:
        an_order(finance, f"SO-{number}", "4", "40.00")
        ask(finance, f"SO-{number}/1", "10.00")
        more = line(f"SO-{number}", 1, terms("4", "40.00"), terms("5", "50.00"))
        return (
            partial(amend, finance, f"SO-{number}", f"SO-{number}/1", "50.00", more),
            partial(ship, finance, f"DN-{number}", f"SO-{number}", (1, "1")),
        )

    def check(number: int, amended: object, _shipped: object) -> None:
        assert amended is None
        assert the_account(finance).held == usd("40.00")
        ship_after(finance, f"DN-{number}-2", f"SO-{number}", (1, "4"))
        assert the_account(finance).held == usd("0")
        release(finance, f"SO-{number}")

    open_unlimited(finance, harbor_pumps())
    assert play(finance, pair, check) > 10
