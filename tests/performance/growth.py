"""The same load and the same pages after 0, 20,000 and 200,000 orders: what does a full database cost?

The orders of the past come in through ``meridian import``, with shipments, invoices and payments, so that all of
their events are delivered and the audit stays clean; the import's own rate is a figure too. In the production shape
that is done for the first ``IMPORTED`` orders, and what they left is then written many times over (``multiply.py``).
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from meridian.importing.load import import_folder
from tests.performance.company import CUSTOMERS, ITEMS, PRICE, customer_number, sku, write
from tests.performance.compare import compare
from tests.performance.figures import rounded
from tests.performance.measure import orders_done
from tests.performance.multiply import Multiplier, as_superuser
from tests.performance.o2c import Plan, audited, closed_loop
from tests.performance.system import Say, System
from tests.performance.views import pages

CHUNK = 5000
IMPORTED = 2000
LINES = 3
QUANTITY = 2
DAYS = 600
YOUNGEST = timedelta(days=90)
_AMOUNT = f"{LINES * QUANTITY * float(PRICE):.2f}"


def write_past(folder: Path, first: int, number: int, today: date) -> None:
    """Write the files of ``number`` orders of the past, each shipped, invoiced and paid."""
    folder.mkdir(parents=True, exist_ok=True)
    places = range(first, first + number)
    days = {place: (today - YOUNGEST - timedelta(days=place % DAYS)).isoformat() for place in places}
    write(
        folder / "orders.csv",
        ("number", "customer", "currency", "ordered_on", "promised_on"),
        [(f"P-{place}", customer_number(place % CUSTOMERS), "USD", days[place], "") for place in places],
    )
    write(
        folder / "order_lines.csv",
        ("order", "line_no", "sku", "quantity", "unit_price", "discount_percent"),
        [
            (f"P-{place}", str(line), sku((place * LINES + line) % ITEMS), str(QUANTITY), PRICE, "0")
            for place in places
            for line in range(1, LINES + 1)
        ],
    )
    write(
        folder / "shipments.csv",
        ("number", "order", "line_no", "quantity", "lot", "shipped_on"),
        [
            (f"L-{place}", f"P-{place}", str(line), str(QUANTITY), "", days[place])
            for place in places
            for line in range(1, LINES + 1)
        ],
    )
    write(
        folder / "invoices.csv",
        ("number", "shipment", "posted_on", "due_on"),
        [(f"R-{place}", f"L-{place}", days[place], days[place]) for place in places],
    )
    write(
        folder / "payments.csv",
        ("number", "customer", "currency", "received_on", "reference", "invoice", "amount"),
        [
            (f"Z-{place}", customer_number(place % CUSTOMERS), "USD", days[place], f"RE {place}", f"R-{place}", _AMOUNT)
            for place in places
        ],
    )  # fmt: skip


class Past:
    """The orders of the past that a system has been given so far."""

    def __init__(self, system: System, folder: Path, today: date, say: Say) -> None:
        self._system = system
        self._folder = folder
        self._today = today
        self._say = say
        self._multiplier: Multiplier | None = None
        self._imported = 0
        self.number = 0

    def grow(self, number: int) -> dict[str, Any]:
        """Bring the past up to ``number`` orders; return how, and how fast the import went with all its events."""
        first = self.number
        started = time.monotonic()
        if self._system.shape == "production":
            imported, import_s = self._multiply(number)
        else:
            imported, import_s = number - first, self._import(number)
        grown = number - first
        return {
            "orders": grown,
            "seconds": rounded(time.monotonic() - started) if grown else 0.0,
            "imported": imported,
            "lines_per_s": rounded(imported * LINES / import_s) if imported else None,
        }

    def _multiply(self, number: int) -> tuple[int, float]:
        """Import some orders, once, and write them as often as needed; return how many, and the seconds of that."""
        imported, import_s = 0, 0.0
        if self._multiplier is None and number > self.number:
            self._imported = imported = min(IMPORTED, number)
            server = os.environ["MERIDIAN_POSTGRES_URL"]
            self._multiplier = Multiplier(as_superuser(self._system.target, server), imported)
            self._multiplier.before_import()
            import_s = self._import(imported)
            self._multiplier.after_import()
        if self._multiplier is not None and number > self.number:
            copies, rest = divmod(number - self.number, self._imported)
            if rest:
                raise ValueError(f"the sizes after the first one are multiples of {self._imported}")
            started = time.monotonic()
            self._multiplier.multiply(copies)
            self.number = number
            self._say(f"{number} orders of the past after {time.monotonic() - started:.0f} s of copying")
        return imported, import_s

    def _import(self, number: int) -> float:
        """Bring the past up to ``number`` orders through the product; return the seconds that took."""
        started = time.monotonic()
        while self.number < number:
            chunk = min(CHUNK, number - self.number)
            folder = self._folder / f"past-{self.number}"
            write_past(folder, self.number, chunk, self._today)
            import_folder(
                self._system.target, folder, passwords={}, skip_existing=False, say=lambda _line: None
            )
            self.number += chunk
            self._say(f"{self.number} orders of the past after {time.monotonic() - started:.0f} s")
        return time.monotonic() - started

    def close(self) -> None:
        """Let go of the databases."""
        if self._multiplier is not None:
            self._multiplier.close()


def growth(system: System, sizes: Sequence[int], plan: Plan, past: Past, say: Say) -> dict[str, Any]:
    """Measure at each size."""
    found: list[dict[str, Any]] = []
    for size in sizes:
        filled = past.grow(size)
        load = closed_loop(system, plan, say).as_json()
        looked = pages(system)
        with system.target.opened() as databases:
            done, violations = orders_done(databases), audited(databases, say)
        say(f"{size} orders: {load['cycles_per_s']} cycles/s, {load['cpu_ms_per_cycle']} ms CPU per cycle")
        found.append(
            {"past_orders": size, "orders_in_all": done, "import": filled, "load": load, "pages": looked,
             "audit_violations": violations}
        )  # fmt: skip
    return compare(found) | {"sizes": found}
