"""What each salesperson sold, beside what was to be sold."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from meridian.demo.gateway import Person
from meridian.demo.history import rows


def quota_lines(person: Person, folder: Path, orders: list[dict[str, Any]]) -> list[str]:
    """Return a line for each salesperson who has a quota in ``quotas.csv``: sold, quota, and the share in percent."""
    quotas: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(folder / "quotas.csv"):
        quotas[row["username"]] += Decimal(row["quota"])
    names = {user["id"]: user["username"] for user in person.every("/users")}
    owners = {customer["id"]: names.get(customer["owner_id"]) for customer in person.every("/customers")}
    sold: dict[str | None, Decimal] = defaultdict(Decimal)
    for order in orders:
        if order["state"] != "cancelled":
            sold[owners.get(order["customer_id"])] += Decimal(order["total"]["amount"])
    head = f"{'salesperson':<14}{'sold':>16}{'quota':>16}{'reached':>10}"
    return [
        head,
        *(
            f"{name:<14}{sold[name]:>16,.2f}{quota:>16,.2f}{sold[name] * 100 / quota:>8.0f} %"
            for name, quota in sorted(quotas.items(), key=lambda entry: -sold[entry[0]])
        ),
    ]
