"""The example companies' orders as orders of the past: a folder that ``meridian import`` takes, and the lines."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

from tests.history.worked_out import SoldLine

EXAMPLES = Path(__file__).parents[2] / "examples"
CURRENCY = "USD"


def sold_lines(company: str, most: int | None) -> Iterator[SoldLine]:
    """Give every line of the company's first ``most`` orders; without a number, of all."""
    orders = {row["number"]: row for row in _orders(company, most)}
    for row in _rows(company, "replay/order_lines.csv"):
        if row["order"] not in orders:
            continue
        order = orders[row["order"]]
        quantity, price = Decimal(row["quantity"]), Decimal(row["unit_price"])
        yield SoldLine(
            row["order"], order["customer"], order["ordered_on"], quantity, price, Decimal(_discount(row))
        )


def write_folder(company: str, folder: Path, most: int | None) -> None:
    """Write the first ``most`` orders, and their customers and items; the customers are nobody's."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = list(_orders(company, most))
    bought, numbers = ({row[name] for row in taken} for name in ("customer", "number"))
    lines = [row for row in _rows(company, "replay/order_lines.csv") if row["order"] in numbers]
    sold = {row["sku"] for row in lines}
    customers = (
        {**row, "owner": ""} for row in _rows(company, "company/customers.csv") if row["number"] in bought
    )
    _write(folder / "customers.csv", ("number", "name", "currency", "owner", "country"), customers)
    items = (row for row in _rows(company, "company/items.csv") if row["sku"] in sold)
    _write(folder / "items.csv", ("sku", "name", "category", "uom", "decimals", "lot_tracked"), items)
    orders = ({**row, "currency": CURRENCY} for row in taken)
    _write(folder / "orders.csv", ("number", "customer", "currency", "ordered_on"), orders)
    header = ("order", "line_no", "sku", "quantity", "unit_price", "discount_percent")
    _write(folder / "order_lines.csv", header, _numbered(lines))


def _orders(company: str, most: int | None) -> Iterator[dict[str, str]]:
    return islice(_rows(company, "replay/orders.csv"), most)


def _numbered(lines: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    seen: Counter[str] = Counter()
    for row in lines:
        seen[row["order"]] += 1
        yield {**row, "line_no": str(seen[row["order"]]), "discount_percent": _discount(row)}


def _discount(row: dict[str, str]) -> str:
    """Return what is off a line: by hand, or by an offer; no line of the examples has both."""
    offer = row.get("offer_percent", "0")
    return row["discount_percent"] if Decimal(offer) == 0 else offer


def _rows(company: str, name: str) -> Iterator[dict[str, str]]:
    with (EXAMPLES / company / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write(path: Path, header: tuple[str, ...], rows: Iterator[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
