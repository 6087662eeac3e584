"""Returns, replacements and repairs that tickets want: one act at the desk, the rest follows; both modes."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def a_ticket_about_pumps(world: World, stock: str) -> tuple[Any, Any, Any]:
    """Return a ticket of a customer who holds two pumps, the line with which they left, and the order."""
    sid, customer, pump = world.system["sid"], world.customer(), world.item(stock=stock)
    order = world.order(customer, (pump, "2"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (line,) = wait_for(
        lambda: sid.every("/installed-items", customer_id=customer["id"]), "what the customer holds"
    )
    body = {"customer_id": customer["id"], "kind": "technical", "subject": "It drips", "item_id": pump["id"]}
    return sid.post("/tickets", body, key=world.name("ticket")), line, order


def linked(world: World, ticket: Any, state: str) -> Any:
    """Return the ticket's last document once it is in a state."""

    def look() -> Any:
        documents = world.system["sam"].get(f"/tickets/{ticket['id']}/documents")["documents"]
        return documents[-1] if documents and documents[-1]["state"] == state else None

    return wait_for(look, f"{state} on {ticket['number']}")


def notes(world: World, ticket: Any) -> list[str]:
    return [each["text"] for each in world.system["sid"].every(f"/tickets/{ticket['id']}/notes")]


def test_r6_2_a_return_is_asked_for_from_the_ticket_and_followed_to_its_inspection(world: World) -> None:
    sid, wim, mia = world.system["sid"], world.system["wim"], world.system["mia"]
    ticket, line, _ = a_ticket_about_pumps(world, "2")
    body = {"installed_item_id": line["id"], "quantity": "1", "reason": "It drips"}
    sid.post(f"/tickets/{ticket['id']}/returns", body, key=world.name("return"))
    asked = linked(world, ticket, "requested")
    shown = wim.get(f"/returns/{asked['document_id']}")
    assert (shown["number"], shown["ticket_number"]) == (asked["document_number"], ticket["number"])
    assert (shown["lines"][0]["quantity"], shown["reason"]) == ("1", "It drips")

    mia.post(f"/returns/{shown['id']}/approve", {"answer": "Send it"}, key=world.name("approve"))
    house = wim.get(f"/deliveries/{shown['delivery_id']}")["warehouse_id"]
    wim.post(f"/returns/{shown['id']}/receive", {"warehouse_id": house}, key=world.name("receive"))
    seen = {"lines": [{"line_no": 1, "restock": "0", "scrap": "1"}]}
    wim.post(f"/returns/{shown['id']}/inspect", seen, key=world.name("inspect"))
    linked(world, ticket, "inspected")
    assert f"Return {shown['number']} was inspected" in notes(world, ticket)[-1]
    assert len(sid.every("/tickets", customer_id=ticket["customer_id"])) == 1


def test_r6_2_a_return_that_inventory_knows_to_be_too_much_is_refused_on_the_ticket(world: World) -> None:
    sid = world.system["sid"]
    ticket, line, _ = a_ticket_about_pumps(world, "2")
    note = world.system["wim"].get(f"/deliveries/{line['delivery_id']}")
    parts = [{"order_line_id": note["lines"][0]["order_line_id"], "quantity": "2"}]
    both = {"delivery_id": note["id"], "reason": "Asked for at the warehouse", "lines": parts}
    sid.post("/returns", both, key=world.name("return"))
    body = {"installed_item_id": line["id"], "quantity": "1", "reason": "It drips"}
    sid.post(f"/tickets/{ticket['id']}/returns", body, key=world.name("return"))
    refused = linked(world, ticket, "refused")
    assert "only 0 may still come back" in refused["detail"]
    assert "Return cannot be done" in notes(world, ticket)[-1]


def test_r6_2_a_free_replacement_is_ordered_from_the_ticket_and_followed_to_the_door(world: World) -> None:
    sid, sam, wim = world.system["sid"], world.system["sam"], world.system["wim"]
    ticket, line, first = a_ticket_about_pumps(world, "3")
    body = {"installed_item_id": line["id"], "quantity": "1", "reason": "It drips"}
    sid.post(f"/tickets/{ticket['id']}/replacements", body, key=world.name("replacement"))
    order = sam.get(f"/orders/{linked(world, ticket, 'confirmed')['order_id']}")
    assert (order["ticket_number"], order["order_type"]) == (ticket["number"], "replacement")
    assert (order["total"], order["lines"][0]["quantity"]) == (usd("0.00"), "1")
    assert order["id"] != first["id"]

    note = world.ship(world.delivery(order))
    linked(world, ticket, "shipped")
    signed = {"signed_by": "Ines", "delivered_on": world.system.today.isoformat()}
    wim.post(f"/deliveries/{note['id']}/deliver", signed, key=world.name("deliver"))
    linked(world, ticket, "delivered")
    assert f"Replacement {order['number']} was delivered" in notes(world, ticket)[-1]
    world.until(order, "its end", state="done")


def test_r6_2_a_replacement_at_a_price_is_an_order_of_that_price(world: World) -> None:
    sid, sam = world.system["sid"], world.system["sam"]
    ticket, line, _ = a_ticket_about_pumps(world, "3")
    body = {"installed_item_id": line["id"], "quantity": "1", "reason": "It fell", "unit_price": usd("40.00")}
    sid.post(f"/tickets/{ticket['id']}/replacements", body, key=world.name("replacement"))
    order = sam.get(f"/orders/{linked(world, ticket, 'confirmed')['order_id']}")
    assert (order["total"], order["order_type"]) == (usd("40.00"), "standard")


def test_r6_2_a_repair_is_quoted_from_the_ticket_and_its_order_is_followed(world: World) -> None:
    sid, sam, seal = world.system["sid"], world.system["sam"], world.item(stock="5")
    ticket, _, _ = a_ticket_about_pumps(world, "2")
    body = {"item_id": seal["id"], "quantity": "2", "reason": "New seals"}
    sid.post(f"/tickets/{ticket['id']}/repairs", body, key=world.name("repair"))
    quoted = linked(world, ticket, "quoted")
    assert (quoted["total"], quoted["order_id"]) == (usd("200.00"), None)
    path = f"/quotations/{quoted['document_id']}"
    assert sam.get(path)["ticket_number"] == ticket["number"]
    sam.post(f"{path}/send", {}, key=world.name("send"))
    order = sam.post(f"{path}/accept", {}, key=world.name("accept"), wait_s=10)
    assert linked(world, ticket, "confirmed")["order_number"] == order["number"]
