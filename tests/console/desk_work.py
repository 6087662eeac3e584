"""What lies on the desks of service and sales: a ticket with its conversation, an opportunity, a lead."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def a_ticket(world: World, customer: Any, item: Any) -> Any:
    """Open a ticket about something that the customer holds, with words of every kind and an article that fits."""
    sid = world.system["sid"]
    wait_for(lambda: sid.every("/installed-items", customer_id=customer["id"]), "what the customer holds")
    body = {
        "customer_id": customer["id"],
        "kind": "technical",
        "priority": "high",
        "subject": "Pump is loud and drips",
        "description": "Since Monday the pump is loud, and there is water under it.",
        "item_id": item["id"],
    }
    ticket = sid.post("/tickets", body, key=world.name("ticket"))
    text = {"title": "A pump that drips", "body": "Close the valve, then change the shaft seal."}
    chinese = {"title": "水泵漏水", "body": "先关闭阀门，再更换轴封。"}
    article = sid.post("/articles", {"en": text, "zh": chinese}, key=world.name("article"))
    sid.post(f"/articles/{article['id']}/publish", {}, key=world.name("publish"))
    path = f"/tickets/{ticket['id']}"
    sid.post(f"{path}/take", {}, key=world.name("take"))
    sid.post(f"{path}/messages", {"text": "Is the drip at the shaft?"}, key=world.name("say"))
    heard = {"text": "Yes, at the shaft. 是的，在轴封处。"}
    sid.post(f"{path}/customer-messages", heard, key=world.name("hear"))
    sid.post(f"{path}/notes", {"text": "Third seal this year"}, key=world.name("note"))
    return ticket


def an_opportunity(world: World, customer: Any, item: Any, title: str, stage: str = "new") -> Any:
    """Open an opportunity of the customer's salesperson and bring it to a stage."""
    sam = world.system["sam"]
    body = {
        "customer_id": customer["id"],
        "title": title,
        "value": usd("4100.00"),
        "next_step": "Call about the delivery date",
        "lines": [{"item_id": item["id"], "quantity": "3"}],
    }
    made = sam.post("/opportunities", body, key=world.name("opportunity"))
    if stage != "new":
        sam.post(f"/opportunities/{made['id']}/stage", {"stage": stage}, key=world.name(stage))
    return made


def a_lead(world: World, company: str) -> Any:
    """Write down somebody who may become a customer."""
    body = {
        "company_name": company,
        "person": "Li Wei",
        "source": "fair",
        "city": "Hangzhou",
        "employees": 40,
    }
    return world.system["sam"].post("/leads", body, key=world.name("lead"))
