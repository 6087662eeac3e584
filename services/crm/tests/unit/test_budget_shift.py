"""Whose budget would do better elsewhere (R1.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from libs.common.money import Money
from services.crm.domain.budget_shift import Fared, shifts


def usd(amount: int) -> Money:
    return Money(amount * 100, "USD")


POOR = Fared("1", "PRINT", "Print", usd(1000), usd(400), usd(400), 1, usd(0), usd(0))
GOOD = Fared("2", "FAIR", "Fair", usd(1000), usd(500), usd(1000), 4, usd(0), usd(0))


def test_r1_5_half_of_what_is_left_goes_to_who_earns_twice_as_much() -> None:
    (found,) = shifts([POOR, GOOD])
    assert (found.source, found.target, found.amount) == (POOR, GOOD, usd(300))
    assert (POOR.cac, GOOD.cac) == (usd(400), usd(125))


@pytest.mark.parametrize(
    ("poor", "good"),
    [
        (POOR, replace(GOOD, revenue=usd(999))),  # not twice as good
        (POOR, replace(GOOD, new_customers=2)),  # too few to say
        (replace(POOR, cost=usd(199), revenue=usd(0)), GOOD),  # too early to say
        (replace(POOR, cost=usd(1000)), GOOD),  # nothing is left
        (replace(POOR, cost=usd(1200)), GOOD),  # more was spent than there was
        (replace(POOR, cost=usd(0), budget=usd(0)), GOOD),
    ],
)
def test_nothing_is_proposed_without_a_reason(poor: Fared, good: Fared) -> None:
    assert shifts([poor, good]) == []


def test_the_worst_is_named_first_and_a_loss_counts_as_nothing() -> None:
    lost = replace(POOR, code="LOST", revenue=usd(-50))
    assert [each.source.code for each in shifts([POOR, lost, GOOD])] == ["LOST", "PRINT"]


def test_who_never_won_a_customer_has_no_cost_of_one() -> None:
    assert replace(POOR, new_customers=0).cac is None


def test_r1_5_by_the_margin_once_it_is_known_of_most_of_each_revenue() -> None:
    poor = replace(POOR, costed=usd(400), goods_cost=usd(390))
    good = replace(GOOD, costed=usd(800), goods_cost=usd(775))
    (found,) = shifts([poor, good])
    assert (found.by, found.source.margin, found.target.margin) == ("margin", usd(10), usd(25))
    assert shifts([poor, replace(good, goods_cost=usd(776))]) == [], "24 of 500 is not twice 10 of 400"
    (found,) = shifts([poor, replace(good, costed=usd(799))])
    assert found.by == "revenue"
    assert shifts([replace(poor, goods_cost=usd(100)), good]) == [], "little is sold at a good margin"
