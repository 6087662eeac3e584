"""What all people of the simulation do: look at a screen and choose, and write amounts as the API takes them."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.plant import Plant

STALE = 0.1
USD = "USD"


def usd(minor: int) -> dict[str, str]:
    """Return an amount in cents as the API takes it."""
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": USD}


def milli_text(quantity: int) -> str:
    """Return thousandths as the API takes a quantity."""
    return f"{quantity // 1000}.{quantity % 1000:03d}".rstrip("0").rstrip(".")


def choose(
    plant: Plant, rng: Random, service: str, table: str, columns: str, wanted: str
) -> tuple[Any, ...] | None:
    """Return a row that fits ``wanted``, or rarely any row at all, for screens are old."""
    where = "1 = 1" if rng.random() < STALE else wanted
    rows = plant.rows(service, f"SELECT {columns} FROM {table} WHERE {where} ORDER BY 1")
    return rng.choice(rows) if rows else None
