"""Price lists for groups, channels and regions, prices worked out of others, and prices tried without a trace left."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.outbox import event_log
from libs.common.testing.interleaving import every_order, interleaved
from services.sales.domain.formulas import Formula
from services.sales.domain.policy import PolicyLine
from services.sales.domain.pricing import recompute
from services.sales.domain.traces import from_data
from services.sales.store.tables import price_policy, quotation
from services.sales.tests.builders import CHAI, HARBOR, MIKE, ROPE, TOKYO, UNKNOWN, Desk, price, qty
from services.sales.tests.integration.test_price_policies_api import URL, body, tier
from services.sales.tests.integration.test_quotations_api import problem
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy
from services.sales.use_cases.keep_replicas import keep_customer, keep_item

QUOTATIONS = "/api/v1/quotations"


def in_group(desk: Desk, group: str | None = "wholesale", region: str | None = "north") -> None:
    """Let crm say in which group and region Harbor Pumps buys."""
    data = {
        "customer_id": HARBOR.id, "number": HARBOR.number, "name": HARBOR.name, "owner_id": HARBOR.owner_id,
        "currency": "USD", "group": group, "region": region,
    }  # fmt: skip
    desk.hear(desk.message("crm.customer.details_changed.v1", HARBOR.id, data))


def worked_out(item_id: str = CHAI.id, min_quantity: str = "1", **formula: Any) -> dict[str, Any]:
    return {"item_id": item_id, "min_quantity": min_quantity, "formula": formula}


def define(desk: Desk, name: str, *lines: dict[str, Any], **aims: Any) -> dict[str, Any]:
    answer = desk.mike.post(URL, json=body(*lines, name=name, **aims))
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def quote(desk: Desk, quantity: str = "1", **more: Any) -> dict[str, Any]:
    wanted = {"customer_id": HARBOR.id, "lines": [{"item_id": CHAI.id, "quantity": quantity}]}
    answer = desk.nancy.post(QUOTATIONS, json=wanted | more)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def priced(document: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the price of the first line, and what became of each policy that was tried for it."""
    line = document["lines"][0]
    trace = from_data(line["price_trace"])
    assert recompute(trace) == trace
    outcomes = {rule["policy"]: rule["outcome"] for rule in line["price_trace"]["rules"]}
    assert outcomes.pop("List in yen") == "other_currency"
    return line["unit_price"]["amount"], outcomes


def test_r3_1_the_same_item_costs_what_customer_group_channel_and_region_say(desk: Desk):
    in_group(desk)
    assert priced(quote(desk))[0] == "18.00"
    define(desk, "North", tier("17.50"), region="north")
    assert priced(quote(desk))[0] == "17.50"
    define(desk, "Shop", tier("17.00"), channel="web")
    assert priced(quote(desk)) == (
        "17.50",
        {"List": "below_min_quantity", "North": "won", "Shop": "other_channel"},
    )
    assert priced(quote(desk, channel="web"))[0] == "17.00"
    define(desk, "Wholesale", tier("16.00"), customer_group="wholesale")
    assert priced(quote(desk, channel="web"))[0] == "16.00"
    define(desk, "Harbor", tier("15.00"), customer_id=HARBOR.id)
    cost, outcomes = priced(quote(desk, channel="web"))
    assert cost == "15.00"
    assert outcomes == {
        "List": "below_min_quantity",
        "North": "less_specific",
        "Shop": "less_specific",
        "Wholesale": "less_specific",
        "Harbor": "won",
    }


def test_a_customer_who_leaves_the_group_pays_what_all_pay_and_documents_keep_theirs(desk: Desk):
    in_group(desk)
    define(desk, "Wholesale", tier("16.00"), customer_group="wholesale")
    before = quote(desk)
    in_group(desk, group=None, region=None)

    cost, outcomes = priced(quote(desk))

    assert (cost, "Wholesale" in outcomes) == ("18.00", False)
    kept = desk.nancy.get(f"{QUOTATIONS}/{before['id']}").json
    assert (priced(kept)[0], kept["lines"][0]["price_trace"]["customer_group"]) == ("16.00", "wholesale")


