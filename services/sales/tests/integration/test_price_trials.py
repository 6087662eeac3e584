"""R3.1, R7.2: a price policy is tried on past quotations before it applies, and changes none of them."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.tests.builders import CHAI, HARBOR, ROPE, UNKNOWN, Desk
from services.sales.tests.integration.test_price_policies_api import URL, body, chai_price, tier
from services.sales.tests.promoting import define, quote


def quoted(desk: Desk, *lines: dict[str, Any]) -> Any:
    made = desk.mike.post("/api/v1/quotations", json={"customer_id": HARBOR.id, "lines": list(lines)})
    assert made.status_code == 201, made.text
    return made.json


def line(quantity: str, item_id: str = CHAI.id, **more: Any) -> dict[str, Any]:
    return {"item_id": item_id, "quantity": quantity} | more


def tried(desk: Desk, *lines: dict[str, Any], **changes: Any) -> Any:
    answer = desk.mike.post(f"{URL}/what-if", json=body(*lines, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_r7_2_a_policy_tells_which_past_lines_would_have_changed_and_by_how_much(desk: Desk) -> None:
    first = quoted(desk, line("10", discount_percent="10"), line("2", ROPE.id))
    by_hand = {"unit_price": usd("5.00")}
    quoted(desk, line("3", **by_hand))
    before = desk.mike.get(URL).json

    found = tried(desk, tier("20.00"), valid_from="2199-01-01")

    assert (found["looked_at"], found["changed"], found["dearer"], found["cheaper"]) == (2, 1, 1, 0)
    assert (found["unpriced"], found["difference"]) == (0, usd("18.00"))
    (changed,) = found["lines"]
    assert (changed["number"], changed["line_no"], changed["sku"]) == (first["number"], 1, CHAI.sku)
    assert (changed["price_before"], changed["price_after"]) == (usd("18.00"), usd("20.00"))
    assert (changed["amount_before"], changed["amount_after"]) == (usd("162.00"), usd("180.00"))
    assert changed["difference"] == usd("18.00")
    assert desk.mike.get(URL).json == before
    assert chai_price(desk) == "18.00"


def test_r7_2_the_trial_agrees_with_what_the_policy_then_does(desk: Desk) -> None:
    old = quoted(desk, line("4"))
    policy = body(
        {"item_id": CHAI.id, "min_quantity": "1", "formula": {"base": "list", "percent_off": "12.5"}}
    )
    policy |= {"customer_id": HARBOR.id}
    found = desk.mike.post(f"{URL}/what-if", json=policy).json
    assert desk.mike.post(URL, json=policy).status_code == 201
    new = quoted(desk, line("4"))

    (changed,) = found["lines"]
    assert changed["price_after"] == new["lines"][0]["unit_price"] == usd("15.75")
    assert changed["price_before"] == old["lines"][0]["unit_price"]
    assert found["difference"] == usd("-9.00")
    assert (found["cheaper"], found["dearer"]) == (1, 0)


def test_r7_2_a_policy_worked_out_of_another_is_tried_with_that_one(desk: Desk) -> None:
    quoted(desk, line("4"))
    base = body(tier("10.00"), name="Base", customer_group="nobody")
    assert desk.mike.post(URL, json=base).status_code == 201
    formula = {"base": "policy", "policy": "Base", "percent_on": "10"}
    found = tried(desk, {"item_id": CHAI.id, "min_quantity": "1", "formula": formula}, customer_id=HARBOR.id)

    (changed,) = found["lines"]
    assert changed["price_after"] == usd("11.00")


def test_r7_2_a_next_version_that_leaves_an_item_out_leaves_its_lines_without_it(desk: Desk) -> None:
    assert desk.mike.post(URL, json=body(tier("15.00"), tier("9.00", "1", ROPE.id))).status_code == 201
    quoted(desk, line("1"), line("1", ROPE.id))

    found = tried(desk, tier("9.00", "1", ROPE.id))

    (changed,) = found["lines"]
    assert (changed["sku"], changed["price_before"]) == (CHAI.sku, usd("15.00"))
    assert changed["price_after"] == usd("18.00"), "what the list says"


def test_only_the_last_quotations_are_looked_at_as_many_as_wanted(desk: Desk) -> None:
    for _ in range(3):
        quoted(desk, line("1"))
    answer = desk.mike.post(f"{URL}/what-if", json=body(tier("19.00")) | {"last": 2})
    assert answer.json["looked_at"] == answer.json["changed"] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_id": UNKNOWN}, "customer_id"),
        ({"lines": [tier("1.00", currency="EUR")]}, "lines.0.unit_price"),
        ({"last": 0}, "last"),
    ],
)
def test_what_would_be_refused_is_refused_here_too(desk: Desk, changes: dict[str, Any], field: str) -> None:
    answer = desk.mike.post(f"{URL}/what-if", json=body() | changes)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_price_that_no_line_could_be_booked_at_is_refused(desk: Desk) -> None:
    quoted(desk, line("900000"))
    answer = desk.mike.post(f"{URL}/what-if", json=body(tier("9999999999999.0000", "900000")))
    assert answer.status_code == 422, answer.text
    assert answer.json["code"] == "amount_too_large"


SET = [{"item_id": CHAI.id, "quantity": "2"}, {"item_id": ROPE.id, "quantity": "1"}]


@pytest.mark.parametrize(
    ("gift", "quantity", "off_before", "off_after", "by_promotions"),
    [
        ({"percent_off": {"percent": "10"}}, "10", "18.00", "20.00", "-2.00"),
        ({"amount_off": {"amount": usd("5.00")}}, "10", "5.00", "5.00", "0.00"),
        ({"free_units": {"buy": "2", "free": "1"}}, "7", "36.00", "40.00", "-4.00"),
        ({"bundle": {"percent": "20", "parts": SET}}, "4", "7.20", "8.00", "-0.80"),
    ],
)
def test_r3_1_what_promotions_took_off_is_taken_off_the_tried_price(
    desk: Desk, gift: dict[str, Any], quantity: str, off_before: str, off_after: str, by_promotions: str
) -> None:
    define(desk, **gift)
    (chai, _) = quoted(desk, line(quantity), line("1", ROPE.id))["lines"]

    found = tried(desk, tier("20.00"))

    (changed,) = found["lines"]
    by_price = f"{2 * int(quantity)}.00"
    assert (changed["by_price"], changed["by_promotions"]) == (usd(by_price), usd(by_promotions))
    (promotion,) = changed["promotions"]
    assert (promotion["off_before"], promotion["off_after"]) == (usd(off_before), usd(off_after))
    assert changed["amount_before"] == chai["amount"]
    assert (found["by_price"], found["by_promotions"]) == (usd(by_price), usd(by_promotions))
    assert found["promotions"] == [{"promotion": "Spring", "difference": usd(by_promotions)}]
    assert desk.mike.post(URL, json=body(tier("20.00"))).status_code == 201
    (again, _) = quoted(desk, line(quantity), line("1", ROPE.id))["lines"]
    assert changed["amount_after"] == again["amount"], "as it is quoted once the policy is put to work"


def test_r3_1_a_coupon_counts_for_the_quotation_that_had_it_and_for_no_other(desk: Desk) -> None:
    define(desk, coupon="SPRING", max_uses=1)
    with_it = quote(desk, coupon="SPRING")
    without = quote(desk)

    found = tried(desk, tier("20.00"))

    by_number = {each["number"]: each for each in found["lines"]}
    assert by_number[with_it["number"]]["amount_after"] == usd("180.00")
    assert by_number[without["number"]]["amount_after"] == usd("200.00")
    assert by_number[without["number"]]["promotions"] == []
    assert (found["difference"], found["by_price"], found["by_promotions"]) == (
        usd("38.00"),
        usd("40.00"),
        usd("-2.00"),
    )


def test_r3_1_the_promotions_are_those_of_the_day_of_the_quotation(desk: Desk) -> None:
    define(desk)
    quote(desk)
    define(desk, valid_until="2020-01-31")
    define(desk, name="Of later", percent_off={"percent": "50"})

    (changed,) = tried(desk, tier("20.00"))["lines"]

    assert [each["promotion"] for each in changed["promotions"]] == ["Spring"]
    assert (changed["amount_before"], changed["amount_after"]) == (usd("162.00"), usd("180.00"))
