"""A customer's link: who has it may read and answer without a login, nobody else, and every answer has its evidence."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from libs.common.db.idempotency import idempotency
from libs.common.testing import ManualClock
from libs.common.web.principal import GATEWAY
from services.sales.jobs.expire_quotations import expire_quotations
from services.sales.store.link_tables import quotation_link
from services.sales.tests.approving import FLOWS, flow, step
from services.sales.tests.builders import TERMS, UNKNOWN, Desk
from services.sales.tests.integration.test_options import CHOICES, offer
from services.sales.tests.integration.test_quotations_api import URL, body, line, problem, usd

PUBLIC = "/api/v1/public/quotations"
SECRETS = {
    "price_trace",
    "created_by",
    "id",
    "customer_id",
    "approval_id",
    "coupon",
    "item_id",
    "exact_amount",
}


@pytest.fixture
def door(desk: Desk) -> FlaskClient:
    """Give the gateway, as it asks for a visitor."""
    return desk.client(GATEWAY)


@pytest.fixture
def plain_door(plain_desk: Desk) -> FlaskClient:
    """Give the gateway where the engine is not the subject."""
    return plain_desk.client(GATEWAY)


def linked(desk: Desk, *lines: dict[str, Any]) -> Any:
    """Return a quotation that was sent, with its link."""
    quotation = offer(desk, *(lines or CHOICES))
    answer = desk.nancy.post(f"{URL}/{quotation['id']}/link")
    assert answer.status_code == 201, answer.json
    return quotation | {"link": answer.json}


def ann(door: FlaskClient, quotation: Any, act: str, **more: Any) -> Any:
    headers = {"Meridian-Caller-Address": "192.0.2.7", "User-Agent": "Firefox/140"}
    token = quotation["link"]["token"]
    return door.post(f"{PUBLIC}/{token}/{act}", json={"name": "Ann 王"} | more, headers=headers)


def names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def test_r3_1_the_customer_reads_chooses_and_accepts_without_a_login(desk: Desk, door: FlaskClient):
    quotation = linked(desk)
    path = f"{PUBLIC}/{quotation['link']['token']}"
    assert quotation["link"]["path"] == path
    seen = door.get(path).json
    assert (seen["number"], seen["state"], seen["customer_name"]) == ("Q-000001", "sent", "Harbor Pumps")
    assert [each["amount"] for each in seen["lines"]] == [each["amount"] for each in quotation["lines"]]
    assert not names(seen) & SECRETS, "what is the company's own business is not shown"

    accepted = ann(door, quotation, "accept", chosen=[4, 3])
    assert (accepted.status_code, accepted.json["state"], accepted.json["order_number"]) == (
        200, "accepted", "SO-000001",
    )  # fmt: skip
    (order,) = desk.nancy.get("/api/v1/orders").json["items"]
    assert (accepted.json["total"], [each["line_no"] for each in accepted.json["lines"]]) == (
        order["total"],
        [1, 3, 4],
    )
    assert (order["total"], order["created_by"]) == (usd("1090.00"), "customer")
    assert ann(door, quotation, "accept", chosen=[4, 3]).json == accepted.json, (
        "said again, it changes nothing"
    )
    assert desk.said().count("sales.order.placed.v1") == desk.said().count("inventory.reserve_stock.v1") == 1

    evidence = desk.nancy.get(f"{URL}/{quotation['id']}/link").json["answer"]
    at = evidence.pop("at")
    assert at.startswith("20")
    assert evidence == {
        "deed": "accepted", "name": "Ann 王", "address": "192.0.2.7", "user_agent": "Firefox/140", "revision": 1,
        "chosen": [4, 3], "reason": None,
    }  # fmt: skip


def test_a_declined_quotation_keeps_who_and_why(plain_desk: Desk, plain_door: FlaskClient):
    quotation = linked(plain_desk)
    assert ann(plain_door, quotation, "decline", reason="Too dear").json["state"] == "declined"
    assert ann(plain_door, quotation, "decline").json["state"] == "declined"
    assert plain_desk.said().count("sales.quotation.declined.v1") == 1
    answer = plain_desk.nancy.get(f"{URL}/{quotation['id']}/link").json["answer"]
    assert (answer["deed"], answer["reason"]) == ("declined", "Too dear")
    refused = ann(plain_door, quotation, "accept")
    assert (problem(refused, 409)[0], refused.json["state"]) == ("quotation_answered", "declined")


def test_a_link_that_opens_nothing_tells_nobody_why(
    plain_desk: Desk, plain_door: FlaskClient, clock: ManualClock
):
    revoked, superseded, replaced, over, stale = (linked(plain_desk) for _ in range(5))
    assert plain_desk.nancy.delete(f"{URL}/{revoked['id']}/link").status_code == 204
    assert (
        plain_desk.nancy.post(f"{URL}/{superseded['id']}/revise", json={"lines": [line()]}).status_code == 201
    )
    assert plain_desk.nancy.post(f"{URL}/{replaced['id']}/link").status_code == 201
    clock.advance(timedelta(days=31))
    for database_day in (stale, over):
        assert plain_door.get(database_day["link"]["path"]).status_code == 404
    expire_quotations(plain_desk.database, TERMS)
    told = set()
    for path in (
        *(each["link"]["path"] for each in (revoked, superseded, replaced, over)),
        f"{PUBLIC}/{UNKNOWN}",
    ):
        for answer in (
            plain_door.get(path), plain_door.get(f"{path}/pdf"), plain_door.post(f"{path}/accept", json={"name": "A"}),
            plain_door.post(f"{path}/decline", json={"name": "A"}),
        ):  # fmt: skip
            problem(answer, 404)
            told.add((answer.json["code"], answer.json["detail"], str(answer.json["errors"])))
    assert len(told) == 1, "the answers differ, so they tell something"


def test_of_a_token_only_the_hash_is_kept(plain_desk: Desk):
    quotation = offer(plain_desk)
    made = plain_desk.nancy.post(f"{URL}/{quotation['id']}/link", headers={"Idempotency-Key": "once"}).json
    again = plain_desk.nancy.post(f"{URL}/{quotation['id']}/link", headers={"Idempotency-Key": "once"}).json
    assert (again["id"], again["token"], again["path"]) == (made["id"], None, None)
    rows = plain_desk.database.read(
        lambda connection: [
            str(connection.execute(select(table)).mappings().all()) for table in (quotation_link, idempotency)
        ]
    )
    assert made["token"] not in "".join(rows)
    assert made["token"] not in "".join(str(message.data) for message in plain_desk.messages())


def test_only_what_was_sent_has_a_link_and_only_its_sellers_make_one(plain_desk: Desk):
    draft = offer(plain_desk, sent=False)
    assert problem(plain_desk.nancy.post(f"{URL}/{draft['id']}/link"), 409)[0] == "quotation_not_sent"
    assert problem(plain_desk.nancy.get(f"{URL}/{draft['id']}/link"), 404)[0] == "quotation_has_no_link"
    assert problem(plain_desk.nancy.delete(f"{URL}/{draft['id']}/link"), 404)[0] == "quotation_has_no_link"
    sent = linked(plain_desk)
    for call in (plain_desk.janet.post, plain_desk.janet.get, plain_desk.janet.delete):
        assert problem(call(f"{URL}/{sent['id']}/link"), 404)[0] == "quotation_not_found"


def test_what_is_paid_at_the_counter_is_not_accepted_from_afar(plain_desk: Desk):
    quotation = plain_desk.nancy.post(URL, json=body(order_type="cash_and_carry")).json
    assert plain_desk.nancy.post(f"{URL}/{quotation['id']}/send").json["state"] == "sent"
    refused = plain_desk.nancy.post(f"{URL}/{quotation['id']}/link")
    assert problem(refused, 409)[0] == "no_link_to_the_counter"
    assert "counter-sales" in refused.text


def test_two_visitors_with_one_idempotency_key_are_two(plain_desk: Desk, plain_door: FlaskClient):
    for quotation in (linked(plain_desk), linked(plain_desk)):
        for replayed in (None, "true"):
            path = f"{quotation['link']['path']}/accept"
            answer = plain_door.post(path, json={"name": "Ann"}, headers={"Idempotency-Key": "1"})
            assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (200, replayed)


def test_what_needs_an_approval_is_not_told_to_the_customer(plain_desk: Desk, plain_door: FlaskClient):
    plain_desk.mike.post(FLOWS, json=flow(step()))
    quotation = linked(plain_desk)
    refused = ann(plain_door, quotation, "accept", chosen=[3, 4])
    assert problem(refused, 409) == ("choice_needs_confirmation", "chosen")
    assert "approv" not in refused.text.lower()
    assert "Big or cheap" not in refused.text
    assert ann(plain_door, quotation, "accept", chosen=[4]).status_code == 200


def test_of_many_answers_at_once_one_counts(desk: Desk, door: FlaskClient):
    quotation, barrier = linked(desk), Barrier(4)

    def act(n: int) -> int:
        barrier.wait()
        return int(ann(door, quotation, ("accept", "decline")[n % 2]).status_code)

    with ThreadPoolExecutor(4) as pool:
        found = Counter(pool.map(act, range(4)))
    assert found == {200: 2, 409: 2}, (
        "the first kind of answer stands and may be repeated, the other is too late"
    )
    assert (
        desk.said().count("sales.quotation.accepted.v1") + desk.said().count("sales.quotation.declined.v1")
        == 1
    )


def test_a_link_that_is_taken_back_while_the_customer_accepts_opens_nothing(desk: Desk, door: FlaskClient):
    quotation, barrier = linked(desk), Barrier(2)

    def accept() -> int:
        barrier.wait()
        return int(ann(door, quotation, "accept").status_code)

    def revoke() -> int:
        barrier.wait()
        return int(desk.nancy.delete(f"{URL}/{quotation['id']}/link").status_code)

    with ThreadPoolExecutor(2) as pool:
        accepted, revoked = pool.submit(accept), pool.submit(revoke)
        assert (accepted.result(), revoked.result()) in ((200, 204), (404, 204))
    state = desk.nancy.get(f"{URL}/{quotation['id']}").json["state"]
    assert state == ("accepted" if accepted.result() == 200 else "sent")
