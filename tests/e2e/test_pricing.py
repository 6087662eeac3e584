"""A price from the customer's group, a promotion with a coupon, and what becomes of it: ordered, invoiced, booked."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import World, usd


def test_r3_1_what_price_list_and_promotion_promise_is_ordered_invoiced_and_booked(world: World) -> None:
    mia, group = world.system["mia"], world.name("group")
    customer, item = _customer_in(world, group), world.item(stock="100", price="19.99")
    tier = {"item_id": item["id"], "min_quantity": "1"}
    listed = {"name": world.name("List"), "currency": "USD", "customer_group": group}
    formula = {"base": "list", "percent_off": "10"}
    mia.post("/price-policies", listed | {"lines": [tier | {"formula": formula}]}, key=world.name("key"))
    code = world.name("THIRD").upper()
    third = {"percent": "33.33", "items": [item["id"]]}
    gift = {"name": code, "currency": "USD", "coupon": code, "max_uses": 1, "percent_off": third}
    promotion = mia.post("/promotions", gift, key=world.name("key"))
    wanted = {
        "customer_id": customer["id"],
        "coupon": code,
        "lines": [{"item_id": item["id"], "quantity": "7"}],
    }
    sam = world.system["sam"]

    tried = sam.post("/price-policies/try", wanted, key=world.name("try"))
    quotation = sam.post("/quotations", wanted, key=world.name("quote"))
    (line,) = quotation["lines"]
    # 19.99 less 10 % is 17.991; seven of them 125.937, less 33.33 % 83.962...
    assert (line["unit_price"], line["promotion"], line["amount"]) == (
        usd("17.991"),
        usd("41.98"),
        usd("83.96"),
    )
    assert (tried["total"], tried["lines"][0]["price_trace"]) == (quotation["total"], line["price_trace"])
    order = sam.post(f"/quotations/{quotation['id']}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(order, "the confirmation", state="confirmed")
    assert mia.get(f"/promotions/{promotion['id']}")["used"] == 1

    note = world.delivery(order)
    part = [{"order_line_id": note["lines"][0]["order_line_id"], "quantity": "3"}]
    world.ship(note, part)
    world.invoices(order)
    world.ship(world.delivery(order))
    invoices = world.invoices(order, 2)

    assert sum(_cents(invoice["total"]) for invoice in invoices) == _cents(quotation["total"]) == 8396
    account = world.system["fay"].get(f"/accounts/{customer['id']}")
    assert account["receivable"] == usd("83.96")


def _customer_in(world: World, group: str) -> Any:
    """Register a customer of Sam's in a group, which only a sales manager may."""
    owner = world.system["sam"].get("/auth/me")["id"]
    body = {"name": "Harbor Pumps", "number": world.name("K"), "owner_id": owner, "group": group}
    made = world.system["mia"].post("/customers", body, key=world.name("key"))
    world.arrived(made["id"])
    world.system["fay"].put(f"/accounts/{made['id']}/credit-limit", {"limit": usd("10000.00")})
    return made


def _cents(amount: dict[str, str]) -> int:
    return int(amount["amount"].replace(".", ""))
