"""The ledger knows what changes the value of stock, and what suppliers are owed; through the gateway, both modes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.audit.valued import ledger_stock_is_the_valuation
from meridian.demo.people import wait_for
from tests.e2e.test_production import Makers
from tests.e2e.world import World, usd


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


class Books:
    """What the ledger says of documents, by the numbers of its accounts."""

    def __init__(self, world: World) -> None:
        self.world, self.fay = world, world.system["fay"]
        self.today = world.system.today

    def post(self, person: Any, path: str, body: dict[str, Any]) -> Any:
        return person.post(path, body, key=self.world.name("key"))

    def entry(self, kind: str, number: str, company: bool = False) -> list[tuple[str, str, str]]:
        """Return the postings of the newest entry of a kind whose document bears a number, once it is there."""

        def look() -> Any:
            found = self.fay.get(f"/journal-entries?kind={kind}")["items"]
            return next((each for each in found if number in each["document_number"]), None)

        found = wait_for(look, f"the {kind} of {number}")
        return [
            (each["account"], each["debit"]["amount"], each["credit"]["amount"])
            for each in found["company_postings" if company else "postings"]
        ]

    def came(self, item: Any, quantity: str, cost: str) -> Any:
        line = {"item_id": item["id"], "quantity": quantity, "unit_cost": usd(cost)}
        body = {"warehouse_id": self.place, "lines": [line]}
        return self.post(self.world.system["wim"], "/receipts", body)

    @property
    def place(self) -> str:
        (main,) = self.world.system["wim"].every("/warehouses", is_default="true")
        return str(main["id"])

    def rate(self, rate: str, day: Any) -> None:
        body = {"from": "EUR", "to": "USD", "rate": rate, "day": day.isoformat(), "source": "The bank"}
        self.post(self.fay, "/exchange-rates", body)

    def company(self, account: str) -> str:
        """Return the balance of an account in the company's currency."""
        accounts = self.fay.get("/trial-balance/company")["accounts"]
        return next((str(each["balance"]["amount"]) for each in accounts if each["code"] == account), "0.00")

    def bought(self, item: Any, price: dict[str, str], quantity: str) -> Any:
        """Order an item of a new supplier, and receive all of it."""
        wim = self.world.system["wim"]
        supplier = self.post(wim, "/suppliers", {"number": self.world.name("S"), "name": "Foundry North"})
        known = {"item_id": item["id"], "unit_price": price}
        self.post(wim, f"/suppliers/{supplier['id']}/prices", known)
        policy = {"method": "buy", "supplier_id": supplier["id"], "lead_days": 7}
        wim.put(f"/items/{item['id']}/supply-policy", policy)
        asked = {"item_id": item["id"], "warehouse_id": self.place, "quantity": quantity}
        wanted = self.post(wim, "/purchase-requisitions", asked | {"supplier_id": supplier["id"]})
        self.post(self.fay, f"/purchase-requisitions/{wanted['id']}/approve", {})
        line = {"requisition_id": wanted["id"]}
        draft = self.post(wim, "/purchase-orders", {"supplier_id": supplier["id"], "lines": [line]})
        order = self.post(self.fay, f"/purchase-orders/{draft['id']}/send", {})
        part = {"line_id": order["lines"][0]["id"], "quantity": quantity}
        self.post(wim, f"/purchase-orders/{order['id']}/receipts", {"lines": [part]})
        path = f"/uninvoiced-receipts?purchase_order_id={order['id']}"
        wait_for(lambda: self.fay.get(path)["items"], "the receipt in finance")
        return order

    def invoiced(self, order: Any, price: dict[str, str], quantity: str, on: Any) -> Any:
        line = {"line_id": order["lines"][0]["id"], "quantity": quantity, "unit_price": price}
        body = {"supplier_id": order["supplier_id"], "reference": self.world.name("F"), "lines": [line]}
        return self.post(self.fay, "/supplier-invoices", body | {"invoiced_on": on.isoformat()})

    def sound(self) -> None:
        """Fail when the ledger's stock is not the valuation, or ``meridian audit`` finds anything else."""
        with self.world.system.target.opened() as databases:
            now = SystemClock().now()
            wait_for(lambda: not list(ledger_stock_is_the_valuation(databases, now)), "the ledger's stock")
            report = audit(databases, now=now)
        assert report.violations == 0, report.as_text()


