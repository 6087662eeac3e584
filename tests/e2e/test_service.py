"""Service: tickets that open by themselves, in time or not; through the gateway, both modes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from services.inventory.jobs.tell_delays import tell_delays
from tests.e2e.world import World, usd


def tickets(world: World, customer: Any, count: int = 1) -> Any:
    """Return the tickets of a customer once there are so many."""

    def look() -> Any:
        found = world.system["sid"].every("/tickets", customer_id=customer["id"])
        return found if len(found) >= count else None

    return wait_for(look, f"{count} tickets of {customer['number']}")


def test_r6_2_a_short_shipment_and_a_bad_return_open_tickets_with_deadlines(world: World) -> None:
    sid, wim = world.system["sid"], world.system["wim"]
    customer, item = world.customer(), world.item(stock="5")
    order = world.order(customer, (item, "5"))
    world.until(order, "the confirmation", state="confirmed")
    note = world.delivery(order)
    line = note["lines"][0]["order_line_id"]
    missing = {"short": [{"order_line_id": line, "quantity": "2", "reason": "not_found"}]}
    wim.post(f"/deliveries/{note['id']}/pick", missing, key=world.name("pick"))
    world.ship(note)
    (short,) = tickets(world, customer)
    assert (short["queue"], short["order_id"], short["opened_by"]) == ("warehouse", order["id"], "meridian")
    assert f"{item['sku']}: 2 missing" in short["description"]

    due = sid.get(f"/tickets/{short['id']}/deadlines")
    assert (due["response"]["outcome"], due["priority"]) == ("running", "high")
    assert due["response"]["due_at"] < due["resolution"]["due_at"]
    answer = {"resolution": "The rest is on its way"}
    wim.post(f"/tickets/{short['id']}/resolve", answer, key=world.name("resolve"))
    done = sid.get(f"/tickets/{short['id']}/deadlines")
    assert (done["response"]["outcome"], done["resolution"]["outcome"]) == ("met", "met")

    world.receive(item["id"], "2")
    world.ship(world.delivery(order))
    world.invoices(order, 2)
    a_part = {"order_line_id": line, "quantity": "1"}
    first = next(each for each in wim.every("/deliveries", order_id=order["id"]) if each["id"] == note["id"])
    body = {"delivery_id": first["id"], "reason": "It leaks", "lines": [a_part]}
    asked = sid.post("/returns", body, key=world.name("return"))
    mia = world.system["mia"]
    mia.post(f"/returns/{asked['id']}/approve", {"answer": "Send it"}, key=world.name("approve"))
    where = {"warehouse_id": first["warehouse_id"]}
    wim.post(f"/returns/{asked['id']}/receive", where, key=world.name("receive"))
    seen = {"lines": [{"line_no": 1, "restock": "0", "scrap": "1"}]}
    wim.post(f"/returns/{asked['id']}/inspect", seen, key=world.name("inspect"))
    bad = next(each for each in tickets(world, customer, 2) if each["kind"] == "quality")
    assert (bad["queue"], asked["number"] in bad["subject"]) == ("production", True)


def test_r6_2_a_late_delivery_opens_one_ticket(world: World) -> None:
    sam, customer, item = world.system["sam"], world.customer(), world.item()
    yesterday = (world.system.today - timedelta(days=1)).isoformat()
    body = {
        "customer_id": customer["id"],
        "promised_on": yesterday,
        "lines": [{"item_id": item["id"], "quantity": "3"}],
    }
    quotation = sam.post("/quotations", body, key=world.name("quote"))
    sam.post(f"/quotations/{quotation['id']}/send", {}, key=world.name("send"))
    order = sam.post(f"/quotations/{quotation['id']}/accept", {}, key=world.name("accept"))
    world.until_held(order, "stock")
    with world.system.target.opened() as databases:
        for _ in range(2):
            tell_delays(databases["inventory"], ZoneInfo(world.system.target.zone))
    (late,) = tickets(world, customer)
    assert (late["queue"], late["order_id"], late["priority"]) == ("warehouse", order["id"], "high")
    assert order["number"] in late["subject"]
    assert "stock" in late["description"]
    told = sam.get(f"/orders/{order['id']}/timeline")["entries"]
    assert "service_desk.ticket.opened.v1" in {entry["type"] for entry in told}


def test_r6_2_a_ticket_of_which_nobody_says_what_it_is_about_finds_its_queue(world: World) -> None:
    sid, customer = world.system["sid"], world.customer()
    wait_for(
        lambda: sid.get("/ticket-classifier")["version"], "what the desk learns from its first sentences"
    )
    body = {"customer_id": customer["id"], "subject": "请重新开具发票", "description": "发票税号错误"}
    ticket = sid.post("/tickets", body, key=world.name("ticket"))
    way = sid.get(f"/tickets/{ticket['id']}/routing")
    assert (ticket["kind"], ticket["queue"], way["decided_by"]) == ("billing", "finance", "model")
    assert way["confidence_percent"] >= 70

    unsure = sid.post("/tickets", body | {"subject": "Qwertz", "description": None}, key=world.name("ticket"))
    assert sid.get(f"/tickets/{unsure['id']}/routing")["decided_by"] == "nobody"
    moved = sid.post(f"/tickets/{unsure['id']}/route", {"kind": "quality"}, key=world.name("route"))
    assert (moved["queue"], moved["corrected_by"] is not None) == ("production", True)


def test_r6_1_the_name_shows_purchases_warranty_and_tickets_at_once(world: World) -> None:
    sid, sam = world.system["sid"], world.system["sam"]
    customer, pump = world.customer(), world.item(stock="3")
    wait_for(lambda: _warranted(world, pump), "the desk's replica of the item")
    order = world.order(customer, (pump, "3"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    wait_for(lambda: sid.every("/installed-items", customer_id=customer["id"]), "what the customer holds")
    body = {"customer_id": customer["id"], "kind": "technical", "subject": "It drips"}
    ticket = sid.post("/tickets", body | {"order_id": order["id"]}, key=world.name("ticket"))

    (found,) = sam.get(f"/lookup?customer={customer['number']}")["customers"]
    (bought,) = found["purchases"]
    assert (bought["sku"], bought["held"], bought["order_number"]) == (pump["sku"], "3", order["number"])
    assert (bought["warranty"], bought["warranty_until"][:4]) == ("in", str(world.system.today.year + 2))
    assert [each["number"] for each in found["tickets"]] == [ticket["number"]]
    named = sid.get("/lookup?customer=harbor%20pumps")["customers"]
    assert {each["customer_name"] for each in named} == {"Harbor Pumps"}


def _warranted(world: World, item: Any) -> bool:
    from meridian.demo.gateway import ActFailed

    body = {"months": 24, "valid_from": "2020-01-01"}
    try:
        world.system["sid"].put(f"/warranties/{item['id']}", body)
    except ActFailed as refused:
        if refused.status == 404:
            return False
        raise
    return True


def test_r6_5_what_the_technician_notices_becomes_revenue_that_the_ticket_shows(world: World) -> None:
    sam, sid = world.system["sam"], world.system["sid"]
    customer, pump, seal = world.customer(), world.item(stock="1"), world.item(stock="10")
    order = world.order(customer, (pump, "1"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    wait_for(lambda: sid.every("/installed-items", customer_id=customer["id"]), "what the customer holds")
    ticket = sid.post(
        "/tickets",
        {"customer_id": customer["id"], "kind": "technical", "subject": "It drips", "item_id": pump["id"]},
        key=world.name("ticket"),
    )
    body = {"kind": "worn", "note": "The seals are worn", "item_id": pump["id"], "wanted_item_id": seal["id"]}
    path = f"/tickets/{ticket['id']}/findings"
    sid.post(path, body | {"quantity": "4"}, key=world.name("finding"))

    def opportunity() -> Any:
        return next(iter(sam.every("/opportunities", customer_id=customer["id"])), None)

    found = wait_for(opportunity, "the opportunity of what was noticed")
    assert (found["owner_id"], found["source"]) == (customer["owner_id"], "service")
    tasks = sam.every("/activities", customer_id=customer["id"])
    assert [task["subject"].split(":")[0] for task in tasks] == [ticket["number"]]
    sam.post(f"/opportunities/{found['id']}/quote", {}, key=world.name("quote"))

    def quoted() -> Any:
        return sam.get(f"/opportunities/{found['id']}")["quotation_id"]

    quotation = wait_for(quoted, "the quotation")
    sam.post(f"/quotations/{quotation}/send", {}, key=world.name("send"))
    more = sam.post(f"/quotations/{quotation}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(more, "the confirmation", state="confirmed")
    world.ship(world.delivery(more))
    world.invoices(more)

    def earned() -> Any:
        shown = sam.get(path)
        return shown if shown["revenue"] == [usd("400.00")] else None

    (noticed,) = wait_for(earned, "the revenue of the ticket")["findings"]
    assert (noticed["opportunity_id"], noticed["orders"][0]["order_number"]) == (found["id"], more["number"])


def test_r6_2_the_audit_finds_nothing_after_tickets(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
