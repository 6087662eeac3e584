"""A valid request of every operation about what customers owe: accounts, invoices, credit notes and payments."""

from __future__ import annotations

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing, of_a_fresh_customer, of_customer, today
from tests.security.shelf import Shelf


def _kept(shelf: Shelf) -> Example:
    body = {"order_id": shelf.fresh_advance()["order_id"], "amount": usd("1.00")}
    return Example({"payment_id": shelf.fresh_payment()["id"]}, body)


def _payment(shelf: Shelf) -> Example:
    allocation = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    body = {"customer_id": shelf.customer["id"], "amount": usd("1.00"), "reference": shelf.named("RE")}
    return Example(body=body | {"received_on": today(shelf), "allocations": [allocation]})


def _credit_note(shelf: Shelf) -> Example:
    line = {"line_no": 1, "amount": usd("0.01")}
    body = {"invoice_id": shelf.invoice["id"], "reason": "Damaged", "lines": [line]}
    return Example(body=body | {"posted_on": today(shelf)})


def _credit_allocation(shelf: Shelf) -> Example:
    body = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    return Example({"credit_note_id": shelf.credit_note["id"]}, body)


def _allocation(shelf: Shelf) -> Example:
    body = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    return Example({"payment_id": shelf.payment["id"]}, body)


RECEIVABLES: dict[str, Make] = {
    "GET /api/v1/accounts": listing,
    "GET /api/v1/accounts/{customer_id}": of_customer,
    "GET /api/v1/accounts/{customer_id}/statement": of_customer,
    "PUT /api/v1/accounts/{customer_id}/credit-limit": lambda shelf: Example(
        of_a_fresh_customer(shelf), {"limit": usd("900000.00")}
    ),
    "PUT /api/v1/accounts/{customer_id}/credit-stop": lambda shelf: Example(
        of_a_fresh_customer(shelf), {"stopped": False, "reason": None}
    ),
    "GET /api/v1/ageing": listing,
    "GET /api/v1/ageing/customers": listing,
    "GET /api/v1/ageing/customers/{customer_id}": of_customer,
    "GET /api/v1/invoices": listing,
    "GET /api/v1/invoices/{invoice_id}": document("invoice_id", lambda shelf: shelf.invoice),
    "GET /api/v1/credit-notes": listing,
    "POST /api/v1/credit-notes": _credit_note,
    "GET /api/v1/credit-notes/{credit_note_id}": document("credit_note_id", lambda shelf: shelf.credit_note),
    "POST /api/v1/credit-notes/{credit_note_id}/allocations": _credit_allocation,
    "GET /api/v1/advances": listing,
    "GET /api/v1/advances/{order_id}": lambda shelf: Example({"order_id": shelf.advance["order_id"]}),
    "GET /api/v1/payments": listing,
    "POST /api/v1/payments": _payment,
    "GET /api/v1/payments/{payment_id}": document("payment_id", lambda shelf: shelf.payment),
    "GET /api/v1/payments/{payment_id}/suggestions": document("payment_id", lambda shelf: shelf.payment),
    "POST /api/v1/payments/{payment_id}/allocations": _allocation,
    "POST /api/v1/payments/{payment_id}/advances": _kept,
}
