"""How orders run is data: prepaid, invoiced whole, shipped complete, at the counter; by the gateway, in both modes."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def an_order(world: World, customer: Any, order_type: str, *lines: tuple[Any, str]) -> Any:
    """Quote and accept an order of a type; return it once it is decided, or waits."""
    sam = world.system["sam"]
    body = {
        "customer_id": customer["id"],
        "order_type": order_type,
        "lines": [{"item_id": item["id"], "quantity": quantity} for item, quantity in lines],
    }
    quotation = sam.post("/quotations", body, key=world.name("quote"))
    return sam.post(f"/quotations/{quotation['id']}/accept", {}, key=world.name("accept"), wait_s=10)


def a_type(world: World, **process: Any) -> str:
    """Define an order type of its own and return its code."""
    code = world.name("kind").replace("-", "_")
    body = {"code": code, "name_en": "Special", "name_zh": "特殊订单", "process": process}
    return str(world.system["mia"].post("/order-types", body, key=code)["code"])


def pays(world: World, customer: Any, amount: str, reference: str) -> Any:
    body = {"customer_id": customer["id"], "amount": usd(amount), "reference": reference}
    return world.system["fay"].post("/payments", body, key=world.name("pay"))


def advance(world: World, order: Any) -> Any:
    return world.system["fay"].get(f"/advances/{order['id']}")


def test_r7_1_a_prepaid_order_goes_out_when_its_money_is_there_and_is_paid_by_it(world: World) -> None:
    customer, item = world.customer(limit="0.00"), world.item(stock="5")
    order = an_order(world, customer, "prepaid", (item, "3"))
    assert (order["order_type"], order["order_type_version"]) == ("prepaid", 1)
    hold = world.until_held(order, "payment")
    assert (hold["owner"], hold["figures"]["missing"]) == ("finance", "300.00 USD")

    pays(world, customer, "100.00", f"{order['number']} first part")
    wait_for(lambda: world.open_holds(order)[0]["figures"]["missing"] == "200.00 USD", "the part")
    other = pays(world, customer, "250.00", world.name("RE"))
    kept = {"order_id": order["id"], "amount": usd("200.00")}
    payment = world.system["fay"].post(f"/payments/{other['id']}/advances", kept, key=world.name("keep"))
    assert (payment["unallocated"], payment["earmarked"]) == (usd("250.00"), usd("200.00"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    done = world.until(order, "the end", state="done")
    assert (done["billing_status"], done["payment_status"]) == ("invoiced", "paid")
    assert advance(world, order)["state"] == "used"
    account = world.system["fay"].get(f"/accounts/{customer['id']}")
    assert (account["held"], account["receivable"], account["unallocated"]) == (
        usd("0.00"), usd("0.00"), usd("50.00"),
    )  # fmt: skip


def test_r7_1_a_cancelled_prepaid_order_gives_the_money_back_to_its_customer(world: World) -> None:
    customer, item = world.customer(limit="0.00"), world.item(stock="5")
    order = an_order(world, customer, "prepaid", (item, "2"))
    world.until_held(order, "payment")
    pays(world, customer, "200.00", f"for {order['number'].lower()}")
    world.until(order, "the confirmation", state="confirmed")
    credit = an_order(world, customer, "standard", (item, "1"))
    assert [hold["code"] for hold in world.open_holds(credit)] == ["credit"]  # what is kept makes no room

    reason = {"reason": "changed my mind"}
    world.system["sam"].post(f"/orders/{order['id']}/cancel", reason, key=world.name("cancel"), wait_s=10)
    world.until(order, "its end", state="cancelled")
    assert advance(world, order)["state"] == "released"
    world.until(credit, "the room that came free", state="confirmed")


def test_r7_1_an_order_is_invoiced_whole_and_leaves_in_one_piece(world: World) -> None:
    customer, item = world.customer(), world.item(stock="5")
    code = a_type(world, invoice="order", shipping="complete")
    order = an_order(world, customer, code, (item, "4"))
    (invoice,) = world.invoices(order)
    assert invoice["total"] == usd("400.00")
    note = world.delivery(order)
    part = [{"order_line_id": note["lines"][0]["order_line_id"], "quantity": "1"}]
    with pytest.raises(ActFailed) as refused:
        world.ship(note, part)
    assert refused.value.problem["code"] == "ships_complete"
    world.pay(invoice)
    world.ship(note)
    world.until(order, "the end", state="done")

    off = an_order(world, customer, code, (item, "1"))
    (invoice,) = world.invoices(off)
    world.system["sam"].post(f"/orders/{off['id']}/cancel", {"reason": "too late"}, key=world.name("cancel"))
    world.until(off, "its end", state="cancelled")
    fay = world.system["fay"]
    (note,) = wait_for(lambda: fay.every("/credit-notes", order_id=off["id"]), "the credit note")
    assert (note["total"], note["unallocated"]) == (usd("100.00"), usd("0.00"))


def test_r7_1_cash_and_carry_is_one_act(world: World) -> None:
    customer, item = world.customer(limit="0.00"), world.item(stock="3")
    sam = world.system["sam"]
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "2"}]}
    sold = sam.post("/counter-sales", body, key=world.name("sale"), wait_s=20)
    assert (sold["state"], sold["delivery_status"], sold["payment_status"]) == ("done", "full", "paid")
    (invoice,) = world.invoices(sold)
    assert (invoice["payment_state"], invoice["total"]) == ("paid", usd("200.00"))
    refused = sam.post("/counter-sales", body, key=world.name("sale"), wait_s=20)
    assert (refused["state"], refused["cancel_reason"]) == ("cancelled", "out_of_stock")
    with pytest.raises(ActFailed) as delivered:
        sam.post("/counter-sales", body | {"order_type": "prepaid"}, key=world.name("sale"))
    assert delivered.value.problem["errors"][0]["field"] == "order_type"


def a_bought_item(world: World, *, stock: str | None = None) -> tuple[Any, str]:
    """Return an item that is bought for 40.00, and its supplier."""
    wim, item = world.system["wim"], world.item(stock=stock)
    number = world.name("S")
    supplier = str(wim.post("/suppliers", {"number": number, "name": "Foundry"}, key=number)["id"])
    asks = {"item_id": item["id"], "unit_price": usd("40.0000")}
    wim.post(f"/suppliers/{supplier}/prices", asks, key=world.name("price"))
    wim.put(f"/items/{item['id']}/supply-policy", {"method": "buy", "supplier_id": supplier, "lead_days": 5})
    return item, supplier


def bought(world: World, order: Any, supplier: str) -> tuple[Any, Any]:
    """Approve and order what was asked for an order alone; return the requisition and the purchase order."""
    wim, fay = world.system["wim"], world.system["fay"]
    (asked,) = wait_for(lambda: wim.every("/purchase-requisitions", order_id=order["id"]), "the requisition")
    fay.post(f"/purchase-requisitions/{asked['id']}/approve", {}, key=world.name("approve"))
    body = {"supplier_id": supplier, "lines": [{"requisition_id": asked["id"]}]}
    made = wim.post("/purchase-orders", body, key=world.name("po"))
    return asked, fay.post(f"/purchase-orders/{made['id']}/send", {}, key=world.name("send"))


def test_r7_1_a_drop_shipment_goes_from_the_supplier_to_the_customer(world: World) -> None:
    customer = world.customer()
    item, supplier = a_bought_item(world, stock="9")
    order = an_order(world, customer, "drop_ship", (item, "3"))
    assert order["state"] == "confirmed"
    asked, purchase = bought(world, order, supplier)
    assert asked["note"].startswith("Send to Harbor Pumps")
    assert asked["note"].endswith(f"order {order['number']}")
    wim, line = world.system["wim"], purchase["lines"][0]["id"]
    sent = {"lines": [{"line_id": line, "quantity": "4"}], "reference": "LS-77"}
    with pytest.raises(ActFailed) as too_much:
        wim.post(f"/purchase-orders/{purchase['id']}/dispatches", sent, key=world.name("dispatch"))
    assert too_much.value.problem["code"] == "more_than_order_wants"
    sent["lines"] = [{"line_id": line, "quantity": "3"}]
    gone = wim.post(f"/purchase-orders/{purchase['id']}/dispatches", sent, key=world.name("dispatch"))
    assert gone["state"] == "received"
    (invoice,) = world.invoices(order)
    world.pay(invoice)
    world.until(order, "the end", state="done")
    (here,) = wim.every("/stock", item_id=item["id"])
    assert (here["on_hand"], here["reserved"]) == ("9", "0")


def test_r7_1_what_is_made_to_order_is_got_for_it_and_nobody_else_has_it(world: World) -> None:
    customer = world.customer()
    item, supplier = a_bought_item(world, stock="2")
    order = an_order(world, customer, "make_to_order", (item, "2"))
    assert world.until_held(order, "stock")["figures"][f"missing {item['sku']}"] == "2"
    other = world.order(world.customer(), (item, "4"))
    world.until_held(other, "stock")
    _, purchase = bought(world, order, supplier)
    came = {"lines": [{"line_id": purchase["lines"][0]["id"], "quantity": "2"}]}
    wim = world.system["wim"]
    wim.post(f"/purchase-orders/{purchase['id']}/receipts", came, key=world.name("receipt"))
    world.until(order, "the confirmation", state="confirmed")
    assert [hold["code"] for hold in world.open_holds(other)] == ["stock"]
    world.ship(world.delivery(order))
    world.invoices(order)


def test_r7_1_the_audit_finds_nothing_after_orders_of_all_types(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
