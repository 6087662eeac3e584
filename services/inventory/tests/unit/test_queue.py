"""First come, first served."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.inventory.domain.queue import Waiter, covers, missing_lines, served
from services.inventory.domain.stock import WantedLine
from services.inventory.tests.builders import q


def test_those_ahead_are_thought_of_first() -> None:
    assert covers({"valve": 3}, {"valve": 5}, {"valve": 2})
    assert not covers({"valve": 4}, {"valve": 5}, {"valve": 2})
    assert not covers({"valve": 1}, {}, {})


def test_the_queue_is_served_in_order_and_stops_giving_where_it_would_delay() -> None:
    queue = [Waiter("c", 3, {"valve": 2}), Waiter("a", 1, {"valve": 4}), Waiter("b", 2, {"valve": 3})]
    assert [share.waiter.reservation_id for share in served(queue, {"valve": 6}, {})] == ["a"]
    assert [share.waiter.reservation_id for share in served(queue, {"valve": 9}, {})] == ["a", "b", "c"]
    assert [share.waiter.reservation_id for share in served(queue, {"valve": 9}, {"valve": 3})] == ["a"]


def test_one_who_waits_for_another_item_lets_others_have_what_he_does_not_need() -> None:
    queue = [Waiter("a", 1, {"valve": 4, "pump": 1}), Waiter("b", 2, {"valve": 2})]
    assert [share.waiter.reservation_id for share in served(queue, {"valve": 6}, {})] == ["b"]
    assert served(queue, {"valve": 5}, {}) == ()


def test_one_who_cannot_be_served_now_keeps_his_place() -> None:
    queue = [Waiter("a", 1, {"valve": 4}, servable=False), Waiter("b", 2, {"valve": 2})]
    assert served(queue, {"valve": 5}, {}) == ()
    assert [share.waiter.reservation_id for share in served(queue, {"valve": 6}, {})] == ["b"]


def test_lines_of_one_item_share_what_those_ahead_leave() -> None:
    lines = [WantedLine("l1", "valve", q(3)), WantedLine("l2", "valve", q(3)), WantedLine("l3", "pump", q(1))]
    found = missing_lines(lines, {"valve": 6_000}, {"valve": 2_000})
    assert [(each.line.order_line_id, each.missing) for each in found] == [
        ("l1", q(0)),
        ("l2", q(2)),
        ("l3", q(1)),
    ]


wants = st.dictionaries(st.sampled_from(["valve", "pump", "pipe"]), st.integers(1, 9), min_size=1)
stock = st.dictionaries(st.sampled_from(["valve", "pump", "pipe"]), st.integers(0, 30))


@given(queue=st.lists(wants, max_size=8), available=stock, newcomer=wants)
def test_nobody_is_delayed_by_one_who_came_later(
    queue: list[dict[str, int]], available: dict[str, int], newcomer: dict[str, int]
) -> None:
    waiters = [Waiter(str(number), number, each) for number, each in enumerate(queue)]
    last = Waiter("newcomer", len(queue), newcomer)

    without = served(waiters, available, {})
    with_newcomer = served([last, *waiters], available, {})

    assert [share for share in with_newcomer if share.waiter is not last] == list(without)
    for item in ("valve", "pump", "pipe"):
        assert sum(share.gets.get(item, 0) for share in with_newcomer) <= available.get(item, 0)


@given(queue=st.lists(wants, min_size=1, max_size=8), available=stock)
def test_serving_again_serves_nobody_more(queue: list[dict[str, int]], available: dict[str, int]) -> None:
    waiters = [Waiter(str(number), number, each) for number, each in enumerate(queue)]
    first = served(waiters, available, {})
    left = dict(available)
    for share in first:
        for item, milli in share.gets.items():
            left[item] -= milli

    filled = [share.waiter for share in first]
    assert served([waiter for waiter in waiters if waiter not in filled], left, {}) == ()
