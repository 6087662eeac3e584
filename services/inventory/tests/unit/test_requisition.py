"""Requisitions for shortages: as large as the lack, never twice, and what was approved never grows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inventory.domain import requisition as rules
from services.inventory.domain.requisition import (
    Lack,
    Requisition,
    RequisitionState,
    RequisitionStateRefuses,
    cover,
)
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.tests.builders import q

ONE_BY_ONE = SupplyPolicy("valve", 1, "buy", "foundry")
IN_TENS = SupplyPolicy("valve", 1, "buy", "foundry", multiple=q(10))


def a_requisition(need: int, state: RequisitionState = "open", quantity: int | None = None) -> Requisition:
    return Requisition(
        id=f"{state}-{need}",
        number="PR-000001",
        item_id="valve",
        warehouse_id="MAIN",
        origin="shortage",
        state=state,
        need=q(need),
        quantity=q(quantity or need),
        supplier_id="foundry",
    )


def lack(wanted: int, available: int = 0, coming: int = 0) -> Lack:
    return Lack(wanted * 1000, available * 1000, coming * 1000)


def test_what_is_lacking_is_what_neither_lies_here_nor_comes() -> None:
    assert lack(10, 3, 2).milli == 5000
    assert lack(10, 8, 7).milli == 0


def test_a_lack_nobody_asked_for_is_left_for_a_new_requisition() -> None:
    assert cover(lack(7), [], ONE_BY_ONE, may_grow=True) == ([], 7000)


def test_the_open_one_grows_with_the_lack_and_nothing_is_left() -> None:
    ((grown,), rest) = cover(lack(17), [a_requisition(7)], IN_TENS, may_grow=True)

    assert (grown.need, grown.quantity, rest) == (q(17), q(20), 0)


def test_without_leave_to_grow_it_only_shrinks() -> None:
    assert cover(lack(17), [a_requisition(7)], ONE_BY_ONE, may_grow=False)[0] == []
    ((shrunk,), _) = cover(lack(3), [a_requisition(7)], ONE_BY_ONE, may_grow=False)
    assert (shrunk.need, shrunk.quantity) == (q(3), q(3))


def test_what_was_approved_does_not_grow_and_its_surplus_counts() -> None:
    approved = a_requisition(7, "approved", quantity=10)

    assert cover(lack(9), [approved], IN_TENS, may_grow=True) == ([], 0)
    assert cover(lack(12), [approved], IN_TENS, may_grow=True) == ([], 2000)


def test_the_need_that_vanished_cancels_the_open_one_first_and_then_what_was_approved() -> None:
    both = [a_requisition(3), a_requisition(7, "approved")]

    (changed, _) = cover(lack(7), both, ONE_BY_ONE, may_grow=True)
    assert [(each.id, each.state) for each in changed] == [("open-3", "cancelled")]
    (changed, _) = cover(lack(2), both, ONE_BY_ONE, may_grow=False)
    assert [(each.id, each.state, each.need) for each in changed] == [
        ("approved-7", "approved", q(2)),
        ("open-3", "cancelled", q(3)),
    ]
    (changed, _) = cover(lack(0), both, ONE_BY_ONE, may_grow=False)
    assert {each.state for each in changed} == {"cancelled"}


def test_the_open_one_follows_a_new_supplier_and_what_was_approved_does_not() -> None:
    elsewhere = SupplyPolicy("valve", 2, "buy", "forge")

    ((moved,), _) = cover(
        lack(10), [a_requisition(3), a_requisition(7, "approved")], elsewhere, may_grow=True
    )
    assert (moved.id, moved.supplier_id) == ("open-3", "forge")


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.lists(st.integers(1, 30), max_size=3),
    st.one_of(st.none(), st.integers(1, 30)),
    st.integers(1, 12),
    st.booleans(),
)
def test_never_less_and_never_twice(
    wanted: int,
    available: int,
    coming: int,
    approved: list[int],
    open_: int | None,
    multiple: int,
    may_grow: bool,
) -> None:
    policy = SupplyPolicy("valve", 1, "buy", "foundry", multiple=q(multiple))
    standing = [
        replace(a_requisition(need, "approved"), id=str(place), quantity=policy.order_quantity(need * 1000))
        for place, need in enumerate(approved)
    ]
    standing += [] if open_ is None else [a_requisition(open_)]
    missing = lack(wanted, available, coming)

    changed, rest = cover(missing, standing, policy, may_grow=may_grow)

    after = {each.id: each for each in standing} | {each.id: each for each in changed}
    alive = [each for each in after.values() if each.state != "cancelled"]
    assert sum(each.need.milli for each in alive) <= missing.milli
    for each in alive:
        assert each.quantity >= each.need
    if may_grow:
        assert sum(each.quantity.milli for each in alive) + rest >= missing.milli
        assert not (rest and any(each.state == "open" for each in alive))
    before = {each.id: each for each in standing}
    assert all(each.need <= before[each.id].need for each in alive if each.state == "approved")


ACTS = {
    "approve": lambda each: rules.approve(each, "li"),
    "reject": lambda each: rules.reject(each, "no"),
    "cancel": lambda each: rules.cancel(each, "no"),
    "order": lambda each: rules.order(each, "PO", "lines.0.requisition_id"),
    "take_back": rules.take_back,
    "close": rules.close,
}
LAWFUL = {
    ("open", "approve"): "approved",
    ("open", "reject"): "rejected",
    ("open", "cancel"): "cancelled",
    ("approved", "cancel"): "cancelled",
    ("approved", "order"): "ordered",
    ("ordered", "take_back"): "approved",
    ("ordered", "close"): "closed",
}


@pytest.mark.parametrize("state", ["open", "approved", "ordered", "closed", "cancelled", "rejected"])
@pytest.mark.parametrize("act", ACTS)
def test_each_state_lets_happen_what_follows_from_it_and_nothing_else(
    state: RequisitionState, act: str
) -> None:
    requisition = replace(a_requisition(5, state), purchase_order_id="PO" if state == "ordered" else None)
    wanted = LAWFUL.get((state, act))
    if wanted is None:
        with pytest.raises(RequisitionStateRefuses) as refused:
            ACTS[act](requisition)
        assert refused.value.figures == {"state": state}
    else:
        assert ACTS[act](requisition).state == wanted
