"""A year of a small dealer in pumps, written as a company to import: what the figures' pictures are made of.

Everything is worked out from positions in lists, so that two runs on one day give the same pictures.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

USERS = (
    ("sam", "Sam Keller", "sales"),
    ("ned", "Ned Okafor", "sales"),
    ("ida", "Ida Brandt", "sales"),
    ("mia", "Mia Lindqvist", "sales_manager"),
    ("wim", "Wim de Boer", "warehouse"),
    ("fay", "Fay Tanaka", "finance"),
    ("sid", "Sid Rossi", "service"),
    ("ana", "Ana Costa", "service"),
    ("admin", "Ada Novak", "admin"),
    ("shop", "Web shop", "api_client"),
)
"""Who logs in under the names that ``tests.console.screens`` and the scenarios use."""
ITEMS = (
    ("PUMP-25", "Circulation pump 25 W", "Pumps", "268.00", "171.00"),
    ("PUMP-60", "Circulation pump 60 W", "Pumps", "512.00", "338.00"),
    ("VALVE-32", "Ball valve DN32", "Valves", "46.50", "27.00"),
    ("VALVE-50", "Gate valve DN50", "Valves", "88.00", "55.00"),
    ("SEAL-12", "Shaft seal 12 mm", "Spares", "11.40", "4.10"),
    ("BEAR-6", "Bearing 6204", "Spares", "17.80", "8.60"),
    ("MOTOR-1", "Motor 1.1 kW", "Motors", "389.00", "262.00"),
    ("CTRL-3", "Controller, three channels", "Controls", "234.00", "139.00"),
    ("FILT-80", "Strainer DN80", "Valves", "126.00", "81.50"),
    ("HOSE-20", "Hose, per metre", "Spares", "6.90", "2.70"),
)
CUSTOMERS = (
    ("A-001", "Aldenhof Heating", "Germany", "Hamburg", "north", "dealer", "+49 40 5550 110"),
    ("A-002", "Quay Works", "Netherlands", "Rotterdam", "west", "industry", "+31 10 555 0101"),
    ("A-003", "华北水务设备", "China", "天津", "east", "dealer", "+86 22 5550 0103"),
    ("A-004", "Bergmann Anlagenbau", "Germany", "Essen", "west", "industry", "+49 201 5550 104"),
    ("A-005", "Lakeside Hotels", "Switzerland", "Luzern", "south", "building", "+41 41 555 01 05"),
    ("A-006", "江南暖通工程", "China", "苏州", "east", "building", "+86 512 5550 0106"),
    ("A-007", "Nordsee Technik", "Germany", "Kiel", "north", "dealer", "+49 431 5550 107"),
    ("A-008", "Ostrava Water", "Czechia", "Ostrava", "east", "industry", "+420 596 555 108"),
    ("A-009", "Meier Haustechnik", "Austria", "Linz", "south", "building", "+43 732 5550 109"),
    ("A-010", "Delta Greenhouses", "Netherlands", "Delft", "west", "industry", "+31 15 555 0110"),
)
"""The first buy most and most often; the last have not been seen for months."""
CONTACTS = ("Jana Vogt", "Pieter Smit", "李伟", "Klara Bergmann", "Luca Meier", "陈静", "Olaf Jensen",
            "Petra Novotná", "Hans Meier", "Femke Jansen")  # fmt: skip
"""Who buys at each customer."""
TICKETS = (
    (0, "technical", "Motor hums and does not start", "Capacitor changed", 210, 208),
    (1, "delivery", "Two valves were missing", "Sent after", 171, 169),
    (3, "quality", "Housing with a dent", "Price lowered", 120, 117),
    (2, "technical", "控制器报警 E3", "已更新固件", 96, 94),
    (4, "billing", "Invoice names the wrong site", "Corrected", 62, 61),
    (1, "technical", "Pump loses pressure", "Seal changed", 33, 31),
)
"""Customer, kind, subject, resolution, and how many days ago it was opened and solved."""
MONTHS = 12
TERMS_DAYS = 30
NEVER = 10_000
PAYS_AFTER_DAYS = (18, 29, 35, 26, 58, 31, NEVER, 44, 24, 30)
"""From the invoice to the money, by customer."""
SEASON = (9, 8, 9, 10, 11, 12, 11, 12, 14, 15, 17, 13)
"""How much is ordered, from eleven months ago until this month."""


def write_year(folder: Path, today: date) -> Path:
    """Write the company into ``folder``, its last order a few days before ``today``; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder, "users", ("username", "name", "roles"), USERS)
    _csv(folder, "warehouses", ("code", "name", "default"), (("MAIN", "Main warehouse", "yes"),))
    head = ("number", "name", "currency", "owner", "country", "city", "region", "group", "phone")
    _csv(folder, "customers", head, _customers())
    buyers = zip(CUSTOMERS, CONTACTS, strict=True)
    _csv(folder, "contacts", ("customer", "name", "role"), ((c[0], who, "Buyer") for c, who in buyers))
    _csv(
        folder,
        "tickets",
        ("number", "customer", "kind", "subject", "opened_on", "resolution", "resolved_on"),
        _tickets(today),
    )
    _csv(
        folder,
        "credit_limits",
        ("customer", "currency", "limit"),
        ((c[0], "USD", "45000.00") for c in CUSTOMERS),
    )
    _csv(
        folder,
        "items",
        ("sku", "name", "category", "uom", "decimals", "lot_tracked"),
        ((sku, name, category, "piece", "0", "no") for sku, name, category, _price, _cost in ITEMS),
    )
    _csv(
        folder,
        "prices",
        ("policy", "currency", "sku", "min_quantity", "unit_price"),
        (("List", "USD", sku, "1", price) for sku, _n, _c, price, _cost in ITEMS),
    )
    _csv(
        folder,
        "stock",
        ("warehouse", "sku", "quantity", "unit_cost"),
        (
            ("MAIN", sku, 40 + 37 * position % 260, f"{cost} USD")
            for position, (sku, _n, _c, _price, cost) in enumerate(ITEMS, start=1)
        ),
    )
    _documents(folder, today)
    return folder


