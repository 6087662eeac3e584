"""Credit in depth: seen by whoever sells, asked about before, and passed by one order with another person's yes."""

from __future__ import annotations

from datetime import timedelta

from meridian.demo.people import wait_for
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
    day = (world.system.today + timedelta(days=5)).isoformat()
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
    # Finance hears of the confirmation a moment after sales has said it; until then the sum is "unconfirmed".
    wait_for(lambda: sam.get(path)["exposure"]["undelivered"] == usd("300.00"), "the confirmation in finance")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    world.pay(invoice)
    after = sam.get(path)
    assert (after["exposure"]["total"], after["habit"]["payments"]) == (usd("0.00"), 1)
    assert (after["habit"]["paid"], after["habit"]["late_percent"]) == (invoice["total"], "0.0")


def test_r4_5_a_difference_is_given_up_and_money_goes_back_with_another_persons_yes(world: World) -> None:
    customer, item = world.customer(), world.item(stock="100", price="100.00")
    fay, admin = world.system["fay"], world.system["admin"]
    order = world.order(customer, (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    fay.put("/write-off-tolerances", {"amount": usd("1.00")})
    paid = {
        "customer_id": customer["id"],
        "amount": usd("298.00"),
        "reference": world.name("RE"),
        "allocations": [{"invoice_id": invoice["id"], "amount": usd("298.00")}],
    }
    fay.post("/payments", paid, key=world.name("pay"))
    loss = fay.post(
        "/write-offs", {"invoice_id": invoice["id"], "reason": "Bank charges"}, key=world.name("loss")
    )
    assert (loss["state"], loss["amount"]) == ("waiting", usd("2.00"))
    admin.post(
        f"/finance-approvals/{loss['approval_id']}/decide", {"decision": "approve"}, key=world.name("yes")
    )
    world.until(order, "the end, the rest being given up", state="done")

    twice = paid | {"amount": usd("50.00"), "reference": world.name("RE"), "allocations": []}
    payment = fay.post("/payments", twice, key=world.name("pay"))
    back = fay.post("/refunds", {"payment_id": payment["id"], "reason": "Twice"}, key=world.name("back"))
    admin.post(
        f"/finance-approvals/{back['approval_id']}/decide", {"decision": "approve"}, key=world.name("yes")
    )
    assert fay.get(f"/refunds/{back['id']}")["state"] == "posted"
    account = fay.get(f"/accounts/{customer['id']}")
    assert (account["receivable"], account["unallocated"]) == (usd("0.00"), usd("0.00"))
    lines = fay.get(f"/accounts/{customer['id']}/statement")["lines"]
    assert [each["kind"] for each in lines] == ["invoice", "payment", "payment", "write_off", "refund"]
