"""Price policies over what items cost: priced, explained to those who may know costs, and worked out again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from services.sales.reports.proof import lines_that_disagree
from services.sales.tests.builders import CHAI, HARBOR, ROPE, Desk
from services.sales.tests.integration.test_margins import costs
from services.sales.tests.integration.test_price_lists import QUOTATIONS, define, quote, worked_out
from services.sales.tests.integration.test_price_policies_api import URL, body, tier
from services.sales.tests.integration.test_quotations_api import problem, usd


def outcomes(line: Any) -> dict[str, str]:
    return {rule["policy"]: rule["outcome"] for rule in line["price_trace"]["rules"]}


def test_r3_1_a_price_follows_what_the_item_costs_until_it_is_issued(desk: Desk) -> None:
    made = define(desk, "Cost plus", worked_out(base="cost", factor="1.5"), customer_id=HARBOR.id)
    (line,) = quote(desk)["lines"]
    assert line["unit_price"] == usd("18.00"), "what it costs, nobody said: the list price applies"
    assert outcomes(line)["Cost plus"] == "cost_unknown"

    costs(desk, "9.00", currency="JPY")
    (line,) = quote(desk)["lines"]
    assert (line["unit_price"], outcomes(line)["Cost plus"]) == (usd("18.00"), "cost_in_other_currency")

    costs(desk, "9.00")
    first = quote(desk)
    costs(desk, "10.00")
    second = quote(desk)
    prices = [each["lines"][0]["unit_price"]["amount"] for each in (first, second)]
    assert prices == ["13.50", "15.00"]
    assert desk.mike.get(f"{QUOTATIONS}/{first['id']}").json["lines"][0]["unit_price"] == usd("13.50")
    assert desk.database.read(lambda connection: list(lines_that_disagree(connection))) == []
    assert desk.mike.get(f"{URL}?item_id={CHAI.id}&name=Cost+plus").json["items"][0]["id"] == made["id"]


def test_who_may_not_see_costs_is_shown_neither_the_cost_nor_what_would_tell_it(desk: Desk) -> None:
    costs(desk, "9.00")
    made = define(desk, "Cost plus", worked_out(base="cost", percent_on="50"), customer_id=HARBOR.id)
    assert made["lines"][0]["formula"] == {
        "base": "cost", "policy": None, "percent_off": None, "percent_on": None, "factor": "1.5",
    }  # fmt: skip
    seen = quote(desk)
    for who, shown in ((desk.nancy, False), (desk.mike, True)):
        (line,) = who.get(f"{QUOTATIONS}/{seen['id']}").json["lines"]
        trace = line["price_trace"]
        (rule,) = [each for each in trace["rules"] if each["policy"] == "Cost plus"]
        assert trace["unit_cost"] == (usd("9.00") if shown else None)
        assert rule["formula"]["change_percent"] == ("50.00" if shown else None)
        formula = who.get(f"{URL}/{made['id']}").json["lines"][0]["formula"]
        assert formula["factor"] == ("1.5" if shown else None)
    wanted = {"customer_id": HARBOR.id, "lines": [{"item_id": CHAI.id, "quantity": "1"}]}
    (tried,) = desk.nancy.post(f"{URL}/try", json=wanted).json["lines"]
    assert (tried["unit_price"], tried["price_trace"]["unit_cost"]) == (usd("13.50"), None)


@pytest.mark.parametrize(
    ("formula", "field"),
    [
        ({"base": "cost"}, "percent_off"),
        ({"base": "cost", "factor": "1.5", "percent_on": "50"}, "percent_off"),
        ({"base": "list", "factor": "1.5", "percent_on": "50"}, "factor"),
        ({"base": "cost", "policy": "List", "factor": "1.5"}, "policy"),
        ({"base": "cost", "factor": "10.1"}, None),
        ({"base": "cost", "factor": "1.23456"}, "factor"),
        ({"base": "cost", "factor": "-1"}, "factor"),
        ({"base": "cost", "factor": "1e1"}, "factor"),
    ],
)
def test_a_formula_over_the_cost_that_cannot_be_is_refused(
    desk: Desk, formula: dict[str, str], field: str | None
) -> None:
    before = desk.mike.get(URL).json
    answer = desk.mike.post(URL, json=body(worked_out(**formula)))
    where = "lines.0.formula" + (f".{field}" if field else "")
    assert problem(answer, 422)[1] in (where, "lines.0.formula.factor")
    assert desk.mike.get(URL).json == before


def test_a_policy_mixes_prices_formulas_and_costs_and_its_next_revision_takes_its_place(desk: Desk) -> None:
    costs(desk, "2.00", ROPE.id)
    lines = (tier("17.00"), worked_out(ROPE.id, base="cost", factor="2"))
    made = define(desk, "Mixed", *lines, customer_id=HARBOR.id)
    assert [line["formula"] is None for line in made["lines"]] == [True, False]
    assert desk.mike.get(f"{URL}/{made['id']}").json == made
    again = define(desk, "Mixed", worked_out(ROPE.id, base="cost", factor="3"), customer_id=HARBOR.id)
    assert (again["revision"], desk.mike.get(f"{URL}/{made['id']}").json["superseded_by"]) == (2, again["id"])


def test_a_line_whose_cost_is_not_the_one_in_its_trace_is_found(desk: Desk) -> None:
    costs(desk, "9.00")
    define(desk, "Cost plus", worked_out(base="cost", factor="1.5"), customer_id=HARBOR.id)
    quote(desk)
    desk.database.transact(
        lambda tx: tx.connection.execute(text("UPDATE quotation_line SET unit_cost_e4 = unit_cost_e4 + 1"))
    )
    (found,) = desk.database.read(lambda connection: list(lines_that_disagree(connection)))
    assert "unit_cost" in found
