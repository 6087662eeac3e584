"""The company's own fields of quotations: filled in, required, seen by role, found, and asked for by flows."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.tests.approving import APPROVALS, MIA, QUOTATIONS, decide
from services.sales.tests.builders import CHAI, HARBOR, NANCY, Desk
from services.sales.tests.integration.test_quotations_api import line, problem

FORMS, FLOWS = "/api/v1/sales-forms", "/api/v1/approval-flows"
WORDS = {"en": "Words", "zh": "词"}
DAY = "2000-01-01"


def own(key: str, of: str = "text", **more: Any) -> dict[str, Any]:
    return {"key": key, "label": WORDS, "type": of} | more


def define(desk: Desk, *fields: dict[str, Any], based_on: int = 0, status: int = 201) -> Any:
    body = {"document": "quotation", "based_on": based_on, "fields": list(fields)}
    answer = desk.mike.post(FORMS, json=body)
    assert answer.status_code == status, answer.json
    return answer.json


def offer(desk: Desk, status: int = 201, who: Any = None, **more: Any) -> Any:
    body = {"customer_id": HARBOR.id, "lines": [line(quantity="1")]} | more
    answer = (who or desk.nancy).post(QUOTATIONS, json=body)
    assert answer.status_code == status, answer.json
    return answer.json


def fill(desk: Desk, quotation: Any, fields: Any, who: Any = None) -> Any:
    return (who or desk.nancy).put(f"{QUOTATIONS}/{quotation['id']}/fields", json={"fields": fields})


def a_flow(*clauses: dict[str, Any]) -> dict[str, Any]:
    steps = [{"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    return {"name": "Own", "cases": [{"clauses": list(clauses)}], "steps": steps}


def errors(answer: Any) -> list[str]:
    return [each["field"] for each in answer["errors"]]


def test_a_value_is_kept_shown_found_and_taken_along_by_a_revision(desk: Desk) -> None:
    assert define(desk, own("heat", "number", scale=1), own("note"))["version"] == 1
    made = offer(desk, fields={"heat": "80.5", "note": "=HYPERLINK(1)"})
    assert (made["fields"], made["form_version"]) == ({"heat": "80.5", "note": "=HYPERLINK(1)"}, 1)
    offer(desk, fields={"heat": "80.4"})
    for asked in ({"field_value": "80.5"}, {"field_from": "80.45"}, {"field_from": "80.5", "field_to": "81"}):
        status = 422 if asked.get("field_from") == "80.45" else 200
        found = desk.nancy.get(QUOTATIONS, query_string={"field": "heat"} | asked)
        assert found.status_code == status
        assert status == 422 or [each["id"] for each in found.json["items"]] == [made["id"]]
    filled = fill(desk, made, {"note": None, "heat": "81"})
    assert (filled.json["fields"], filled.json["version"]) == ({"heat": "81.0"}, made["version"] + 1)
    assert fill(desk, made, {"heat": "81.0"}).json["version"] == made["version"] + 1, "nothing changed"
    again = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/revise", json={"lines": [line(quantity="2")]}).json
    assert again["fields"] == {"heat": "81.0"}
    order = desk.nancy.post(f"{QUOTATIONS}/{again['id']}/accept", json={}).json
    assert desk.nancy.get(f"/api/v1/orders/{order['id']}").json["fields"] == {"heat": "81.0"}
    found = desk.nancy.get("/api/v1/orders", query_string={"field": "heat", "field_from": "81"}).json["items"]
    assert [each["id"] for each in found] == [order["id"]]


def test_an_upgrade_of_the_form_keeps_what_was_said(desk: Desk) -> None:
    define(desk, own("note"), own("old"))
    made = offer(desk, fields={"note": "a", "old": "b"})
    define(
        desk, own("note", longest=1), own("old", retired=True), own("new", default={"value": "c"}), based_on=1
    )
    shown = desk.nancy.get(f"{QUOTATIONS}/{made['id']}").json
    assert (shown["fields"], shown["form_version"]) == ({"note": "a", "old": "b"}, 1)
    assert offer(desk)["fields"] == {"new": "c"}
    assert errors(offer(desk, 422, fields={"old": "x"})) == ["fields.old"]
    first = desk.nancy.get(FORMS, query_string={"document": "quotation", "version": 1}).json["items"][0]
    assert [each["key"] for each in first["fields"]] == ["note", "old"]


def test_what_is_required_is_asked_for_when_the_quotation_goes_on(desk: Desk) -> None:
    define(desk, own("note", required_from=DAY), own("later", required_from="2199-01-01"))
    made = offer(desk)
    for act in ("send", "accept"):
        refused = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/{act}", json={})
        assert problem(refused, 422) == ("field_invalid", "fields.note")
    fill(desk, made, {"note": "a"})
    assert desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json["state"] == "sent"
    assert fill(desk, made, {"note": "b"}).status_code == 409, "who has it knows it so"
    body = {"customer_id": HARBOR.id, "lines": [line(quantity="1")], "send": True}
    assert desk.nancy.post(f"{QUOTATIONS}/standard", json=body).status_code == 422
    body["fields"] = {"note": "a"}
    assert desk.nancy.post(f"{QUOTATIONS}/standard", json=body).json["state"] == "sent"


def test_what_is_required_is_asked_for_at_the_counter_too(desk: Desk) -> None:
    define(desk, own("note", required_from=DAY))
    body: dict[str, Any] = {"customer_id": HARBOR.id, "lines": [line(quantity="1")]}
    refused = desk.nancy.post("/api/v1/counter-sales", json=body)
    assert problem(refused, 422) == ("field_invalid", "fields.note")
    assert desk.mike.get(QUOTATIONS).json["items"] == []
    sold = desk.nancy.post("/api/v1/counter-sales", json=body | {"fields": {"note": "a"}})
    assert sold.status_code == 201, sold.json
    assert desk.nancy.get(f"/api/v1/orders/{sold.json['id']}").json["fields"] == {"note": "a"}


def test_a_role_sees_fills_in_and_finds_what_is_its_own(desk: Desk) -> None:
    define(desk, own("secret", seen_by=["sales_manager"]), own("class", edited_by=["sales_manager"]))
    assert errors(offer(desk, 422, fields={"secret": "x"})) == ["fields.secret"]
    assert offer(desk, 403, fields={"class": "x"})["code"] == "field_not_yours"
    made = offer(desk)
    filled = fill(desk, made, {"secret": "x", "class": "y"}, desk.mike)
    assert filled.json["fields"] == {"secret": "x", "class": "y"}
    assert desk.nancy.get(f"{QUOTATIONS}/{made['id']}").json["fields"] == {"class": "y"}
    asked = {"field": "secret", "field_value": "x"}
    assert desk.nancy.get(QUOTATIONS, query_string=asked).status_code == 422
    assert len(desk.mike.get(QUOTATIONS, query_string=asked).json["items"]) == 1
    keys = [each["key"] for each in desk.nancy.get(FORMS).json["items"][0]["fields"]]
    assert keys == ["class"]


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "x" * 10_000}, {"note": {"a": {"b": {"c": "d"}}}}, {"note": ["x"]}, {"note": 1}, {"note": 1.5},
        {"__proto__": "x"}, {"total": "1.00"}, {"fields.note": "x"}, {f"k{n}": "x" for n in range(201)},
        {"note": "a\x00b"}, {"note": "a\u0085b"}, "note", ["note"], {"note": "\ufffe"}, {"note": " "},
    ],
)  # fmt: skip
def test_hostile_values_are_refused_by_their_name_and_leave_nothing(desk: Desk, fields: Any) -> None:
    define(desk, own("note"))
    refused = offer(desk, 422, fields=fields)
    assert all(each["field"].startswith("fields") for each in refused["errors"]), refused
    assert all(each.get("cure") for each in refused["errors"]), refused
    assert desk.mike.get(QUOTATIONS).json["items"] == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ([own("total")], "fields.0.key"),
        ([own("largest_discount")], "fields.0.key"),
        ([own("fields")], "fields.0.key"),
        ([own("a", "number", default={"value": 1})], "fields.0.default.value"),
        ([own("a", "choice")], "fields.0.options"),
        ([own("a"), own("a")], "fields.1.key"),
        ([own(f"f{n}") for n in range(201)], "fields"),
    ],
)
def test_a_form_that_cannot_be_is_refused_by_its_place(desk: Desk, fields: Any, place: str) -> None:
    assert errors(define(desk, *fields, status=422)) == [place]


def test_who_did_not_see_the_last_version_is_refused(desk: Desk) -> None:
    define(desk, own("a"))
    assert define(desk, own("b"), status=412)["code"] == "form_outdated"
    assert (
        desk.nancy.post(FORMS, json={"document": "quotation", "based_on": 1, "fields": []}).status_code == 403
    )


def test_a_form_is_tried_on_past_quotations_and_nothing_is_stored(desk: Desk) -> None:
    define(desk, own("note"))
    offer(desk, fields={"note": "a"})
    offer(desk)
    body = {"document": "quotation", "based_on": 1, "fields": [own("note", required_from=DAY)], "last": 10}
    tried = desk.mike.post(f"{FORMS}/try", json=body).json
    assert tried == {"version": 2, "looked_at": 2, "lacking": [{"key": "note", "documents": 1}]}
    assert desk.mike.get(FORMS).json["items"][0]["version"] == 1


def test_a_flow_asks_for_a_field_and_who_fills_it_in_does_not_decide(desk: Desk, mia: Any) -> None:
    define(desk, own("heat", "number", scale=1), own("due", "date"), own("gone", retired=True))
    hot = {"field": "fields.heat", "comparison": "at_least", "number": "80.5"}
    due = {"field": "fields.due", "comparison": "at_most", "day": "2026-12-31"}
    for wrong, place in (
        ({"field": "fields.cold", "comparison": "equals", "texts": ["x"]}, "cases.0.clauses.0.field"),
        ({"field": "fields.gone", "comparison": "equals", "texts": ["x"]}, "cases.0.clauses.0.field"),
        ({"field": "fields.heat", "comparison": "one_of", "texts": ["x"]}, "cases.0.clauses.0.comparison"),
        ({"field": "fields.heat", "comparison": "equals", "day": "2026-12-31"}, "cases.0.clauses.0.day"),
    ):
        refused = desk.mike.post(FLOWS, json=a_flow(wrong)).json
        assert (errors(refused), bool(refused["errors"][0]["cure"])) == ([place], True)
    shown = desk.mike.post(FLOWS, json=a_flow(hot, due)).json["cases"][0]["clauses"]
    assert [(each["number"], each["day"]) for each in shown] == [("80.5", None), (None, "2026-12-31")]

    silent = offer(desk)
    assert desk.nancy.post(f"{QUOTATIONS}/{silent['id']}/send").json["state"] == "sent"
    made = offer(desk)
    fill(desk, made, {"heat": "80.5", "due": "2026-12-31"}, mia)
    waits = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json
    assert waits["state"] == "pending_approval"
    assert decide(mia, waits).json["code"] == "own_approval"
    barred = desk.nancy.get(f"{APPROVALS}/{waits['approval_id']}").json["barred"]
    assert barred == sorted([MIA, NANCY])
    assert decide(desk.mike, waits).json["state"] == "approved"


TOLD = {"document": "customer", "version": 1, "defined_by": MIA}
RISK = {
    "key": "risk", "type": "choice", "en": "Risk", "zh": "风险", "scale": 0, "seen_by": [], "retired": False,
    "since": 1, "options": [{"key": "high", "en": "High", "zh": "高", "retired": False}],
}  # fmt: skip


def test_a_customers_and_an_items_fields_decide_too_in_whatever_order_they_come(desk: Desk) -> None:
    details = {"customer_id": HARBOR.id, "number": HARBOR.number, "name": HARBOR.name, "currency": "USD"}
    about = details | {"owner_id": NANCY, "fields": {"risk": "high"}}
    desk.hear(desk.message("crm.customer.details_changed.v1", HARBOR.id, about))
    desk.hear(desk.message("crm.form.defined.v1", "f1", TOLD | {"form_id": "f1", "fields": [RISK]}))
    form = TOLD | {
        "form_id": "f2",
        "document": "item",
        "fields": [RISK | {"key": "toxic", "type": "flag", "options": []}],
    }
    desk.hear(desk.message("inventory.form.defined.v1", "f2", form))
    item = {
        "item_id": CHAI.id,
        "sku": CHAI.sku,
        "name": CHAI.name,
        "uom": "piece",
        "decimals": 0,
        "active": True,
    }
    desk.hear(
        desk.message("inventory.item.details_changed.v1", CHAI.id, item | {"fields": {"toxic": "true"}})
    )

    (document,) = desk.mike.get("/api/v1/approval-fields").json["documents"]
    offered = {each["field"]: each for each in document["fields"]}
    assert offered["customer.fields.risk"]["label"] == {"en": "Customer: Risk", "zh": "客户：风险"}
    risky = {"field": "customer.fields.risk", "comparison": "equals", "texts": ["high"]}
    toxic = {"field": "item.fields.toxic", "comparison": "equals", "flag": True}
    wrong = desk.mike.post(FLOWS, json=a_flow(risky | {"texts": ["highest"]})).json
    assert (errors(wrong), wrong["errors"][0]["cure"]) == (["cases.0.clauses.0.texts"], "Choose of: high.")
    assert desk.mike.post(FLOWS, json=a_flow(risky, toxic)).status_code == 201
    made = offer(desk)
    assert desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json["state"] == "pending_approval"

    desk.hear(desk.message("crm.customer.details_changed.v1", HARBOR.id, about | {"fields": {}}))
    other = offer(desk)
    tried = desk.mike.post(f"{FLOWS}/try", json=a_flow(risky, toxic) | {"last": 2}).json
    assert tried["not_said"] == [{"field": "customer.fields.risk", "documents": 2}]
    assert desk.nancy.post(f"{QUOTATIONS}/{other['id']}/send").json["state"] == "sent"
