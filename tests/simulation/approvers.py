"""Those who must be asked: what is dear waits for somebody else's yes."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.choosing import choose
from tests.simulation.plant import Plant
from tests.simulation.requests import Request


def send(plant: Plant, rng: Random) -> Request | None:
    """A quotation goes to the customer, or before those who must approve it."""
    row = choose(plant, rng, "sales", "quotation", "id", "state = 'draft'")
    return None if row is None else Request("send", "sales", "POST", f"/quotations/{row[0]}/send")


def decide(plant: Plant, rng: Random) -> Request | None:
    """Somebody decides on a quotation."""
    return _decide(plant, rng, "sales", "/approvals")


def decide_buying(plant: Plant, rng: Random) -> Request | None:
    """Somebody decides on what is to be bought."""
    return _decide(plant, rng, "inventory", "/inventory-approvals")


def _decide(plant: Plant, rng: Random, service: str, path: str) -> Request | None:
    """Somebody decides; now and then who wrote it tries himself."""
    row = choose(plant, rng, service, "approval", "id", "state = 'waiting'")
    if row is None:
        return None
    body: dict[str, Any] = {
        "decision": rng.choices(("approve", "reject"), (5, 1))[0],
        "comment": "as discussed",
    }
    second = rng.random() < 0.85
    return Request("decide", service, "POST", f"{path}/{row[0]}/decide", body, second=second)


def withdraw(plant: Plant, rng: Random) -> Request | None:
    """Who asked takes the question back."""
    return _withdraw(plant, rng, "sales", "/approvals")


def withdraw_buying(plant: Plant, rng: Random) -> Request | None:
    """Who asked for what is to be bought takes the question back."""
    return _withdraw(plant, rng, "inventory", "/inventory-approvals")


def _withdraw(plant: Plant, rng: Random, service: str, path: str) -> Request | None:
    row = choose(plant, rng, service, "approval", "id", "state = 'waiting'")
    return None if row is None else Request("withdraw", service, "POST", f"{path}/{row[0]}/withdraw")
