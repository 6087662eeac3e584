"""Whatever hands name, each unit of the note is taken, missing or left, once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.errors import MeridianError
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery, milli_by_line
from services.inventory.domain.picking import PickedPart, ShortPart, pick_parts
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.tests.builders import an_item

DRUG = an_item("DRUG", lot_tracked=True)
LINES = ("line 1", "line 2")
LOTS = ("L1", "L2", "L3")
amounts = st.integers(1, 6).map(lambda whole: Quantity(whole * 1000))
held = st.dictionaries(st.tuples(st.sampled_from(LINES), st.sampled_from(LOTS[:2])), amounts, min_size=1)
named = st.lists(
    st.builds(
        PickedPart,
        st.sampled_from(LINES),
        amounts,
        st.none() | st.sampled_from(LOTS),
        st.none() | st.just("nearer"),
    ),
    max_size=4,
)
lacking = st.lists(
    st.builds(
        ShortPart, st.sampled_from(LINES), amounts, st.just("damaged"), st.none() | st.sampled_from(LOTS)
    ),
    max_size=2,
)


def a_note(rows: dict[tuple[str, str], Quantity]) -> Delivery:
    lines = tuple(
        Allocation(line, StockKey(DRUG.id, "MAIN", lot), quantity) for (line, lot), quantity in rows.items()
    )
    return Delivery("d", "DN-1", "o", "SO-1", "c", "MAIN", "o", "ready", lines)


@given(rows=held, parts=named, short=lacking)
@settings(max_examples=300, deadline=None)
def test_no_unit_is_lost_and_none_is_counted_twice(
    rows: dict[tuple[str, str], Quantity], parts: list[PickedPart], short: list[ShortPart]
) -> None:
    note = a_note(rows)
    try:
        done = pick_parts(note, parts, short, dict.fromkeys(LINES, DRUG))
    except MeridianError:
        return

    proposed = [Allocation(each.order_line_id, each.proposed, each.quantity) for each in done.taken]
    missing = [Allocation(each.order_line_id, each.key, each.quantity) for each in done.missing]
    assert sums([*proposed, *missing, *done.rest]) == sums(note.lines)
    if parts:
        assert milli_by_line(done.lines) == totals(parts)
        assert milli_by_line(missing) == totals(short)
    else:
        assert done.rest == ()
    assert all(each.reason for each in done.taken if each.swapped)
    assert len({(line.order_line_id, line.key) for line in done.lines}) == len(done.lines)


def sums(lines: list[Allocation] | tuple[Allocation, ...]) -> dict[tuple[str, StockKey], int]:
    found: dict[tuple[str, StockKey], int] = {}
    for line in lines:
        key = (line.order_line_id, line.key)
        found[key] = found.get(key, 0) + line.quantity.milli
    return found


def totals(parts: list[PickedPart] | list[ShortPart]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in parts:
        found[each.order_line_id] = found.get(each.order_line_id, 0) + each.quantity.milli
    return found