def test_the_channel_of_a_quotation_is_kept_by_its_revisions(desk: Desk):
    define(desk, "Shop", tier("17.00"), channel="web")
    first = quote(desk, channel="web")
    lines = {"lines": [{"item_id": CHAI.id, "quantity": "2"}]}
    second = desk.nancy.post(f"{QUOTATIONS}/{first['id']}/revise", json=lines).json
    third = desk.nancy.post(f"{QUOTATIONS}/{second['id']}/revise", json=lines | {"channel": "phone"}).json

    assert [(each["channel"], priced(each)[0]) for each in (first, second, third)] == [
        ("web", "17.00"),
        ("web", "17.00"),
        ("phone", "18.00"),
    ]


def test_r3_1_a_price_is_worked_out_of_the_list_and_of_other_policies(desk: Desk):
    define(desk, "Wholesale", worked_out(base="list", percent_off="10"), customer_group="wholesale")
    made = define(
        desk,
        "Harbor",
        worked_out(base="policy", policy="Wholesale", percent_on="0.05"),
        customer_id=HARBOR.id,
    )
    assert made["lines"] == [
        {
            "item_id": CHAI.id,
            "min_quantity": "1",
            "unit_price": None,
            "formula": {
                "base": "policy",
                "policy": "Wholesale",
                "percent_off": None,
                "percent_on": "0.05",
                "factor": None,
            },
        }
    ]
    assert desk.mike.get(f"{URL}/{made['id']}").json == made

    document = quote(desk)  # Harbor is in no group: the base counts all the same
    assert priced(document) == ("16.2081", {"List": "below_min_quantity", "Harbor": "won"})
    (base,) = document["lines"][0]["price_trace"]["base_rules"]
    assert (base["policy"], base["formula"]) == (
        "Wholesale",
        {"base": "list", "policy": None, "change_percent": "-10.00"},
    )
    define(desk, "List", tier("20.00"))
    assert priced(quote(desk))[0] == "18.009", "the base is that of the day of issue"
    assert priced(desk.nancy.get(f"{QUOTATIONS}/{document['id']}").json)[0] == "16.2081"


def test_a_policy_has_fixed_prices_and_formulas_side_by_side(desk: Desk):
    made = define(
        desk, "Mixed", tier("9.00"), worked_out(min_quantity="10", base="list", percent_off="50"), tier("8", "20"),
        customer_id=HARBOR.id,
    )  # fmt: skip

    assert [priced(quote(desk, quantity))[0] for quantity in ("9", "10", "20")] == ["9.00", "9.00", "8.00"]
    assert [line["min_quantity"] for line in made["lines"]] == ["1", "10", "20"]
    found = desk.mike.get(URL, query_string={"item_id": CHAI.id, "customer_id": HARBOR.id}).json["items"]
    assert [row["name"] for row in found] == ["Mixed"]


