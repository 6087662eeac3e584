"""The company's own fields of customers: asked for at once, told with the customer, found in lists."""

from __future__ import annotations

from typing import Any

from services.crm.tests.builders import Desk

PATH, FORMS = "/api/v1/customers", "/api/v1/crm-forms"
RISK = {
    "key": "risk",
    "label": {"en": "Risk", "zh": "风险"},
    "type": "choice",
    "options": [
        {"key": "high", "label": {"en": "High", "zh": "高"}},
        {"key": "low", "label": {"en": "Low", "zh": "低"}},
    ],
}
NOTE = {"key": "note", "label": {"en": "Note", "zh": "备注"}, "type": "text"}


def define(desk: Desk, *fields: dict[str, Any], based_on: int = 0) -> Any:
    body = {"document": "customer", "based_on": based_on, "fields": list(fields)}
    answer = desk.steven.post(FORMS, json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_what_is_required_is_asked_for_at_once_and_all_of_it_named(desk: Desk) -> None:
    define(desk, RISK | {"required_from": "2000-01-01"}, NOTE)
    refused = desk.nancy.post(PATH, json={"name": "Harbor", "fields": {"nowhere": "x"}})
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json["errors"]] == ["fields.nowhere", "fields.risk"]
    made = desk.nancy.post(PATH, json={"name": "Harbor", "fields": {"risk": "high"}})
    assert (made.json["fields"], made.json["form_version"]) == ({"risk": "high"}, 1)

    path, tag = f"{PATH}/{made.json['id']}", {"If-Match": '"1"'}
    cleared = desk.nancy.patch(path, json={"fields": {"risk": None}}, headers=tag)
    assert [each["field"] for each in cleared.json["errors"]] == ["fields.risk"]
    changed = desk.nancy.patch(path, json={"city": "Kiel", "fields": {"note": "=1+1"}}, headers=tag)
    assert (changed.json["fields"], changed.json["version"]) == ({"risk": "high", "note": "=1+1"}, 2)
    same = desk.nancy.patch(path, json={"fields": {"risk": "high"}}, headers={"If-Match": '"2"'})
    assert same.json["version"] == 2, "nothing changed, and nothing is told"
    assert [type_ for type_ in desk.told() if "customer" in type_] == [
        "crm.customer.registered.v1",
        "crm.customer.details_changed.v1",
    ]


def test_a_form_that_comes_later_asks_nobody_about_what_is_there(desk: Desk) -> None:
    made = desk.nancy.post(PATH, json={"name": "Harbor"}).json
    define(desk, RISK | {"required_from": "2000-01-01"})
    path = f"{PATH}/{made['id']}"
    moved = desk.nancy.patch(path, json={"city": "Kiel"}, headers={"If-Match": '"1"'})
    assert (moved.json["city"], moved.json["fields"], moved.json["form_version"]) == ("Kiel", {}, 0)
    given = desk.steven.post(f"{path}/owner", json={"owner_id": "janet.leverling"})
    assert given.json["fields"] == {}


def test_a_list_finds_by_a_field_whose_customers_they_are(desk: Desk) -> None:
    define(desk, RISK)
    first = desk.nancy.post(PATH, json={"name": "A", "fields": {"risk": "high"}}).json
    desk.nancy.post(PATH, json={"name": "B", "fields": {"risk": "low"}})
    desk.janet.post(PATH, json={"name": "C", "fields": {"risk": "high"}})
    asked = {"field": "risk", "field_value": "high"}
    found = desk.nancy.get(PATH, query_string=asked).json["items"]
    assert [(each["id"], each["fields"]) for each in found] == [(first["id"], {"risk": "high"})]
    assert len(desk.steven.get(PATH, query_string=asked).json["items"]) == 2
    refused = desk.nancy.get(PATH, query_string=asked | {"field_value": "highest"})
    assert [each["field"] for each in refused.json["errors"]] == ["field_value"]


def test_others_are_told_of_every_version_of_a_form(desk: Desk) -> None:
    define(desk, RISK)
    define(desk, RISK | {"retired": True}, NOTE, based_on=1)
    assert desk.told() == ["crm.form.defined.v1", "crm.form.defined.v1"]
    assert desk.nancy.post(FORMS, json={}).status_code == 403
