"""Who takes a part: what there is in its turn, and what one ahead may claim of those behind it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.inventory.domain.queue import Holder, Share, Waiter, claim, served
from services.inventory.domain.stock import WantedLine, cut
from services.inventory.tests.builders import q

ITEMS = ("valve", "pump", "pipe")


def taking(name: str, number: int, wants: dict[str, int]) -> Waiter:
    return Waiter(name, number, wants, takes_part=True)


def test_one_who_takes_a_part_gets_what_those_ahead_leave_and_keeps_its_place() -> None:
    queue = [
        Waiter("a", 1, {"valve": 4}),
        taking("b", 2, {"valve": 5, "pump": 1}),
        taking("c", 3, {"valve": 9}),
    ]
    assert served(queue, {"valve": 3}, {}) == ()
    (whole, part) = served(queue, {"valve": 6}, {})
    assert (whole.waiter.reservation_id, whole.whole) == ("a", True)
    assert part == Share(queue[1], {"valve": 2}, whole=False)


def test_what_is_left_is_cut_from_the_first_lines_on() -> None:
    lines = [WantedLine("l1", "valve", q(3)), WantedLine("l2", "pump", q(1)), WantedLine("l3", "valve", q(3))]
    assert cut(lines, {"valve": 4_000}) == (lines[0], lines[2]._replace(quantity=q(1)))


def test_one_ahead_is_filled_whole_by_the_last_who_holds_and_by_nobody_else() -> None:
    holders = [Holder("b", 2, "valve", 3), Holder("c", 3, "valve", 2), Holder("z", 0, "valve", 9)]
    assert [tuple(each) for each in claim({"valve": 4}, 1, {"valve": 1}, {}, holders)] == [
        ("c", "valve", 2),
        ("b", "valve", 1),
    ]
    assert claim({"valve": 7}, 1, {"valve": 1}, {}, holders) == ()
    assert claim({"valve": 4, "pump": 1}, 1, {"valve": 1}, {}, holders) == ()
    assert claim({"valve": 4}, 1, {"valve": 1}, {"valve": 1}, holders) != ()


wants = st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 9), min_size=1)
stock = st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 30))
places = st.lists(st.tuples(wants, st.booleans()), max_size=8)


def queued(drawn: list[tuple[dict[str, int], bool]]) -> list[Waiter]:
    return [Waiter(str(n), n, each, takes_part=takes) for n, (each, takes) in enumerate(drawn)]


@given(drawn=places, available=stock, newcomer=wants, takes=st.booleans())
def test_nobody_gets_less_or_later_for_one_who_came_later(
    drawn: list[tuple[dict[str, int], bool]], available: dict[str, int], newcomer: dict[str, int], takes: bool
) -> None:
    waiters = queued(drawn)
    last = Waiter("newcomer", len(drawn), newcomer, takes_part=takes)
    without, with_newcomer = served(waiters, available, {}), served([last, *waiters], available, {})

    assert [share for share in with_newcomer if share.waiter is not last] == list(without)
    for item in ITEMS:
        assert sum(share.gets.get(item, 0) for share in with_newcomer) <= available.get(item, 0)


@given(drawn=places, available=stock)
def test_who_takes_a_part_leaves_nothing_of_what_it_could_have(
    drawn: list[tuple[dict[str, int], bool]], available: dict[str, int]
) -> None:
    """Asked again with what is left, and with what each lacks still, nobody is given any more."""
    waiters = queued(drawn)
    shares = {share.waiter.reservation_id: share for share in served(waiters, available, {})}
    left = dict(available)
    rest = []
    for waiter in waiters:
        gets = shares[waiter.reservation_id].gets if waiter.reservation_id in shares else {}
        for item, milli in gets.items():
            assert milli <= waiter.wants[item]
            left[item] -= milli
        lacks = {item: milli - gets.get(item, 0) for item, milli in waiter.wants.items()}
        lacks = {item: milli for item, milli in lacks.items() if milli}
        if lacks:
            rest.append(Waiter(waiter.reservation_id, waiter.queue_no, lacks, takes_part=waiter.takes_part))
    assert all(milli >= 0 for milli in left.values())
    assert served(rest, left, {}) == ()


@given(
    want=wants,
    place=st.integers(0, 9),
    available=stock,
    holders=st.lists(
        st.builds(
            Holder, st.text("abc", min_size=1), st.integers(0, 9), st.sampled_from(ITEMS), st.integers(1, 9)
        )
    ),
)
def test_a_claim_takes_from_those_behind_only_just_what_fills_it_or_nothing(
    want: dict[str, int], place: int, available: dict[str, int], holders: list[Holder]
) -> None:
    taken = claim(want, place, available, {}, holders)
    behind = [each for each in holders if each.queue_no > place]
    for item, milli in want.items():
        lack = max(0, milli - available.get(item, 0))
        got = sum(each.milli for each in taken if each.item_id == item)
        assert got in (0, lack)
        assert got <= sum(each.milli for each in behind if each.item_id == item)
    assert {each.reservation_id for each in taken} <= {each.reservation_id for each in behind}
