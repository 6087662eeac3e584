"""Two faults that were: a counter sale offered again at the counter, and a coupon used for what nobody chose."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.domain import line_pricing
from services.sales.reports.proof import coupons_that_disagree
from services.sales.tests.builders import CHAI, HARBOR, ROPE, Desk
from services.sales.tests.integration.test_promotions import accept, define, problem, uses

QUOTATIONS = "/api/v1/quotations"


def test_r3_1_what_was_sold_over_the_counter_is_offered_again_to_be_delivered(desk: Desk):
    line = {"item_id": CHAI.id, "quantity": "2"}
    sale = {"customer_id": HARBOR.id, "order_type": "cash_and_carry", "lines": [line]}
    sold = desk.nancy.post("/api/v1/counter-sales", json=sale)
    assert sold.status_code == 201, sold.json
    wanted = {"customer_id": HARBOR.id, "order_id": sold.json["id"]}
    again = desk.nancy.post(f"{QUOTATIONS}/again", json=wanted)
    assert (again.status_code, again.json["order_type"]) == (201, "standard")
    at_counter = desk.nancy.post(f"{QUOTATIONS}/again", json=wanted | {"order_type": "cash_and_carry"})
    assert at_counter.json["order_type"] == "cash_and_carry"


def _offer(desk: Desk, code: str) -> Any:
    lines = [
        {"item_id": CHAI.id, "quantity": "1"},
        {"item_id": ROPE.id, "quantity": "100", "choice": "optional"},
    ]
    body = {"customer_id": HARBOR.id, "lines": lines, "coupon": code}
    answer = desk.nancy.post(QUOTATIONS, json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


@pytest.mark.parametrize(("chosen", "used"), [([], 0), ([2], 1)])
def test_r3_1_a_coupon_is_used_only_where_it_took_something_off_what_was_chosen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, chosen: list[int], used: int
):
    define(desk, coupon="SPRING", max_uses=1, percent_off={"percent": "10", "items": [ROPE.id]})
    # As quotations are that were issued before a coupon had to take something off a required line.
    monkeypatch.setattr(line_pricing, "require_effect", lambda coupon, lines: None)
    offered = _offer(desk, "SPRING")
    ordered = desk.nancy.post(f"{QUOTATIONS}/{offered['id']}/accept", json={"chosen": chosen})
    assert ordered.status_code == 201, ordered.json
    assert uses(desk)[0] == used
    assert list(desk.database.read(lambda connection: list(coupons_that_disagree(connection)))) == []
    if not used:
        other = _offer(desk, "SPRING")
        assert accept(desk, other).status_code == 201


def test_r3_1_a_coupon_that_is_rounded_away_from_what_is_sure_is_refused(desk: Desk):
    define(desk, coupon="SPRING", percent_off={"percent": "1", "items": [ROPE.id]})
    lines = [
        {"item_id": ROPE.id, "quantity": "1"},
        {"item_id": ROPE.id, "quantity": "100", "choice": "optional"},
    ]
    answer = desk.nancy.post(QUOTATIONS, json={"customer_id": HARBOR.id, "lines": lines, "coupon": "SPRING"})
    assert problem(answer, 422) == ("coupon_without_effect", "coupon")
