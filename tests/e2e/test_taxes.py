"""Tax from the quotation to the ledger, to the unit; through the gateway, in both modes."""

from __future__ import annotations

from tests.e2e.world import World, usd


def test_r4_5_quotation_order_invoices_and_ledger_agree_to_the_unit(world: World) -> None:
    """Only items with a code bear tax here, so that other scenarios stay as they are."""
    fay, today = world.system["fay"], world.system.today
    fay.put(
        "/tax-settings",
        {"prices": "exclusive", "rounding": "document", "standard_code": None, "valid_from": "2020-01-01"},
    )
    customer, item = world.customer(limit="10000.00"), world.item(stock="100", price="33.33")
    code = world.name("VAT").upper()
    rate = {"code": code, "percent": "9.975", "name": code, "valid_from": "2020-01-01"}
    fay.post("/tax-codes", rate, key=code)
    fay.put(f"/tax-assignments/items/{item['id']}", {"tax_code": code})

    order = world.order(customer, (item, "7"))
    world.until(order, "the confirmation", state="confirmed")
    assert (order["net"], order["tax"], order["total"]) == (usd("233.31"), usd("23.27"), usd("256.58"))
    assert fay.get(f"/accounts/{customer['id']}")["exposure"] == usd("256.58")
    for quantity in ("2", "5"):
        note = world.delivery(order)
        world.ship(note, [{"order_line_id": order["lines"][0]["id"], "quantity": quantity}])
    world.until(order, "the last invoice", billing_status="invoiced")
    invoices = world.invoices(order, 2)
    assert sorted(each["tax"]["amount"] for each in invoices) == ["16.62", "6.65"]

    note = {"invoice_id": invoices[0]["id"], "reason": "Broken", "lines": [{"line_no": 1, "quantity": "1"}]}
    credit = fay.post("/credit-notes", note, key=world.name("credit"))
    (row,) = [each for each in fay.get(f"/tax-report?last={today}")["rows"] if each["code"] == code]
    assert (row["invoiced_base"], row["invoiced_tax"]) == (usd("233.31"), usd("23.27"))
    assert (row["credited_tax"], row["difference"]) == (credit["tax"], usd("0.00"))
    documents = fay.every("/tax-report/documents", code=code)
    assert {each["document_id"] for each in documents} == {credit["id"], *(each["id"] for each in invoices)}
    assert sorted(each["kind"] for each in documents) == ["credit", "invoice", "invoice"]
