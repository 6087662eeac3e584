"""What there is is held for an order, and the rest follows by itself; by the gateway, in both modes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.test_order_types import a_type, an_order
from tests.e2e.world import World, usd


def stock_of(world: World, order: Any) -> Any:
    """Return the reservation of an order."""
    (found,) = world.system["wim"].every("/reservations", order_id=order["id"])
    return found


def line_of(world: World, order: Any) -> tuple[str, str, str]:
    """Return what is reserved, shipped and backordered of an order's first line, as the warehouse says."""
    line = stock_of(world, order)["lines"][0]
    return line["reserved"], line["shipped"], line["backordered"]


def backordered(world: World, order: Any) -> str:
    """Return what is backordered of an order's first line, as sales shows it."""
    shown = world.system["sam"].get(f"/orders/{order['id']}/delivery-progress")
    return str(shown["lines"][0]["backordered"])


def test_r3_3_what_is_there_is_held_and_the_rest_follows(world: World) -> None:
    customer, item = world.customer(), world.item(stock="2")
    order = world.order(customer, (item, "5"))
    assert (order["order_type"], order["order_type_version"]) == ("standard", 2)
    world.until(order, "the confirmation", state="confirmed")
    hold = world.until_held(order, "stock")
    assert (hold["owner"], hold["figures"][f"missing {item['sku']}"]) == ("warehouse", "3")
    assert (stock_of(world, order)["state"], line_of(world, order)) == ("partial", ("2", "0", "3"))
    assert backordered(world, order) == "3"
    later = world.order(customer, (item, "1"))
    world.until_held(later, "stock")

    first = world.delivery(order)
    assert first["lines"][0]["quantity"] == "2"
    world.ship(first)
    world.until(order, "the first part", delivery_status="partial")
    assert len(world.invoices(order)) == 1
    world.receive(item["id"], "3")
    wait_for(lambda: not world.open_holds(order), "the release")
    second = world.delivery(order)
    assert (second["lines"][0]["quantity"], backordered(world, order)) == ("3", "0")
    assert world.order_now(later)["state"] == "pending"
    world.ship(second)

    invoices = world.invoices(order, 2)
    assert sum(Decimal(each["total"]["amount"]) for each in invoices) == Decimal("500.00")
    for invoice in invoices:
        world.pay(invoice)
    world.until(order, "the completion", state="done")
    world.receive(item["id"], "1")
    world.until(later, "the release", state="confirmed")


def test_r3_3_what_leaves_in_one_piece_holds_its_part_until_all_is_there(world: World) -> None:
    customer, item = world.customer(), world.item(stock="2")
    code = a_type(world, allocation="partial", shipping="complete")
    order = an_order(world, customer, code, (item, "3"))
    world.until_held(order, "stock")
    assert (order["state"], line_of(world, order)) == ("pending", ("2", "0", "1"))
    other = world.order(customer, (item, "2"))
    world.until_held(other, "stock")
    world.receive(item["id"], "1")
    world.until(order, "the release", state="confirmed")
    note = world.delivery(order)
    assert note["lines"][0]["quantity"] == "3"
    assert line_of(world, other) == ("0", "0", "2")


def test_r3_5_what_is_backordered_can_be_cancelled_by_a_change_or_with_the_order(world: World) -> None:
    customer, item = world.customer(), world.item(stock="2")
    order, other = world.order(customer, (item, "5")), world.order(customer, (item, "4"))
    world.ship(world.delivery(order))
    world.until(order, "the first part", delivery_status="partial")
    line = world.order_now(order)["lines"][0]
    change = {"reason": "two will do", "lines": [{"line_no": line["line_no"], "quantity": "2"}]}
    world.system["sam"].post(f"/orders/{order['id']}/changes", change, key=world.name("change"), wait_s=10)
    wait_for(lambda: world.order_now(order)["delivery_status"] == "full", "the change")
    assert not world.open_holds(order)
    (invoice,) = world.invoices(order)
    assert invoice["total"] == usd("200.00")
    world.pay(invoice)
    world.until(order, "the completion", state="done")

    world.receive(item["id"], "1")
    wait_for(lambda: line_of(world, other) == ("1", "0", "3"), "the part of the other")
    reason = {"reason": "changed plans"}
    world.system["sam"].post(f"/orders/{other['id']}/cancel", reason, key=world.name("cancel"), wait_s=10)
    world.until(other, "its end", state="cancelled")
    (row,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert (row["on_hand"], row["reserved"]) == ("1", "0")


def test_r3_6_credit_is_free_again_when_the_rest_of_a_part_is_cancelled(world: World) -> None:
    customer, item = world.customer(), world.item(stock="2")
    order = world.order(customer, (item, "5"))
    world.until(order, "the confirmation", state="confirmed")

    def exposure() -> Any:
        return world.system["fay"].get(f"/accounts/{customer['id']}")["exposure"]

    wait_for(lambda: exposure() == usd("500.00"), "the credit of all of it")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    assert exposure() == usd("500.00")
    line = world.order_now(order)["lines"][0]
    change = {"reason": "two will do", "lines": [{"line_no": line["line_no"], "quantity": "2"}]}
    world.system["sam"].post(f"/orders/{order['id']}/changes", change, key=world.name("change"), wait_s=10)
    wait_for(lambda: exposure() == usd("200.00"), "the credit of the rest")
    wait_for(lambda: not world.open_holds(order), "the end of the hold")
    assert backordered(world, order) == "0"
    world.pay(invoice)
    world.until(order, "the completion", state="done")
    assert exposure() == usd("0.00")


def test_r3_6_a_part_that_is_given_to_another_order_is_shown_as_backordered(world: World) -> None:
    customer, item = world.customer(), world.item(stock="2")
    order, other = world.order(customer, (item, "5")), world.order(customer, (item, "2"))
    world.until_held(other, "stock")
    body = {"to_order_id": other["id"], "reason": "their line stands still"}
    path = f"/reservations/{stock_of(world, order)['id']}/reallocate"
    world.system["mia"].post(path, body, key=world.name("move"))
    wait_for(lambda: backordered(world, order) == "5", "the part taken back")
    assert line_of(world, order) == ("0", "0", "5")
    world.until(other, "the release", state="confirmed")


def test_r7_the_audit_finds_nothing_after_parts(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
