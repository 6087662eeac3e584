"""A customer of another currency, from the quotation to the exchange difference; through the gateway, in both modes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.e2e.world import World, usd


def chf(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CHF"}


def a_swiss_customer(world: World) -> Any:
    sam, fay = world.system["sam"], world.system["fay"]
    body = {"name": "Zürich Pumpen", "number": world.name("K"), "currency": "CHF"}
    customer = sam.post("/customers", body, key=world.name("key"))
    world.arrived(customer["id"])
    fay.put(f"/accounts/{customer['id']}/credit-limit", {"limit": chf("1000.00")})
    return customer


def test_r4_5_an_order_in_another_currency_is_carried_paid_and_its_difference_realised(world: World) -> None:
    fay, today = world.system["fay"], world.system.today
    yesterday = today - timedelta(days=1)
    for rate, day in (("1.1", yesterday - timedelta(days=1)), ("1.25", today)):
        body = {"from": "CHF", "to": "USD", "rate": rate, "day": day.isoformat(), "source": "The bank"}
        fay.post("/exchange-rates", body, key=world.name("rate"))
    customer, item = a_swiss_customer(world), world.item(stock="10")
    line = {"item_id": item["id"], "min_quantity": "1", "unit_price": chf("40.00")}
    prices = {"name": world.name("List"), "currency": "CHF", "lines": [line]}
    world.system["admin"].post("/price-policies", prices, key=world.name("prices"))

    order = world.order(customer, (item, "5"))
    world.until(order, "the confirmation", state="confirmed")
    account = fay.get(f"/accounts/{customer['id']}")
    assert (account["exposure"], account["exposure_in_company"]) == (chf("200.00"), usd("250.00"))
    world.ship(world.delivery(order), on=yesterday.isoformat())
    (invoice,) = world.invoices(order)
    assert (invoice["total"], invoice["company_total"]) == (chf("200.00"), usd("220.00"))

    money = {
        "customer_id": customer["id"],
        "amount": chf("200.00"),
        "reference": world.name("B"),
        "allocations": [{"invoice_id": invoice["id"], "amount": chf("200.00")}],
    }
    fay.post("/payments", money, key=world.name("pay"))
    world.until(order, "the end", state="done")
    (entry,) = fay.every("/journal-entries", customer_id=customer["id"], kind="allocation")
    assert [(each["account"], each["debit"], each["credit"]) for each in entry["company_postings"]] == [
        ("2100", usd("250.00"), usd("0.00")),
        ("1200", usd("0.00"), usd("220.00")),
        ("7000", usd("0.00"), usd("30.00")),
    ]
    assert fay.get("/trial-balance/company")["balanced"]
