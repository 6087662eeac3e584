"""Stock counts and transfers through the gateway, both modes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


@pytest.fixture
def _every_difference_is_approved(world: World) -> Iterator[None]:
    """The rule is the company's, and other scenarios count as well."""
    fay = world.system["fay"]
    fay.put("/stock-count-rules", {"tolerance": usd("0.00"), "approvers": ["finance"]})
    yield
    fay.put("/stock-count-rules", {"tolerance": None})


@pytest.mark.usefixtures("_every_difference_is_approved")
def test_r3_6_what_a_count_finds_missing_is_approved_and_an_order_waits_for_it(world: World) -> None:
    wim, fay = world.system["wim"], world.system["fay"]
    item = world.item(stock="10")
    order = world.order(world.customer(), (item, "7"))
    world.until(order, "the confirmation", state="confirmed")
    first = world.delivery(order)
    body = {"warehouse_id": first["warehouse_id"], "item_ids": [item["id"]]}
    count = wim.post("/stock-counts", body, key=world.name("count"))

    def act(name: str, said: dict[str, Any], who: Any = wim) -> Any:
        return who.post(f"/stock-counts/{count['id']}/{name}", said, key=world.name(name))

    found = {"lines": [{"line_no": 1, "quantity": "6"}]}
    (line,) = act("counted", found)["lines"]
    assert (line["progress"], line["book"], line["difference"]) == ("recount", None, None)
    act("counted", found)
    assert act("close", {})["state"] == "pending_approval"
    posted = act("decide", {"decision": "approve"}, fay)
    assert (posted["state"], posted["lines"][0]["difference"]) == ("posted", "-4")
    assert wim.get(f"/deliveries/{first['id']}")["state"] == "cancelled"
    again = wait_for(lambda: world.delivery(order), "the new delivery note")
    assert (again["id"] != first["id"], again["lines"][0]["quantity"]) == (True, "6")
    (row,) = wim.every("/stock", item_id=item["id"])
    assert (row["on_hand"], row["reserved"]) == ("6", "6")
    (waits,) = wim.every("/reservations", order_id=order["id"])
    assert (waits["state"], waits["lines"][0]["backordered"], waits["queue_position"]) == ("partial", "1", 1)

    world.ship(again)
    world.receive(item["id"], "1")
    world.ship(world.delivery(order))
    world.until(order, "the shipment", delivery_status="full")


def test_r3_5_a_warehouse_is_filled_from_another_by_itself_and_what_is_lost_on_the_way_is_written_off(
    world: World,
) -> None:
    wim, fay, item = world.system["wim"], world.system["fay"], world.item()
    (main,) = wim.every("/warehouses", is_default="true")
    code = world.name("N")[-20:]
    north = wim.post("/warehouses", {"code": code, "name": "North"}, key=world.name("north"))
    line = {"item_id": item["id"], "quantity": "10", "unit_cost": usd("3.00")}
    wim.post("/receipts", {"warehouse_id": main["id"], "lines": [line]}, key=world.name("receipt"))
    wim.put(f"/items/{item['id']}/supply-policy", {"method": "transfer", "source_id": main["id"]})
    wim.put(f"/reorder-points/{item['id']}/{north['id']}", {"minimum": "2", "maximum": "6"})

    (asked,) = wim.every("/transfers", warehouse_id=north["id"])
    assert (asked["state"], asked["requested_by"], asked["lines"][0]["quantity"]) == ("requested", None, "6")

    def act(name: str, body: dict[str, Any]) -> Any:
        return wim.post(f"/transfers/{asked['id']}/{name}", body, key=world.name(name))

    act("ship", {})
    under_way = [row for row in wim.every("/stock", item_id=item["id"]) if row["under_way"]]
    assert [(row["on_hand"], row["available"]) for row in under_way] == [("6", "0")]
    act("receive", {"lines": [{"line_no": 1, "received": "4"}]})
    done = act("receive", {"lines": [{"line_no": 1, "received": "1", "lost": "1"}], "reason": "One burst"})
    assert (done["state"], done["lines"][0]["parts"][0]["lost"]) == ("received", "1")
    worth = fay.get(f"/item-costs/{item['id']}")
    assert (worth["quantity"], worth["value"]) == ("9", usd("27.00"))


def test_r3_6_the_audit_finds_nothing_after_counts_and_transfers(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
