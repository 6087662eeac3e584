"""From the purchase order to the paid supplier, and the papers of a customer; through the gateway, in both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.test_procurement import Buyers
from tests.e2e.world import World, usd


class Bookkeepers:
    """Fay, who enters and pays, and the administrator, who releases."""

    def __init__(self, world: World, order: Any) -> None:
        self.world, self.order = world, order
        self.fay, self.boss = world.system["fay"], world.system["admin"]

    def post(self, person: Any, path: str, body: dict[str, Any]) -> Any:
        return person.post(path, body, key=self.world.name("key"))

    def known(self) -> Any:
        """Return the line that came in and was not invoiced, once finance knows of it."""
        path = f"/uninvoiced-receipts?purchase_order_id={self.order['id']}"
        return wait_for(lambda: next(iter(self.fay.get(path)["items"]), None), "the receipt in finance")

    def enter(self, quantity: str, price: str) -> Any:
        line = {"line_id": self.order["lines"][0]["id"], "quantity": quantity, "unit_price": usd(price)}
        body = {"supplier_id": self.order["supplier_id"], "reference": self.world.name("F"), "lines": [line]}
        today = self.world.system.today.isoformat()
        return self.post(self.fay, "/supplier-invoices", body | {"invoiced_on": today})

    def state(self, invoice: Any) -> str:
        return str(self.fay.get(f"/supplier-invoices/{invoice['id']}")["state"])

    def owed(self) -> dict[str, str]:
        (owed,) = self.fay.get(f"/supplier-accounts/{self.order['supplier_id']}")["owed"]
        return {name: owed[name]["amount"] for name in ("open", "on_hold")}


def an_order(world: World, buyers: Buyers, quantity: str) -> Any:
    """Order an item of a supplier for 40.00 a piece."""
    item = world.item()
    supplier = buyers.let_it_be_bought(item)
    warehouse = world.system["wim"].every("/warehouses")[0]["id"]
    asked = {"item_id": item["id"], "warehouse_id": warehouse, "quantity": quantity}
    wanted = buyers.post(buyers.wim, "/purchase-requisitions", asked | {"supplier_id": supplier["id"]})
    buyers.post(buyers.fay, f"/purchase-requisitions/{wanted['id']}/approve", {})
    body = {"supplier_id": supplier["id"], "lines": [{"requisition_id": wanted["id"]}]}
    draft = buyers.post(buyers.wim, "/purchase-orders", body)
    return buyers.post(buyers.fay, f"/purchase-orders/{draft['id']}/send", {})


def test_r4_2_a_supplier_invoice_is_matched_with_order_and_receipt_and_paid(world: World) -> None:
    buyers = Buyers(world)
    order = an_order(world, buyers, "10")
    books = Bookkeepers(world, order)
    buyers.receive(order, "4")
    assert (books.known()["to_invoice"], books.known()["value"]) == ("4", usd("160.00"))

    matched, early = books.enter("3", "40.00"), books.enter("5", "40.00")
    assert (matched["state"], early["state"]) == ("posted", "on_hold")
    assert (early["lines"][0]["mismatches"], early["lines"][0]["over"]) == (["quantity"], "4")
    buyers.receive(order, "6")
    wait_for(lambda: books.state(early) == "posted", "the invoice that waited for its receipt")

    dear = books.enter("2", "41.50")
    assert (dear["state"], dear["lines"][0]["dearer"]) == ("on_hold", usd("3.00"))
    assert books.owed() == {"open": "320.00", "on_hold": "83.00"}
    released = books.post(
        books.boss, f"/supplier-invoices/{dear['id']}/release", {"reason": "New price list"}
    )
    assert (released["state"], released["reason"]) == ("posted", "New price list")

    path = f"/supplier-payments/proposal?due_until=2199-12-31&supplier_id={order['supplier_id']}"
    (proposal,) = books.fay.get(path)["items"]
    assert (proposal["total"], len(proposal["invoices"])) == (usd("403.00"), 3)
    shares = [
        {"supplier_invoice_id": each["supplier_invoice_id"], "amount": each["open"]}
        for each in proposal["invoices"]
    ]
    body = {"supplier_id": order["supplier_id"], "reference": world.name("T"), "allocations": shares}
    paid = books.post(books.fay, "/supplier-payments", body)
    assert paid["amount"] == usd("403.00")
    sheet = books.fay.get(f"/supplier-accounts/{order['supplier_id']}/statement?currency=USD")
    assert (sheet["charged"], sheet["paid"], sheet["closing"]) == (usd("403.00"), usd("403.00"), usd("0.00"))
    assert not books.fay.get(f"/uninvoiced-receipts?purchase_order_id={order['id']}")["items"]
    assert_sound(world)


def test_r4_2_a_customer_gets_his_statement_and_invoice_on_paper(world: World) -> None:
    customer, item = world.customer(), world.item(stock="5", price="60.00")
    order = world.order(customer, (item, "2"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    sam = world.system["sam"]
    for path in (
        f"/customers/{customer['id']}/statement.pdf?language=zh-CN",
        f"/invoices/{invoice['id']}/pdf",
    ):
        answer = sam._once("GET", path, None, None, None)
        assert answer is not None
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.data.startswith(b"%PDF-")


def assert_sound(world: World) -> None:
    """Fail when ``meridian audit`` finds anything."""
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
