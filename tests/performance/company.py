"""The company that the load is put on: enough customers and items that cycles rarely meet on one row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

CUSTOMERS = 200
ITEMS = 300
STOCK = "900000000"
LIMIT = "900000000.00"
PRICE = "10.00"
PEOPLE = (
    ("sam", "Sam Seller", "sales"),
    ("wim", "Wim Warehouse", "warehouse"),
    ("fay", "Fay Finance", "finance"),
    ("mia", "Mia Manager", "sales_manager"),
    ("admin", "Ada Admin", "admin"),
)


def customer_number(place: int) -> str:
    """Return the number of the customer at ``place``."""
    return f"K-{place:05d}"


def sku(place: int) -> str:
    """Return the code of the item at ``place``."""
    return f"PART-{place:05d}"


def write_company(folder: Path) -> Path:
    """Write the company's files, as ``meridian import`` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    customers = [customer_number(place) for place in range(CUSTOMERS)]
    items = [sku(place) for place in range(ITEMS)]
    write(folder / "users.csv", ("username", "name", "roles"), PEOPLE)
    write(folder / "warehouses.csv", ("code", "name", "default"), [("MAIN", "Main warehouse", "yes")])
    write(
        folder / "customers.csv",
        ("number", "name", "currency", "owner", "country", "city", "address", "postal_code", "phone"),
        [(number, f"Works {number}", "USD", "sam", "", "", "", "", "") for number in customers],
    )
    write(
        folder / "items.csv",
        ("sku", "name", "category", "uom", "decimals", "lot_tracked", "supplier"),
        [(code, f"Part {code}", "", "piece", "0", "no", "") for code in items],
    )
    write(
        folder / "credit_limits.csv",
        ("customer", "currency", "limit"),
        [(number, "USD", LIMIT) for number in customers],
    )
    write(
        folder / "prices.csv",
        ("policy", "currency", "customer", "valid_from", "valid_until", "sku", "min_quantity", "unit_price"),
        [("List", "USD", "", "", "", code, "1", PRICE) for code in items],
    )
    write(
        folder / "stock.csv",
        ("warehouse", "sku", "lot", "quantity"),
        [("MAIN", code, "", STOCK) for code in items],
    )
    return folder


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
