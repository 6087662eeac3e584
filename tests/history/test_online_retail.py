"""R1.3 on a real history: every figure by the API is what the file says, worked out again, to the cent.

A small file of the same form is always at hand. ``make history LINES=<file>`` takes the whole one (209,029 lines),
tells how far it is, and compares it also with ``online_retail_by_pandas.json``: the same figures by pandas, once,
out of the file alone: lines of invoice numbers without a ``C``, with a customer, a positive quantity and price,
each rounded half up to the cent as ``(quantity * price in 1/10,000 + 50) // 100``, then ``groupby`` by invoice,
month and customer.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.importing.load import import_folder
from meridian.target import embedded_target
from tests.e2e.systems import System, silent, start_embedded
from tests.history.online_retail import CURRENCY, sold_lines, write_folder

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
SMALL = (
    "1001,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
    "1001,71053,HOLDER,6,2010-12-01 08:26:00,3.39,17850,United Kingdom",
    "1001,85123A,LANTERN,1,2010-12-01 08:26:00,2.55,17850,United Kingdom",
    "1002,71053,HOLDER,32,2010-12-31 09:00:00,1.69,13047,France",
    "1003,85123a,LANTERN,80,2011-01-04 10:00:00,2.575,17850,United Kingdom",
    "1004,22728,CLOCK,3,2011-02-28 11:00:00,3.75,12583,France",
    "1005,22728,CLOCK,24,2011-04-01 11:00:00,3.75,12583,France",
    "1006,71053,,1,2011-05-31 19:59:00,0.001,13047,France",
    "C1007,22728,CLOCK,-1,2011-05-31 12:00:00,4.65,12583,France",
    "1008,22728,CLOCK,1,2011-05-31 12:00:00,4.65,,France",
    "1009,22728,CLOCK,1,2011-05-31 12:00:00,0,12583,France",
)
CENT = Decimal("0.01")
SMALL_NAME = "small.csv"
BY_PANDAS = json.loads(Path(__file__).with_name("online_retail_by_pandas.json").read_text(encoding="utf-8"))
MONTHS = {"from": "2010-12", "to": "2011-05"}
DAYS = {"from": "2010-12-01", "to": "2011-05-31"}


@pytest.fixture(scope="module", params=["small", "whole"])
def lines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of lines."""
    if request.param == "whole":
        whole = os.environ.get("MERIDIAN_ONLINE_RETAIL")
        if not whole:
            pytest.skip("MERIDIAN_ONLINE_RETAIL names no file")
        return Path(whole)
    path = tmp_path_factory.mktemp("lines") / SMALL_NAME
    path.write_text("\n".join((HEADER, *SMALL)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def system(lines: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a system into which the file was brought by ``meridian import``."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("folder")
    write_folder(lines, folder)
    target = embedded_target(home)
    target.migrate()
    tell = silent if lines.name == SMALL_NAME else print
    import_folder(target, folder, passwords={}, skip_existing=False, say=tell)
    running = start_embedded(home)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def orders(lines: Path) -> dict[str, Any]:
    """Give number: (customer, month, amount) of each order, worked out of the file alone."""
    found: dict[str, Any] = {}
    for row in sold_lines(lines, Counter()):
        exact = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
        amount = exact.quantize(CENT, ROUND_HALF_UP)
        _, _, before = found.get(row["InvoiceNo"], (None, None, Decimal(0)))
        found.setdefault(row["InvoiceNo"], (row["CustomerID"], row["InvoiceDate"][:7], Decimal(0)))
        customer, month, _ = found[row["InvoiceNo"]]
        found[row["InvoiceNo"]] = (customer, month, before + amount)
    return found


def ask(system: System, path: str, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return system["mia"].get(f"/figures/{path}?{asked}")


def money(amount: Decimal) -> dict[str, str]:
    return {"amount": str(amount.quantize(CENT, ROUND_HALF_UP)), "currency": CURRENCY}


def test_r1_3_orders_revenue_and_average_order(system: System, orders: dict[str, Any]) -> None:
    found = ask(system, "order-revenue", currency=CURRENCY, by="month", **DAYS)
    amounts = [amount for _, _, amount in orders.values()]
    total = sum(amounts, Decimal(0))
    assert (found["total"]["orders"], found["total"]["revenue"]) == (len(amounts), money(total))
    assert found["total"]["average_order_value"] == money(total / len(amounts))
    by_month: dict[str, Decimal] = defaultdict(Decimal)
    for _, month, amount in orders.values():
        by_month[month] += amount
    assert {part["key"]: part["revenue"] for part in found["parts"]} == {
        month: money(amount) for month, amount in by_month.items()
    }
    assert found["new_customers"] == len({customer for customer, _, _ in orders.values()})


def test_r1_3_who_came_again(system: System, orders: dict[str, Any]) -> None:
    often = Counter(customer for customer, _, _ in orders.values())
    again = sum(count > 1 for count in often.values())
    found = ask(system, "repurchase", **MONTHS)
    assert (found["customers"], found["again"]) == (len(often), again)
    assert found["share_bp"] == again * 10_000 // len(often)


def test_r1_3_the_top_ten_customers(system: System, orders: dict[str, Any]) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for customer, _, amount in orders.values():
        sums[customer] += amount
    top = sorted(sums.items(), key=lambda pair: -pair[1])[:10]
    found = ask(system, "buyers", currency=CURRENCY, limit="10", **MONTHS)["items"]
    assert [(row["number"], row["revenue"]) for row in found] == [
        (customer, money(amount)) for customer, amount in top
    ]


def test_r1_3_cohorts_by_the_month_of_the_first_order(system: System, orders: dict[str, Any]) -> None:
    months: dict[str, list[str]] = defaultdict(list)
    for customer, month, _ in orders.values():
        months[customer].append(month)
    firsts: dict[str, list[list[str]]] = defaultdict(list)
    for bought in months.values():
        firsts[min(bought)].append(sorted(bought)[1:])
    found = ask(system, "cohorts", within="5", **MONTHS)["cohorts"]
    assert {row["month"]: (row["customers"], row["again"][0], row["again"][-1]) for row in found} == {
        month: (
            len(members),
            sum(month in later for later in members),
            sum(any(_within(month, each, 5) for each in later) for later in members),
        )
        for month, members in firsts.items()
    }


def _within(first: str, later: str, months: int) -> bool:
    number = [int(month[:4]) * 12 + int(month[5:]) for month in (first, later)]
    return number[1] - number[0] <= months


def test_r1_3_the_whole_is_what_pandas_says(system: System, lines: Path) -> None:
    if lines.name == SMALL_NAME:
        pytest.skip("pandas was asked about the whole file")
    told = BY_PANDAS
    found = ask(system, "order-revenue", currency=CURRENCY, by="month", **DAYS)
    total = found["total"]
    assert (total["orders"], total["revenue"]) == (told["orders"], money(_minor(told["revenue_minor"])))
    assert total["average_order_value"] == money(_minor(told["average_order_minor"]))
    assert {part["key"]: part["revenue"] for part in found["parts"]} == {
        month: money(_minor(minor)) for month, minor in told["revenue_by_month_minor"].items()
    }
    again = ask(system, "repurchase", **MONTHS)
    assert (again["customers"], again["again"]) == (told["customers"], told["again"])
    top = ask(system, "buyers", currency=CURRENCY, limit="10", **MONTHS)["items"]
    assert [(row["number"], row["revenue"]) for row in top] == [
        (customer, money(_minor(minor))) for customer, minor in told["top_ten_minor"]
    ]


def _minor(minor: int) -> Decimal:
    return Decimal(minor) / 100


def test_the_audit_finds_nothing(system: System) -> None:
    with system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
