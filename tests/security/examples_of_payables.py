"""Valid requests of what is owed to suppliers, of the chart of accounts, and of finance's papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example
from tests.security.shelf import Shelf
from tests.security.shelf.payables import Payables


def _of(path: dict[str, str], body: Any = None) -> Example:
    return Example(path, body)


def _today(shelf: Shelf) -> str:
    return shelf.days_on(0)


def _supplier_invoice(shelf: Shelf) -> Example:
    shelf_of = Payables(shelf)
    order = shelf_of.fresh_received()
    line = {"line_id": order["lines"][0]["id"], "quantity": "1", "unit_price": usd("2.5000")}
    body = {"supplier_id": shelf.supplier["id"], "reference": shelf.named("F"), "invoiced_on": _today(shelf)}
    return Example(body=body | {"due_on": "2199-12-31", "tax": usd("0.20"), "lines": [line]})


def _decision(shelf: Shelf) -> Example:
    held = Payables(shelf).fresh_supplier_invoice(price="9.0000")
    return Example({"invoice_id": held["id"]}, {"reason": "Agreed by telephone"})


def _match_policy(_shelf: Shelf) -> Example:
    body = {"price_percent": "0", "price_amount": usd("0.01")}
    return Example(body=body | {"quantity_percent": "0", "quantity_amount": usd("0.01")})


def _supplier_payment(shelf: Shelf) -> Example:
    invoice = Payables(shelf).fresh_supplier_invoice()
    share = {"supplier_invoice_id": invoice["id"], "amount": usd("0.01")}
    body = {"supplier_id": shelf.supplier["id"], "reference": shelf.named("T"), "paid_on": _today(shelf)}
    return Example(body=body | {"allocations": [share]})


def _supplier_from_bank(shelf: Shelf) -> Example:
    invoice = Payables(shelf).fresh_supplier_invoice()
    share = {"supplier_invoice_id": invoice["id"], "amount": usd("0.01")}
    line = shelf.fresh_bank_line("-0.01")
    return Example({"line_id": line["id"]}, {"supplier_id": shelf.supplier["id"], "allocations": [share]})


def _supplier(shelf: Shelf) -> dict[str, str]:
    Payables(shelf).supplier_invoice()
    return {"supplier_id": shelf.supplier["id"]}


def _account(shelf: Shelf) -> Example:
    names = {"name": "Freight", "name_zh": "运费"}
    return Example(body={"code": Payables(shelf).free_code(), "kind": "asset", "parent": "1000"} | names)


PAYABLES: dict[str, Callable[[Shelf], Example]] = {
    "GET /api/v1/ledger-accounts": lambda _shelf: Example(),
    "POST /api/v1/ledger-accounts": _account,
    "PUT /api/v1/ledger-accounts/chart": lambda _shelf: Example(body={"chart": "basic"}),
    "PUT /api/v1/ledger-accounts/names": lambda _shelf: Example(
        body={"code": "1300", "name": "Inventory", "name_zh": "库存商品"}
    ),
    "GET /api/v1/supplier-invoices": lambda _shelf: Example(),
    "POST /api/v1/supplier-invoices": _supplier_invoice,
    "GET /api/v1/supplier-invoices/{invoice_id}": lambda shelf: _of(
        {"invoice_id": Payables(shelf).supplier_invoice()["id"]}
    ),
    "POST /api/v1/supplier-invoices/{invoice_id}/release": _decision,
    "POST /api/v1/supplier-invoices/{invoice_id}/reject": _decision,
    "GET /api/v1/supplier-invoices/match-policy": lambda _shelf: Example(),
    "PUT /api/v1/supplier-invoices/match-policy": _match_policy,
    "GET /api/v1/uninvoiced-receipts": lambda _shelf: Example(),
    "GET /api/v1/supplier-payments": lambda _shelf: Example(),
    "POST /api/v1/supplier-payments": _supplier_payment,
    "GET /api/v1/supplier-payments/{payment_id}": lambda shelf: _of(
        {"payment_id": Payables(shelf).supplier_payment()["id"]}
    ),
    "GET /api/v1/supplier-payments/proposal": lambda _shelf: Example(query={"due_until": "2199-12-31"}),
    "POST /api/v1/bank-lines/{line_id}/pay-supplier": _supplier_from_bank,
    "GET /api/v1/supplier-accounts": lambda _shelf: Example(),
    "GET /api/v1/supplier-accounts/{supplier_id}": lambda shelf: _of(_supplier(shelf)),
    "GET /api/v1/supplier-accounts/{supplier_id}/statement": lambda shelf: Example(
        _supplier(shelf), query={"currency": "USD"}
    ),
    "GET /api/v1/payables-ageing": lambda _shelf: Example(),
    "GET /api/v1/payables-ageing/suppliers": lambda _shelf: Example(),
    "GET /api/v1/customers/{customer_id}/statement.pdf": lambda shelf: Example(
        {"customer_id": shelf.customer["id"]}, query={"language": "zh-CN"}
    ),
    "GET /api/v1/credit-notes/{credit_note_id}/pdf": lambda shelf: Example(
        {"credit_note_id": shelf.credit_note["id"]}, query={"language": "zh-CN"}
    ),
    "GET /api/v1/invoices/{invoice_id}/pdf": lambda shelf: Example(
        {"invoice_id": shelf.invoice["id"]}, query={"language": "en"}
    ),
    "GET /api/v1/dunning/reminders/{reminder_id}/pdf": lambda shelf: Example(
        {"reminder_id": shelf.reminder["id"]}, query={"language": "en"}
    ),
}
