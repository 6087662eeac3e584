"""A valid request of every operation on the bank's statements."""

from __future__ import annotations

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf


def _bank_file(shelf: Shelf) -> Example:
    form = {"account": "DE02", "currency": "USD", "number": "7", "delimiter": "comma", "decimal": "point"}
    columns = {"booked_on": "day", "amount": "sum", "text": "what", "reference": "no", "payer": "who"}
    columns |= {"payer_account": "from"}
    content = f"day,sum,what,no,who,from\n{today(shelf)},1.00,x,{shelf.named('RE')},Li Wei,CH93\n"
    return Example(
        body={"format": "csv", "content": content, "csv": form | {"columns": columns, "day_order": "ymd"}}
    )


def _bank_booking(shelf: Shelf) -> Example:
    allocation = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    body = {"customer_id": shelf.customer["id"], "received_on": today(shelf), "allocations": [allocation]}
    return Example({"line_id": shelf.fresh_bank_line()["id"]}, body)


def _bank_link(shelf: Shelf) -> Example:
    return Example(
        {"line_id": shelf.fresh_bank_line("50.00")["id"]}, {"payment_id": shelf.fresh_payment()["id"]}
    )


BANK: dict[str, Make] = {
    "GET /api/v1/bank-lines": lambda shelf: Example(query={"statement_id": shelf.bank_line["statement_id"]}),
    "GET /api/v1/bank-lines/{line_id}": document("line_id", lambda shelf: shelf.bank_line),
    "POST /api/v1/bank-lines/{line_id}/book": _bank_booking,
    "POST /api/v1/bank-lines/{line_id}/ignore": lambda shelf: Example(
        {"line_id": shelf.fresh_bank_line()["id"]}, {"reason": "Our own"}
    ),
    "POST /api/v1/bank-lines/{line_id}/link": _bank_link,
    "POST /api/v1/bank-lines/{line_id}/take-up": document("line_id", lambda shelf: shelf.bank_line),
    "GET /api/v1/bank-statements": listing,
    "POST /api/v1/bank-statements": _bank_file,
    "POST /api/v1/bank-statements/{statement_id}/book-certain": lambda shelf: Example(
        {"statement_id": shelf.bank_line["statement_id"]}, {}
    ),
}
