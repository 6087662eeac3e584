"""A valid request of every operation about taxes and currencies."""

from __future__ import annotations

from tests.security.example import Example, Make

TAXES: dict[str, Make] = {
    "GET /api/v1/tax-codes": lambda _shelf: Example(),
    "POST /api/v1/tax-codes": lambda _shelf: Example(
        body={"code": "SHELF", "percent": "1", "name": "Shelf", "name_zh": "货架", "valid_from": "2199-12-31"}
    ),
    "GET /api/v1/tax-settings": lambda _shelf: Example(),
    "GET /api/v1/tax-settings/history": lambda _shelf: Example(),
    "PUT /api/v1/tax-settings": lambda _shelf: Example(
        body={
            "prices": "exclusive",
            "rounding": "line",
            "standard_code": "NO-TAX",
            "valid_from": "2199-12-31",
        }
    ),
    "GET /api/v1/tax-assignments/items/{item_id}": lambda shelf: Example({"item_id": shelf.item["id"]}),
    "PUT /api/v1/tax-assignments/items/{item_id}": lambda shelf: Example(
        {"item_id": shelf.item["id"]}, {"tax_code": "NO-TAX"}
    ),
    "GET /api/v1/tax-assignments/customers/{customer_id}": lambda shelf: Example(
        {"customer_id": shelf.customer["id"]}
    ),
    "PUT /api/v1/tax-assignments/customers/{customer_id}": lambda shelf: Example(
        {"customer_id": shelf.customer["id"]}, {"tax_code": "NO-TAX"}
    ),
    "GET /api/v1/trial-balance/company": lambda _shelf: Example(),
    "GET /api/v1/exchange-rates": lambda _shelf: Example(),
    "POST /api/v1/exchange-rates": lambda shelf: Example(
        body={
            "from": "CHF",
            "to": "THB",
            "day": str(shelf.quotation["issued_on"]),
            "rate": "42.5",
            "source": "The bank",
        }
    ),
    "GET /api/v1/tax-report": lambda _shelf: Example(),
    "GET /api/v1/tax-report/documents": lambda _shelf: Example(),
}
