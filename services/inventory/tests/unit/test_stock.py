"""Which stock rows fill an order's lines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.quantity import Quantity
from services.inventory.domain.stock import (
    Allocation,
    StockKey,
    StockRow,
    WantedLine,
    allocate,
    available_by_item,
    by_stock_row,
    wanted_by_item,
)
from services.inventory.tests.builders import a_row, q


def test_lines_of_one_item_share_what_there_is() -> None:
    lines = [WantedLine("l1", "valve", q(3)), WantedLine("l2", "valve", q(4))]
    rows = [a_row("valve", 5, lot="A"), a_row("valve", 2, lot="B")]

    assert allocate(lines, rows) == (
        Allocation("l1", StockKey("valve", "MAIN", "A"), q(3)),
        Allocation("l2", StockKey("valve", "MAIN", "A"), q(2)),
        Allocation("l2", StockKey("valve", "MAIN", "B"), q(2)),
    )


def test_what_is_reserved_is_not_given_again() -> None:
    rows = [a_row("valve", 5, 5, lot="A"), a_row("valve", 5, 4, lot="B")]
    assert allocate([WantedLine("l1", "valve", q(1))], rows)[0].key.lot == "B"


def test_one_warehouse_that_holds_everything_is_preferred_over_several() -> None:
    lines = [WantedLine("l1", "valve", q(2)), WantedLine("l2", "pump", q(2))]
    here = [a_row("valve", 2), a_row("pump", 1)]
    there = [a_row("valve", 9, warehouse="NORTH"), a_row("pump", 9, warehouse="NORTH")]

    assert {part.key.warehouse_id for part in allocate(lines, here + there)} == {"NORTH"}


def test_the_default_warehouse_comes_first_and_then_the_others_by_code() -> None:
    rows = [a_row("valve", 2, warehouse=code) for code in ("B", "A", "MAIN")]
    drawn = allocate([WantedLine("l1", "valve", q(5))], rows)
    assert [(part.key.warehouse_id, part.quantity) for part in drawn] == [
        ("MAIN", q(2)),
        ("A", q(2)),
        ("B", q(1)),
    ]


def test_the_lot_that_expires_first_goes_first_then_the_oldest() -> None:
    rows = [
        a_row("drug", 1, lot="none", age="3"),
        a_row("drug", 1, lot="young", age="2"),
        a_row("drug", 1, lot="old", age="1"),
        a_row("drug", 1, lot="late", expires_on=date(2027, 1, 1)),
        a_row("drug", 1, lot="soon", expires_on=date(2026, 1, 1)),
    ]
    drawn = allocate([WantedLine("l1", "drug", q(5))], rows)
    assert [part.key.lot for part in drawn] == ["soon", "late", "old", "young", "none"]


def test_asking_for_more_than_there_is_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="more than the rows hold"):
        allocate([WantedLine("l1", "valve", q(3))], [a_row("valve", 2)])


def test_rows_are_locked_in_the_order_of_their_keys() -> None:
    parts = [Allocation("l", StockKey("b", "w", ""), q(1)), Allocation("l", StockKey("a", "w", ""), q(1))]
    assert list(by_stock_row([*parts, *parts])) == [StockKey("a", "w", ""), StockKey("b", "w", "")]
    assert set(by_stock_row([*parts, *parts]).values()) == {q(2)}


rows_of_stock = st.lists(
    st.builds(
        lambda item, warehouse, lot, on_hand, promised: a_row(
            item, Quantity(on_hand), Quantity(min(promised, on_hand)), warehouse=warehouse, lot=lot
        ),
        st.sampled_from(["valve", "pump"]),
        st.sampled_from(["MAIN", "A", "B"]),
        st.sampled_from(["", "L1", "L2"]),
        st.integers(0, 20_000),
        st.integers(0, 20_000),
    ),
    unique_by=lambda row: row.key,
)
order_lines = st.lists(
    st.tuples(st.sampled_from(["valve", "pump"]), st.integers(1, 9_000)), min_size=1, max_size=5
).map(
    lambda wants: [
        WantedLine(f"l{index}", item, Quantity(milli)) for index, (item, milli) in enumerate(wants)
    ]
)


@given(rows=rows_of_stock, lines=order_lines)
def test_what_is_allocated_fills_every_line_and_exceeds_no_row(
    rows: list[StockRow], lines: list[WantedLine]
) -> None:
    available = available_by_item(rows)
    if any(available.get(item, 0) < milli for item, milli in wanted_by_item(lines).items()):
        with pytest.raises(ValueError, match="more than the rows hold"):
            allocate(lines, rows)
        return
    drawn = allocate(lines, rows)

    for line in lines:
        parts = [part for part in drawn if part.order_line_id == line.order_line_id]
        assert sum(part.quantity.milli for part in parts) == line.quantity.milli
        assert {part.key.item_id for part in parts} == {line.item_id}
    left = {row.key: row.available for row in rows}
    assert all(quantity <= left[key] for key, quantity in by_stock_row(drawn).items())
