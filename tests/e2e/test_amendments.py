"""A confirmed order is changed: checked again like an order, applied as a whole or not at all; through the gateway."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def change(world: World, order: Any, seller: str = "sam", **wanted: Any) -> Any:
    """Propose a change and return it once it is decided, or waits."""
    body = {"reason": "the customer called"} | wanted
    person = world.system[seller]
    return person.post(f"/orders/{order['id']}/changes", body, key=world.name("change"), wait_s=10)


def until_change(world: World, proposed: Any, state: str) -> Any:
    """Return a change once it is in ``state``."""
    path = f"/orders/{proposed['order_id']}/changes/{proposed['no']}"

    def look() -> Any:
        now = world.system["mia"].get(path)
        return now if now["state"] == state else None

    return wait_for(look, f"change {proposed['number']} {state}")


def refused(world: World, order: Any, **wanted: Any) -> Any:
    """Return the problem with which a change is refused at once."""
    with pytest.raises(ActFailed) as no:
        change(world, order, **wanted)
    return no.value.problem


def confirmed(world: World, customer: Any, *lines: tuple[Any, str]) -> Any:
    return world.until(world.order(customer, *lines), "the confirmation", state="confirmed")


def held(world: World, customer: Any) -> dict[str, str]:
    found: dict[str, str] = world.system["fay"].get(f"/accounts/{customer['id']}")["held"]
    return found


def ended(world: World, order: Any) -> Any:
    """Ship, invoice and pay all that is left of an order; return it when it is done."""
    for note in world.system["wim"].every("/deliveries", order_id=order["id"]):
        if note["state"] == "ready":
            world.ship(note)
    now = world.order_now(order)
    wait_for(
        lambda: world.order_now(order)["billing_status"] == "invoiced", f"the invoices of {now['number']}"
    )
    for invoice in world.invoices(order):
        if invoice["open"]["amount"] != "0.00":
            world.pay(invoice)
    return world.until(order, "the end", state="done")


def test_r3_3_a_raised_quantity_takes_stock_and_credit_and_is_shipped_and_invoiced(world: World) -> None:
    customer, item = world.customer(limit="500.00"), world.item(stock="5")
    order = confirmed(world, customer, (item, "2"))
    wanted = {"lines": [{"line_no": 1, "quantity": "4"}]}
    tried = world.system["sam"].post(f"/orders/{order['id']}/changes/preview", wanted, key=world.name("try"))
    assert (tried["total_after"], tried["difference"], tried["approvals"]) == (
        usd("400.00"),
        usd("200.00"),
        [],
    )
    assert world.order_now(order)["total"] == usd("200.00")

    applied = until_change(world, change(world, order, **wanted), "applied")
    assert (applied["total_before"], applied["total_after"]) == (usd("200.00"), usd("400.00"))
    now = world.order_now(order)
    assert (now["total"], now["lines"][0]["quantity"]) == (usd("400.00"), "4")
    wait_for(lambda: held(world, customer) == usd("400.00"), "the credit")
    (stock,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert (stock["on_hand"], stock["reserved"]) == ("5", "4")
    done = ended(world, order)
    assert (done["invoiced"], done["paid"]) == (usd("400.00"), usd("400.00"))
    assert held(world, customer) == usd("0.00")


def test_r3_3_a_raise_beyond_the_shelf_waits_and_can_be_taken_back_without_a_trace(world: World) -> None:
    customer, item = world.customer(), world.item(stock="3")
    order = confirmed(world, customer, (item, "2"))
    waits = change(world, order, lines=[{"line_no": 1, "quantity": "6"}])
    assert (waits["state"], waits["figures"]["waits_for"]) == ("checking", "stock")
    assert waits["figures"][f"missing {item['sku']}"] == "3"
    assert refused(world, order, lines=[{"line_no": 1, "quantity": "3"}])["code"] == "order_change_open"

    path = f"/orders/{order['id']}/changes/{waits['no']}/withdraw"
    world.system["sam"].post(path, {"comment": "not any more"}, key=world.name("back"), wait_s=10)
    gone = until_change(world, waits, "withdrawn")
    assert gone["detail"] == "not any more"
    now = world.order_now(order)
    assert (now["lines"], now["total"], now["state"]) == (order["lines"], order["total"], "confirmed")
    (stock,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert stock["reserved"] == "2"

    waits = change(world, order, lines=[{"line_no": 1, "quantity": "6"}])
    world.receive(item["id"], "3")
    until_change(world, waits, "applied")
    assert ended(world, order)["invoiced"] == usd("600.00")


def test_r3_4_a_raise_beyond_the_limit_is_refused_with_figures_and_changes_nothing(world: World) -> None:
    customer, item = world.customer(limit="250.00"), world.item(stock="9")
    order = confirmed(world, customer, (item, "2"))
    no = change(world, order, lines=[{"line_no": 1, "quantity": "4"}], may_wait=False)
    no = until_change(world, no, "rejected")
    assert no["outcome"] == "credit_refused"
    assert "shortfall 150.00 USD" in no["detail"]
    now = world.order_now(order)
    assert (now["lines"], now["total"]) == (order["lines"], order["total"])
    (stock,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert stock["reserved"] == "2"
    assert held(world, customer) == usd("200.00")
    assert [note["state"] for note in world.system["wim"].every("/deliveries", order_id=order["id"])] == [
        "ready"
    ]


def test_r3_2_a_raise_that_a_flow_asks_about_waits_for_somebody_else(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = confirmed(world, customer, (item, "2"))
    clauses = [
        {"field": "customer_id", "comparison": "equals", "texts": [customer["id"]]},
        {"field": "total", "comparison": "at_least", "amount": usd("300.00")},
    ]
    steps = [{"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    flow = {"name": world.name("Large"), "cases": [{"clauses": clauses}], "steps": steps}
    world.system["mia"].post("/approval-flows", flow, key=world.name("flow"))

    waits = change(world, order, lines=[{"line_no": 1, "quantity": "3"}])
    assert (waits["state"], waits["approval"]["document"]) == ("pending_approval", "order_change")
    decide = f"/approvals/{waits['approval_id']}/decide"
    with pytest.raises(ActFailed) as own:
        world.system["sam"].post(decide, {"decision": "approve"}, key=world.name("own"))
    assert own.value.problem["code"] == "own_approval"
    no = {"decision": "reject", "comment": "too much at once"}
    world.system["mia"].post(decide, no, key=world.name("no"))
    gone = until_change(world, waits, "rejected")
    assert (gone["outcome"], gone["detail"]) == ("not_approved", "too much at once")
    assert world.order_now(order)["total"] == usd("200.00")

    again = change(world, order, lines=[{"line_no": 1, "quantity": "3"}])
    decide = f"/approvals/{again['approval_id']}/decide"
    world.system["mia"].post(decide, {"decision": "approve"}, key=world.name("yes"))
    until_change(world, again, "applied")
    less = change(world, order, lines=[{"line_no": 1, "quantity": "2"}])
    until_change(world, less, "applied")  # there is nothing new to decide about less
    assert world.order_now(order)["total"] == usd("200.00")


def test_r3_5_a_lowered_quantity_frees_the_waiting_order_of_somebody_else(world: World) -> None:
    item = world.item(stock="5")
    first, second = world.customer(), world.customer()
    order = confirmed(world, first, (item, "5"))
    other = world.order(second, (item, "2"))
    world.until_held(other, "stock")
    until_change(world, change(world, order, lines=[{"line_no": 1, "quantity": "3"}]), "applied")
    world.until(other, "the confirmation", state="confirmed")
    wait_for(lambda: held(world, first) == usd("300.00"), "the credit")
    assert ended(world, order)["invoiced"] == usd("300.00")
    assert ended(world, other)["invoiced"] == usd("200.00")


def test_r4_1_what_has_left_keeps_its_price_and_only_the_rest_has_the_new_one(world: World) -> None:
    customer, item, more = world.customer(), world.item(stock="9"), world.item(stock="9", price="7.00")
    order = confirmed(world, customer, (item, "5"))
    note = world.delivery(order)
    world.ship(note, [{"order_line_id": order["lines"][0]["id"], "quantity": "2"}])
    world.until(order, "the first part", billing_status="partial")
    assert refused(world, order, lines=[{"line_no": 1, "quantity": "1"}])["code"] == "quantity_below_shipped"

    line = {"line_no": 1, "unit_price": usd("80.00")}
    assert refused(world, order, lines=[line])["code"] == "price_override_forbidden"
    added = {"item_id": more["id"], "quantity": "3"}
    applied = until_change(world, change(world, order, "mia", lines=[line], added=[added]), "applied")
    assert applied["total_after"] == usd("461.00")  # 2 x 100 + 3 x 80 + 3 x 7
    assert [each["kind"] for each in applied["lines"]] == ["changed", "added"]
    assert applied["lines"][0]["after"]["kept"] == {
        "quantity": "2", "net": usd("200.00"), "tax": usd("0.00"),
    }  # fmt: skip
    done = ended(world, order)
    assert (done["total"], done["invoiced"]) == (usd("461.00"), usd("461.00"))
    assert sorted(invoice["total"]["amount"] for invoice in world.invoices(order, 2))[:1] == ["200.00"]


def test_r3_6_taking_the_rest_off_an_order_of_which_a_part_left_ends_it(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = confirmed(world, customer, (item, "5"))
    note = world.delivery(order)
    world.ship(note, [{"order_line_id": order["lines"][0]["id"], "quantity": "2"}])
    (invoice,) = world.invoices(order)
    world.until(order, "the first part", billing_status="partial")
    until_change(world, change(world, order, lines=[{"line_no": 1, "remove": True}]), "applied")
    now = world.until(order, "its shipment", delivery_status="full", billing_status="invoiced")
    assert now["total"] == usd("200.00")
    wait_for(lambda: held(world, customer) == usd("0.00"), "the credit")
    world.pay(invoice)
    world.until(order, "the end", state="done")
    assert refused(world, order, lines=[{"line_no": 1, "quantity": "9"}])["code"] == "order_not_changeable"


def test_r3_3_the_audit_finds_nothing_after_changes(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
