"""A stock count through the gateway, both modes: blind, approved, and orders that must wait for what is not there."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def test_r3_6_what_a_count_finds_missing_is_approved_and_an_order_waits_for_it(world: World) -> None:
    wim, fay = world.system["wim"], world.system["fay"]
    item = world.item(stock="10")
    order = world.order(world.customer(), (item, "7"))
    world.until(order, "the confirmation", state="confirmed")
    first = world.delivery(order)
    fay.put("/stock-count-rules", {"tolerance": usd("0.00"), "approvers": ["finance"]})
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
    (row,) = wim.every("/stock", item_id=item["id"])
    assert (row["on_hand"], row["reserved"]) == ("6", "0")
    (waits,) = wim.every("/reservations", order_id=order["id"])
    assert (waits["state"], waits["reason"], waits["queue_position"]) == ("waiting", "stock_count", 1)
    assert wim.get(f"/deliveries/{first['id']}")["state"] == "cancelled"

    world.receive(item["id"], "1")
    again = wait_for(lambda: world.delivery(order), "the new delivery note")
    assert again["id"] != first["id"]
    world.ship(again)
    world.until(order, "the shipment", delivery_status="full")
    fay.put("/stock-count-rules", {"tolerance": None})
