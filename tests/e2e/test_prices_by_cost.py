"""A price that follows what the goods cost, from the receipt to the invoice; through the gateway, both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import USD, World, usd


def test_r3_1_a_price_over_the_cost_is_promised_ordered_and_invoiced(world: World) -> None:
    customer, item = world.customer(), world.item(price="100.00")
    wim, mia, sam = (world.system[name] for name in ("wim", "mia", "sam"))
    line = {"item_id": item["id"], "min_quantity": "1", "formula": {"base": "cost", "factor": "1.5"}}
    policy = {"name": world.name("Cost plus"), "currency": USD, "customer_id": customer["id"]}
    mia.post("/price-policies", policy | {"lines": [line]}, key=world.name("policy"))

    def quoted() -> Any:
        body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "2"}]}
        return sam.post("/quotations", body, key=world.name("quote"))

    before = quoted()
    assert before["lines"][0]["unit_price"] == usd("100.00"), (
        "the next rule applies while nobody knows the cost"
    )
    reasons = {rule["policy"]: rule["outcome"] for rule in before["lines"][0]["price_trace"]["rules"]}
    assert reasons[policy["name"]] == "cost_unknown"

    place = wim.every("/warehouses")[0]["id"]
    goods = {"item_id": item["id"], "quantity": "10", "unit_cost": usd("40.00")}
    wim.post("/receipts", {"warehouse_id": place, "lines": [goods]}, key=world.name("receipt"))
    made: dict[str, Any] = {}

    def follows() -> bool:
        made.update(quoted())
        return bool(made["lines"][0]["unit_price"] == usd("60.00"))

    wait_for(follows, "the cost at sales")
    for person, cost in ((sam, None), (mia, usd("40.00"))):
        (shown,) = person.get(f"/quotations/{made['id']}")["lines"]
        assert shown["price_trace"]["unit_cost"] == cost
    sam.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))
    order = sam.post(f"/quotations/{made['id']}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    assert invoice["total"] == usd("120.00")

    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
