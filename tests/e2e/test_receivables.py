"""What is owed, from the shipment to the last cent: aged, reminded of, matched; through the gateway, in both modes."""

from __future__ import annotations

from datetime import timedelta

from services.finance.tests.statements import a_statement, an_entry
from tests.e2e.world import World, usd


def test_r4_4_what_is_owed_is_seen_reminded_of_and_matched(world: World) -> None:
    customer, item = world.customer(limit="5000.00"), world.item(stock="100")
    order = world.order(customer, (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    shipped_on = world.system.today - timedelta(days=75)
    world.ship(world.delivery(order), on=shipped_on.isoformat())
    (invoice,) = world.invoices(order)
    fay = world.system["fay"]

    documents = fay.get(f"/ageing/customers/{customer['id']}")["documents"]
    assert [(each["number"], each["bucket"], each["open"]) for each in documents] == [
        (invoice["number"], "days_31_60", invoice["open"])
    ]
    before = fay.get(f"/ageing/customers/{customer['id']}?as_of={shipped_on - timedelta(days=1)}")[
        "documents"
    ]
    assert before == []

    reminder = fay.post("/dunning/reminders", {"customer_id": customer["id"]}, key=world.name("remind"))
    assert (reminder["level"], reminder["total"]) == (1, invoice["open"])
    letter = fay.get(f"/dunning/reminders/{reminder['id']}/letter?language=zh")
    assert invoice["number"] in letter["body"]

    money = {
        "customer_id": customer["id"],
        "amount": invoice["open"],
        "reference": f"for {invoice['number']}",
    }
    payment = fay.post("/payments", money, key=world.name("pay"))
    best = fay.get(f"/payments/{payment['id']}/suggestions")["suggestions"][0]
    assert (best["rule"], best["confidence"], best["rest"]) == ("reference", "high", usd("0.00"))
    for share in best["shares"]:
        body = {"invoice_id": share["invoice"]["invoice_id"], "amount": share["amount"]}
        fay.post(f"/payments/{payment['id']}/allocations", body, key=world.name("allocate"))
    world.until(order, "the end", state="done")
    assert fay.get(f"/ageing/customers/{customer['id']}")["documents"] == []
    statement = world.system["sam"].get(f"/accounts/{customer['id']}/statement?first={shipped_on}")
    assert (len(statement["lines"]), statement["closing"]) == (2, usd("0.00"))
    currencies = fay.get("/ageing?controls=true")["currencies"]
    assert not [
        row for row in currencies for each in row["controls"] if each["difference"]["amount"] != "0.00"
    ]


def test_r4_4_the_banks_file_pays_the_invoice_and_frees_the_credit(world: World) -> None:
    customer, item = world.customer(limit="400.00"), world.item(stock="100", price="100.00")
    first, second = world.order(customer, (item, "3")), world.order(customer, (item, "3"))
    world.until(first, "the confirmation", state="confirmed")
    world.ship(world.delivery(first))
    (invoice,) = world.invoices(first)
    fay, today = world.system["fay"], world.system.today.isoformat()
    bank = world.name("DE")

    entry = an_entry(invoice["open"]["amount"], on=today, ref="B-1", text=f"thanks for {invoice['number']}")
    body = {"format": "camt.053", "content": a_statement(entry, account=bank)}
    (statement,) = fay.post("/bank-statements", body, key=world.name("file"))["statements"]
    done = fay.post(f"/bank-statements/{statement['id']}/book-certain", {}, key=world.name("book"))
    assert (len(done["booked"]), done["left"]) == (1, 0)
    world.until(first, "the end", state="done")
    world.until(second, "the credit that the payment frees", state="confirmed")
    (again,) = fay.post("/bank-statements", body, key=world.name("file"))["statements"]
    assert (again["lines_new"], again["lines_known"]) == (0, 1)
