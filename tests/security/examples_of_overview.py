"""A valid request of every operation that shows customers in figures."""

from __future__ import annotations

from tests.security.example import Example, Make, of_customer
from tests.security.shelf import Shelf


def _listing(shelf: Shelf) -> Example:
    return Example(query={"sort": "revenue", "order": "desc", "currency": "USD", "owner_id": shelf.owner_id})


OVERVIEW: dict[str, Make] = {
    "GET /api/v1/campaigns/budget-proposals": lambda shelf: Example(),
    "GET /api/v1/customers/overview": _listing,
    "GET /api/v1/customers/{customer_id}/overview": of_customer,
    "GET /api/v1/customers/{customer_id}/page": of_customer,
}
