"""When a quantity can be promised, and when a reorder point asks for more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.inventory.domain.availability import Arrival, Promise, promise
from services.inventory.domain.reorder import ReorderPoint, ReorderPointInvalid
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.tests.builders import TODAY, q

NEXT_WEEK, NEXT_MONTH = TODAY + timedelta(days=7), TODAY + timedelta(days=30)
NOBODY = SupplyPolicy("valve")
BOUGHT = SupplyPolicy("valve", 1, "buy", "foundry", lead_days=45)


def arriving(on: date, quantity: int) -> Arrival:
    return Arrival(on, f"po-{on}", f"PO-{on}", "MAIN", q(quantity))


ON_THE_WAY = [arriving(NEXT_MONTH, 10), arriving(NEXT_WEEK, 5)]


@pytest.mark.parametrize(
    ("quantity", "available", "waiting", "found"),
    [
        (3, 3, 0, Promise(TODAY, "stock")),
        (3, 3, 1, Promise(NEXT_WEEK, "incoming")),
        (3, 3, 5, Promise(NEXT_WEEK, "incoming")),
        (3, 3, 6, Promise(NEXT_MONTH, "incoming")),
        (3, 0, 12, Promise(NEXT_MONTH, "incoming")),
        (3, 0, 13, None),
    ],
)
def test_those_who_wait_come_first_and_then_arrivals_by_their_day(
    quantity: int, available: int, waiting: int, found: Promise | None
) -> None:
    asked, here, ahead = quantity * 1000, available * 1000, waiting * 1000

    assert promise(asked, here, ahead, ON_THE_WAY, NOBODY, TODAY) == found


def test_beyond_what_is_on_its_way_the_lead_time_counts() -> None:
    assert promise(99_000, 0, 0, ON_THE_WAY, BOUGHT, TODAY) == Promise(
        TODAY + timedelta(days=45), "lead_time"
    )


def test_what_is_late_is_not_promised_for_the_past() -> None:
    late = [arriving(TODAY - timedelta(days=3), 5)]

    assert promise(5000, 0, 0, late, NOBODY, TODAY) == Promise(TODAY, "incoming")


def a_point(minimum: int, maximum: int, multiple: int | None = None, horizon: int = 0) -> ReorderPoint:
    return ReorderPoint(
        "valve", "MAIN", q(minimum), q(maximum), q(multiple) if multiple else None, horizon_days=horizon
    )


@pytest.mark.parametrize(("projected", "need"), [(11, 0), (10, 15), (9, 16), (-5, 30)])
def test_at_the_minimum_it_is_bought_up_to_the_maximum(projected: int, need: int) -> None:
    assert a_point(10, 25).need_for(projected * 1000) == need * 1000


def test_a_minimum_of_zero_waits_until_nothing_is_there() -> None:
    assert a_point(0, 5).need_for(1000) == 0
    assert a_point(0, 5).need_for(0) == 5000
    assert a_point(5, 5).need_for(5000) == 0


def test_what_is_bought_comes_in_both_multiples() -> None:
    in_fours = SupplyPolicy("valve", 1, "buy", "foundry", multiple=q(4))

    assert a_point(10, 25, multiple=5).quantity_for(13_000, NOBODY) == q(15)
    assert a_point(10, 25).quantity_for(13_000, in_fours) == q(16)


def test_it_looks_as_far_as_the_horizon_or_the_lead_time() -> None:
    assert a_point(1, 2, horizon=60).looks_until(BOUGHT, TODAY) == TODAY + timedelta(days=60)
    assert a_point(1, 2, horizon=10).looks_until(BOUGHT, TODAY) == TODAY + timedelta(days=45)


@pytest.mark.parametrize(("minimum", "maximum"), [(5, 4), (0, 0)])
def test_bounds_that_buy_nothing_are_refused(minimum: int, maximum: int) -> None:
    with pytest.raises(ReorderPointInvalid) as refused:
        a_point(minimum, maximum)

    assert refused.value.field == "maximum"