def test_a_policy_of_formulas_only_is_found_by_its_item(desk: Desk):
    define(desk, "Half", worked_out(item_id=ROPE.id, base="list", percent_off="50"), region="north")

    found = desk.mike.get(URL, query_string={"item_id": ROPE.id, "region": "north"}).json["items"]
    assert [(row["name"], row["region"], row["channel"]) for row in found] == [("Half", "north", None)]
    assert desk.mike.get(URL, query_string={"item_id": ROPE.id, "region": "south"}).json["items"] == []


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (tier("1") | worked_out(base="list", percent_off="1"), "price_or_formula", "lines.0.unit_price"),
        ({"item_id": CHAI.id, "min_quantity": "1"}, "price_or_formula", "lines.0.unit_price"),
        (worked_out(base="list"), "price_or_formula", "lines.0.formula.percent_off"),
        (
            worked_out(base="list", percent_off="1", percent_on="1"),
            "price_or_formula",
            "lines.0.formula.percent_off",
        ),
        (worked_out(base="policy", percent_off="1"), "price_or_formula", "lines.0.formula.policy"),
        (worked_out(base="list", policy="List", percent_off="1"), "price_or_formula", "lines.0.formula.policy"),
        (worked_out(base="policy", policy="Nowhere", percent_off="1"), "unknown_base", "lines.0.formula.policy"),
        (
            worked_out(base="policy", policy="List in yen", percent_off="1"),
            "currency_differs",
            "lines.0.formula.policy",
        ),
        (worked_out(base="policy", policy="Tokyo", percent_off="1"), "base_of_another_customer",
         "lines.0.formula.policy"),
        (worked_out(base="policy", policy="Summer", percent_off="1"), "base_of_itself", "lines.0.formula.policy"),
        (worked_out(base="margin", percent_on="1"), "validation", "lines.0.formula.base"),
        (worked_out(base="list", percent_off="100.01"), "validation", "lines.0.formula.percent_off"),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_is_refused_by_its_field_and_changes_nothing(desk: Desk, line, code, field):
    define(desk, "Tokyo", tier("1"), customer_id=TOKYO.id)
    before = desk.mike.get(URL).json

    answer = desk.mike.post(URL, json=body(line))

    found = problem(answer, 422)
    assert found[1] == field
    assert code in ("validation", found[0])
    assert desk.mike.get(URL).json == before


def test_a_circle_of_policies_is_refused_when_it_would_close(desk: Desk):
    define(desk, "A", tier("10.00"), region="a")
    define(desk, "B", worked_out(base="policy", policy="A", percent_off="1"), region="b")
    define(desk, "C", worked_out(base="policy", policy="B", percent_off="1"), region="c")

    answer = desk.mike.post(URL, json=body(worked_out(base="policy", policy="C", percent_off="1"), name="A"))

    assert problem(answer, 422) == ("base_of_itself", "lines.0.formula.policy")
    assert answer.json["way"] == "C > B > A"
    define(desk, "C", tier("5.00"), region="c")
    define(desk, "A", worked_out(base="policy", policy="C", percent_off="1"), region="a")


@pytest.mark.postgres
def test_of_two_who_would_close_a_circle_together_one_is_refused(sales: Database):
    """Each sees no circle in what was there before: whoever comes second must see what the first has done."""
    if sales.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(1000))

    def define_one(name: str, *lines: PolicyLine) -> object:
        return sales.transact(
            lambda tx: define_price_policy(tx, DefinePricePolicy(name, "USD", lines, by=MIKE))
        )

    def line_of(policy: str) -> PolicyLine:
        return PolicyLine(CHAI.id, qty(1), Formula("USD", -100, policy))

    def one(at: int, swapped: bool) -> bool:
        number = next(rounds)
        a, b = (f"{side}-{number}" for side in "ab")
        for name in (a, b):
            define_one(name, PolicyLine(CHAI.id, qty(1), price("1")))
        front, back = (partial(define_one, a, line_of(b)), partial(define_one, b, line_of(a)))
        first, second = (back, front) if swapped else (front, back)
        *outcomes, stopped = interleaved(sales, first, second, at)
        codes = [getattr(outcome, "code", None) for outcome in outcomes]
        assert sorted(isinstance(outcome, MeridianError) for outcome in outcomes) == [False, True], codes
        assert "base_of_itself" in codes
        return stopped

    sales.transact(lambda tx: keep_item(tx, CHAI))
    assert every_order(one) > 10


def test_what_another_customer_pays_is_not_given_away_by_a_base_that_becomes_his(desk: Desk):
    define(desk, "Base", tier("10.00"), region="north")
    define(desk, "Harbor", worked_out(base="policy", policy="Base", percent_off="10"), customer_id=HARBOR.id)
    assert priced(quote(desk))[0] == "9.00"
    define(desk, "Base", tier("1.00"), customer_id=TOKYO.id)

    document = quote(desk)

    assert priced(document) == ("18.00", {"List": "below_min_quantity", "Harbor": "no_base_price"})
    assert document["lines"][0]["price_trace"]["base_rules"] == []


