"""A valid request of every operation of crm's recommendations and of what may be expected of customers."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.security.example import Example, Make, of_customer
from tests.security.shelf import Shelf

PERIOD = {"first": "2026-03-02", "last": "2199-12-31"}
AT_ONCE = 8


def _kept(shelf: Shelf) -> dict[str, Any]:
    """Return what is made once for a shelf: an item that has a better one, and recommendations not used up yet."""
    kept: dict[str, Any] = vars(shelf).setdefault("kept_of_recommendations", {"pool": []})
    if "item" not in kept:
        kept["item"], kept["better"] = shelf.world.item(stock="1000"), shelf.world.item()
        named = {"better_id": kept["better"]["id"]}
        wait_for(lambda: _named(shelf, kept["item"]["id"], named), "crm's replica of the items")
    return kept


def _named(shelf: Shelf, item_id: str, body: dict[str, str]) -> bool:
    from meridian.demo.gateway import ActFailed

    try:
        shelf.system["admin"].put(f"/better-items/{item_id}", body)
    except ActFailed as refused:
        if refused.status == 422:
            return False
        raise
    return True


def _fresh(shelf: Shelf) -> dict[str, str]:
    """Return a recommendation that is open: customers who ordered the item are offered the better one."""
    kept = _kept(shelf)
    if not kept["pool"]:
        customers = [shelf.fresh_customer() for _ in range(AT_ONCE)]
        for customer in customers:
            shelf.world.order(customer, (kept["item"], "1"), seller=shelf.owner, wait_s=1)
        kept["pool"] = [_awaited(shelf, customer["id"]) for customer in customers]
    return {"recommendation_id": kept["pool"].pop()["id"]}


def _awaited(shelf: Shelf, customer_id: str) -> Any:
    return wait_for(lambda: _first(shelf, customer_id), "a recommendation")


def _first(shelf: Shelf, customer_id: str) -> Any:
    found = shelf.system[shelf.owner].every("/recommendations", customer_id=customer_id)
    return found[0] if found else None


def _one(shelf: Shelf) -> dict[str, str]:
    kept = _kept(shelf)
    if "one" not in kept:
        kept["one"] = _fresh(shelf)
    return dict(kept["one"])


def _listing(shelf: Shelf, **query: str) -> Example:
    _one(shelf)
    return Example(query=query)


def _better(shelf: Shelf) -> Example:
    kept = _kept(shelf)
    return Example({"item_id": kept["item"]["id"]}, {"better_id": kept["better"]["id"]})


RECOMMEND: dict[str, Make] = {
    "GET /api/v1/recommendations": _listing,
    "GET /api/v1/recommendations/hit-rate": lambda shelf: _listing(shelf, **PERIOD),
    "GET /api/v1/recommendations/{recommendation_id}": lambda shelf: Example(_one(shelf)),
    "POST /api/v1/recommendations/{recommendation_id}/shown": lambda shelf: Example(_one(shelf)),
    "POST /api/v1/recommendations/{recommendation_id}/accept": lambda shelf: Example(
        _fresh(shelf), {"quantity": "2", "opportunity_id": None, "quote": True}
    ),
    "POST /api/v1/recommendations/{recommendation_id}/dismiss": lambda shelf: Example(
        _fresh(shelf), {"reason": "too_expensive", "detail": "Asked\ntwice"}
    ),
    "POST /api/v1/recommendations/{recommendation_id}/snooze": lambda shelf: Example(
        _fresh(shelf), {"until": shelf.days_on(3)}
    ),
    "GET /api/v1/better-items": _listing,
    "PUT /api/v1/better-items/{item_id}": _better,
    "GET /api/v1/purchase-potential": _listing,
    "GET /api/v1/customers/{customer_id}/suggestions": of_customer,
}
