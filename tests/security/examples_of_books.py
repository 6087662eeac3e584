"""Valid requests of goods that go back to suppliers, of their credit notes, and of exchange revaluations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import usd
from tests.security.example import Example
from tests.security.shelf import Shelf
from tests.security.shelf.payables import Payables


def _received(shelf: Shelf) -> tuple[Any, Any]:
    """Return a purchase order of which five came in, and the part of its receipt."""
    order = Payables(shelf).fresh_received()
    path = f"/returnable-receipts?purchase_order_id={order['id']}"
    return order, shelf.system["wim"].get(path)["items"][0]


def _body(shelf: Shelf, quantity: str = "1") -> dict[str, Any]:
    order, part = _received(shelf)
    line = {"receipt_id": part["receipt_id"], "position": part["position"], "quantity": quantity}
    head = {"purchase_order_id": order["id"], "warehouse_id": order["warehouse_id"], "reason": "Cracked"}
    return head | {"lines": [line | {"goods_return_id": None, "goods_return_line": None, "serials": []}]}


def _asked(shelf: Shelf, *, approved: bool = False, shipped: bool = False) -> Any:
    asked = shelf.post("wim", "/supplier-returns", _body(shelf))
    if approved or shipped:
        shelf.post("fay", f"/supplier-returns/{asked['id']}/approve", {})
    if shipped:
        shelf.post("wim", f"/supplier-returns/{asked['id']}/ship", {})
    return asked


def _answer(shelf: Shelf) -> Example:
    return Example({"return_id": _asked(shelf)["id"]}, {"answer": "Agreed by telephone"})


def _shipment(shelf: Shelf) -> Example:
    return Example({"return_id": _asked(shelf, approved=True)["id"]}, {"shipped_on": shelf.days_on(0)})


def _credit(shelf: Shelf, *, settles: str = "0.01") -> tuple[dict[str, Any], Any]:
    """Return the body of a credit note of one piece that was invoiced and went back, and the invoice."""
    order, part = _received(shelf)
    line = {"line_id": order["lines"][0]["id"], "quantity": "5", "unit_price": usd("2.5000")}
    head = {"supplier_id": order["supplier_id"], "reference": shelf.named("F")}
    entered = head | {"invoiced_on": shelf.days_on(0), "lines": [line]}
    invoice = shelf.post("fay", "/supplier-invoices", entered)
    back = {"receipt_id": part["receipt_id"], "position": part["position"], "quantity": "1"}
    asking = {"purchase_order_id": order["id"], "warehouse_id": order["warehouse_id"], "reason": "Cracked"}
    asked = shelf.post("wim", "/supplier-returns", asking | {"lines": [back]})
    shelf.post("fay", f"/supplier-returns/{asked['id']}/approve", {})
    shelf.post("wim", f"/supplier-returns/{asked['id']}/ship", {})
    entries = f"/journal-entries?kind=supplier_return&document_id={asked['id']}"
    wait_for(lambda: shelf.system["fay"].get(entries)["items"], "what went back in finance")
    body = {
        "supplier_id": order["supplier_id"],
        "reference": shelf.named("C"),
        "credited_on": shelf.days_on(0),
        "supplier_return_id": asked["id"],
        "reason": "As agreed",
        "tax": usd("0.20"),
        "lines": [line | {"quantity": "1"}],
        "allocations": [{"supplier_invoice_id": invoice["id"], "amount": usd(settles)}],
    }
    return body, invoice


def _note(shelf: Shelf) -> tuple[Any, Any]:
    body, invoice = _credit(shelf)
    return shelf.post("fay", "/supplier-credit-notes", body), invoice


def _allocation(shelf: Shelf) -> Example:
    note, invoice = _note(shelf)
    share = {"supplier_invoice_id": invoice["id"], "amount": usd("0.01")}
    return Example({"credit_note_id": note["id"]}, {"allocations": [share]})


def _revaluation(shelf: Shelf) -> Example:
    """Something of another currency is open, and its rate is known."""
    fay, day = shelf.system["fay"], shelf.days_on(0)
    if not fay.get(f"/exchange-revaluations?day={day}")["items"]:
        rate = {"from": "EUR", "to": "USD", "rate": "1.1", "day": "2020-01-01", "source": "The bank"}
        shelf.post("fay", "/exchange-rates", rate)
    return Example(body={"day": day, "currency": "EUR"})


BOOKS: dict[str, Callable[[Shelf], Example]] = {
    "GET /api/v1/supplier-returns": lambda _shelf: Example(),
    "POST /api/v1/supplier-returns": lambda shelf: Example(body=_body(shelf)),
    "GET /api/v1/supplier-returns/{return_id}": lambda shelf: Example({"return_id": _asked(shelf)["id"]}),
    "POST /api/v1/supplier-returns/{return_id}/approve": _answer,
    "POST /api/v1/supplier-returns/{return_id}/reject": _answer,
    "POST /api/v1/supplier-returns/{return_id}/cancel": _answer,
    "POST /api/v1/supplier-returns/{return_id}/ship": _shipment,
    "GET /api/v1/returnable-receipts": lambda shelf: Example(
        query={"purchase_order_id": _received(shelf)[0]["id"]}
    ),
    "GET /api/v1/supplier-credit-notes": lambda _shelf: Example(),
    "POST /api/v1/supplier-credit-notes": lambda shelf: Example(body=_credit(shelf)[0]),
    "GET /api/v1/supplier-credit-notes/{credit_note_id}": lambda shelf: Example(
        {"credit_note_id": _note(shelf)[0]["id"]}
    ),
    "POST /api/v1/supplier-credit-notes/{credit_note_id}/allocate": _allocation,
    "GET /api/v1/exchange-revaluations": lambda _shelf: Example(),
    "POST /api/v1/exchange-revaluations": _revaluation,
}
