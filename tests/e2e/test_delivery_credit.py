"""Credit at the delivery: goods leave only as their customer stands well, and whoever sells sees why they do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd

POLICY = {"watch_percent": 90, "watch_overdue_days": 1, "grace_days": None}


@pytest.fixture
def asking(world: World) -> Iterator[World]:
    """Let credit be asked before anything leaves, as long as a scenario plays."""
    fay = world.system["fay"]
    fay.put("/credit-policy", POLICY | {"delivery_check": {"when": "always", "from_status": "hold"}})
    yield world
    fay.put("/credit-policy", POLICY | {"delivery_check": {"when": "never"}})


def until_credit(world: World, note: Any, credit: str) -> Any:
    def look() -> Any:
        now = world.system["wim"].get(f"/deliveries/{note['id']}")
        return now if now["credit"] == credit else None

    return wait_for(look, f"{note['number']} to be {credit}")


def refused_to_ship(world: World, note: Any) -> Any:
    with pytest.raises(ActFailed) as refused:
        world.ship(note)
    assert refused.value.status == 409
    return refused.value


def until_free(world: World, order: Any) -> None:
    wait_for(lambda: not world.open_holds(order), f"the end of the holds of {order['number']}")


def test_r3_4_a_stop_keeps_goods_in_the_house_until_it_is_lifted(asking: World) -> None:
    world, fay, sam = asking, asking.system["fay"], asking.system["sam"]
    customer, item = world.customer(), world.item(stock="100")
    order = world.order(customer, (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    note = until_credit(world, world.delivery(order), "granted")
    stop = f"/accounts/{customer['id']}/credit-stop"
    fay.put(stop, {"stopped": True, "reason": "A cheque bounced"})
    note = until_credit(world, note, "refused")
    assert note["credit_check"]["figures"]["stop_reason"] == "A cheque bounced"
    assert "delivery_credit_refused" in str(refused_to_ship(world, note))
    hold = world.until_held(order, "delivery_credit")
    assert (hold["owner"], hold["figures"]["deliveries"], hold["figures"]["status"]) == (
        "finance",
        note["number"],
        "stop",
    )
    seen = sam.every("/orders", hold="delivery_credit", customer_id=customer["id"])
    assert [each["id"] for each in seen] == [order["id"]]
    fay.put(stop, {"stopped": False, "reason": "Paid"})
    until_credit(world, note, "granted")
    until_free(world, order)
    world.ship(note)
    world.until(order, "the shipment", delivery_status="full")
    told = [each["summary"] for each in sam.get(f"/orders/{order['id']}/timeline")["entries"]]
    assert any("may not leave" in each for each in told), told
    assert any("may leave" in each for each in told), told


def test_r3_4_a_payment_or_another_persons_yes_lets_goods_leave(asking: World) -> None:
    world, fay, sam = asking, asking.system["fay"], asking.system["sam"]
    customer, item = world.customer(limit="1000.00"), world.item(stock="100")
    first, second = (world.order(customer, (item, "3")) for _ in range(2))
    notes = [until_credit(world, world.delivery(order), "granted") for order in (first, second)]
    fay.put(f"/accounts/{customer['id']}/credit-limit", {"limit": usd("500.00")})
    for note in notes:
        until_credit(world, note, "refused")
    day = (world.system.today + timedelta(days=5)).isoformat()
    body = {"order_id": first["id"], "expires_on": day, "reason": "Their best customer waits for it"}
    override = sam.post("/credit-overrides", body, key=world.name("override"))
    assert (override["purpose"], override["amount"]) == ("delivery", usd("100.00"))
    decide = f"/finance-approvals/{override['approval_id']}/decide"
    fay.post(decide, {"decision": "approve"}, key=world.name("yes"))
    until_credit(world, notes[0], "granted")
    world.ship(notes[0])
    (invoice,) = world.invoices(first)
    refused_to_ship(world, notes[1])
    world.pay(invoice)
    until_credit(world, notes[1], "granted")
    world.ship(notes[1])
    world.until(second, "the shipment", delivery_status="full")


def test_r3_4_a_cancelled_order_takes_its_question_back(asking: World) -> None:
    world, fay = asking, asking.system["fay"]
    customer, item = world.customer(), world.item(stock="100")
    order = world.order(customer, (item, "3"))
    note = until_credit(world, world.delivery(order), "granted")
    fay.put(f"/accounts/{customer['id']}/credit-stop", {"stopped": True, "reason": "Late"})
    until_credit(world, note, "refused")
    world.until_held(order, "delivery_credit")
    world.system["mia"].post(f"/orders/{order['id']}/cancel", {"reason": "Not paid"}, key=world.name("off"))
    world.until(order, "the cancel", state="cancelled")
    assert world.open_holds(order) == []


def test_r3_3_a_promise_moves_to_another_order_with_a_reason_both_see(world: World) -> None:
    mia, customer, item = world.system["mia"], world.customer(), world.item(stock="5")
    giver = world.order(customer, (item, "5"))
    world.until(giver, "the confirmation", state="confirmed")
    world.delivery(giver)
    taker = world.order(customer, (item, "4"), wait_s=0)
    world.until_held(taker, "stock")
    (held,) = mia.every("/reservations", order_id=giver["id"])
    body = {"to_order_id": taker["id"], "reason": "Their line stands still"}
    moved = mia.post(f"/reservations/{held['id']}/reallocate", body, key=world.name("move"))
    assert (moved["order_id"], moved["state"]) == (taker["id"], "reserved")
    world.until(taker, "the confirmation", state="confirmed")
    lacks = {"queue_position": "1", f"missing {item['sku']}": "4"}
    wait_for(
        lambda: world.until_held(giver, "stock")["figures"] == lacks, "the one that is left for the giver"
    )
    for order in (giver, taker):
        told = [each["summary"] for each in mia.get(f"/orders/{order['id']}/timeline")["entries"]]
        assert any("Their line stands still" in each for each in told), told
    world.ship(world.delivery(taker))
    world.ship(world.delivery(giver))
    world.receive(item["id"], "4")
    until_free(world, giver)
    world.ship(world.delivery(giver))
    world.until(giver, "the shipment", delivery_status="full")


def test_r3_4_the_audit_finds_nothing_after_goods_were_held_back(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
