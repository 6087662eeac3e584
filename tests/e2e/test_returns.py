"""From the order to the money back: shipped, paid, returned, inspected, credited; through the gateway, both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def a_closed_return(world: World, order: Any, lines: list[dict[str, str]], inspection: dict[str, Any]) -> Any:
    """Ask for goods to come back, allow it, receive and inspect them; each person does their part."""
    sid, mia, wim = (world.system[name] for name in ("sid", "mia", "wim"))
    (delivery,) = wim.every("/deliveries", order_id=order["id"])
    body = {"delivery_id": delivery["id"], "reason": "Two leak", "lines": lines}
    asked = sid.post("/returns", body, key=world.name("return"))
    mia.post(f"/returns/{asked['id']}/approve", {"answer": "Send them"}, key=world.name("approve"))
    arrived = {"warehouse_id": delivery["warehouse_id"]}
    wim.post(f"/returns/{asked['id']}/receive", arrived, key=world.name("receive"))
    return wim.post(f"/returns/{asked['id']}/inspect", {"lines": [inspection]}, key=world.name("inspect"))


def test_r4_5_goods_that_come_back_are_credited_by_themselves(world: World) -> None:
    customer, item = world.customer(limit="5000.00"), world.item(stock="10")
    order = world.order(customer, (item, "5"))
    world.until(order, "the confirmation", state="confirmed")
    shipped = world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    fay, sam = world.system["fay"], world.system["sam"]
    part = {"customer_id": customer["id"], "amount": usd("400.00"), "reference": world.name("RE")}
    paid = [{"invoice_id": invoice["id"], "amount": usd("400.00")}]
    fay.post("/payments", part | {"allocations": paid}, key=world.name("pay"))

    other = world.order(world.customer(), (item, "7"))
    world.until_held(other, "stock")
    line = {"order_line_id": shipped["lines"][0]["order_line_id"], "quantity": "3"}
    seen = {"line_no": 1, "restock": "2", "scrap": "1"}
    returned = a_closed_return(world, order, [line], seen)
    assert (returned["state"], returned["lines"][0]["outcome"]) == ("closed", "divided")
    world.until(other, "the stock that came back", state="confirmed")

    def credited() -> Any:
        return fay.every("/credit-notes", order_id=order["id"])

    (note,) = wait_for(credited, "the credit note")
    assert (note["total"], note["unallocated"], note["return_id"]) == (
        usd("300.00"),
        usd("200.00"),
        returned["id"],
    )
    world.until(order, "the end", state="done")
    account = sam.get(f"/accounts/{customer['id']}")
    assert (account["receivable"], account["unallocated"], account["exposure"]) == (
        usd("0.00"),
        usd("200.00"),
        usd("-200.00"),
    )
    statement = sam.get(f"/accounts/{customer['id']}/statement")
    assert [each["kind"] for each in statement["lines"]] == ["invoice", "credit_note", "payment"]
    assert statement["closing"] == usd("-200.00")

    goodwill = {
        "invoice_id": invoice["id"],
        "reason": "Trouble",
        "lines": [{"line_no": 1, "amount": usd("50.00")}],
    }
    fay.post("/credit-notes", goodwill, key=world.name("goodwill"))
    documents = fay.get(f"/ageing/customers/{customer['id']}")["documents"]
    assert [(each["kind"], each["unallocated"]) for each in documents] == [
        ("credit_note", usd("200.00")),
        ("credit_note", usd("50.00")),
    ]
    said = [entry["summary"] for entry in sam.get(f"/orders/{order['id']}/timeline")["entries"]]
    for sentence in (
        "Return RMA-",
        "Goods of return RMA-",
        "Credit note CN-",
        "Credit of 100.00 USD set against",
    ):
        assert any(each.startswith(sentence) for each in said), (sentence, said)
    currencies = fay.get("/ageing?controls=true")["currencies"]
    assert not [
        row for row in currencies for each in row["controls"] if each["difference"]["amount"] != "0.00"
    ]


def test_r4_5_the_audit_finds_nothing_after_returns_and_credit_notes(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
