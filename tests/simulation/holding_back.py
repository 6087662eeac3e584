"""Who lets goods leave, and to whom: credit is asked at the delivery or not, and promises of stock are moved."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.choosing import choose
from tests.simulation.plant import Plant
from tests.simulation.requests import Request

_CHECKS: tuple[dict[str, Any], ...] = (
    {"when": "never"},
    {"when": "always", "from_status": "hold"},
    {"when": "always", "from_status": "stop"},
    {"when": "after_days", "days": 1, "from_status": "hold"},
)


def change_credit_policy(_plant: Plant, rng: Random) -> Request | None:
    """Somebody of finance says when credit is asked before goods leave."""
    policy = {"watch_percent": 90, "watch_overdue_days": 1, "grace_days": rng.choice((None, 5, 30))}
    body = policy | {"delivery_check": rng.choice(_CHECKS)}
    return Request("credit policy", "finance", "PUT", "/credit-policy", body)


def move_promise(plant: Plant, rng: Random) -> Request | None:
    """A sales manager gives what is promised to one order to one that waits."""
    held = choose(plant, rng, "inventory", "reservation", "id", "state IN ('reserved', 'partial')")
    waiting = choose(plant, rng, "inventory", "reservation", "order_id", "state IN ('waiting', 'partial')")
    if held is None or waiting is None:
        return None
    body = {"to_order_id": waiting[0], "reason": "their line stands still"}
    return Request("move promise", "inventory", "POST", f"/reservations/{held[0]}/reallocate", body)


def rank_anew(_plant: Plant, rng: Random) -> Request | None:
    """Somebody lets those go first who were promised the goods earlier, or those who asked first."""
    body = {"groups": [], "by_promised_day": rng.random() < 0.5}
    return Request("queue rule", "inventory", "PUT", "/queue-rule", body)
