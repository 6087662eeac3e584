"""The life of a quotation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from libs.common.errors import MeridianError, Refused
from services.sales.domain import quotation as rules
from services.sales.domain.line_pricing import price_line
from services.sales.domain.order import place_order
from services.sales.domain.policy import PolicyLine, check_policy
from services.sales.domain.pricing import find_price
from services.sales.domain.quotation import Quotation
from services.sales.domain.versions import require_version
from services.sales.tests.builders import CHAI, HARBOR, an_id, chai_line, occasion, price, qty, rule, usd

TODAY = date(2026, 3, 2)


def a_quotation(**changes) -> Quotation:
    lines = tuple(
        price_line(an_id(f"line {n}"), n, chai_line(10), CHAI, find_price(occasion(), [rule("18.00")]))
        for n in range(2)
    )
    plain = Quotation(
        id=an_id("quotation"),
        number="Q-000001",
        state="draft",
        customer_id=HARBOR.id,
        currency="USD",
        issued_on=TODAY,
        valid_until=date(2026, 4, 1),
        total=rules.total_of((line.amount for line in lines), "USD"),
        rounding_e11=0,
        lines_rounded=0,
        lines=lines,
        created_by="mike",
        promised_on=date(2026, 3, 9),
    )
    return replace(plain, **changes)


def test_the_total_is_the_sum_of_the_lines():
    assert a_quotation().total == usd("360.00")
    assert a_quotation().exact_total == "360.00"


def test_a_draft_is_sent_then_accepted():
    sent = rules.send(a_quotation())
    accepted = rules.accept(sent, an_id("order"), TODAY)

    assert (sent.state, accepted.state, accepted.order_id) == ("sent", "accepted", an_id("order"))


@pytest.mark.parametrize("state", ["sent", "accepted", "expired", "declined", "cancelled"])
def test_only_a_draft_can_be_sent(state):
    with pytest.raises(Refused, match=state):
        rules.send(a_quotation(state=state))


@pytest.mark.parametrize("state", ["accepted", "declined", "cancelled"])
def test_a_closed_quotation_is_not_accepted(state):
    with pytest.raises(Refused) as caught:
        rules.accept(a_quotation(state=state, order_id=an_id("order")), an_id("other"), TODAY)

    assert caught.value.code == "quotation_closed"
    assert caught.value.figures["order_id"] == an_id("order")


@pytest.mark.parametrize("state", ["accepted", "expired", "declined", "cancelled"])
def test_a_closed_quotation_is_neither_declined_nor_expired(state):
    for act in (lambda q: rules.decline(q, None), rules.expire):
        with pytest.raises(Refused):
            act(a_quotation(state=state))


def test_the_last_day_counts_and_the_day_after_does_not():
    last = date(2026, 4, 1)

    assert rules.accept(a_quotation(), an_id("order"), last).state == "accepted"
    with pytest.raises(Refused) as caught:
        rules.accept(a_quotation(), an_id("order"), date(2026, 4, 2))
    assert (caught.value.code, caught.value.figures["valid_until"]) == ("quotation_expired", last)


def test_an_expired_one_says_so_even_within_its_days():
    with pytest.raises(Refused) as caught:
        rules.accept(a_quotation(state="expired"), an_id("order"), TODAY)

    assert caught.value.code == "quotation_expired"


def test_declining_keeps_the_reason():
    declined = rules.decline(a_quotation(), "too dear")

    assert (declined.state, declined.decline_reason) == ("declined", "too dear")


@pytest.mark.parametrize("count", [0, 1001])
def test_the_number_of_lines_is_bounded(count):
    with pytest.raises(MeridianError) as caught:
        rules.check_request(count, TODAY, TODAY)

    assert (caught.value.code, caught.value.field) == ("lines_out_of_range", "lines")


def test_a_quotation_does_not_end_before_it_begins():
    rules.check_request(1000, TODAY, TODAY)
    with pytest.raises(MeridianError) as caught:
        rules.check_request(1, TODAY, date(2026, 3, 1))
    assert caught.value.field == "valid_until"


def test_the_order_has_the_quotations_figures_to_the_last_digit():
    quotation = replace(a_quotation(), rounding_e11=123, lines_rounded=1)
    order = place_order(
        quotation,
        order_id=an_id("order"),
        number="SO-000001",
        ordered_on=TODAY,
        created_by="mike",
        line_ids=[an_id("a"), an_id("b")],
    )

    assert (order.total, order.exact_total, order.lines_rounded) == (
        quotation.total,
        quotation.exact_total,
        quotation.lines_rounded,
    )
    assert [line.amount for line in order.lines] == [line.amount for line in quotation.lines]
    assert [line.exact_amount for line in order.lines] == [line.exact_amount for line in quotation.lines]
    assert (order.conversation_id, order.promised_on) == (quotation.id, date(2026, 3, 9))


def test_a_version_that_was_not_seen_is_refused():
    require_version("Q-000001", 3, 3)
    require_version("Q-000001", 3, None)
    with pytest.raises(MeridianError) as caught:
        require_version("Q-000001", 3, 2)
    assert caught.value.figures == {"version": 3}


@pytest.mark.parametrize(
    ("lines", "window", "field"),
    [
        ((), (None, None), "lines"),
        ((PolicyLine(CHAI.id, qty(1), price("1")),), (date(2026, 3, 2), date(2026, 3, 1)), "valid_until"),
        ((PolicyLine(an_id("ghost"), qty(1), price("1")),), (None, None), "lines.0.item_id"),
        ((PolicyLine(CHAI.id, qty(0), price("1")),), (None, None), "lines.0.min_quantity"),
        ((PolicyLine(CHAI.id, qty(1), price("-1")),), (None, None), "lines.0.unit_price"),
        ((PolicyLine(CHAI.id, qty(1), price("1", "EUR")),), (None, None), "lines.0.unit_price"),
        ((PolicyLine(CHAI.id, qty(1), price("1")),) * 2, (None, None), "lines.1.min_quantity"),
    ],
)
def test_a_policy_that_could_never_price_is_refused(lines, window, field):
    with pytest.raises(MeridianError) as caught:
        check_policy("USD", lines, frozenset({CHAI.id}), *window)

    assert caught.value.field == field
