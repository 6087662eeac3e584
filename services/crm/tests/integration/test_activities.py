"""Activities over HTTP, and a customer as crm knows them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.crm.tests.builders import NANCY, UNKNOWN, a_customer
from services.crm.tests.pipeline import Pipeline, usd

PATH = "/api/v1/activities"


def planned(pipeline: Pipeline, customer: Any, **details: Any) -> dict[str, Any]:
    """Write an activity of a customer and return the answer."""
    body = {"customer_id": customer["id"], "kind": "call", "subject": "Ask about pumps"} | details
    answer = pipeline.desk.nancy.post(PATH, json=body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def test_r5_5_what_is_planned_is_done_once_with_what_came_of_it(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy)
    call = planned(pipeline, customer, due_at="2026-03-05T02:00:00Z")
    assert (call["owner_id"], call["done_at"], call["customer_name"]) == (NANCY, None, "Harbor Pumps")

    def end(_: int) -> int:
        answer = pipeline.desk.nancy.post(f"{PATH}/{call['id']}/done", json={"outcome": "Wants forty"})
        return int(answer.status_code)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(end, range(6))) == [200] + [409] * 5
    assert pipeline.desk.told().count("crm.activity.ended.v1") == 1
    (found,) = pipeline.desk.nancy.get(PATH, query_string={"done": "true"}).json["items"]
    assert found["outcome"] == "Wants forty"
    assert (
        pipeline.desk.nancy.patch(f"{PATH}/{call['id']}", json={"subject": "x"}).json["code"]
        == "activity_done"
    )


def test_a_note_is_done_as_it_is_written(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy)
    note = planned(pipeline, customer, kind="note", body="They moved")
    assert note["done_at"] == note["created_at"]
    body = {"customer_id": customer["id"], "kind": "note", "subject": "x", "due_at": "2026-03-05T02:00:00Z"}
    assert pipeline.desk.nancy.post(PATH, json=body).json["code"] == "note_is_done"


def test_what_is_to_do_can_change(pipeline: Pipeline) -> None:
    call = planned(pipeline, a_customer(pipeline.desk.nancy))
    path = f"{PATH}/{call['id']}"
    changed = pipeline.desk.nancy.patch(path, json={"due_at": "2026-03-06T02:00:00Z", "owner_id": "bob"}).json
    assert (changed["due_at"], changed["owner_id"], changed["version"]) == ("2026-03-06T02:00:00Z", "bob", 2)
    late = pipeline.desk.nancy.patch(path, json={"subject": "x"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412


@pytest.mark.parametrize("field", ["opportunity_id", "contact_id"])
def test_it_may_only_name_what_is_the_customers_own(pipeline: Pipeline, field: str) -> None:
    nancy = pipeline.desk.nancy
    customer, other = a_customer(nancy, currency="USD"), a_customer(nancy, currency="USD")
    contact = nancy.post(f"/api/v1/customers/{other['id']}/contacts", json={"name": "Ann"}).json
    theirs = {"opportunity_id": pipeline.opened(customer_id=other["id"])["id"], "contact_id": contact["id"]}
    before = pipeline.desk.stored()
    for wrong in (theirs[field], UNKNOWN):
        body = {"customer_id": customer["id"], "kind": "call", "subject": "x", field: wrong}
        answer = nancy.post(PATH, json=body)
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert pipeline.desk.stored() == before
    assert planned(pipeline, other, **{field: theirs[field]})[field] == theirs[field]


def test_of_another_ones_customer_nothing_is_seen_or_written(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy)
    call = planned(pipeline, customer)
    janet = pipeline.desk.janet
    assert janet.get(PATH).json["items"] == []
    assert janet.post(f"{PATH}/{call['id']}/done", json={}).status_code == 404
    assert janet.get(f"/api/v1/customers/{customer['id']}/relationship-summary").status_code == 404
    body = {"customer_id": customer["id"], "kind": "call", "subject": "x"}
    assert janet.post(PATH, json=body).status_code == 404


def test_r5_5_conversations_and_open_opportunities_on_one_page(pipeline: Pipeline) -> None:
    nancy = pipeline.desk.nancy
    customer = a_customer(nancy, currency="USD")
    nancy.post(f"/api/v1/customers/{customer['id']}/contacts", json={"name": "Ann", "role": "Buyer"})
    first = pipeline.opened(customer_id=customer["id"])
    pipeline.opened(customer_id=customer["id"], value=usd("1.50"))
    pipeline.act(pipeline.opened(customer_id=customer["id"]), "win")
    planned(pipeline, customer, due_at="2026-03-09T02:00:00Z", opportunity_id=first["id"])
    soon = planned(pipeline, customer, due_at="2026-03-05T02:00:00Z")
    said = planned(pipeline, customer, done=True, outcome="Likes it")
    page = nancy.get(f"/api/v1/customers/{customer['id']}/relationship-summary").json
    assert (page["open_opportunities"], page["won_opportunities"], page["lost_opportunities"]) == (2, 1, 0)
    assert page["open_value"] == usd("4001.50")
    assert len(page["opportunities"]) == 2
    assert page["contacts"][0]["name"] == "Ann"
    assert page["next_activity"] == soon
    assert page["recent_activities"] == [said]
    assert (
        pipeline.desk.client("wim", "warehouse")
        .get(f"/api/v1/customers/{customer['id']}/relationship-summary")
        .status_code
        == 403
    )
