"""Invoices on proof of delivery, down payments and cash discounts; by the gateway, in both modes."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.test_order_types import a_type, an_order
from tests.e2e.world import World, usd


def deliver(world: World, note: Any, refused: str | None = None) -> Any:
    """Let the customer sign for a delivery, and refuse a part of its one line."""
    body: dict[str, Any] = {"signed_by": "Li Wei"}
    if refused:
        body["refused"] = [{"order_line_id": note["lines"][0]["order_line_id"], "quantity": refused}]
    return world.system["wim"].post(f"/deliveries/{note['id']}/deliver", body, key=world.name("sign"))


def account(world: World, customer: Any) -> Any:
    return world.system["fay"].get(f"/accounts/{customer['id']}")


def pays(world: World, invoice: Any, amount: str) -> Any:
    share = {"invoice_id": invoice["id"], "amount": usd(amount)}
    body = {
        "customer_id": invoice["customer_id"],
        "amount": usd(amount),
        "reference": world.name("RE"),
        "allocations": [share],
    }
    return world.system["fay"].post("/payments", body, key=world.name("pay"))


def bring_back(world: World, return_id: str) -> None:
    """Take in what was refused, and put it on the shelf again."""
    wim = world.system["wim"]
    house = wim.every("/warehouses")[0]["id"]
    came = wim.post(f"/returns/{return_id}/receive", {"warehouse_id": house}, key=world.name("back"))
    lines = [{"line_no": line["line_no"], "restock": line["received"]} for line in came["lines"]]
    wim.post(f"/returns/{return_id}/inspect", {"lines": lines}, key=world.name("look"))


def test_r4_2_an_invoice_follows_the_signature_for_what_was_accepted(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    order = an_order(world, customer, a_type(world, invoice="delivery"), (item, "5"))
    world.until(order, "the confirmation", state="confirmed")
    note = world.delivery(order)
    world.ship(note)
    world.until(order, "the shipment", delivery_status="full")
    assert world.system["fay"].every("/invoices", order_id=order["id"]) == []
    owed = account(world, customer)  # what left and is not invoiced weighs on the credit all the same
    assert (owed["exposure"], owed["held"]) == (usd("500.00"), usd("500.00"))

    signed = deliver(world, note, "2")
    (invoice,) = world.invoices(order)
    assert (invoice["total"], invoice["delivery_number"]) == (usd("300.00"), note["number"])
    now = world.until(order, "its invoice", billing_status="invoiced")
    assert (now["lines"][0]["invoiced"], now["lines"][0]["not_invoiced"]) == ("3", "2")
    assert account(world, customer)["exposure"] == usd("300.00")
    world.pay(invoice)
    world.until(order, "the end", state="done", payment_status="paid")

    bring_back(world, signed["proof"]["return_id"])
    wait_for(
        lambda: world.system["wim"].get(f"/returns/{signed['proof']['return_id']}")["state"] == "closed",
        "the return",
    )
    assert world.system["fay"].every("/credit-notes", customer_id=customer["id"]) == []


def test_r4_2_an_order_that_is_refused_whole_ends_without_an_invoice(world: World) -> None:
    customer, item = world.customer(), world.item(stock="3")
    order = an_order(world, customer, a_type(world, invoice="delivery"), (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    note = world.delivery(order)
    world.ship(note)
    deliver(world, note, "3")
    world.until(order, "the end", state="done")
    assert world.system["fay"].every("/invoices", order_id=order["id"]) == []
    assert account(world, customer)["exposure"] == usd("0.00")


def test_r4_5_a_down_payment_is_deducted_and_all_invoices_together_are_the_order(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10", price="33.33")
    order = an_order(world, customer, a_type(world, down_payment_bp=3000), (item, "7"))
    world.until(order, "the confirmation", state="confirmed")
    (ahead,) = world.invoices(order)
    assert (ahead["kind"], ahead["total"]) == ("down_payment", usd("69.99"))
    world.pay(ahead)
    note = world.delivery(order)
    line = note["lines"][0]["order_line_id"]
    world.ship(note, [{"order_line_id": line, "quantity": "2"}])
    world.invoices(order, 2)
    world.ship(world.delivery(order))
    found = world.invoices(order, 3)
    billed = sum(int(each["total"]["amount"].replace(".", "")) for each in found)
    assert billed == 23_331 == int(order["total"]["amount"].replace(".", ""))
    goods = [each for each in found if each["kind"] == "goods"]
    shown = world.system["fay"].get(f"/invoices/{goods[0]['id']}")
    assert shown["deducted"]["number"] == ahead["number"]
    for each in goods:
        world.pay(each)
    world.until(order, "the end", state="done", payment_status="paid")


def test_r4_5_what_is_cancelled_credits_the_down_payment_that_was_paid(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    order = an_order(world, customer, a_type(world, down_payment_bp=5000), (item, "2"))
    world.until(order, "the confirmation", state="confirmed")
    (ahead,) = world.invoices(order)
    world.pay(ahead)
    reason = {"reason": "changed my mind"}
    world.system["sam"].post(f"/orders/{order['id']}/cancel", reason, key=world.name("cancel"), wait_s=10)
    world.until(order, "its end", state="cancelled")
    wait_for(lambda: account(world, customer)["unallocated"] == usd("100.00"), "the credit note")
    (note,) = world.system["fay"].every("/credit-notes", customer_id=customer["id"])
    assert (note["total"], account(world, customer)["held"]) == (usd("100.00"), usd("0.00"))
    with pytest.raises(ActFailed) as refused:
        part = {"line_no": 1, "amount": usd("1.00")}
        body = {"invoice_id": ahead["id"], "reason": "by hand", "lines": [part]}
        world.system["fay"].post("/credit-notes", body, key=world.name("note"))
    assert refused.value.problem["code"] == "down_payment_not_credited"


def test_r4_5_who_pays_early_may_pay_less(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    fay, name = world.system["fay"], world.name("skonto")
    terms = {
        "name": name,
        "parts": [{"share_bp": 10_000, "days": 30}],
        "discount_bp": 200,
        "discount_days": 10,
    }
    fay.put("/payment-terms", terms)
    fay.put(f"/accounts/{customer['id']}/payment-terms", {"terms": name})
    order = world.order(customer, (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    assert invoice["discount"] == usd("6.00")
    pays(world, invoice, "294.00")
    shown = fay.get(f"/invoices/{invoice['id']}")
    assert (shown["open"], shown["payment_state"]) == (usd("0.00"), "paid")
    assert [each["amount"] for each in shown["discounts"]] == [usd("6.00")]
    world.until(order, "the end", state="done", payment_status="paid")


def test_r4_5_terms_and_types_that_contradict_themselves_name_the_field(world: World) -> None:
    body = {
        "code": "odd",
        "name_en": "Odd",
        "name_zh": "奇怪",
        "process": {"invoice": "order", "down_payment_bp": 1},
    }
    with pytest.raises(ActFailed) as refused:
        world.system["mia"].post("/order-types", body, key=world.name("odd"))
    assert refused.value.problem["errors"][0]["field"] == "process.down_payment_bp"


def test_r4_5_the_audit_finds_nothing_after_all_of_it(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
