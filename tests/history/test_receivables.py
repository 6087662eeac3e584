"""R1.3 and R4.4 on a real history: what is owed at each month's end is what the file says, worked out again.

A small file of the same form is always at hand; ``MERIDIAN_RECEIVABLES`` names the whole one (1,267 invoices).
"""

from __future__ import annotations

import csv
import os
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from meridian.company import Company
from meridian.importing.load import import_folder
from meridian.target import embedded_target
from tests.e2e.systems import COMPANY, System, silent, start_embedded
from tests.history.receivables import write_folder

HEADER = "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate"
SMALL = (
    "A-1,1001,2013-01-05,2013-02-04,61.74,2013-02-20",
    "A-1,1002,2013-01-31,2013-03-02,40.00,2013-02-01",
    "B-2,1003,2013-02-14,2013-03-16,65.88,2013-03-16",
    "B-2,1004,2013-02-28,2013-03-30,10.01,2013-05-02",
    "C-3,1005,2013-04-01,2013-05-01,99.99,2013-04-01",
    "A-1,1006,2013-04-30,2013-05-30,7.25,2013-06-30",
)
TENTH = Decimal("0.1")
BUCKETS = {"days_1_30": (1, 30), "days_31_60": (31, 60), "days_61_90": (61, 90), "days_91_120": (91, 120)}


@dataclass(frozen=True)
class Owed:
    """An invoice of the file."""

    amount: Decimal
    posted_on: date
    due_on: date
    paid_on: date


@pytest.fixture(scope="module", params=["small", "whole"])
def invoices(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of invoices."""
    if request.param == "whole":
        whole = os.environ.get("MERIDIAN_RECEIVABLES")
        if not whole:
            pytest.skip("MERIDIAN_RECEIVABLES names no file")
        return Path(whole)
    path = tmp_path_factory.mktemp("invoices") / "small.csv"
    path.write_text("\n".join((HEADER, *SMALL)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def system(invoices: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a system into which the file was brought by ``meridian import``."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("folder")
    write_folder(invoices, folder)
    target = embedded_target(home)
    Company(target).ensure(COMPANY, say=silent)  # shipments left from its warehouse
    import_folder(target, folder, passwords={}, skip_existing=False, say=silent)
    running = start_embedded(home)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def owed(invoices: Path) -> list[Owed]:
    with invoices.open(encoding="utf-8", newline="") as file:
        return [
            Owed(
                Decimal(row["InvoiceAmount"]),
                *(date.fromisoformat(row[name]) for name in ("InvoiceDate", "DueDate", "SettledDate")),
            )
            for row in csv.DictReader(file)
        ]


def months_of(owed: list[Owed]) -> list[tuple[date, date]]:
    """Return the first and the last day of each month from the first invoice to the last payment."""
    day, last = min(each.posted_on for each in owed).replace(day=1), max(each.paid_on for each in owed)
    found = []
    while day <= last:
        end = day.replace(day=monthrange(day.year, day.month)[1])
        found.append((day, end))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found


def tenths(numerator: Decimal, denominator: Decimal) -> str | None:
    return str((numerator / denominator).quantize(TENTH, ROUND_HALF_UP)) if denominator else None


def test_r1_3_days_sales_outstanding_and_habit_at_each_months_end(system: System, owed: list[Owed]) -> None:
    months = months_of(owed)
    asked = f"from={months[0][0]:%Y-%m}&to={months[-1][0]:%Y-%m}&currency=USD"
    found = system["fay"].get(f"/figures/receivables?{asked}")["months"]
    assert [row["month"] for row in found] == [f"{first:%Y-%m}" for first, _ in months]
    for row, (first, last) in zip(found, months, strict=True):
        sold = sum((each.amount for each in owed if first <= each.posted_on <= last), Decimal(0))
        left = sum((each.amount for each in owed if each.posted_on <= last < each.paid_on), Decimal(0))
        paid = [each for each in owed if first <= each.paid_on <= last]
        money = sum((each.amount for each in paid), Decimal(0))
        took = sum((each.amount * (each.paid_on - each.posted_on).days for each in paid), Decimal(0))
        late = sum((each.amount * max((each.paid_on - each.due_on).days, 0) for each in paid), Decimal(0))
        assert (row["invoiced"]["amount"], row["balance"]["amount"]) == (f"{sold:.2f}", f"{left:.2f}")
        assert row["paid"]["amount"] == f"{money:.2f}"
        assert row["dso"] == tenths(left * last.day, sold)
        assert row["average_days_to_pay"] == tenths(took, money)
        assert row["average_days_late"] == tenths(late, money)


def test_r4_4_the_ageing_at_each_months_end(system: System, owed: list[Owed]) -> None:
    for _, last in months_of(owed):
        open_then = [each for each in owed if each.posted_on <= last < each.paid_on]
        currencies = system["fay"].get(f"/ageing?as_of={last.isoformat()}&currency=USD")["currencies"]
        amounts: dict[str, Any] = currencies[0]["amounts"] if currencies else {}
        for name, (least, most) in BUCKETS.items():
            inside = [each.amount for each in open_then if least <= (last - each.due_on).days <= most]
            shown = amounts[name]["amount"] if amounts else "0.00"
            assert shown == f"{sum(inside, Decimal(0)):.2f}", (last, name)
