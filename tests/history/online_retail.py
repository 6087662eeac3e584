"""Online Retail (a wholesaler of gifts, by its invoice lines) as a folder that ``meridian import`` takes.

``python -m tests.history.online_retail LINES.csv FOLDER`` writes the folder. An order is an invoice number with its
lines of a known customer that have a positive quantity and price; a number that begins with ``C`` takes an earlier one
back and is no order. What is left out is counted.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

CURRENCY = "GBP"
_HEADERS = {
    "customers": ("number", "name", "currency", "owner", "country"),
    "items": ("sku", "name", "uom", "decimals", "lot_tracked"),
    "orders": ("number", "customer", "currency", "ordered_on"),
    "order_lines": ("order", "line_no", "sku", "quantity", "unit_price", "discount_percent"),
}


def sold_lines(path: Path, left_out: Counter[str]) -> Iterator[dict[str, str]]:
    """Give the lines that are orders', in the sequence of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            why = _reason(row)
            if why:
                left_out[why] += 1
            else:
                yield row


def _reason(row: dict[str, str]) -> str | None:
    if row["InvoiceNo"].startswith("C"):
        return "taken back"
    if not row["CustomerID"]:
        return "no customer"
    if float(row["Quantity"]) <= 0 or float(row["UnitPrice"]) <= 0:
        return "nothing sold"
    return None


def write_folder(path: Path, folder: Path, *, owner: str = "") -> Counter[str]:
    """Write the folder, one pass and a line at a time; return what was left out, and how many lines were not."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: dict[str, Counter[str]] = {name: Counter() for name in ("customers", "items", "orders")}
    left_out: Counter[str] = Counter()
    with ExitStack() as files:
        writers = {}
        for name, header in _HEADERS.items():
            file = files.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow(header)
        for row in sold_lines(path, left_out):
            left_out["taken"] += 1
            number, customer, sku = row["InvoiceNo"], row["CustomerID"], row["StockCode"].upper()
            if not seen["customers"][customer]:
                writers["customers"].writerow(
                    (customer, f"Customer {customer}", CURRENCY, owner, row["Country"])
                )
            if not seen["items"][sku]:
                writers["items"].writerow((sku, row["Description"].strip() or sku, "piece", 0, "no"))
            if not seen["orders"][number]:
                writers["orders"].writerow((number, customer, CURRENCY, row["InvoiceDate"][:10]))
            seen["customers"][customer] += 1
            seen["items"][sku] += 1
            seen["orders"][number] += 1
            line = (number, seen["orders"][number], sku, row["Quantity"], row["UnitPrice"], "0")
            writers["order_lines"].writerow(line)
    return left_out


if __name__ == "__main__":
    for why, lines in write_folder(Path(sys.argv[1]), Path(sys.argv[2])).items():
        sys.stdout.write(f"{why:14} {lines:8} lines\n")