def _customers() -> Iterable[Sequence[str]]:
    for position, (number, name, *rest) in enumerate(CUSTOMERS):
        yield number, name, "USD", ("sam", "ida", "ned")[position % 3], *rest


def _tickets(today: date) -> Iterable[Sequence[object]]:
    for number, (customer, kind, subject, resolution, opened, solved) in enumerate(TICKETS, start=201):
        days = today - timedelta(days=opened), today - timedelta(days=solved)
        yield f"H{number}", CUSTOMERS[customer][0], kind, subject, days[0], resolution, days[1]


def _days(today: date) -> Iterable[tuple[int, int, date]]:
    """Yield month, customer and day of each order."""
    for month in range(MONTHS):
        start = today - timedelta(days=30 * (MONTHS - month))
        for customer in range(len(CUSTOMERS)):
            every = 1 + customer // 3
            gone = customer >= len(CUSTOMERS) - 2 and month > MONTHS - 5
            if (month + customer) % every == 0 and month >= customer // 2 and not gone:
                yield month, customer, start + timedelta(days=3 + (5 * customer + month) % 24)


def _documents(folder: Path, today: date) -> None:
    orders, lines, shipments, invoices, payments = [], [], [], [], []
    for number, (month, customer, day) in enumerate(_days(today), start=1001):
        who, order = CUSTOMERS[customer][0], f"S{number}"
        sent, total = day + timedelta(days=4), 0
        orders.append((order, who, "USD", day, day + timedelta(days=7)))
        for line, step in enumerate((0, 2, 3), start=1):
            sku, _name, _category, price, _cost = ITEMS[(customer + step * (month % 2 + 1)) % len(ITEMS)]
            quantity = 1 + SEASON[month] * (10 - customer) // (8 * line)
            lines.append((order, line, sku, quantity, price, 0))
            shipments.append((f"L{number}", order, line, quantity, sent))
            total += quantity * round(float(price) * 100)
        invoices.append((f"R{number}", f"L{number}", sent, sent + timedelta(days=TERMS_DAYS)))
        paid = sent + timedelta(days=PAYS_AFTER_DAYS[customer])
        if paid <= today and not (customer == 4 and month % 4 == 1):
            amount = f"{total // 100}.{total % 100:02}"
            payments.append((f"Z{number}", who, "USD", paid, f"R{number}", f"R{number}", amount))
    _csv(folder, "orders", ("number", "customer", "currency", "ordered_on", "promised_on"), orders)
    _csv(
        folder,
        "order_lines",
        ("order", "line_no", "sku", "quantity", "unit_price", "discount_percent"),
        lines,
    )
    _csv(folder, "shipments", ("number", "order", "line_no", "quantity", "shipped_on"), shipments)
    _csv(folder, "invoices", ("number", "shipment", "posted_on", "due_on"), invoices)
    head = ("number", "customer", "currency", "received_on", "reference", "invoice", "amount")
    _csv(folder, "payments", head, payments)


def _csv(folder: Path, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
