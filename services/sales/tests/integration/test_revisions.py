"""Revisions and the same again: what replaces what, what changed, and who may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from services.sales.tests.builders import CHAI, HARBOR, ROPE, TOKYO, UNKNOWN, Desk, chai_line
from services.sales.tests.integration.test_quotations_api import URL, body, line, problem, usd
from services.sales.use_cases.keep_replicas import keep_item


def quoted(desk: Desk, *lines, sent: bool = True):
    made = desk.nancy.post(URL, json=body(*lines)).json
    return desk.nancy.post(f"{URL}/{made['id']}/send").json if sent else made


def revise(desk: Desk, quotation, *lines, **more):
    return desk.nancy.post(f"{URL}/{quotation['id']}/revise", json={"lines": list(lines) or [line()]}, **more)


def test_r3_1_a_revision_replaces_the_quotation_and_says_what_it_changed(desk: Desk):
    first = quoted(desk, line(), line(item_id=ROPE.id, quantity="3"))
    answer = revise(desk, first, line(quantity="100"))
    assert answer.status_code == 201
    second = answer.json
    assert answer.headers["Location"] == f"{URL}/{second['id']}"
    assert (second["number"], second["revision"], second["revises"], second["state"]) == (
        "Q-000001-R2", 2, first["id"], "draft",
    )  # fmt: skip
    before = desk.nancy.get(f"{URL}/{first['id']}").json
    assert (before["state"], before["superseded_by"], before["lines"]) == (
        "cancelled",
        second["id"],
        first["lines"],
    )
    changed = desk.nancy.get(f"{URL}/{second['id']}/changes").json
    assert changed["difference"] == usd(
        "1469.00"
    )  # 100 at 16.50 instead of 10 at 18.00 and 3 m of rope for 1.00
    assert [(each["change"], each["sku"]) for each in changed["lines"]] == [
        ("changed", "NW-001"),
        ("removed", "NW-002"),
    ]
    assert changed["lines"][0]["after"]["unit_price"] == usd("16.50")
    third = revise(desk, second).json
    assert (third["number"], third["revision"]) == ("Q-000001-R3", 3)
    over_both = desk.nancy.get(f"{URL}/{third['id']}/changes", query_string={"since": 1}).json
    assert (over_both["before"]["number"], over_both["after"]["number"]) == ("Q-000001", "Q-000001-R3")
    assert [(each["change"], each["sku"]) for each in over_both["lines"]] == [("removed", "NW-002")]
    refused = desk.nancy.get(f"{URL}/{third['id']}/changes", query_string={"since": 3})
    assert problem(refused, 422) == ("no_earlier_revision", "since")
    assert desk.said()[-2:] == ["sales.quotation.issued.v1", "sales.quotation.revised.v1"]


def test_only_the_last_revision_can_be_accepted(desk: Desk):
    first = quoted(desk)
    second = revise(desk, first).json
    refused = desk.nancy.post(f"{URL}/{first['id']}/accept", json={})
    assert problem(refused, 409)[0] == "quotation_closed"
    assert refused.json["superseded_by"] == second["id"]
    assert desk.nancy.post(f"{URL}/{second['id']}/accept", json={}).status_code == 201
    assert problem(revise(desk, second), 409)[0] == "quotation_closed"
    assert problem(revise(desk, first), 409)[0] == "quotation_closed"


def test_of_two_who_revise_at_once_one_is_refused(desk: Desk):
    first, barrier = quoted(desk), Barrier(4)

    def at_once(_: int) -> int:
        barrier.wait()
        return revise(desk, first).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(at_once, range(4))) == [201, 409, 409, 409]


def test_a_revision_of_an_old_version_or_of_anothers_quotation_is_refused(desk: Desk):
    first = quoted(desk)
    assert revise(desk, first, headers={"If-Match": '"1"'}).status_code == 412
    assert desk.janet.post(f"{URL}/{first['id']}/revise", json={"lines": [line()]}).status_code == 404
    assert problem(revise(desk, first, line(quantity="0")), 422)[1] == "lines.0.quantity"
    assert desk.nancy.get(f"{URL}/{first['id']}").json["state"] == "sent", "a refusal changes nothing"
    assert problem(desk.nancy.get(f"{URL}/{first['id']}/changes"), 404)[0] == "quotation_not_revised"


def test_r3_1_the_same_again_in_one_act_at_the_prices_of_today(desk: Desk):
    order = desk.order(chai_line(3, discount_bp=500), chai_line(100))
    answer = desk.nancy.post(f"{URL}/again", json={"customer_id": HARBOR.id})
    assert answer.status_code == 201
    assert [
        (each["quantity"], each["unit_price"], each["discount_percent"]) for each in answer.json["lines"]
    ] == [
        ("3", usd("18.00"), "0.00"),
        ("100", usd("16.50"), "0.00"),
    ]
    named = desk.nancy.post(f"{URL}/again", json={"customer_id": HARBOR.id, "order_id": order.id})
    assert named.json["total"] == answer.json["total"]


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"customer_id": TOKYO.id}, 409, "nothing_to_repeat"),
        ({"customer_id": HARBOR.id, "order_id": UNKNOWN}, 404, "order_not_found"),
        ({"customer_id": UNKNOWN}, 422, "unknown_customer"),
    ],
)
def test_where_there_is_nothing_to_repeat_it_is_said(desk: Desk, wanted, status, code):
    assert problem(desk.mike.post(f"{URL}/again", json=wanted), status)[0] == code


def test_the_order_of_anothers_customer_is_not_known_of(desk: Desk):
    order = desk.order(chai_line(3))
    for wanted in ({"customer_id": HARBOR.id}, {"customer_id": HARBOR.id, "order_id": order.id}):
        refused = desk.janet.post(f"{URL}/again", json=wanted)
        assert problem(refused, 422) == ("unknown_customer", "customer_id")
        assert order.id not in refused.text


def test_an_item_that_is_not_sold_any_more_is_named_not_left_out(desk: Desk):
    desk.order(chai_line(3))
    desk.database.transact(lambda tx: keep_item(tx, replace(CHAI, active=False)))
    refused = desk.nancy.post(f"{URL}/again", json={"customer_id": HARBOR.id})
    assert problem(refused, 422) == ("item_inactive", "lines.0.item_id")
