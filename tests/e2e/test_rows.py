"""R4.3: who sees which rows and which of their fields; through the gateway, both modes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


@pytest.fixture
def team(world: World) -> Iterator[Any]:
    """Give a team of sam that ned leads; afterwards nobody does, for others count on ned seeing his own only."""
    sam, ned, mia = (world.system[name] for name in ("sam", "ned", "mia"))
    body = {"name": world.name("North"), "members": [sam.get("/auth/me")["id"]]}
    made = mia.post("/sales-teams", body | {"manager_id": ned.get("/auth/me")["id"]}, key=world.name("team"))
    yield made
    mia.put(f"/sales-teams/{made['id']}", body | {"manager_id": None})


def test_r4_3_a_leader_sees_the_orders_of_his_team(world: World, team: Any) -> None:
    ned, about = world.system["ned"], world.customer()
    order = world.order(about, (world.item(stock="10"), "3"))
    wait_for(lambda: world.found(ned, f"/orders/{order['id']}"), "the team at sales")
    assert [row["id"] for row in ned.get(f"/orders?customer_id={about['id']}")["items"]] == [order["id"]]
    assert ned.get(f"/orders/{order['id']}/timeline")["number"] == order["number"]
    assert ned.get(f"/customers/{about['id']}/360")["sections"]["sales"]["status"] == "ok"
    world.system["mia"].put(
        f"/sales-teams/{team['id']}", {"name": team["name"], "members": team["members"], "manager_id": None}
    )
    wait_for(lambda: not world.found(ned, f"/orders/{order['id']}"), "the end of his leading")
    assert ned.get(f"/orders?customer_id={about['id']}")["items"] == []


def test_r4_3_the_story_of_an_order_tells_costs_to_those_only_who_may_know(world: World) -> None:
    item = world.item()
    wim, mia, sam = (world.system[name] for name in ("wim", "mia", "sam"))
    line = {"item_id": item["id"], "quantity": "6", "unit_cost": usd("40.00")}
    place = wim.every("/warehouses")[0]["id"]
    wim.post("/receipts", {"warehouse_id": place, "lines": [line]}, key=world.name("receipt"))
    order = world.order(world.customer(), (item, "2"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))

    def told(who: Any, type_: str) -> Any:
        entries = who.get(f"/orders/{order['id']}/timeline")["entries"]
        return next((each["data"] for each in entries if each["type"] == type_), None)

    def costs(who: Any) -> Any:
        left = wait_for(lambda: told(who, "inventory.delivery.shipped.v1"), "the goods that left")
        return [each["cost"] for each in left["lines"]]

    assert (costs(mia), costs(sam), costs(wim)) == (
        [{"minor": 8000, "currency": "USD"}], [None], [None],
    )  # fmt: skip
    granted = "finance.credit_hold.granted.v1"
    assert told(sam, granted)["limit"] is not None
    assert (told(wim, granted)["limit"], told(wim, granted)["exposure"]) == (None, None)
