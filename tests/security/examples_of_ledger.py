"""A valid request of every operation on the ledger."""

from __future__ import annotations

from tests.security.example import Example, Make, listing

LEDGER: dict[str, Make] = {
    "GET /api/v1/journal-entries": listing,
    "GET /api/v1/period-lock": listing,
    "PUT /api/v1/period-lock": lambda _shelf: Example(body={"locked_until": None, "reason": "Opened again"}),
    "GET /api/v1/trial-balance": listing,
    "GET /api/v1/general-ledger": lambda _shelf: Example(query={"account": "1200", "currency": "USD"}),
}
