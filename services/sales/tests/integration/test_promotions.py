"""Promotions over HTTP: defined, tried, had; what is invoiced is what was promised."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from services.sales.reports.proof import lines_that_disagree
from services.sales.store.tables import quotation_line
from services.sales.tests.builders import CHAI, HARBOR, ROPE, TOKYO, UNKNOWN, Desk
from services.sales.tests.integration.test_price_lists import in_group
from services.sales.tests.integration.test_quotations_api import problem
from services.sales.tests.promoting import QUOTATIONS, URL, accept, body, define, had, money, quote, uses


def test_r3_1_a_promotion_takes_off_what_it_says_and_the_line_says_why(desk: Desk):
    made = define(desk, percent_off={"percent": "12.5", "items": [CHAI.id], "min_quantity": "5"}, priority=7)
    assert (made["revision"], made["kind"], made["percent_off"]) == (
        1,
        "percent_off",
        {"percent": "12.50", "items": [CHAI.id], "min_quantity": "5"},
    )
    assert made == desk.nancy.get(f"{URL}/{made['id']}").json

    quotation = quote(desk, (CHAI.id, "10"), (ROPE.id, "3"), (CHAI.id, "4"))

    first, rope, few = quotation["lines"]
    assert (first["promotion"], first["amount"], first["exact_amount"]) == (
        money("22.50"),
        money("157.50"),
        "157.50",
    )
    assert [had(line) for line in (first, rope, few)] == [
        [("Spring", "applied", "22.50")],
        [],
        [("Spring", "condition_not_met", "0.00")],
    ]
    assert quotation["total"] == money("230.50")
    assert quotation["exact_total"] == "230.4999"


def test_r3_1_what_was_promised_is_ordered_and_told_to_the_unit(desk: Desk):
    define(desk, percent_off={"percent": "33.33"})
    quotation = quote(desk, (CHAI.id, "7"), (ROPE.id, "0.55"))

    order = accept(desk, quotation).json

    lines = [(line["amount"], line["promotion"], line["exact_amount"]) for line in order["lines"]]
    assert lines == [(line["amount"], line["promotion"], line["exact_amount"]) for line in quotation["lines"]]
    assert lines[0] == (money("84.00"), money("42.00"), "84.00")  # 126.00 less 33.33 % is 84.0042
    assert (order["total"], order["exact_total"]) == (quotation["total"], quotation["exact_total"])
    (placed,) = [message for message in desk.messages() if message.type == "sales.order.placed.v1"]
    told = placed.data["lines"]
    assert [line["amount"]["minor"] for line in told] == [8400, 12]
    assert [line["promotion"]["minor"] for line in told] == [4200, 6]


@pytest.mark.parametrize(
    ("gift", "amounts"),
    [
        ({"amount_off": {"amount": money("5.00")}}, ["49.00", "0.00"]),
        ({"free_units": {"buy": "2", "free": "1", "items": [CHAI.id]}}, ["36.00", "1.00"]),
        (
            {"bundle": {"percent": "50", "parts": [{"item_id": CHAI.id, "quantity": "2"},
                                                    {"item_id": ROPE.id, "quantity": "3"}]}},
            ["36.00", "0.50"],
        ),
    ],
)  # fmt: skip
def test_r3_1_amounts_off_free_units_and_bundles(desk: Desk, gift, amounts):
    made = define(desk, **gift)
    assert made[made["kind"]] is not None

    quotation = quote(desk, (CHAI.id, "3"), (ROPE.id, "3"))

    assert [line["amount"]["amount"] for line in quotation["lines"]] == amounts


def test_a_promotion_is_for_whom_it_names_and_by_priority(desk: Desk):
    in_group(desk)
    define(desk, name="Web", channel="web", priority=1)
    define(desk, name="Wholesale", customer_group="wholesale", percent_off={"percent": "50"}, priority=2)
    define(desk, name="Alone", customer_id=HARBOR.id, exclusive=True, percent_off={"percent": "1"})
    define(desk, name="Tokyo", customer_id=TOKYO.id)
    define(desk, name="Over", valid_until="2026-03-01")

    (line,) = quote(desk, channel="phone")["lines"]

    assert had(line) == [
        ("Wholesale", "applied", "90.00"),
        ("Web", "other_channel", "0.00"),
        ("Alone", "beside_exclusive", "0.00"),
    ]


def test_on_a_price_that_a_manager_set_comes_no_promotion(desk: Desk):
    define(desk)
    line = {"item_id": CHAI.id, "quantity": "1", "unit_price": money("10.00")}

    made = desk.mike.post(QUOTATIONS, json={"customer_id": HARBOR.id, "lines": [line]}).json["lines"][0]

    assert (made["amount"], had(made)) == (money("10.00"), [("Spring", "price_was_set", "0.00")])


def test_the_next_revision_takes_the_place_and_documents_keep_theirs(desk: Desk):
    first = define(desk)
    before = quote(desk)
    second = define(desk, percent_off={"percent": "20"})

    assert (second["revision"], desk.mike.get(f"{URL}/{first['id']}").json["superseded_by"]) == (
        2,
        second["id"],
    )
    assert quote(desk)["total"] == money("144.00")
    assert desk.nancy.get(f"{QUOTATIONS}/{before['id']}").json["total"] == money("162.00")
    assert [row["revision"] for row in desk.mike.get(URL).json["items"]] == [2]
    both = desk.mike.get(URL, query_string={"superseded": "true", "name": "Spring"}).json["items"]
    assert [row["revision"] for row in both] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (
            body(free_units={"buy": "1", "free": "1"}, percent_off={"percent": "1"}),
            "gift_not_one",
            "percent_off",
        ),
        ({"name": "Spring", "currency": "USD"}, "gift_not_one", "percent_off"),
        (body(percent_off={"percent": "0"}), "gift_of_nothing", "percent_off.percent"),
        (body(percent_off={"percent": "101"}), None, "percent_off.percent"),
        (body(percent_off={"percent": "1", "items": [UNKNOWN]}), "unknown_item", "percent_off.items.0"),
        (
            body(amount_off={"amount": {"amount": "5", "currency": "JPY"}}),
            "currency_differs",
            "amount_off.amount",
        ),
        (body(amount_off={"amount": money("-5")}), None, "amount_off.amount.amount"),
        (body(free_units={"buy": "0", "free": "1"}), None, "free_units.buy"),
        (
            body(bundle={"percent": "5", "parts": [{"item_id": CHAI.id, "quantity": "1"}]}),
            None,
            "bundle.parts",
        ),
        (body(customer_id=UNKNOWN), "unknown_customer", "customer_id"),
        (body(max_uses=5), "uses_without_coupon", "max_uses"),
        (body(coupon="spring", max_uses=5), None, "coupon"),
        (body(valid_from="2026-03-02", valid_until="2026-03-01"), "dates_reversed", "valid_until"),
        (body(priority=-1), None, "priority"),
        (body(revision=3), None, "revision"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_changes_nothing(desk: Desk, wrong, code, field):
    found = problem(desk.mike.post(URL, json=wrong), 422)

    assert found[1] == field
    assert code in (None, found[0])
    assert desk.mike.get(URL).json["items"] == []


def test_a_salesperson_reads_but_does_not_define(desk: Desk):
    own = define(desk, customer_id=HARBOR.id)

    assert desk.nancy.post(URL, json=body()).status_code == 403
    assert desk.nancy.get(f"{URL}/{own['id']}").status_code == 200
    assert desk.janet.get(f"{URL}/{own['id']}").status_code == 404
    assert [row["name"] for row in desk.nancy.get(URL).json["items"]] == ["Spring"]
    assert desk.janet.get(URL).json["items"] == []
    assert desk.client("clerk", "warehouse").get(URL).status_code == 403
    assert desk.mike.get(f"{URL}/{UNKNOWN}").status_code == 404


def test_promotions_are_tried_with_the_prices(desk: Desk):
    define(desk, coupon="SPRING", percent_off={"percent": "10", "items": [ROPE.id]})
    wanted = {"customer_id": HARBOR.id, "lines": [{"item_id": ROPE.id, "quantity": "30"}]}

    tried = desk.nancy.post("/api/v1/price-policies/try", json=wanted | {"coupon": "SPRING"}).json

    assert (tried["lines"][0]["promotion"], tried["total"]) == (money("1.00"), money("9.00"))
    assert had(tried["lines"][0]) == [("Spring", "applied", "1.00")]
    chai = {"lines": [{"item_id": CHAI.id, "quantity": "1"}]}
    useless = desk.nancy.post("/api/v1/price-policies/try", json=wanted | chai | {"coupon": "SPRING"})
    assert useless.json["total"] == money("18.00"), "a trial shows why nothing is taken off"
    assert uses(desk) == (0, 0, 0)


def test_a_line_that_is_not_what_its_trace_says_is_found(desk: Desk):
    define(desk)
    (line,) = quote(desk)["lines"]
    assert desk.database.read(lambda connection: list(lines_that_disagree(connection))) == []

    for changes, wrong in (
        ({"amount_minor": 16_199}, "amount"),
        ({"promotion_minor": 1801}, "promotion"),
        ({"discount_bp": 1}, "discount_bp"),
        ({"unit_price_e4": 170_000}, "unit_price"),
        ({"quantity_milli": 9000}, "quantity"),
    ):
        statement = update(quotation_line).values(**changes)
        with pytest.raises(_Undo):
            desk.database.transact(
                partial(_look_and_undo, statement=statement, expected=[f"{line['id']} ({wrong})"])
            )


class _Undo(Exception):
    """Ends a transaction that shall leave nothing."""


def _look_and_undo(tx: Any, statement: Any, expected: list[str]) -> None:
    tx.connection.execute(statement)
    assert list(lines_that_disagree(tx.connection)) == expected
    raise _Undo
