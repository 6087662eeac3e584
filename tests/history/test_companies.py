"""R1.3 on the example companies: what the API says of their orders is what their files say, to the cent.

A sample of each is compared always, all of their orders by ``make history``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from libs.common.clock import SystemClock
from libs.common.money import Money
from meridian.audit import audit
from meridian.importing.load import import_folder
from meridian.target import embedded_target
from tests.e2e.systems import System, silent, start_embedded
from tests.history.companies import CURRENCY, sold_lines, write_folder
from tests.history.worked_out import WorkedOut

MOST = None if os.environ.get("MERIDIAN_HISTORY") == "whole" else 200
PAST = {
    "northwind": ({"from": "1996-07-01", "to": "1998-05-31"}, {"from": "1996-07", "to": "1998-05"}),
    "adventureworks": ({"from": "2011-05-01", "to": "2014-06-30"}, {"from": "2011-05", "to": "2014-06"}),
}


@pytest.fixture(scope="module", params=sorted(PAST))
def company(request: pytest.FixtureRequest) -> str:
    """Give the name of the company."""
    return str(request.param)


@pytest.fixture(scope="module")
def system(company: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a system into which the company's orders were brought by ``meridian import``."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("folder")
    write_folder(company, folder, MOST)
    target = embedded_target(home)
    target.migrate()
    import_folder(target, folder, passwords={}, skip_existing=False, say=silent if MOST else print)
    running = start_embedded(home)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def truth(company: str) -> WorkedOut:
    """Give the figures as the files say them."""
    return WorkedOut(sold_lines(company, MOST))


def ask(system: System, path: str, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return system["mia"].get(f"/figures/{path}?{asked}")


def money(cents: int) -> dict[str, str]:
    return {"amount": Money(cents, CURRENCY).digits, "currency": CURRENCY}


def test_r1_3_orders_revenue_and_average_order_are_the_files(
    system: System, company: str, truth: WorkedOut
) -> None:
    days, _ = PAST[company]
    assert days["from"] <= truth.days[0] <= truth.days[1] <= days["to"], "the period holds all orders"
    found = ask(system, "order-revenue", currency=CURRENCY, by="month", **days)
    total = found["total"]
    assert (total["orders"], total["revenue"]) == (truth.orders, money(truth.revenue))
    assert total["average_order_value"] == money(truth.average_order)
    assert {part["key"]: part["revenue"] for part in found["parts"]} == {
        month: money(cents) for month, cents in truth.by_month.items()
    }
    assert found["new_customers"] == truth.customers[0]


def test_r1_3_who_came_again_and_the_top_ten_are_the_files(
    system: System, company: str, truth: WorkedOut
) -> None:
    _, months = PAST[company]
    found = ask(system, "repurchase", **months)
    assert (found["customers"], found["again"]) == truth.customers
    top = ask(system, "buyers", currency=CURRENCY, limit="10", **months)["items"]
    assert [(row["number"], row["revenue"]) for row in top] == [
        (customer, money(cents)) for customer, cents in truth.top(10)
    ]


def test_the_audit_finds_nothing(system: System) -> None:
    with system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
