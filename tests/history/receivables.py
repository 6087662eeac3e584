"""Invoices with due and settled dates as a folder that ``meridian import`` takes: an order, shipment and invoice each.

``python -m tests.history.receivables INVOICES.csv FOLDER`` writes the folder. Dates are ``2013-01-26``.
"""

from __future__ import annotations

import csv
import sys
from contextlib import ExitStack
from pathlib import Path

CURRENCY = "USD"
_HEADERS = {
    "customers": ("number", "name", "currency"),
    "items": ("sku", "name", "uom", "decimals", "lot_tracked"),
    "orders": ("number", "customer", "currency", "ordered_on"),
    "order_lines": ("order", "line_no", "sku", "quantity", "unit_price", "discount_percent"),
    "shipments": ("number", "order", "line_no", "quantity", "shipped_on"),
    "invoices": ("number", "shipment", "posted_on", "due_on"),
    "payments": ("number", "customer", "currency", "received_on", "reference", "invoice", "amount"),
}


def write_folder(path: Path, folder: Path) -> int:
    """Write the folder and return how many invoices there are."""
    folder.mkdir(parents=True, exist_ok=True)
    customers: set[str] = set()
    count = 0
    with ExitStack() as files:
        writers = {}
        for name, header in _HEADERS.items():
            file = files.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow(header)
        writers["items"].writerow(("SERVICE", "What was invoiced", "piece", 0, "no"))
        for row in csv.DictReader(files.enter_context(path.open(encoding="utf-8", newline=""))):
            customer, number, day = row["customerID"], row["invoiceNumber"], row["InvoiceDate"]
            if customer not in customers:
                writers["customers"].writerow((customer, f"Customer {customer}", CURRENCY))
            customers.add(customer)
            count += 1
            order, shipment, amount = f"O-{number}", f"L-{number}", row["InvoiceAmount"]
            writers["orders"].writerow((order, customer, CURRENCY, day))
            writers["order_lines"].writerow((order, 1, "SERVICE", 1, amount, 0))
            writers["shipments"].writerow((shipment, order, 1, 1, day))
            writers["invoices"].writerow((f"R-{number}", shipment, day, row["DueDate"]))
            paid = (
                f"Z-{number}",
                customer,
                CURRENCY,
                row["SettledDate"],
                f"RE {number}",
                f"R-{number}",
                amount,
            )
            writers["payments"].writerow(paid)
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{write_folder(Path(sys.argv[1]), Path(sys.argv[2]))} invoices\n")
