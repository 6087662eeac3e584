"""What comes in for an order goes to it as far as it lacks it, whatever comes in which parts."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from libs.common.quantity import Quantity
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.domain.sourcing import Arrived, give, missing_of, where_to
from services.inventory.domain.stock import Allocation, StockKey

MILLI = st.integers(0, 5000)
WANTS = st.lists(st.tuples(st.integers(1, 5000), MILLI), min_size=1, max_size=3)
PARTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["", "L1"]), st.integers(1, 4000)), max_size=6)


def place(lot: str = "") -> StockKey:
    return StockKey("valve", "MAIN", lot)


@given(WANTS, PARTS)
def test_an_order_gets_what_it_lacks_and_never_more(
    wants: list[tuple[int, int]], parts: list[tuple[int, str, int]]
):
    lines = tuple(
        ReservationLine(str(n), "valve", Quantity(milli), Quantity(min(shipped, milli)))
        for n, (milli, shipped) in enumerate(wants)
    )
    order = Reservation("r", "o", "SO-1", None, "c", "sourcing", lines=lines)
    arrived = [Arrived(str(n), place(lot), Quantity(milli)) for n, lot, milli in parts]
    given_to_it = give(order, (), arrived)

    came, got = Counter[str](), Counter[str]()
    for part in arrived:
        came[part.order_line_id] += part.quantity.milli
    for share in given_to_it:
        got[share.order_line_id] += share.quantity.milli
    for line in lines:
        lack = (line.quantity - line.shipped).milli
        assert got[line.order_line_id] == min(lack, came[line.order_line_id])
    assert {(share.order_line_id, share.key) for share in given_to_it} <= {
        (p.order_line_id, p.key) for p in arrived
    }
    left = sum(lack.milli for _, lack in missing_of(lines, given_to_it))
    assert left == sum((line.quantity - line.shipped).milli for line in lines) - sum(got.values())


def test_what_is_held_is_not_missing():
    line = ReservationLine("1", "valve", Quantity.of("5"), Quantity.of("1"))
    assert missing_of([line], [Allocation("1", place(), Quantity.of("3"))]) == [(line, Quantity.of("1"))]
    assert missing_of([line], [Allocation("1", place(), Quantity.of("4"))]) == []


def test_a_supplier_is_told_what_is_known_of_where_to():
    assert where_to("SO-1", "Harbor Pumps", None, "Shanghai") == "Harbor Pumps, Shanghai, order SO-1"
    assert where_to("SO-1") == "order SO-1"