def test_r4_5_the_ledger_follows_count_revaluation_loss_and_production_to_the_unit(world: World) -> None:
    books, makers = Books(world), Makers(world)
    wim, fay = world.system["wim"], world.system["fay"]
    pump, steel = world.item(), world.item()
    received = books.came(steel, "10", "3.00")
    assert books.entry("stock_value", received["number"]) == [
        ("1300", "30.00", "0.00"),
        ("2060", "0.00", "30.00"),
    ]

    line = {"item_id": steel["id"], "quantity": "-1"}
    body = {"warehouse_id": books.place, "lines": [line], "reason": "One is gone"}
    lost = books.post(wim, "/stock-adjustments", body)
    assert books.entry("stock_value", lost["number"]) == [
        ("5200", "3.00", "0.00"),
        ("1300", "0.00", "3.00"),
    ]
    books.post(
        fay, f"/item-costs/{steel['id']}/revalue", {"unit_cost": usd("4.00"), "reason": "Steel is dear"}
    )
    assert books.entry("stock_value", f"revaluation of {steel['sku']}") == [
        ("1300", "9.00", "0.00"),
        ("5220", "0.00", "9.00"),
    ]

    north = books.post(wim, "/warehouses", {"code": world.name("N")[-20:], "name": "North"})
    part = {"item_id": steel["id"], "quantity": "3"}
    moving = books.post(wim, "/transfers", {"from_id": books.place, "to_id": north["id"], "lines": [part]})
    books.post(wim, f"/transfers/{moving['id']}/ship", {})
    arrived = {"lines": [{"line_no": 1, "received": "2", "lost": "1"}], "reason": "One fell off"}
    books.post(wim, f"/transfers/{moving['id']}/receive", arrived)
    assert books.entry("stock_value", moving["number"]) == [
        ("5210", "4.00", "0.00"),
        ("1300", "0.00", "4.00"),
    ]

    makers.made_of(pump, (steel, "2"))
    wanted = {"item_id": pump["id"], "warehouse_id": books.place, "quantity": "2"}
    order = books.post(wim, "/production-orders", wanted)
    makers.act(makers.wim, order, "release")
    makers.act(makers.wim, order, "start")
    makers.act(makers.wim, order, "reports", {"finished": "1", "scrapped": "1", "reason": "Cracked"})
    assert books.entry("stock_value", order["number"]) == [
        ("1320", "16.00", "0.00"),
        ("1300", "0.00", "16.00"),
        ("1300", "16.00", "0.00"),
        ("1320", "0.00", "16.00"),
    ]
    assert fay.get(f"/item-costs/{pump['id']}")["value"] == usd("16.00")
    books.sound()


def test_r4_5_a_supplier_of_another_currency_is_carried_revalued_and_paid_with_the_difference_realised(
    world: World,
) -> None:
    books, fay = Books(world), world.system["fay"]
    before, today = books.today - timedelta(days=1), books.today
    books.rate("1.10", before - timedelta(days=1))
    books.rate("1.20", today)
    order = books.bought(world.item(), eur("5.00"), "4")
    invoice = books.invoiced(order, eur("5.00"), "4", before)
    assert (invoice["state"], invoice["total"]) == ("posted", eur("20.00"))
    # The goods came in today, at 1.20; the invoice is of yesterday, at 1.10.
    assert books.entry("supplier_invoice", invoice["number"], company=True) == [
        ("2050", "24.00", "0.00"),
        ("7000", "0.00", "2.00"),
        ("2000", "0.00", "22.00"),
    ]

    body = {"day": before.isoformat(), "currency": "EUR"}
    (valued,) = books.post(fay, "/exchange-revaluations", body)["items"]
    assert (valued["day"], valued["reversed_on"]) == (before.isoformat(), today.isoformat())
    assert books.post(fay, "/exchange-revaluations", body)["items"] == [valued]

    share = {"supplier_invoice_id": invoice["id"], "amount": eur("20.00")}
    paying = {"supplier_id": order["supplier_id"], "reference": world.name("T"), "allocations": [share]}
    paid = books.post(fay, "/supplier-payments", paying | {"paid_on": today.isoformat()})
    assert books.entry("supplier_payment", paid["number"], company=True) == [
        ("2000", "22.00", "0.00"),
        ("1000", "0.00", "24.00"),
        ("7000", "2.00", "0.00"),
    ]
    assert fay.get("/trial-balance/company")["balanced"]
    books.sound()


def test_r4_5_goods_go_back_to_the_supplier_who_credits_them(world: World) -> None:
    books, wim, boss = Books(world), world.system["wim"], world.system["admin"]
    fay, item = world.system["fay"], world.item()
    order = books.bought(item, usd("40.00"), "5")
    invoice = books.invoiced(order, usd("40.00"), "5", books.today)
    (part,) = wim.get(f"/returnable-receipts?purchase_order_id={order['id']}")["items"]
    assert (part["received"], part["left"]) == ("5", "5")
    line = {"receipt_id": part["receipt_id"], "position": part["position"], "quantity": "2"}
    asking = {"purchase_order_id": order["id"], "warehouse_id": books.place, "reason": "Cracked"}
    asked = books.post(wim, "/supplier-returns", asking | {"lines": [line]})
    books.post(boss, f"/supplier-returns/{asked['id']}/approve", {"answer": "Agreed by telephone"})
    sent = books.post(wim, f"/supplier-returns/{asked['id']}/ship", {})
    assert (sent["state"], sent["lines"][0]["value"]) == ("shipped", None)
    assert boss.get(f"/supplier-returns/{asked['id']}")["lines"][0]["value"] == usd("80.00")
    assert books.entry("supplier_return", asked["number"]) == [
        ("1300", "0.00", "80.00"),
        ("2050", "80.00", "0.00"),
    ]

    credit = {
        "supplier_id": order["supplier_id"],
        "reference": world.name("C"),
        "credited_on": books.today.isoformat(),
        "supplier_return_id": asked["id"],
        "lines": [{"line_id": order["lines"][0]["id"], "quantity": "2", "unit_price": usd("40.00")}],
        "allocations": [{"supplier_invoice_id": invoice["id"], "amount": usd("80.00")}],
    }
    note = books.post(fay, "/supplier-credit-notes", credit)
    assert (note["total"], note["open"]) == (usd("80.00"), usd("0.00"))
    wait_for(
        lambda: wim.get(f"/supplier-returns/{asked['id']}")["credit_note"] == note["number"],
        "the credit note at inventory",
    )
    (owed,) = fay.get(f"/supplier-accounts/{order['supplier_id']}")["owed"]
    assert owed["open"] == usd("120.00")
    assert wim.get(f"/stock?item_id={item['id']}")["items"][0]["on_hand"] == "3"
    books.sound()
