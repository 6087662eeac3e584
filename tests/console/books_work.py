"""What lies on a bookkeeper's desk, for tests and pictures of its screens."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import World, usd

HEAD = "booked_on,amount,text,reference,payer"


def a_bank_file(world: World, *rows: str) -> str:
    """Return a bank's table with ``rows`` of: amount, text, reference, payer; booked on the company's day."""
    return "\n".join([HEAD, *(f"{world.system.today:%Y-%m-%d},{row}" for row in rows)])


def a_bank_line(world: World, invoice: Any) -> Any:
    """Take in a file in which somebody pays an invoice; return its line."""
    reference = world.name("B")
    row = f"{invoice['total']['amount']},Pays {invoice['number']},{reference},{invoice['customer_name']}"
    body = {
        "format": "csv",
        "content": a_bank_file(world, row),
        "csv": {"account": "DE02120300000000202051", "currency": "USD"},
    }
    fay = world.system["fay"]
    fay.post("/bank-statements", body, key=world.name("file"))
    (line,) = fay.every("/bank-lines", reference=reference)
    return line


def a_credit_note(world: World, invoice: Any, amount: str) -> Any:
    """Lower the price of an invoice's first line by an amount of dollars."""
    line = {"line_no": 1, "amount": usd(amount)}
    body = {"invoice_id": invoice["id"], "reason": "A dent in the housing", "lines": [line]}
    return world.system["fay"].post("/credit-notes", body, key=world.name("credit"))
