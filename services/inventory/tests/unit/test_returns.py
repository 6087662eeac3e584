"""What may come back of a delivery, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from libs.common.ids import derived_id
from libs.common.quantity import Quantity
from services.inventory.domain import inspecting, returns
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    AlreadyInspected,
    InspectionIncomplete,
    LineNamedTwice,
    LineNotOnDelivery,
    LineNotOnReturn,
    LotNotOnDelivery,
    NothingReceived,
    NotShipped,
    QuantityNotPositive,
    QuantityTooFine,
    ReceivedMoreThanApproved,
    ReturnStateRefuses,
)
from services.inventory.domain.inspecting import Inspection, ReceivedPart
from services.inventory.domain.returns import GoodsReturn, ReturnPart
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, an_item, line_id, order_id, q

VALVE, DRUG = an_item(), an_item("DRUG", lot_tracked=True)
KNOWN = {VALVE.id: VALVE, DRUG.id: DRUG}
ONE, TWO = line_id(1, 1), line_id(1, 2)


def a_delivery(state: str = "shipped") -> Delivery:
    lines = (
        Allocation(ONE, StockKey(VALVE.id, "MAIN", ""), q(5)),
        Allocation(TWO, StockKey(DRUG.id, "MAIN", "L1"), q(2)),
        Allocation(TWO, StockKey(DRUG.id, "MAIN", "L2"), q(3)),
    )
    return Delivery(
        derived_id("delivery"),
        "DN-1",
        order_id(1),
        "SO-1",
        HARBOR_PUMPS,
        "MAIN",
        "c",
        state,
        lines,  # type: ignore[arg-type]
    )


def a_return(state: str = "approved", received: str = "0") -> GoodsReturn:
    delivery = a_delivery()
    lines = returns.draft(delivery, [ReturnPart(ONE, q(4)), ReturnPart(TWO, q(2), "L2")], KNOWN)
    asked = GoodsReturn(
        "r",
        "RMA-1",
        delivery.id,
        "DN-1",
        order_id(1),
        "SO-1",
        HARBOR_PUMPS,
        "c",
        state,
        "Too large",
        lines,  # type: ignore[arg-type]
    )
    if received == "0":
        return asked
    first, second = lines
    return replace(asked, lines=(replace(first, received=q(received)), second))


def test_a_return_names_lines_and_the_lot_where_there_are_several():
    lines = a_return().lines
    assert [(line.line_no, line.item_id, line.lot, line.quantity) for line in lines] == [
        (1, VALVE.id, "", q(4)),
        (2, DRUG.id, "L2", q(2)),
    ]


ASKED = {
    "no such line": (LineNotOnDelivery, "lines.0.order_line_id", [ReturnPart(line_id(2, 1), q(1))]),
    "which lot": (LotNotOnDelivery, "lines.0.lot", [ReturnPart(TWO, q(1))]),
    "another lot": (LotNotOnDelivery, "lines.0.lot", [ReturnPart(TWO, q(1), "L3")]),
    "a lot of what has none": (LotNotOnDelivery, "lines.0.lot", [ReturnPart(ONE, q(1), "L1")]),
    "twice": (LineNamedTwice, "lines.1", [ReturnPart(ONE, q(1)), ReturnPart(ONE, q(1))]),
    "nothing": (QuantityNotPositive, "lines.0.quantity", [ReturnPart(ONE, q(0))]),
    "half a piece": (QuantityTooFine, "lines.0.quantity", [ReturnPart(ONE, q("0.5"))]),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_cannot_come_back(case):
    kind, field, parts = ASKED[case]
    with pytest.raises(kind) as refused:
        returns.draft(a_delivery(), parts, KNOWN)
    assert refused.value.field == field
    assert refused.value.cure


@pytest.mark.parametrize("state", ["ready", "picked", "cancelled"])
def test_what_has_not_left_cannot_come_back(state):
    with pytest.raises(NotShipped):
        returns.draft(a_delivery(state), [ReturnPart(ONE, q(1))], KNOWN)


MOVES = {
    "approve": (lambda asked: returns.approve(asked, None), {"requested": "approved"}),
    "reject": (lambda asked: returns.reject(asked, "No"), {"requested": "rejected"}),
    "cancel": (
        lambda asked: returns.cancel(asked, "Kept"),
        {"requested": "cancelled", "approved": "cancelled"},
    ),
    "receive": (lambda asked: inspecting.receive(asked, [], KNOWN, "w", TODAY), {"approved": "received"}),
    "inspect": (
        lambda asked: inspecting.inspect(asked, [Inspection(1, restock=q(4))], KNOWN),
        {"received": "closed"},
    ),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", ["requested", "approved", "received", "closed", "rejected", "cancelled"])
def test_each_step_follows_on_the_one_before(move, state):
    act, allowed = MOVES[move]
    asked = a_return(state, received="4" if move == "inspect" else "0")
    if state in allowed:
        assert act(asked).state == allowed[state]
        return
    with pytest.raises(ReturnStateRefuses, match=state):
        act(asked)


def test_what_is_not_named_did_not_come():
    received = inspecting.receive(a_return(), [ReceivedPart(1, q(3))], KNOWN, "w", date(2026, 3, 1))
    assert [line.received for line in received.lines] == [q(3), q(0)]
    assert (received.warehouse_id, received.received_on) == ("w", date(2026, 3, 1))
    everything = inspecting.receive(a_return(), [], KNOWN, "w", TODAY)
    assert [line.received for line in everything.lines] == [q(4), q(2)]


RECEIVED = {
    "more than allowed": (ReceivedMoreThanApproved, "lines.0.quantity", [ReceivedPart(1, q(5))]),
    "no such line": (LineNotOnReturn, "lines.0.line_no", [ReceivedPart(3, q(1))]),
    "twice": (LineNamedTwice, "lines.1", [ReceivedPart(1, q(1)), ReceivedPart(1, q(1))]),
    "half a piece": (QuantityTooFine, "lines.0.quantity", [ReceivedPart(1, q("0.5"))]),
    "nothing": (NothingReceived, "lines", [ReceivedPart(1, q(0))]),
}


@pytest.mark.parametrize("case", RECEIVED)
def test_what_cannot_be_received(case):
    kind, field, parts = RECEIVED[case]
    with pytest.raises(kind) as refused:
        inspecting.receive(a_return(), parts, KNOWN, "w", TODAY)
    assert refused.value.field == field


def test_a_line_is_divided_between_the_shelf_and_the_scrap():
    received = inspecting.receive(a_return(), [], KNOWN, "w", TODAY)
    half = inspecting.inspect(received, [Inspection(1, q(3), q(1), credit=False, note="Scratched")], KNOWN)
    assert half.state == "received"
    first = half.lines[0]
    assert (first.restocked, first.scrapped, first.credit, first.note) == (q(3), q(1), False, "Scratched")
    assert inspecting.inspect(half, [Inspection(2, scrap=q(2))], KNOWN).state == "closed"


INSPECTED = {
    "too little": (InspectionIncomplete, "lines.0", [Inspection(1, q(2), q(1))]),
    "too much": (InspectionIncomplete, "lines.0", [Inspection(1, q(4), q(1))]),
    "nothing": (InspectionIncomplete, "lines.0", [Inspection(1)]),
    "half a piece": (QuantityTooFine, "lines.0.restock", [Inspection(1, q("3.5"), q("0.5"))]),
    "no such line": (LineNotOnReturn, "lines.0.line_no", [Inspection(7, q(1))]),
    "twice": (LineNamedTwice, "lines.1", [Inspection(1, q(4)), Inspection(1, q(4))]),
    "what did not come": (AlreadyInspected, "lines.0.line_no", [Inspection(2, Quantity.zero())]),
}


@pytest.mark.parametrize("case", INSPECTED)
def test_what_cannot_be_inspected(case):
    kind, field, inspections = INSPECTED[case]
    with pytest.raises(kind) as refused:
        inspecting.inspect(a_return("received", received="4"), inspections, KNOWN)
    assert refused.value.field == field
    assert refused.value.cure


def test_a_line_is_inspected_once():
    received = inspecting.receive(a_return(), [], KNOWN, "w", TODAY)
    half = inspecting.inspect(received, [Inspection(1, restock=q(4))], KNOWN)
    with pytest.raises(AlreadyInspected, match="4 restocked"):
        inspecting.inspect(half, [Inspection(1, restock=q(4))], KNOWN)
