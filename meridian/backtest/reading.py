"""Reading invoice lines of a shop, as the public Online Retail data set has them, and leaving out what is no sale."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from services.crm.domain.buying import Bought

COLUMNS = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
CURRENCY = "GBP"
_GOODS = 5
_SMALLEST_MILLI, _MINOR = 1000, 100


class BadLines(ValueError):
    """The file is not one of invoice lines."""


@dataclass(frozen=True)
class Read:
    """The lines that count, and how many were left out: of nobody, cancelled or free, and charges that are no goods."""

    lines: tuple[Bought, ...]
    anonymous: int
    not_sold: int
    charges: int


def read_lines(path: Path) -> Read:
    """Read a CSV file, or the first one in a folder."""
    found = sorted(path.glob("*.csv"))[:1] if path.is_dir() else [path]
    if not found or not found[0].is_file():
        raise BadLines(f"there is no CSV file at {path}")
    left_out = {"anonymous": 0, "not_sold": 0, "charges": 0}
    with found[0].open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadLines(f"{found[0].name} has no column {', '.join(missing)}")
        lines = list(_lines(reader, left_out))
    return Read(tuple(sorted(lines, key=lambda line: (line.customer_id, line.day, line.item_id))), **left_out)


def _lines(rows: Iterable[Mapping[str, str]], left_out: dict[str, int]) -> Iterator[Bought]:
    for place, row in enumerate(rows, start=2):
        try:
            quantity, price = int(Decimal(row["Quantity"])), Decimal(row["UnitPrice"])
            day = date.fromisoformat(row["InvoiceDate"][:10])
        except (InvalidOperation, ValueError) as error:
            raise BadLines(f"line {place} cannot be read: {error}") from None
        why = _no_sale(row, quantity, price)
        if why is not None:
            left_out[why] += 1
            continue
        minor = int((price * quantity * _MINOR).to_integral_value())
        yield Bought(row["CustomerID"], row["StockCode"], day, quantity * _SMALLEST_MILLI, minor, CURRENCY)


def _no_sale(row: Mapping[str, str], quantity: int, price: Decimal) -> str | None:
    if not row["CustomerID"]:
        return "anonymous"
    if quantity <= 0 or price <= 0:
        return "not_sold"
    return None if row["StockCode"][:_GOODS].isdigit() else "charges"
