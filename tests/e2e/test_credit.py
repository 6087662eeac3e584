"""Credit in depth: seen by whoever sells, asked about before, and passed by one order with another person's yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.e2e.world import World, usd


def test_r3_4_an_order_beyond_the_limit_goes_on_when_another_person_agrees(world: World) -> None:
    customer, item = world.customer(limit="250.00"), world.item(stock="100", price="100.00")
    sam, fay = world.system["sam"], world.system["fay"]
    question = {"customer_id": customer["id"], "order_amount": usd("300.00")}
    foreseen = sam.post("/credit-what-if", question, key=world.name("what-if"))
    assert (foreseen["granted"], foreseen["shortfall"]) == (False, usd("50.00"))

    order = world.order(customer, (item, "3"), wait_s=0)
    hold = world.until_held(order, "credit")
    assert hold["figures"]["shortfall"] == "50.00 USD"
    day = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    body = {"order_id": order["id"], "expires_on": day, "reason": "The money is on its way"}
    override = sam.post("/credit-overrides", body, key=world.name("override"))
    (waiting,) = fay.every("/finance-approvals", state="waiting", document_id=override["id"])
    fay.post(f"/finance-approvals/{waiting['id']}/decide", {"decision": "approve"}, key=world.name("yes"))
    world.until(order, "the confirmation", state="confirmed")
    assert sam.get(f"/credit-overrides/{override['id']}")["state"] == "used"


def test_r4_3_a_salesperson_sees_what_the_limit_is_used_for_and_whose_it_is(world: World) -> None:
    item = world.item(stock="100", price="100.00")
    sam, fay, mia = (world.system[name] for name in ("sam", "fay", "mia"))
    group, number = world.name("wholesale"), world.name("K")
    fay.put("/credit-group-limits", {"group": group, "currency": "USD", "limit": usd("2000.00")})
    owner = sam.get("/auth/me")["id"]
    body = {"name": "Harbor Pumps", "number": number, "group": group, "owner_id": owner}
    customer = mia.post("/customers", body, key=number)
    world.arrived(customer["id"])
    path = f"/accounts/{customer['id']}/credit"
    order = world.order(customer, (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    seen = sam.get(path)
    assert (seen["limit"], seen["limit_source"], seen["status"]) == (usd("2000.00"), "group", "ok")
    assert seen["exposure"]["undelivered"] == usd("300.00")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    world.pay(invoice)
    after = sam.get(path)
    assert (after["exposure"]["total"], after["habit"]["payments"]) == (usd("0.00"), 1)
    assert (after["habit"]["paid"], after["habit"]["late_percent"]) == (invoice["total"], "0.0")
