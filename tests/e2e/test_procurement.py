"""What is not there is bought by itself: from the shortage to the invoice; through the gateway, in both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


class Buyers:
    """Wim, who buys and takes in, and Fay, who decides."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.wim, self.fay = world.system["wim"], world.system["fay"]

    def post(self, person: Any, path: str, body: dict[str, Any]) -> Any:
        return person.post(path, body, key=self.world.name("key"))

    def let_it_be_bought(self, item: Any) -> Any:
        supplier = self.post(self.wim, "/suppliers", {"number": self.world.name("S"), "name": "Foundry"})
        price = {"item_id": item["id"], "unit_price": usd("40.00")}
        self.post(self.wim, f"/suppliers/{supplier['id']}/prices", price)
        policy = {"method": "buy", "supplier_id": supplier["id"], "lead_days": 7, "multiple": "5"}
        self.wim.put(f"/items/{item['id']}/supply-policy", policy)
        return supplier

    def asked(self, item: Any, **wanted: str) -> Any:
        """Return the requisition once it is as wanted."""

        def look() -> Any:
            found = self.wim.every("/purchase-requisitions", item_id=item["id"])
            return next((each for each in found if wanted.items() <= each.items()), None)

        return wait_for(look, f"a requisition with {wanted}")

    def receive(self, order: Any, quantity: str) -> Any:
        line = {"line_id": order["lines"][0]["id"], "quantity": quantity}
        return self.post(self.wim, f"/purchase-orders/{order['id']}/receipts", {"lines": [line]})


def waiting(world: World, customer: Any, item: Any, quantity: str) -> Any:
    """Return an order once it waits for stock: the next one then waits behind it."""
    order = world.order(customer, (item, quantity), wait_s=0)
    world.until_held(order, "stock")
    return order


def test_r3_5_a_shortage_is_bought_by_itself_and_its_receipts_free_those_who_wait(world: World) -> None:
    customer, item, buyers = world.customer(limit="90000.00"), world.item(stock="2"), Buyers(world)
    supplier = buyers.let_it_be_bought(item)

    orders = [waiting(world, customer, item, quantity) for quantity in ("5", "3", "4")]
    wanted = buyers.asked(item, state="open", need="10", quantity="10")
    assert (wanted["origin"], wanted["requested_by"], wanted["supplier_id"]) == (
        "shortage",
        None,
        supplier["id"],
    )
    when = world.system["sam"].get(f"/items/{item['id']}/availability?quantity=1")
    assert (when["source"], when["waited_for"], when["free"]) == ("lead_time", "10", "0")

    buyers.post(buyers.fay, f"/purchase-requisitions/{wanted['id']}/approve", {})
    body = {"supplier_id": supplier["id"], "lines": [{"requisition_id": wanted["id"]}]}
    draft = buyers.post(buyers.wim, "/purchase-orders", body)
    placed = buyers.post(buyers.fay, f"/purchase-orders/{draft['id']}/send", {})
    assert (placed["state"], placed["total"]) == ("sent", usd("400.00"))

    assert buyers.receive(placed, "6")["state"] == "partially_received"
    for order in orders[:2]:
        world.until(order, "the confirmation", state="confirmed")
    assert [hold["code"] for hold in world.open_holds(orders[2])] == ["stock"]
    assert buyers.receive(placed, "4")["state"] == "received"
    world.until(orders[2], "the confirmation", state="confirmed")
    assert buyers.asked(item, state="closed")["number"] == wanted["number"]

    world.ship(world.delivery(orders[0]))  # the two that were there leave by themselves
    for order, parts in zip(orders, (2, 1, 1), strict=True):
        world.ship(world.delivery(order))
        invoices = world.invoices(order, parts)
        assert {invoice["order_number"] for invoice in invoices} == {order["number"]}
    assert world.system["sam"].get(f"/items/{item['id']}/availability")["on_hand"] == "0"
    assert_sound(world)


def test_r3_5_an_order_that_is_cancelled_takes_its_need_back(world: World) -> None:
    customer, item, buyers = world.customer(limit="90000.00"), world.item(), Buyers(world)
    buyers.let_it_be_bought(item)
    first, second = (waiting(world, customer, item, quantity) for quantity in ("6", "3"))
    buyers.asked(item, state="open", need="9", quantity="10")

    buyers.post(world.system["sam"], f"/orders/{first['id']}/cancel", {"reason": "changed plans"})
    buyers.asked(item, state="open", need="3", quantity="5")
    buyers.post(world.system["sam"], f"/orders/{second['id']}/cancel", {"reason": "changed plans"})

    assert buyers.asked(item, state="cancelled")["reason"] == "the need is gone"
    assert_sound(world)


def assert_sound(world: World) -> None:
    """Fail when ``meridian audit`` finds anything."""
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
