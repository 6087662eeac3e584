"""Margins: exact, known only where every cost is, and below zero at a loss."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from services.sales.domain.line_pricing import price_line
from services.sales.domain.margins import LOWEST_BP, MOST_COST, line_cost, margin_bp, total_cost
from services.sales.domain.pricing import find_price
from services.sales.tests.builders import CHAI, chai_line, occasion, price, qty, rule, usd


def test_a_line_leaves_what_its_goods_did_not_cost() -> None:
    trace = find_price(occasion(quantity=qty(3)), [rule("18.00")])
    line = price_line("1", 0, chai_line(3), CHAI, trace)
    assert (line.cost, line.margin, line.margin_percent) == (None, None, None)

    known = price_line("1", 0, chai_line(3), replace(CHAI, unit_cost=price("12.3333")), trace)
    assert (known.cost, known.margin, known.margin_percent) == (usd("37.00"), usd("17.00"), Decimal("31.48"))
    abroad = price_line("1", 0, chai_line(3), replace(CHAI, unit_cost=price("12", "EUR")), trace)
    assert abroad.unit_cost is None


def test_a_margin_is_told_down_to_a_floor() -> None:
    assert margin_bp(usd("80.00"), usd("100.00")) == -2500
    assert margin_bp(usd("0.01"), usd("100.00")) == LOWEST_BP
    assert margin_bp(usd("0"), usd("1.00")) == LOWEST_BP, "given away"
    assert margin_bp(usd("0"), usd("0")) == 0


def test_what_is_beyond_all_bounds_or_unknown_has_no_cost() -> None:
    assert line_cost(price("9999999999999"), qty("999999999999"), "USD") is None
    assert line_cost(price("1000000"), qty("10000001"), "USD") is None, "more than is counted"
    assert line_cost(price("1"), qty("2"), "EUR") is None
    assert total_cost([usd("1"), None], "USD") is None
    assert total_cost([usd("1"), usd("2")], "USD") == usd("3")
    assert total_cost([line_cost(price("1000000"), qty("9999999"), "USD")] * 1000, "USD") is None
    assert MOST_COST * 1000 < 2**63, "a thousand lines of a quotation are summed by the database"
