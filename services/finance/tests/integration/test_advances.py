"""Advances: asked for, paid in parts, kept apart from everything else, used by the invoice or given back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from libs.common.db import Cause
from services.finance.domain.advance import (
    AdvanceClosed,
    AdvanceExceeded,
    AdvanceOfAnotherCustomer,
    AdvanceUncovers,
    orders_named,
)
from services.finance.domain.payment import AllocationExceedsPayment
from services.finance.store import advances
from services.finance.tests.builders import (
    HARBOR,
    QUAY,
    TERMS,
    a_confirmed_order,
    a_shipment,
    an_id,
    harbor_pumps,
    usd,
)
from services.finance.tests.integration.books import (
    allocate,
    an_invoice,
    ask,
    pay,
    said,
    state_of,
    the_account,
)
from services.finance.tests.integration.test_interleavings import Pair, play
from services.finance.use_cases.accounts import keep_customer
from services.finance.use_cases.advances import (
    AskAdvance,
    KeepForOrder,
    ReleaseAdvance,
    ask_advance,
    keep_for_order,
    release_advance,
)
from services.finance.use_cases.bill import bill_delivery, take_order_in
from services.finance.use_cases.credit_notes import EndedOrder, GivenUp, credit_given_up


def ask_for(finance, order: str, amount: str, customer_id: str = HARBOR) -> None:
    command = AskAdvance(an_id("order", order), order, customer_id, usd(amount))
    cause = Cause(correlation_id=f"conversation-{order}")
    finance.transact(lambda tx: ask_advance(tx, command), cause=cause)


def give_back(finance, order: str) -> None:
    command = ReleaseAdvance(an_id("order", order), "order cancelled")
    finance.transact(lambda tx: release_advance(tx, command, TERMS))


def keep(finance, payment, order: str, amount: str) -> None:
    command = KeepForOrder(payment.payment_id, an_id("order", order), usd(amount))
    finance.transact(lambda tx: keep_for_order(tx, command))


def take_in(finance, order: str, *lines: tuple[str, str], **terms: str) -> None:
    confirmed = replace(a_confirmed_order(order, *lines), **terms)
    finance.transact(lambda tx: take_order_in(tx, confirmed, TERMS))


def bill(finance, delivery: str, order: str, *parts: tuple[int, str]) -> None:
    finance.transact(lambda tx: bill_delivery(tx, a_shipment(delivery, order, *parts), TERMS))


def state(finance, order: str) -> str:
    found = finance.read(lambda connection: advances.find(connection, an_id("order", order)))
    assert found is not None
    return found.state


def figures(finance) -> tuple[str, str, str]:
    account = the_account(finance)
    return str(account.held), str(account.receivable), str(account.unallocated)


def test_r7_1_an_advance_is_paid_in_parts_and_its_invoices_take_it(finance):
    ask_for(finance, "SO-1", "300.00")
    pay(finance, "so-1 half", "100.00")
    pay(finance, "the rest of SO-1, SO-2", "250.00")
    assert [each["missing"]["minor"] for each in said(finance, "advance.requested")] == [300_00, 200_00]
    assert len(said(finance, "advance.covered")) == 1
    assert figures(finance) == ("300.00 USD", "0.00 USD", "350.00 USD")

    take_in(finance, "SO-1", ("3", "300.00"), payment="advance")
    bill(finance, "DN-1", "SO-1", (1, "1"))
    assert (state(finance, "SO-1"), figures(finance)) == ("covered", ("200.00 USD", "0.00 USD", "250.00 USD"))
    bill(finance, "DN-2", "SO-1", (1, "2"))
    assert (state(finance, "SO-1"), state_of(finance, "SO-1")) == ("used", "used")
    assert figures(finance) == ("0.00 USD", "0.00 USD", "50.00 USD")
    assert [each["amount"]["minor"] for each in said(finance, "payment.allocated")] == [100_00, 200_00]


def test_money_that_is_there_before_is_taken_and_asking_again_answers_again(finance):
    pay(finance, "SO-1", "80.00")
    ask_for(finance, "SO-1", "80.00")
    ask_for(finance, "SO-1", "80.00")
    ask_for(finance, "SO-0", "0.00")
    assert [each["order_number"] for each in said(finance, "advance.covered")] == ["SO-1", "SO-1", "SO-0"]
    assert figures(finance) == ("80.00 USD", "0.00 USD", "80.00 USD")


def test_what_is_kept_makes_no_room_and_comes_free_with_its_order(finance):
    ask_for(finance, "SO-1", "500.00")
    pay(finance, "SO-1", "300.00")
    ask(finance, "SO-2", "1200.00")
    assert state_of(finance, "SO-2") == "waiting"
    give_back(finance, "SO-1")
    give_back(finance, "SO-1")
    assert [each["had_effect"] for each in said(finance, "advance.released")] == [True, False]
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-2")) == ("released", "granted")
    ask_for(finance, "SO-1", "500.00")
    assert said(finance, "advance.rejected")[-1]["reason"] == "released"


def test_money_that_covers_other_orders_is_not_kept_beyond_the_limit(finance):
    """Else the order that was granted for it and the one that it is kept for would lean on the same money."""
    paid = pay(finance, "SO-2 advance", "500.00")
    ask(finance, "SO-1", "1300.00")
    assert state_of(finance, "SO-1") == "granted"
    ask_for(finance, "SO-2", "500.00")
    (asked,) = said(finance, "advance.requested")
    assert (asked["covered"]["minor"], asked["missing"]["minor"]) == (200_00, 300_00)
    with pytest.raises(AdvanceUncovers) as refused:
        keep(finance, paid, "SO-2", "0.01")
    assert (refused.value.field, refused.value.figures["room"]) == ("amount", usd("0.00"))
    assert the_account(finance).exposure == usd("1000.00")

    pay(finance, "for so-2", "300.00")
    assert (state(finance, "SO-2"), the_account(finance).exposure) == ("covered", usd("1000.00"))


def test_an_account_of_which_an_advance_is_asked_keeps_its_currency(finance):
    ask_for(finance, "SO-1", "80.00")
    finance.transact(lambda tx: keep_customer(tx, replace(harbor_pumps(), currency="EUR"), TERMS))
    assert the_account(finance).currency == "USD"
    pay(finance, "SO-1", "80.00")
    assert state(finance, "SO-1") == "covered"


def test_a_release_that_overtakes_the_request_is_remembered(finance):
    give_back(finance, "SO-1")
    ask_for(finance, "SO-1", "10.00")
    assert said(finance, "advance.requested") == []
    assert said(finance, "advance.rejected")[0]["reason"] == "released"


def test_a_person_keeps_no_more_than_is_missing_and_free_and_only_of_the_payer(finance):
    ask_for(finance, "SO-1", "50.00")
    ask_for(finance, "SO-2", "50.00", QUAY)
    payment = pay(finance, "RE-1", "60.00")
    with pytest.raises(AdvanceExceeded) as refused:
        keep(finance, payment, "SO-1", "50.01")
    assert refused.value.figures["missing"] == usd("50.00")
    with pytest.raises(AdvanceOfAnotherCustomer):
        keep(finance, payment, "SO-2", "10.00")
    keep(finance, payment, "SO-1", "20.00")
    keep(finance, payment, "SO-1", "30.00")
    with pytest.raises(AdvanceClosed):
        keep(finance, payment, "SO-1", "1.00")
    invoice = an_invoice(finance, "SO-9", "60.00")
    with pytest.raises(AllocationExceedsPayment) as spent:
        allocate(finance, payment.payment_id, invoice.invoice_id, "10.01")
    assert spent.value.figures["left"] == usd("10.00")
    allocate(finance, payment.payment_id, invoice.invoice_id, "10.00")


def test_r7_1_an_order_is_invoiced_whole_and_what_it_never_ships_is_credited(finance):
    ask(finance, "SO-1", "100.00")
    take_in(finance, "SO-1", ("4", "100.00"), invoice_on="order")
    bill(finance, "DN-1", "SO-1", (1, "1"))
    (posted,) = said(finance, "invoice.posted")
    assert (posted["total"]["minor"], posted["order_fully_invoiced"]) == (100_00, True)
    assert posted["delivery_id"] == posted["order_id"]
    given_up = (GivenUp(an_id("line", "SO-1", "1"), a_confirmed_order("SO-1", ("3", "1")).lines[0].quantity),)
    ended = EndedOrder(an_id("order", "SO-1"), "SO-1", "gone", given_up)
    finance.transact(lambda tx: credit_given_up(tx, ended, TERMS))
    assert [each["total"]["minor"] for each in said(finance, "credit_note.posted")] == [75_00]


def test_an_order_that_is_invoiced_as_it_ships_is_not_credited(finance):
    an_invoice(finance, "SO-1", "100.00")
    ended = EndedOrder(an_id("order", "SO-1"), "SO-1", "gone")
    assert finance.transact(lambda tx: credit_given_up(tx, ended, TERMS)) is None


@pytest.mark.postgres
def test_money_is_not_kept_for_an_order_and_spent_at_the_same_time(finance):
    def pair(number: int) -> Pair:
        ask_for(finance, f"SO-{number}", "100.00")
        invoice = an_invoice(finance, f"I-{number}", "10.00")
        payment = pay(finance, f"RE-{number}", "100.00")
        return (
            partial(keep, finance, payment, f"SO-{number}", "100.00"),
            partial(allocate, finance, payment.payment_id, invoice.invoice_id, "10.00"),
        )

    def check(number: int, *outcomes: object) -> None:
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert len(refused) == 1, outcomes
        assert isinstance(refused[0], (AdvanceExceeded, AllocationExceedsPayment))
        give_back(finance, f"SO-{number}")

    play(finance, pair, check)


def test_a_reference_names_orders_as_banks_write_them():
    assert orders_named("Paying so-000012, SO-000013/SO-000012") == ("SO-000012", "SO-000013")
    assert orders_named("XSO-1 ISO-9 SO-") == ()
