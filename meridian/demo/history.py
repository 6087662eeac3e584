"""Reading the orders to replay: who bought what, when it was promised, when it left."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class PastLine:
    """One line as it was sold: ``discount_percent`` is 0 to 100."""

    sku: str
    quantity: str
    unit_price: Decimal
    discount_percent: Decimal


@dataclass(frozen=True)
class PastOrder:
    """One order of the company's history; ``shipped_on`` is ``None`` for one that was still open at the end."""

    number: str
    customer: str
    ordered_on: date
    promised_on: date
    shipped_on: date | None
    exact_total: Decimal
    lines: tuple[PastLine, ...]


def read_history(folder: Path) -> list[PastOrder]:
    """Return the orders in ``folder`` (``orders.csv`` and ``order_lines.csv``), oldest first."""
    lines: dict[str, list[PastLine]] = defaultdict(list)
    for row in _rows(folder / "order_lines.csv"):
        lines[row["order"]].append(
            PastLine(
                row["sku"], row["quantity"], Decimal(row["unit_price"]), Decimal(row["discount_percent"])
            )
        )
    orders = [
        PastOrder(
            number=row["number"],
            customer=row["customer"],
            ordered_on=date.fromisoformat(row["ordered_on"]),
            promised_on=date.fromisoformat(row["promised_on"]),
            shipped_on=date.fromisoformat(row["shipped_on"]) if row["shipped_on"] else None,
            exact_total=Decimal(row["exact_total"]),
            lines=tuple(lines[row["number"]]),
        )
        for row in _rows(folder / "orders.csv")
    ]
    return sorted(orders, key=lambda order: (order.ordered_on, order.number))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
