"""The example companies hold together: what is replayed is there, and adds up to what their READMEs say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from meridian.demo.history import read_history, rows
from meridian.demo.replay import PAY, SHIP, SUPPLY, TAKE, schedule
from meridian.demo.scenario import SCENARIOS

ORDERS = {"northwind": (830, Decimal("1265793.0395")), "adventureworks": (1566, Decimal("12527981.992754"))}


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_orders_of_a_company_add_up_and_name_what_there_is(name: str) -> None:
    scenario = SCENARIOS[name]
    history = read_history(scenario.replay)
    skus = {row["sku"] for row in rows(scenario.company / "items.csv")}
    customers = {row["number"] for row in rows(scenario.company / "customers.csv")}

    lines = [line for order in history for line in order.lines]
    exact = sum(
        Decimal(line.quantity)
        * line.unit_price
        * (100 - line.discount_percent)
        * (100 - line.offer_percent)
        / 10_000
        for line in lines
    )

    assert (len(history), exact) == ORDERS[name]
    assert {line.sku for line in lines} <= skus
    assert {order.customer for order in history} <= customers


def test_what_is_made_is_made_of_items_that_are_made_or_bought() -> None:
    folder = SCENARIOS["adventureworks"].supply
    assert folder is not None
    method = {row["sku"]: row["method"] for row in rows(folder / "supply.csv")}
    boms = rows(folder / "boms.csv")
    priced = {row["sku"] for row in rows(folder / "supplier_prices.csv")}

    assert {row["sku"] for row in boms} == {sku for sku, how in method.items() if how == "make"}
    assert {row["component"] for row in boms} <= method.keys()
    assert priced == {sku for sku, how in method.items() if how == "buy"}


def test_a_day_begins_with_payments_and_ends_with_shipments() -> None:
    scenario = SCENARIOS["adventureworks"]
    groups = {row["number"]: row["group"] for row in rows(scenario.company / "customers.csv")}
    acts = schedule(read_history(scenario.replay), scenario, groups)

    assert acts == sorted(acts)
    assert {act.rank for act in acts} == {PAY, TAKE, SUPPLY, SHIP}
    assert PAY < TAKE < SUPPLY < SHIP
