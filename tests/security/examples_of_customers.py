"""A valid request of every operation about customers, their contacts, and what all services know of them."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make, listing, of_a_fresh_customer, of_customer
from tests.security.shelf import Shelf


def _contact(shelf: Shelf) -> dict[str, Any]:
    return {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555", "role": "Buyer"}


def _address(shelf: Shelf) -> dict[str, Any]:
    return {
        "country": "China", "city": "Shanghai", "address": "1 Bund\nFloor 2", "phone": "+86 21 5555",
        "email": "desk@example.com", "active": True, "group": None, "region": None, "fields": {},
    }  # fmt: skip


def _customer(shelf: Shelf) -> Example:
    body = {"number": shelf.named("N"), "name": "Quay Works", "owner_id": shelf.owner_id, "currency": "USD"}
    return Example(body=body | _address(shelf))


def _customer_change(shelf: Shelf) -> Example:
    customer = shelf.fresh_customer()
    return Example(
        {"customer_id": customer["id"]},
        {"name": "Quay Works", **_address(shelf)},
        headers={"If-Match": f'"{customer["version"]}"'},
    )


CUSTOMERS: dict[str, Make] = {
    "GET /api/v1/customers": listing,
    "POST /api/v1/customers": _customer,
    "GET /api/v1/customers/{customer_id}": of_customer,
    "PATCH /api/v1/customers/{customer_id}": _customer_change,
    "GET /api/v1/customers/{customer_id}/360": of_customer,
    "GET /api/v1/customers/{customer_id}/contacts": of_customer,
    "POST /api/v1/customers/{customer_id}/contacts": lambda shelf: Example(
        {"customer_id": shelf.customer["id"]}, _contact(shelf)
    ),
    "POST /api/v1/customers/{customer_id}/owner": lambda shelf: Example(
        of_a_fresh_customer(shelf), {"owner_id": shelf.owner_id}
    ),
    "GET /api/v1/customers/{customer_id}/sales-summary": of_customer,
    "GET /api/v1/customers/{customer_id}/delivery-summary": of_customer,
    "GET /api/v1/customers/{customer_id}/service-summary": of_customer,
}
