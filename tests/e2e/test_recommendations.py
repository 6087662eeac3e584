"""What to say next to a customer, from his orders to what came of it; through the gateway, both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def a_better_one(world: World, item: Any, better: Any) -> None:
    """Let a manager say which item is the better one of which, once crm has heard of both."""
    body = {"better_id": better["id"]}

    def named() -> bool:
        try:
            world.system["mia"].put(f"/better-items/{item['id']}", body)
        except ActFailed as refused:
            if refused.status == 422:
                return False
            raise
        return True

    wait_for(named, "crm's replica of the items")


def recommended(world: World, customer: Any, item: Any, kind: str) -> Any:
    """Return what is recommended to Sam for a customer, once it is an item for a reason of a kind."""

    def look() -> Any:
        found = world.system["sam"].every("/recommendations", customer_id=customer["id"])
        return next((each for each in found if (each["item_id"], each["kind"]) == (item["id"], kind)), None)

    return wait_for(look, f"the recommendation of kind {kind}")


def test_r5_6_the_better_one_is_offered_accepted_and_ordered_and_the_hit_is_counted(world: World) -> None:
    sam, day = world.system["sam"], world.system.today.isoformat()
    customer, item, better = world.customer(), world.item(stock="9"), world.item(stock="9", price="150.00")
    a_better_one(world, item, better)
    before = sam.get(f"/recommendations/hit-rate?first={day}&last={day}")
    world.order(customer, (item, "2"))
    found = recommended(world, customer, better, "upgrade")
    assert (found["because_id"], found["quantity"]) == (item["id"], "2")
    assert item["sku"] in found["reason_en"]
    assert item["sku"] in found["reason_zh"]

    section = sam.get(f"/customers/{customer['id']}/360")["sections"]["recommendations"]
    assert (section["status"], section["source"], bool(section["as_of"])) == ("ok", "crm", True)
    assert [each["id"] for each in section["data"]["recommendations"]] == [found["id"]]
    assert section["data"]["potential"]["orders"] == 1

    for _ in range(2):
        sam.post(f"/recommendations/{found['id']}/shown", {}, key=world.name("shown"))
    done = sam.post(f"/recommendations/{found['id']}/accept", {"quote": True}, key=world.name("accept"))

    def quoted() -> Any:
        opportunity = sam.get(f"/opportunities/{done['opportunity_id']}")
        return opportunity if opportunity["quotation_state"] == "quoted" else None

    quotation = wait_for(quoted, "the quotation")["quotation_id"]
    sam.post(f"/quotations/{quotation}/send", {}, key=world.name("send"))
    order = sam.post(f"/quotations/{quotation}/accept", {}, key=world.name("order"), wait_s=10)
    assert order["total"] == usd("300.00")

    def counted() -> Any:
        after = sam.get(f"/recommendations/hit-rate?first={day}&last={day}")
        names = ("shown", "accepted", "ordered")
        kinds = [
            next(each for each in rate["kinds"] if each["kind"] == "upgrade") for rate in (before, after)
        ]
        return [kinds[1][name] - kinds[0][name] for name in names] == [1, 1, 1]

    assert wait_for(counted, "the hit")


def test_r5_6_a_cancelled_order_is_not_recommended_from(world: World) -> None:
    sam = world.system["sam"]
    customer, item, better = world.customer(), world.item(stock="9"), world.item()
    a_better_one(world, item, better)
    order = world.order(customer, (item, "1"))
    found = recommended(world, customer, better, "upgrade")
    world.system["mia"].post(f"/orders/{order['id']}/cancel", {"reason": "Mistake"}, key=world.name("cancel"))

    def lapsed() -> bool:
        return str(sam.get(f"/recommendations/{found['id']}")["state"]) == "lapsed"

    assert wait_for(lapsed, "the end of the recommendation")


def test_r5_6_a_solved_ticket_earns_an_offer(world: World) -> None:
    customer, item, better = world.customer(), world.item(stock="9"), world.item()
    a_better_one(world, item, better)
    sid = world.system["sid"]
    world.ship(world.delivery(world.order(customer, (item, "1"))))
    held = wait_for(lambda: sid.every("/installed-items", customer_id=customer["id"]), "what he holds")
    body = {
        "customer_id": customer["id"],
        "kind": "technical",
        "subject": "Leaks",
        "item_id": held[0]["item_id"],
    }
    ticket = sid.post("/tickets", body, key=world.name("ticket"))
    sid.post(f"/tickets/{ticket['id']}/resolve", {"resolution": "New seal"}, key=world.name("solved"))
    found = recommended(world, customer, better, "after_service")
    assert ticket["number"] in found["reason_en"]


def test_r2_4_a_customer_who_ordered_is_on_the_call_list(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    world.order(customer, (item, "2"))

    def listed() -> Any:
        found = world.system["sam"].every("/purchase-potential")
        return next((each for each in found if each["customer_id"] == customer["id"]), None)

    found = wait_for(listed, "the customer on the call list")
    assert (found["orders"], found["usual_order"]) == (1, usd("200.00"))


def test_r5_6_the_audit_finds_nothing_after_recommendations(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
