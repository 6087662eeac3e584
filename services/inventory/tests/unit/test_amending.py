"""What a change of an order does to what is held for it, without a warehouse."""

from __future__ import annotations

from services.inventory.domain.amending import AmendedLine, amended, give_up, lowered, raised, why_not
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.tests.builders import q

KEY = StockKey("valve", "main", "")


def an_order(*lines: tuple[str, int, int], state: str = "reserved") -> Reservation:
    """Return a reservation of lines of (name, wanted, shipped)."""
    held = tuple(ReservationLine(name, "valve", q(wanted), q(shipped)) for name, wanted, shipped in lines)
    return Reservation("r", "o", "SO-1", "c", "o", state, lines=held)  # type: ignore[arg-type]


def want(name: str, quantity: int, shipped: int | None = None) -> AmendedLine:
    return AmendedLine(name, "valve", q(quantity), None if shipped is None else q(shipped))


def a_note(*parts: tuple[str, int]) -> Delivery:
    lines = tuple(Allocation(name, KEY, q(quantity)) for name, quantity in parts)
    return Delivery("d", "DN-1", "o", "SO-1", "c", "main", "o", "ready", lines)


def test_what_rises_and_what_falls_is_told_apart() -> None:
    order = an_order(("a", 4, 0), ("b", 2, 0), ("c", 1, 0))
    wanted = [want("a", 6), want("b", 1), want("c", 1), want("d", 3)]
    assert raised(order, wanted) == {"a": 2000, "d": 3000}
    assert lowered(order, wanted) == {"b": 1000}


def test_the_latest_note_gives_up_first_and_only_what_is_wanted_less() -> None:
    first, last = a_note(("a", 3), ("b", 1)), a_note(("a", 2))
    given = give_up({"a": 3000}, [first, last])
    assert [str(part.quantity) for part in given.parts] == ["2", "1"]
    assert [(note is last, [str(each.quantity) for each in stays]) for note, stays in given.notes] == [
        (True, []), (False, ["2", "1"]),
    ]  # fmt: skip
    assert give_up({"a": 6000}, [first, last]).short == {"a": 1000}


def test_what_cannot_be_says_why() -> None:
    order, joining = an_order(("a", 4, 2)), an_order(("a", 3, 0))
    reasons = {
        "quantity_below_shipped": why_not(order, [want("a", 1)], None),
        "shipped_meanwhile": why_not(order, [want("a", 4, 1)], None),
        "stock_taken_back": why_not(order, [want("a", 6)], joining),
        "order_cancelled": why_not(an_order(("a", 4, 0), state="released"), [], None),
        "nothing_left": why_not(an_order(("a", 4, 4), state="consumed"), [], None),
        "goods_awaited": why_not(an_order(("a", 4, 0), state="waiting"), [want("a", 5)], joining),
    }
    assert {code: None if no is None else no.reason for code, no in reasons.items()} == {
        code: code for code in reasons
    }
    assert why_not(order, [want("a", 7, 2)], joining) is None


def test_an_order_of_which_nothing_is_left_to_ship_is_consumed() -> None:
    after = amended(an_order(("a", 4, 2), ("b", 1, 0)), [want("a", 2), want("b", 0)], 3)
    assert ([line.order_line_id for line in after.lines], after.state, after.change_no) == (
        ["a"],
        "consumed",
        3,
    )
