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
    """One line as it was sold: ``discount_percent`` was given by hand, ``offer_percent`` by an offer; 0 to 100 each."""

    sku: str
    quantity: str
    unit_price: Decimal
    discount_percent: Decimal
    offer_percent: Decimal = Decimal(0)


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
    for row in rows(folder / "order_lines.csv"):
        lines[row["order"]].append(
            PastLine(
                row["sku"],
                row["quantity"],
                Decimal(row["unit_price"]),
                Decimal(row["discount_percent"]),
                Decimal(row.get("offer_percent") or 0),
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
        for row in rows(folder / "orders.csv")
    ]
    return sorted(orders, key=lambda order: (order.ordered_on, order.number))


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file that comes with us, by the names of its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
