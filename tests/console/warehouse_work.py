"""What lies before the people of the warehouse: goods to take in, to pack and to count."""

from __future__ import annotations

from typing import Any

from tests.e2e.test_procurement import Buyers
from tests.e2e.world import World


def a_purchase(world: World, item: Any, quantity: str) -> Any:
    """Order an item from a supplier; return the purchase order, which has been sent."""
    buyers = Buyers(world)
    supplier = buyers.let_it_be_bought(item)
    (main,) = buyers.wim.every("/warehouses", is_default="true")
    wish = {"item_id": item["id"], "warehouse_id": main["id"], "quantity": quantity}
    asked = buyers.post(buyers.wim, "/purchase-requisitions", wish)
    buyers.post(buyers.fay, f"/purchase-requisitions/{asked['id']}/approve", {})
    body = {"supplier_id": supplier["id"], "lines": [{"requisition_id": asked["id"]}]}
    draft = buyers.post(buyers.wim, "/purchase-orders", body)
    return buyers.post(buyers.fay, f"/purchase-orders/{draft['id']}/send", {})


def a_count(world: World, *items: Any, place: Any = None) -> Any:
    """Open a stock count of items, in the main warehouse or at another place; return its sheet."""
    wim = world.system["wim"]
    (main,) = wim.every("/warehouses", is_default="true")
    body = {"warehouse_id": (place or main)["id"], "item_ids": [each["id"] for each in items]}
    return wim.post("/stock-counts", body, key=world.name("count"))


def a_picked_note(world: World, item: Any, quantity: str) -> Any:
    """Sell an item and pick it; return the delivery note, which can be packed."""
    note = world.delivery(world.order(world.customer(), (item, quantity)))
    return world.system["wim"].post(f"/deliveries/{note['id']}/pick", {}, key=world.name("pick"))


def a_return(world: World, order: Any, quantity: str, *, serials: list[str] | None = None) -> Any:
    """Ask for goods of an order's first line to come back; return the return, which nobody has answered."""
    (note, *_) = [
        each for each in world.system["wim"].every("/deliveries", order_id=order["id"]) if each["shipped_on"]
    ]
    line = {"order_line_id": note["lines"][0]["order_line_id"], "quantity": quantity}
    body = {
        "delivery_id": note["id"],
        "reason": "It leaks",
        "lines": [line | ({"serials": serials} if serials else {})],
    }
    return world.system["sid"].post("/returns", body, key=world.name("return"))


def a_received_return(world: World, order: Any, quantity: str) -> Any:
    """Let goods come back and lie in quarantine; return the return, which can be inspected."""
    asked = a_return(world, order, quantity)
    world.system["mia"].post(f"/returns/{asked['id']}/approve", {}, key=world.name("yes"))
    (main,) = world.system["wim"].every("/warehouses", is_default="true")
    return world.system["wim"].post(
        f"/returns/{asked['id']}/receive", {"warehouse_id": main["id"]}, key=world.name("back")
    )
