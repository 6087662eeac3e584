"""From a discount that is too large to the order: asked, approved by the right people, sent; through the gateway."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def a_flow(world: World, customer: Any) -> dict[str, Any]:
    """Return a flow for this customer alone: a manager, then finance."""
    clauses = [
        {"field": "customer_id", "comparison": "equals", "texts": [customer["id"]]},
        {"field": "largest_discount", "comparison": "at_least", "percent": "10"},
    ]
    steps = [
        {"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]},
        {"name": "Money", "stage": 2, "approvers": [{"kind": "role", "name": "finance"}]},
    ]
    return {"name": world.name("Discounts"), "cases": [{"clauses": clauses}], "steps": steps}


def test_r3_2_the_right_people_approve_and_the_last_yes_sends_it(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    sam, mia, fay = (world.system[name] for name in ("sam", "mia", "fay"))
    line = {"item_id": item["id"], "quantity": "2", "discount_percent": "15"}
    body = {"customer_id": customer["id"], "lines": [line]}
    made = sam.post("/quotations", body, key=world.name("quote"))

    flow = a_flow(world, customer)
    tried = mia.post("/approval-flows/try", flow | {"last": 20}, key=world.name("try"))
    assert [each["id"] for each in tried["quotations"]] == [made["id"]]
    assert [each["name"] for each in tried["approvers"]] == ["sales_manager", "finance"]
    mia.post("/approval-flows", flow, key=world.name("flow"))

    sent = sam.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))
    assert sent["state"] == "pending_approval"
    approval = f"/approvals/{sent['approval_id']}"
    for person in (mia, fay):
        waiting = person.get("/approvals?state=waiting")["items"]
        (mine,) = [each for each in waiting if each["id"] == sent["approval_id"]]
        assert mine["said"]["total"] == usd("170.00")
        person.post(f"{approval}/decide", {"decision": "approve"}, key=world.name("yes"))
    shown = sam.get(approval)
    assert (shown["state"], [act["deed"] for act in shown["history"]]) == (
        "approved",
        ["requested", "approved", "approved"],
    )
    order = sam.post(f"/quotations/{made['id']}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(order, "the confirmation", state="confirmed")

    def told() -> list[str] | None:
        entries = sam.get(f"/orders/{order['id']}/timeline")["entries"]
        types = [entry["type"] for entry in entries]
        return types if "sales.order.confirmed.v1" in types else None

    story = [name for name in wait_for(told, "the time-line") if name.startswith("sales.quotation.")]
    assert [name.split(".")[2] for name in story] == [
        "issued", "approval_requested", "approved", "sent", "accepted",
    ]  # fmt: skip
