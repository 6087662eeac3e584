"""What goods cost, from their receipt to margin, cost of sales and turnover; through the gateway, both modes."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.test_returns import a_closed_return
from tests.e2e.world import World, usd


def test_r1_3_what_goods_cost_is_known_in_margin_ledger_and_turnover(world: World) -> None:
    customer, item = world.customer(), world.item()
    wim, mia, sam, fay = (world.system[name] for name in ("wim", "mia", "sam", "fay"))
    place = wim.every("/warehouses")[0]["id"]

    def came(quantity: str, cost: str) -> None:
        line = {"item_id": item["id"], "quantity": quantity, "unit_cost": usd(cost)}
        wim.post("/receipts", {"warehouse_id": place, "lines": [line]}, key=world.name("receipt"))

    came("6", "40.00")
    came("4", "50.00")
    quotation: dict[str, Any] = {}

    def margin_known() -> Any:
        body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "5"}]}
        made = sam.post("/quotations", body, key=world.name("quote"))
        quotation.update(mia.get(f"/quotations/{made['id']}"))
        return quotation["margin"] == usd("280.00")

    wait_for(margin_known, "the cost at sales")
    assert quotation["margin_percent"] == "56.00"
    assert sam.get(f"/quotations/{quotation['id']}")["margin"] is None

    order = world.order(customer, (item, "5"))
    world.until(order, "the confirmation", state="confirmed")
    shipped = world.ship(world.delivery(order))
    world.invoices(order)
    back = {"order_line_id": shipped["lines"][0]["order_line_id"], "quantity": "2"}
    returned = a_closed_return(world, order, [back], {"line_no": 1, "restock": "1", "scrap": "1"})

    def booked(document: Any) -> Any:
        return fay.every("/journal-entries", kind="cost", document_id=document["id"])

    (left,) = booked(shipped)
    (again,) = wait_for(lambda: booked(returned), "the restocked goods in the books")
    sides = [
        [(each["account"], each["debit"]["amount"], each["credit"]["amount"]) for each in entry["postings"]]
        for entry in (left, again)
    ]
    assert sides == [
        [("5000", "220.00", "0.00"), ("1300", "0.00", "220.00")],
        [("1300", "44.00", "0.00"), ("5000", "0.00", "44.00")],
    ]
    worth = fay.get(f"/item-costs/{item['id']}")
    assert (worth["quantity"], worth["value"], worth["unit_cost"]) == ("6", usd("264.00"), usd("44.00"))
    day = shipped["shipped_on"]
    (turned,) = fay.get(f"/inventory-turnover?from={day}&to={day}&item_id={item['id']}")["currencies"]
    assert (turned["cost_of_goods_shipped"], turned["closing_value"]) == (usd("220.00"), usd("264.00"))
    assert turned["cost_of_goods_restocked"] == usd("44.00")
