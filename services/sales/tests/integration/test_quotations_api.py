"""Quotations over HTTP: what a salesperson, a manager and a stranger can do, and what is refused how."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from libs.common.testing import ManualClock
from services.sales.domain.pricing import recompute
from services.sales.domain.traces import from_data
from services.sales.jobs.expire_quotations import expire_quotations
from services.sales.tests.builders import (
    CHAI,
    HARBOR,
    RELIC,
    ROPE,
    TERMS,
    TOKYO,
    UNKNOWN,
    Desk,
    chai_line,
    price,
)

URL = "/api/v1/quotations"


def body(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"customer_id": HARBOR.id, "lines": list(lines) or [line()]} | changes


def line(**changes: Any) -> dict[str, Any]:
    return {"item_id": CHAI.id, "quantity": "10"} | changes


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def problem(answer: Any, status: int) -> tuple[str, str | None]:
    """Return the code and the first field of a refusal; nothing may have been told or stored because of it."""
    assert answer.status_code == status, answer.json
    assert answer.content_type == "application/problem+json"
    errors = answer.json.get("errors") or [{"field": None}]
    return answer.json["code"], errors[0].get("field")


def test_a_quotation_is_priced_from_the_policies_and_says_why(desk: Desk):
    answer = desk.nancy.post(
        URL,
        json=body(line(), line(quantity=100, discount_percent="7.5"), line(item_id=ROPE.id, quantity="1.5")),
    )

    assert answer.status_code == 201
    quotation = answer.json
    assert answer.headers["Location"] == f"{URL}/{quotation['id']}"
    assert answer.headers["ETag"].startswith('"1-')
    assert (quotation["number"], quotation["state"], quotation["version"]) == ("Q-000001", "draft", 1)
    assert [row["unit_price"]["amount"] for row in quotation["lines"]] == ["18.00", "16.50", "0.3333"]
    assert [row["amount"]["amount"] for row in quotation["lines"]] == ["180.00", "1526.25", "0.50"]
    assert [row["exact_amount"] for row in quotation["lines"]] == ["180.00", "1526.25", "0.49995"]
    assert (quotation["total"], quotation["exact_total"]) == (usd("1706.75"), "1706.74995")
    for row in quotation["lines"]:
        trace = from_data(row["price_trace"])
        assert recompute(trace) == trace
        assert trace.price == price(row["unit_price"]["amount"])
    assert desk.said() == ["sales.quotation.issued.v1"]
    assert desk.nancy.get(f"{URL}/{quotation['id']}").json == quotation


def test_yen_have_no_decimals(desk: Desk):
    quotation = desk.janet.post(URL, json=body(line(quantity=1), customer_id=TOKYO.id)).json

    assert quotation["total"] == {"amount": "101", "currency": "JPY"}
    assert quotation["exact_total"] == "100.5"


def test_only_some_may_set_a_price(desk: Desk):
    dearer = body(line(), line(unit_price=usd("19.00")))

    assert problem(desk.nancy.post(URL, json=dearer), 403) == (
        "price_override_forbidden",
        "lines.1.unit_price",
    )
    assert desk.said() == []
    same = desk.nancy.post(URL, json=body(line(unit_price=usd("18.00"))))
    assert same.status_code == 201
    for client in (desk.mike, desk.client("import", "api_client"), desk.client("root", "admin")):
        row = client.post(URL, json=dearer).json["lines"][1]
        assert (row["unit_price"], row["price_trace"]["source"]) == (usd("19.00"), "override")
        assert row["price_trace"]["policy_price"] == "18.00"
        assert row["price_trace"]["override"]["unit_price"] == "19.00"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (body(line(), line(item_id=UNKNOWN)), "unknown_item", "lines.1.item_id"),
        (body(line(item_id=RELIC.id)), "item_inactive", "lines.0.item_id"),
        (body(customer_id=UNKNOWN), "unknown_customer", "customer_id"),
        (body(customer_id=TOKYO.id), "unknown_customer", "customer_id"),
        (body(line(), line(quantity="1.5")), "quantity_too_fine", "lines.1.quantity"),
        (body(line(item_id=ROPE.id, quantity="0.001")), "quantity_too_fine", "lines.0.quantity"),
        (body(line(quantity="0")), None, "lines.0.quantity"),
        (body(line(quantity="-1")), None, "lines.0.quantity"),
        (body(line(quantity=1.5)), None, "lines.0.quantity"),
        (body(line(quantity="1e5")), None, "lines.0.quantity"),
        (body(line(quantity="NaN")), None, "lines.0.quantity"),
        (body(line(discount_percent="100.01")), None, "lines.0.discount_percent"),
        (body(line(discount_percent="-1")), None, "lines.0.discount_percent"),
        (body(line(discount_percent="1.234")), None, "lines.0.discount_percent"),
        (body(line(unit_price=usd("-0.01"))), None, "lines.0.unit_price.amount"),
        (body(line(unit_price={"amount": "1", "currency": "EUR"})), "currency_differs", "lines.0.unit_price"),
        (body(line(owner_id="me")), None, "lines.0.owner_id"),
        (body(state="accepted"), None, "state"),
        (body() | {"lines": []}, None, "lines"),
        (body(*[line()] * 1001), None, "lines"),
        (body(issued_on="2026-03-04"), "date_in_future", "issued_on"),
        (body(issued_on="2026-03-02", valid_until="2026-03-01"), "dates_reversed", "valid_until"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_leaves_nothing(numbered_desk: Desk, wrong, code, field):
    desk = numbered_desk
    found_code, found_field = problem(desk.nancy.post(URL, json=wrong), 422)

    assert found_field == field
    assert code is None or found_code == code
    assert desk.said() == []
    assert desk.nancy.post(URL, json=body()).json["number"] == "Q-000001"


def test_an_item_that_no_policy_covers_has_no_price(desk: Desk):
    answer = desk.janet.post(URL, json=body(line(item_id=ROPE.id), customer_id=TOKYO.id))

    assert problem(answer, 422) == ("no_price", "lines.0.unit_price")


def test_an_amount_that_cannot_be_booked_is_refused(desk: Desk):
    huge = line(quantity="999999999999", unit_price=usd("9999999999.99"))

    assert problem(desk.mike.post(URL, json=body(huge)), 422) == ("amount_too_large", "lines.0.quantity")
    nearly = line(quantity="999999999", unit_price=usd("900000.00"))
    assert problem(desk.mike.post(URL, json=body(nearly, nearly)), 422)[0] == "amount_too_large"


def test_the_price_is_that_of_the_day_of_issue(desk: Desk):
    old = {
        "name": "Opening days",
        "currency": "USD",
        "valid_from": "1996-07-04",
        "valid_until": "1996-07-05",
        "lines": [{"item_id": CHAI.id, "min_quantity": "1", "unit_price": usd("14.40")}],
    }
    assert desk.mike.post("/api/v1/price-policies", json=old).status_code == 201

    then = desk.nancy.post(URL, json=body(issued_on="1996-07-05", valid_until="2026-04-01")).json
    now = desk.nancy.post(URL, json=body()).json

    assert (then["lines"][0]["unit_price"], now["lines"][0]["unit_price"]) == (usd("14.40"), usd("18.00"))
    outcomes = [rule["outcome"] for rule in now["lines"][0]["price_trace"]["rules"]]
    assert outcomes == ["won", "below_min_quantity", "other_currency", "no_longer_valid"]


def test_sent_then_accepted_becomes_an_order(desk: Desk):
    quotation_id = desk.quote()
    assert desk.nancy.post(f"{URL}/{quotation_id}/send", json={}).json["state"] == "sent"

    answer = desk.nancy.post(f"{URL}/{quotation_id}/accept", json={"ordered_on": "2026-03-01"})

    assert answer.status_code == 201
    order = answer.json
    assert answer.headers["Location"] == f"/api/v1/orders/{order['id']}"
    assert (order["number"], order["state"], order["ordered_on"]) == ("SO-000001", "pending", "2026-03-01")
    assert order["conversation_id"] == order["quotation_id"] == quotation_id
    assert (order["total"], order["holds"]) == (usd("180.00"), [])
    assert desk.said()[-4:] == [
        "sales.quotation.sent.v1",
        "sales.quotation.accepted.v1",
        "sales.order.placed.v1",
        "inventory.reserve_stock.v1",
    ]
    assert {message.correlation_id for message in desk.messages()} == {quotation_id}
    shown = desk.nancy.get(f"{URL}/{quotation_id}").json
    assert (shown["state"], shown["order_id"]) == ("accepted", order["id"])


def test_a_second_acceptance_is_refused_and_the_same_key_answers_the_same(desk: Desk):
    path, key = f"{URL}/{desk.quote()}/accept", {"Idempotency-Key": "click-1"}
    first = desk.nancy.post(path, json={}, headers=key)

    again = desk.nancy.post(path, json={}, headers=key)
    other = desk.nancy.post(path, json={}, headers={"Idempotency-Key": "click-2"})

    assert (again.status_code, again.json) == (201, first.json)
    assert problem(other, 409)[0] == "quotation_closed"
    assert other.json["order_id"] == first.json["id"]
    assert desk.said().count("sales.order.placed.v1") == 1


def test_the_last_day_is_the_companys_and_after_it_nothing_is_accepted(desk: Desk, clock: ManualClock):
    quotation_id = desk.quote()
    clock.advance(timedelta(days=30))
    assert clock.now().date().isoformat() == "2026-04-01"
    assert expire_quotations(desk.database, TERMS) == 0

    clock.advance(timedelta(hours=15))
    refused = desk.nancy.post(f"{URL}/{quotation_id}/accept", json={})
    assert problem(refused, 409)[0] == "quotation_expired"
    assert expire_quotations(desk.database, TERMS) == 1
    assert expire_quotations(desk.database, TERMS) == 0

    assert desk.nancy.get(f"{URL}/{quotation_id}").json["state"] == "expired"
    assert problem(desk.nancy.post(f"{URL}/{quotation_id}/accept", json={}), 409)[0] == "quotation_expired"
    assert desk.said() == ["sales.quotation.issued.v1", "sales.quotation.expired.v1"]


def test_accepted_and_declined_ones_do_not_expire(desk: Desk, clock: ManualClock):
    desk.order()
    declined = desk.quote()
    desk.nancy.post(f"{URL}/{declined}/decline", json={"reason": "too dear"})
    clock.advance(timedelta(days=60))

    assert expire_quotations(desk.database, TERMS) == 0


def test_declined_it_is_closed(desk: Desk):
    quotation_id = desk.quote()

    answer = desk.nancy.post(f"{URL}/{quotation_id}/decline", json={"reason": "too dear"})

    assert (answer.json["state"], answer.json["decline_reason"]) == ("declined", "too dear")
    for act in ("send", "accept", "decline"):
        assert problem(desk.nancy.post(f"{URL}/{quotation_id}/{act}", json={}), 409)[0] == "quotation_closed"


def test_others_quotations_do_not_exist(desk: Desk):
    quotation_id = desk.quote()
    for act in ("", "/send", "/accept", "/decline"):
        refusals = []
        for one in (quotation_id, UNKNOWN):
            path = f"{URL}/{one}{act}"
            answer = desk.janet.post(path, json={}) if act else desk.janet.get(path)
            refusals.append(problem(answer, 404))
        assert refusals == [("quotation_not_found", None)] * 2

    assert desk.nancy.get(f"{URL}/{quotation_id}").json["version"] == 1


def test_a_change_based_on_an_old_version_is_refused(desk: Desk):
    path = f"{URL}/{desk.quote()}"
    desk.nancy.post(f"{path}/send", json={}, headers={"If-Match": '"1"'})

    stale = desk.nancy.post(f"{path}/accept", json={}, headers={"If-Match": '"1"'})
    assert problem(stale, 412)[0] == "version_mismatch"
    assert desk.nancy.post(f"{path}/accept", json={}, headers={"If-Match": '"2"'}).status_code == 201


def test_an_order_of_tomorrow_at_the_latest(desk: Desk):
    path = f"{URL}/{desk.quote()}/accept"

    assert problem(desk.nancy.post(path, json={"ordered_on": "2026-03-04"}), 422) == (
        "date_in_future",
        "ordered_on",
    )
    assert desk.nancy.post(path, json={"ordered_on": "2026-03-03"}).status_code == 201


def test_who_does_not_sell_does_not_quote(desk: Desk):
    path = f"{URL}/{desk.quote()}/accept"
    for role in ("warehouse", "finance", "service"):
        client = desk.client("somebody", role)
        assert client.post(URL, json=body()).status_code == 403
        assert client.post(path, json={}).status_code == 403


def test_the_list_is_paged_filtered_and_ones_own(desk: Desk):
    ids = [desk.quote() for _ in range(3)]
    foreign = desk.quote(customer=TOKYO)
    desk.nancy.post(f"{URL}/{ids[1]}/send", json={})

    first = desk.nancy.get(URL, query_string={"limit": "2"}).json
    rest = desk.nancy.get(URL, query_string={"limit": "2", "cursor": first["next_cursor"]}).json
    assert [row["id"] for row in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next_cursor"] is None
    assert [row["id"] for row in desk.nancy.get(URL, query_string={"state": "sent"}).json["items"]] == [
        ids[1]
    ]
    assert [row["id"] for row in desk.janet.get(URL).json["items"]] == [foreign]
    assert len(desk.mike.get(URL).json["items"]) == 4
    by_day = desk.mike.get(URL, query_string={"from": "2026-03-03"}).json["items"]
    assert by_day == []


def test_a_thousand_lines_are_quoted_and_ordered(desk: Desk):
    quotation_id = desk.quote(*[chai_line(n + 1, discount_bp=n) for n in range(1000)])

    answer = desk.nancy.post(f"{URL}/{quotation_id}/accept", json={})

    assert answer.status_code == 201
    order = answer.json
    quotation = desk.nancy.get(f"{URL}/{quotation_id}").json
    assert order["total"] == quotation["total"]
    assert [row["amount"] for row in order["lines"]] == [row["amount"] for row in quotation["lines"]]
    assert [row["line_no"] for row in order["lines"]] == list(range(1, 1001))
