"""A valid request of every operation about reminding customers of what is overdue."""

from __future__ import annotations

from tests.security.example import Example, Make, document, listing
from tests.security.shelf import Shelf


def _dunning_policy(_shelf: Shelf) -> Example:
    levels = [{"after_days": days, "stops_credit": False} for days in (7, 21, 45)]
    return Example(body={"levels": levels, "days_between": 7, "automatic": False})


DUNNING: dict[str, Make] = {
    "GET /api/v1/dunning/policy": listing,
    "PUT /api/v1/dunning/policy": _dunning_policy,
    "GET /api/v1/dunning/proposals": listing,
    "POST /api/v1/dunning/runs": lambda _shelf: Example(body={}),
    "GET /api/v1/dunning/reminders": listing,
    "POST /api/v1/dunning/reminders": lambda shelf: Example(body={"customer_id": shelf.fresh_debtor()["id"]}),
    "GET /api/v1/dunning/reminders/{reminder_id}": document("reminder_id", lambda shelf: shelf.reminder),
    "GET /api/v1/dunning/reminders/{reminder_id}/letter": document(
        "reminder_id", lambda shelf: shelf.reminder
    ),
    "PUT /api/v1/invoices/{invoice_id}/dunning-pause": lambda shelf: Example(
        {"invoice_id": shelf.invoice["id"]}, {"until": "2199-12-31", "reason": "Disputed"}
    ),
}
