"""Units by their serial numbers, and lots whose day is over; through the gateway, in both modes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.test_procurement import Buyers
from tests.e2e.world import World, usd


def tracked_item(world: World, tracking: str) -> Any:
    """Register an item that is kept by serial or lot, with a price for everybody."""
    admin, sku = world.system["admin"], world.name("UNIT")
    body = {"sku": sku, "name": "A+ pump", "uom": "piece", "decimals": 0, "tracking": tracking}
    item = admin.post("/items", body, key=sku)
    line = {"item_id": item["id"], "min_quantity": "1", "unit_price": usd("100.00")}
    policy = {"name": f"List {sku}", "currency": "USD", "lines": [line]}
    wait_for(lambda: world._priced(policy, sku), "sales' replica of the item")
    return item


def bought(world: World, item: Any, quantity: str, *serials: str) -> Any:
    """Ask for an item, order it from a supplier and take it in with serials."""
    buyers = Buyers(world)
    supplier = buyers.let_it_be_bought(item)
    (main,) = buyers.wim.every("/warehouses", is_default="true")
    wish = {"item_id": item["id"], "warehouse_id": main["id"], "quantity": quantity}
    asked = buyers.post(buyers.wim, "/purchase-requisitions", wish)
    buyers.post(buyers.fay, f"/purchase-requisitions/{asked['id']}/approve", {})
    body = {"supplier_id": supplier["id"], "lines": [{"requisition_id": asked["id"]}]}
    draft = buyers.post(buyers.wim, "/purchase-orders", body)
    placed = buyers.post(buyers.fay, f"/purchase-orders/{draft['id']}/send", {})
    path = f"/purchase-orders/{placed['id']}/receipts"
    line = {"line_id": placed["lines"][0]["id"], "quantity": quantity}
    with pytest.raises(ActFailed) as nameless:
        buyers.post(buyers.wim, path, {"lines": [line]})
    assert nameless.value.status == 422
    return buyers.post(buyers.wim, path, {"lines": [line | {"serials": list(serials)}]})


def test_r6_1_a_unit_is_followed_by_its_serial_from_the_supplier_to_the_customer_and_back(
    world: World,
) -> None:
    wim, sid, mia = (world.system[name] for name in ("wim", "sid", "mia"))
    item, customer = tracked_item(world, "serial"), world.customer()
    stem = world.name("SN").replace("-", "")
    names = [f"{stem}{number:03}" for number in range(1, 6)]
    bought(world, item, "5", f"{names[0]}..{names[4]}")

    order = world.order(customer, (item, "2"))
    world.until(order, "the confirmation", state="confirmed")
    note = world.delivery(order)
    line = {"order_line_id": note["lines"][0]["order_line_id"], "quantity": "2"}
    with pytest.raises(ActFailed) as nameless:
        world.ship(note)
    assert nameless.value.status == 422
    part = line | {"serials": [names[0], names[2]]}
    picked = wim.post(f"/deliveries/{note['id']}/pick", {"lines": [part]}, key=world.name("pick"))
    assert picked["lines"][0]["serials"] == [names[0], names[2]]
    world.ship(note)
    world.until(order, "the shipment", delivery_status="full")

    def held() -> Any:
        return sid.get(f"/installed-items?serial={names[2]}")["items"]

    (holding,) = wait_for(held, "the holding of the unit")
    assert (holding["customer_id"], holding["order_number"]) == (customer["id"], order["number"])
    assert [each["serial"] for each in holding["serials"]] == [names[0], names[2]]
    assert [each["serial"] for each in sid.get(f"/serials?customer_id={customer['id']}")["items"]] == [
        names[0],
        names[2],
    ]

    back = {"order_line_id": line["order_line_id"], "quantity": "1"}
    asking = {"delivery_id": note["id"], "reason": "Too loud"}
    with pytest.raises(ActFailed) as strange:
        body = asking | {"lines": [back | {"serials": [names[1]]}]}
        sid.post("/returns", body, key=world.name("return"))
    assert strange.value.status == 409
    body = asking | {"lines": [back | {"serials": [names[2]]}]}
    asked = sid.post("/returns", body, key=world.name("return"))

    def act(person: Any, verb: str, said: dict[str, Any]) -> Any:
        return person.post(f"/returns/{asked['id']}/{verb}", said, key=world.name(verb))

    act(mia, "approve", {})
    act(wim, "receive", {"warehouse_id": note["warehouse_id"]})
    closed = act(wim, "inspect", {"lines": [{"line_no": 1, "restock": "1"}]})
    assert closed["lines"][0]["serials"] == [{"serial": names[2], "outcome": "restocked"}]

    def given_up() -> Any:
        (now,) = held()
        units = {each["serial"]: each["returned_on"] for each in now["serials"]}
        return now if units[names[2]] and not units[names[0]] and now["returned"] == "1" else None

    wait_for(given_up, "the desk's word of the return")
    traced = sid.get(f"/items/{item['id']}/serials/{names[2]}")
    assert [each["kind"] for each in traced["trace"]] == [
        "received", "picked", "shipped", "returned", "restocked",
    ]  # fmt: skip
    assert traced["state"] == "in_stock"


def test_r3_3_what_has_expired_is_neither_promised_nor_picked(world: World) -> None:
    wim, item = world.system["wim"], tracked_item(world, "lot")
    (main,) = wim.every("/warehouses", is_default="true")

    def receive(lot: str, quantity: str, expires_on: date) -> None:
        line = {"item_id": item["id"], "quantity": quantity, "lot": lot, "expires_on": str(expires_on)}
        wim.post("/receipts", {"warehouse_id": main["id"], "lines": [line]}, key=world.name("receipt"))

    today = world.system.today
    receive("OLD", "9", today - timedelta(days=3))
    seen = wim.get(f"/items/{item['id']}/availability")
    assert (seen["on_hand"], seen["free"], seen["expired"]) == ("9", "0", "9")
    (row,) = wim.every("/stock", item_id=item["id"])
    assert (row["on_hand"], row["available"], row["expired"]) == ("9", "0", True)
    order = world.order(world.customer(), (item, "4"), wait_s=0)
    world.until_held(order, "stock")

    receive("NEW", "4", today + timedelta(days=300))
    world.until(order, "the fresh lot", state="confirmed")
    note = world.delivery(order)
    assert [line["lot"] for line in note["lines"]] == ["NEW"]
    part = {"order_line_id": note["lines"][0]["order_line_id"], "quantity": "4"}
    instead = {"lines": [part | {"lot": "OLD", "reason": "It stands in front"}]}
    with pytest.raises(ActFailed) as refused:
        wim.post(f"/deliveries/{note['id']}/pick", instead, key=world.name("pick"))
    assert refused.value.status == 409
    world.ship(note)
    line = {"item_id": item["id"], "quantity": "-9", "lot": "OLD"}
    body = {"warehouse_id": main["id"], "reason": "Expired", "lines": [line]}
    wim.post("/stock-adjustments", body, key=world.name("scrap"))


def test_r6_1_the_audit_finds_nothing_after_units_and_lots(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