def count(desk: Desk, table: Any) -> int:
    query = select(func.count()).select_from(table)
    return int(desk.database.read(lambda connection: connection.execute(query).scalar_one()))


def trial(desk: Desk, *lines: dict[str, Any], client: Any = None, **more: Any) -> Any:
    wanted = {"customer_id": HARBOR.id, "lines": list(lines) or [{"item_id": CHAI.id, "quantity": "10"}]}
    return (client or desk.nancy).post(f"{URL}/try", json=wanted | more)


def test_r3_1_prices_are_tried_with_their_whole_trace_and_nothing_is_stored(desk: Desk):
    in_group(desk)
    define(desk, "Shop", tier("17.00"), channel="web", valid_from="2026-07-01")
    before = [count(desk, table) for table in (quotation, price_policy, event_log)]

    answer = trial(
        desk,
        {"item_id": CHAI.id, "quantity": "10", "discount_percent": "5"},
        {"item_id": ROPE.id, "quantity": "0.01"},
        channel="web",
        on="2026-07-01",
    )

    assert answer.status_code == 200, answer.json
    tried = answer.json
    assert (tried["customer_group"], tried["region"], tried["channel"], tried["on"]) == (
        "wholesale", "north", "web", "2026-07-01",
    )  # fmt: skip
    assert priced(tried) == ("17.00", {"List": "below_min_quantity", "Shop": "won"})
    assert [line["amount"]["amount"] for line in tried["lines"]] == ["161.50", "0.00"]
    assert tried["total"]["amount"] == "161.50"
    assert [count(desk, table) for table in (quotation, price_policy, event_log)] == before
    today = trial(desk, channel="web").json
    assert (today["on"], priced(today)[0]) == ("2026-03-02", "18.00")


def test_a_trial_says_what_a_quotation_of_the_same_day_would_say(desk: Desk):
    define(desk, "Wholesale", worked_out(base="list", percent_off="12.34"), region="north")
    in_group(desk)

    tried, made = trial(desk).json, quote(desk, "10")

    assert tried["total"] == made["total"]
    assert tried["lines"][0]["price_trace"] == made["lines"][0]["price_trace"]


def test_a_trial_of_what_no_policy_covers_shows_what_was_tried(desk: Desk):
    desk.database.transact(lambda tx: keep_customer(tx, replace(HARBOR, currency="EUR")))

    tried = trial(desk).json

    assert (tried["lines"][0]["unit_price"], tried["lines"][0]["amount"]) == (None, None)
    assert tried["total"] == {"amount": "0.00", "currency": "EUR"}
    outcomes = {rule["outcome"] for rule in tried["lines"][0]["price_trace"]["rules"]}
    assert outcomes == {"other_currency"}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"customer_id": UNKNOWN}, "unknown_customer", "customer_id"),
        ({"customer_id": TOKYO.id}, "unknown_customer", "customer_id"),
        ({"lines": [{"item_id": UNKNOWN, "quantity": "1"}]}, "unknown_item", "lines.0.item_id"),
        ({"lines": [{"item_id": CHAI.id, "quantity": "1.5"}]}, "quantity_too_fine", "lines.0.quantity"),
        ({"lines": []}, None, "lines"),
        ({"on": "yesterday"}, None, "on"),
    ],
)
def test_a_trial_refuses_what_a_quotation_refuses(desk: Desk, changes, code, field):
    found = problem(trial(desk, **changes), 422)

    assert found[1] == field
    assert code in (None, found[0])


def test_who_sells_may_try_and_nobody_else(desk: Desk):
    assert trial(desk, client=desk.mike).status_code == 200
    for role in ("warehouse", "finance", "service"):
        assert trial(desk, client=desk.client("clerk", role)).status_code == 403
