"""From the shelf to the customer's door: picked, shipped, signed for; through the gateway, in both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World


def post(world: World, path: str, body: dict[str, Any], person: str = "wim") -> Any:
    return world.system[person].post(path, body, key=world.name("key"))


def a_confirmed_order(world: World, item: Any, quantity: str) -> Any:
    order = world.order(world.customer(limit="90000.00"), (item, quantity))
    return world.until(order, "the confirmation", state="confirmed")


def test_r3_6_what_is_not_on_the_shelf_follows_by_itself_and_the_goods_are_signed_for(world: World) -> None:
    item = world.item(stock="5")
    order = a_confirmed_order(world, item, "5")
    waiting = world.order(world.customer(limit="90000.00"), (item, "1"), wait_s=0)
    world.until_held(waiting, "stock")
    note = world.delivery(order)
    line = note["lines"][0]["order_line_id"]
    carrier = post(
        world,
        "/carriers",
        {"code": world.name("C"), "name": "Ships & Co", "tracking_url": "https://s.example/{number}"},
    )

    short = {"order_line_id": line, "quantity": "2", "reason": "not_found"}
    picked = post(world, f"/deliveries/{note['id']}/pick", {"short": [short]})
    assert (picked["state"], picked["lines"][0]["quantity"]) == ("picked", "3")
    number = world.name("T")
    post(world, f"/deliveries/{note['id']}/ship", {"carrier": carrier["code"], "tracking_numbers": [number]})
    (invoice,) = world.invoices(order)
    world.receive(item["id"], "2")
    rest = world.delivery(order)
    assert (rest["backorder_of"], rest["lines"][0]["quantity"]) == (note["id"], "2")
    assert [hold["code"] for hold in world.open_holds(waiting)] == ["stock"]

    refused = [{"order_line_id": line, "quantity": "1"}]
    done = post(world, f"/deliveries/{note['id']}/deliver", {"signed_by": "Li Wei", "refused": refused})
    assert (done["state"], done["proof"]["signed_by"]) == ("delivered", "Li Wei")
    assert done["tracking"] == [{"number": number, "url": f"https://s.example/{number}"}]
    returned = world.system["wim"].get(f"/returns/{done['proof']['return_id']}")
    assert (returned["state"], returned["lines"][0]["quantity"]) == ("approved", "1")
    (discrepancy,) = world.system["wim"].get(f"/stock-discrepancies?delivery_id={note['id']}")["items"]
    settled = post(world, f"/stock-discrepancies/{discrepancy['id']}/settle", {"found": "1"})
    assert (settled["state"], settled["found"], settled["missing"]) == ("settled", "1", "2")
    world.until(waiting, "the piece that was found again", state="confirmed")

    world.ship(rest)
    world.until(order, "the whole order", delivery_status="full")
    assert invoice["order_number"] == order["number"]
    progress = world.system["sam"].get(f"/orders/{order['id']}/delivery-progress")
    assert (progress["progress"], progress["arrivals"][0]["signed_by"]) == ("partly_delivered", "Li Wei")
    assert [(each["shipped"], each["delivered"], each["refused"]) for each in progress["lines"]] == [
        ("5", "3", "1")
    ]
    told = told_of(world, order)
    assert {"delivered", "short_picked", "short_shipped"} <= told
    assert_sound(world)


def test_r3_7_the_product_shows_how_fast_an_order_becomes_a_delivery_note(world: World) -> None:
    item = world.item(stock="1")
    note = world.delivery(a_confirmed_order(world, item, "1"))

    figure = world.system["mia"].get("/figures/order-to-delivery-note")

    # Orders of other scenarios wait for stock and credit; half of all never do.
    assert figure["total"]["within_goal"] >= 1
    assert figure["total"]["p50_ms"] < figure["goal_ms"]
    assert figure["days"][-1]["day"] == figure["to"]
    assert note["number"] in {each["number"] for each in figure["slowest"]} or figure["total"]["count"] > 10


def told_of(world: World, order: Any) -> set[str]:
    """Return the last words of what was told of an order's deliveries, once it was told."""

    def look() -> Any:
        entries = world.system["mia"].get(f"/orders/{order['id']}/timeline")["entries"]
        return {each["type"].split(".")[2] for each in entries if ".delivery." in each["type"]}

    return wait_for(look, "the time-line")


def assert_sound(world: World) -> None:
    """Fail when ``meridian audit`` finds anything."""
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
