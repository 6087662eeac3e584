"""From an opportunity to its cash, with no figure typed again; through the gateway, both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def an_opportunity(world: World, customer: Any, item: Any, quantity: str = "3") -> Any:
    """Open an opportunity of Sam's, once crm has heard of the item."""
    body = {
        "customer_id": customer["id"],
        "title": "Valves for the new hall",
        "value": usd("300.00"),
        "source": "fair",
        "lines": [{"item_id": item["id"], "quantity": quantity}],
    }
    return world.system["sam"].post("/opportunities", body, key=world.name("opportunity"))


def seen(world: World, opportunity: Any, what: str, **wanted: Any) -> Any:
    """Return the opportunity once its fields are as wanted."""

    def look() -> Any:
        now = world.system["sam"].get(f"/opportunities/{opportunity['id']}")
        return now if all(now[name] == value for name, value in wanted.items()) else None

    return wait_for(look, f"{what} of {opportunity['number']}")


def test_r8_1_a_won_opportunity_becomes_the_order_and_its_cash_is_seen(world: World) -> None:
    sam, fay = world.system["sam"], world.system["fay"]
    customer, item = world.customer(), world.item(stock="10")
    opportunity = an_opportunity(world, customer, item)
    for stage in ("qualified", "proposition"):
        sam.post(f"/opportunities/{opportunity['id']}/stage", {"stage": stage}, key=world.name(stage))
    sam.post(f"/opportunities/{opportunity['id']}/quote", {}, key=world.name("quote"))
    quoted = seen(world, opportunity, "the quotation", quotation_state="quoted")
    assert quoted["quotations"][0]["total"] == usd("300.00")

    quotation = sam.get(f"/quotations/{quoted['quotation_id']}")
    assert (quotation["opportunity_id"], quotation["lines"][0]["quantity"]) == (opportunity["id"], "3")
    sam.post(f"/quotations/{quotation['id']}/send", {}, key=world.name("send"))
    order = sam.post(f"/quotations/{quotation['id']}/accept", {}, key=world.name("accept"), wait_s=10)
    won = seen(world, opportunity, "the order", state="won", order_id=order["id"])
    assert [step["step"] for step in won["steps"]] == ["new", "qualified", "proposition", "won"]

    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    body = {"customer_id": customer["id"], "amount": usd("300.00"), "reference": world.name("RE")}
    paid = [{"invoice_id": invoice["id"], "amount": usd("300.00")}]
    fay.post("/payments", body | {"allocations": paid}, key=world.name("pay"))

    def cash() -> Any:
        (found,) = sam.get(f"/opportunities/{opportunity['id']}")["orders"]
        return found if (found["paid"], found["state"]) == (usd("300.00"), "completed") else None

    found = wait_for(cash, "the cash at the opportunity")
    assert (found["number"], found["invoiced"]) == (order["number"], usd("300.00"))


def test_r8_1_winning_draws_up_the_quotation_and_a_refusal_says_why(world: World) -> None:
    sam, customer = world.system["sam"], world.customer()
    item = world.item()
    unpriced = world.system["admin"].post(
        "/items",
        {"sku": world.name("BARE"), "name": "Bare", "uom": "piece", "decimals": 0},
        key=world.name("k"),
    )
    wait_for(lambda: _known(world, customer, unpriced), "crm's replica of the item")
    bare = an_opportunity(world, customer, unpriced)
    sam.post(f"/opportunities/{bare['id']}/quote", {}, key=world.name("quote"))
    refused = seen(world, bare, "the refusal", quotation_state="refused")
    assert "price" in refused["quotation_refusal"]

    good = an_opportunity(world, customer, item)
    sam.post(f"/opportunities/{good['id']}/win", {}, key=world.name("win"))
    assert seen(world, good, "the quotation", quotation_state="quoted")["state"] == "won"


def _known(world: World, customer: Any, item: Any) -> bool:
    from meridian.demo.gateway import ActFailed

    try:
        an_opportunity(world, customer, item)
    except ActFailed as refused:
        if refused.status == 422:
            return False
        raise
    return True


def test_r5_5_the_customer_page_shows_opportunities_and_conversations(world: World) -> None:
    sam, sid = world.system["sam"], world.system["sid"]
    customer, item = world.customer(), world.item()
    an_opportunity(world, customer, item)
    call = {"customer_id": customer["id"], "kind": "call", "subject": "Asked for valves", "done": True}
    sam.post("/activities", call, key=world.name("call"))
    part = sid.get(f"/customers/{customer['id']}/360")["sections"]["relationship"]
    assert (part["status"], part["source"]) == ("ok", "crm")
    assert (part["data"]["open_opportunities"], part["data"]["open_value"]) == (1, usd("300.00"))
    assert part["data"]["recent_activities"][0]["subject"] == "Asked for valves"
    assert (
        world.system["wim"].get(f"/customers/{customer['id']}/360")["sections"]["relationship"]["status"]
        == "denied"
    )


def test_r8_1_the_audit_finds_nothing_after_opportunities(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
