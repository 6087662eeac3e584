"""From a form on a page to the cash: lead, customer, opportunity, quotation, order, all seen from the campaign."""

from __future__ import annotations

import json
from typing import Any

import urllib3

from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def test_r8_1_from_a_web_form_to_the_cash_that_the_campaign_brought(world: World) -> None:
    sam, mia, fay = (world.system[name] for name in ("sam", "mia", "fay"))
    item = world.item(stock="100", price="100.00")
    campaign = mia.post("/campaigns", _campaign(world), key=world.name("campaign"))
    path = f"/campaigns/{campaign['id']}"
    cost = {"day": "2026-03-02", "amount": usd("500.00"), "description": "Stand"}
    fay.post(f"{path}/costs", cost, key=world.name("cost"))
    form = {
        "name": "Contact",
        "source": "web",
        "campaign_id": campaign["id"],
        "owner_id": sam.get("/auth/me")["id"],
    }
    form = mia.post("/web-forms", form, key=world.name("form"))
    company, mail = world.name("Quay Works"), f"{world.name('li')}@quay.example"
    told = {"company_name": company, "person": "Li Wei", "email": mail, "note": "Forty pumps?"}
    for replayed in (None, "true"):
        answer = _visit(world, form["path"], told, key=f"form-{company}")
        assert (answer.status, answer.headers.get("Idempotency-Replayed")) == (201, replayed)
        assert list(json.loads(answer.data)) == ["received_at"]

    (lead,) = sam.every("/leads", search=mail)
    assert (lead["source"], lead["campaign_code"]) == ("web", campaign["code"])
    call = {"lead_id": lead["id"], "kind": "call", "subject": "Asked", "done": True}
    sam.post("/activities", call, key=world.name("call"))
    body = {"currency": "USD", "lines": [{"item_id": item["id"], "quantity": "10"}]}
    became = wait_for(lambda: _qualified(world, lead, body), "crm's replica of the item")
    customer = sam.get(f"/customers/{became['customer_id']}")
    assert (customer["name"], customer["email"]) == (company, mail)
    world.arrived(customer["id"])
    fay.put(f"/accounts/{customer['id']}/credit-limit", {"limit": usd("10000.00")})
    opportunity = f"/opportunities/{became['opportunity_id']}"
    sam.post(f"{opportunity}/win", {}, key=world.name("win"))
    quoted = wait_for(lambda: _quoted(sam, opportunity), "the quotation")
    sam.post(f"/quotations/{quoted}/send", {}, key=world.name("send"))
    order = sam.post(f"/quotations/{quoted}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    world.pay(invoice)

    total = usd("1000.00")
    found = wait_for(lambda: _paid(mia, path), "the cash at the campaign")
    assert found["money"] == [{"ordered": total, "invoiced": total, "paid": total}]
    counts = ("leads", "qualified", "opportunities", "won", "orders", "new_customers")
    assert [found[name] for name in counts] == [1] * 6
    assert (found["cost"], found["cac"], found["return_percent"]) == (usd("500.00"), usd("500.00"), "100")
    reached = mia.get(f"/figures/funnel?campaign_id={campaign['id']}")["stages"]
    assert [(stage["stage"], stage["count"]) for stage in reached[4:]] == [
        (name, 1) for name in ("orders", "shipped", "invoiced", "collected")
    ]
    parts = mia.get("/figures/order-revenue?by=campaign")["parts"]
    (owed,) = (part for part in parts if part["label"] == campaign["code"])
    assert (owed["orders"], owed["revenue"]) == (1, total)
    (behind,) = mia.get(f"/figures/order-revenue/orders?campaign={campaign['id']}")["items"]
    assert behind["number"] == order["number"]
    summary = sam.get(f"/customers/{customer['id']}/relationship-summary")
    assert (summary["won_opportunities"], summary["recent_activities"][0]["subject"]) == (1, "Asked")


def _campaign(world: World) -> dict[str, Any]:
    told = {"code": world.name("FAIR"), "name": "Fair", "channel": "fair"}
    return told | {"budget": usd("900.00"), "starts_on": "2026-03-01"}


def _qualified(world: World, lead: Any, body: Any) -> Any:
    """Return what the lead became, or nothing while crm has not heard of the item."""
    try:
        return world.system["sam"].post(f"/leads/{lead['id']}/qualify", body, key=world.name("qualify"))
    except ActFailed as refused:
        if refused.status == 422:
            return None
        raise


def _quoted(person: Any, path: str) -> Any:
    found = person.get(path)
    assert found["quotation_state"] != "refused", found["quotation_refusal"]
    return found["quotation_id"]


def _paid(person: Any, path: str) -> Any:
    found = person.get(f"{path}/figures")
    return found if found["money"] and found["money"][0]["paid"]["amount"] == "1000.00" else None


def _visit(world: World, path: str, body: Any, *, key: str) -> urllib3.BaseHTTPResponse:
    """Send a form as a stranger does: no token."""
    url = f"{world.system.target.gateway_url}{path}"
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    return urllib3.request("POST", url, body=json.dumps(body).encode(), headers=headers)
