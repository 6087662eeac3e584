"""A quotation from template to order: sent by a link, chosen and accepted by the customer without a login."""

from __future__ import annotations

import json
from typing import Any

import urllib3

from tests.e2e.world import World, usd


def test_r3_1_the_customer_chooses_and_accepts_by_a_link_and_gets_exactly_that(world: World) -> None:
    sam, mia = world.system["sam"], world.system["mia"]
    customer, pump, spare = world.customer(), world.item(stock="100", price="250.00"), world.item(stock="10")
    template = mia.post("/quotation-templates", _template(world, pump, spare), key=world.name("template"))
    quotation = sam.post(
        "/quotations/standard",
        {"customer_id": customer["id"], "template_id": template["id"], "send": True},
        key=world.name("quote"),
    )
    assert (quotation["state"], quotation["total"]) == ("sent", usd("500.00"))
    path = sam.post(f"/quotations/{quotation['id']}/link", {}, key=world.name("link"))["path"]

    seen = _visit(world, "GET", path)
    assert seen["texts"]["zh"]["terms"] == "货到30天付款。"
    assert [line["included"] for line in seen["lines"]] == [True, False, False]
    assert _raw(world, "GET", f"{path}/pdf?language=zh-CN").data.startswith(b"%PDF-")
    accepted = _visit(world, "POST", f"{path}/accept", {"name": "Ann Lee", "chosen": [2, 3]})
    assert accepted["state"] == "accepted"

    (order,) = sam.every("/orders", number=accepted["order_number"])
    world.until(order, "the confirmation", state="confirmed")
    order = world.order_now(order)
    assert (order["total"], [line["quantity"] for line in order["lines"]]) == (usd("1350.00"), ["5", "1"])
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    assert invoice["total"] == usd("1350.00")
    answer = sam.get(f"/quotations/{quotation['id']}/link")["answer"]
    assert (answer["name"], answer["address"], answer["chosen"]) == ("Ann Lee", "127.0.0.1", [2, 3])
    assert _raw(world, "GET", path.replace(path[-4:], "0000")).status == 404


def _template(world: World, pump: Any, spare: Any) -> dict[str, Any]:
    sizes = [
        {"item_id": pump["id"], "quantity": quantity, "choice": "alternative", "group": "Size"}
        for quantity in ("2", "5")
    ]
    terms = {"en": {"terms": "30 days net."}, "zh": {"terms": "货到30天付款。"}}
    optional = {"item_id": spare["id"], "quantity": "1", "choice": "optional"}
    return {"name": world.name("Pump station"), "texts": terms, "lines": [*sizes, optional]}


def _visit(world: World, method: str, path: str, body: Any = None) -> Any:
    answer = _raw(world, method, path, body)
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def _raw(world: World, method: str, path: str, body: Any = None) -> urllib3.BaseHTTPResponse:
    """Ask as somebody without a login does."""
    url = f"{world.system.target.gateway_url}{path}"
    return urllib3.request(method, url, json=body) if body is not None else urllib3.request(method, url)
