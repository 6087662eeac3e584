"""Customers over HTTP: what is answered, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.crm.tests.builders import JANET, NANCY, UNKNOWN, Desk, a_customer

PATH = "/api/v1/customers"


def test_a_salespersons_customer_is_theirs_and_gets_the_next_number(desk: Desk) -> None:
    customer = a_customer(desk.nancy, country="Germany", city="Berlin", email="info@harbor.example")
    assert customer == {
        "id": customer["id"],
        "number": "C-000001",
        "name": "Harbor Pumps",
        "owner_id": NANCY,
        "currency": "USD",
        "country": "Germany",
        "city": "Berlin",
        "address": None,
        "phone": None,
        "email": "info@harbor.example",
        "active": True,
        "group": None,
        "region": None,
        "fields": {},
        "form_version": 0,
        "version": 1,
    }
    shown = desk.nancy.get(f"{PATH}/{customer['id']}")
    assert shown.json == customer
    assert shown.headers["ETag"].startswith('"1-')
    assert desk.told() == ["crm.customer.registered.v1"]


def test_a_manager_and_a_program_register_for_others_or_for_nobody(desk: Desk) -> None:
    assert a_customer(desk.steven, owner_id=JANET, number="ALFKI")["owner_id"] == JANET
    assert a_customer(desk.client("importer", "api_client"))["owner_id"] is None
    assert a_customer(desk.client("root", "admin"), owner_id=NANCY, currency="CNY")["currency"] == "CNY"


def test_where_a_new_customer_is_found(desk: Desk) -> None:
    answer = desk.nancy.post(PATH, json={"name": "Harbor Pumps"})
    assert answer.headers["Location"] == f"{PATH}/{answer.json['id']}"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": 7}, "name"),
        ({"name": "Harbor\x00Pumps"}, "name"),
        ({"name": "A", "colour": "red"}, "colour"),
        ({"name": "A", "version": 3}, "version"),
        ({"name": "A", "id": UNKNOWN}, "id"),
        ({"name": "A", "number": ""}, "number"),
        ({"name": "A", "number": "C 1"}, "number"),
        ({"name": "A", "number": "x" * 33}, "number"),
        ({"name": "A", "currency": "usd"}, "currency"),
        ({"name": "A", "currency": "QQQ"}, "currency"),
        ({"name": "A", "currency": None}, "currency"),
        ({"name": "A", "email": "nobody"}, "email"),
        ({"name": "A", "email": "a@b@c.de"}, "email"),
        ({"name": "A", "active": "yes"}, "active"),
        ({"name": "A", "phone": "1" * 41}, "phone"),
        ({"name": "A", "owner_id": 5}, "owner_id"),
    ],
)
def test_bad_input_is_refused_by_its_field_and_changes_nothing(
    desk: Desk, body: dict[str, Any], field: str
) -> None:
    answer = desk.steven.post(PATH, json=body)
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"][0]["field"] == field
    assert desk.stored() == (0, 0, 0)


def test_a_salesperson_may_not_register_for_another(desk: Desk) -> None:
    answer = desk.nancy.post(PATH, json={"name": "Harbor Pumps", "owner_id": JANET})
    assert (answer.status_code, answer.json["code"]) == (403, "owner_not_allowed")
    assert answer.json["errors"][0]["field"] == "owner_id"
    assert desk.stored() == (0, 0, 0)


@pytest.mark.parametrize("role", ["warehouse", "finance", "service"])
def test_other_roles_read_but_do_not_write(desk: Desk, role: str) -> None:
    customer = a_customer(desk.nancy)
    other = desk.client("someone", role)
    assert other.get(f"{PATH}/{customer['id']}").status_code == 200
    refusals = [
        other.post(PATH, json={"name": "X"}),
        other.patch(f"{PATH}/{customer['id']}", json={"name": "X"}, headers={"If-Match": '"1"'}),
        other.post(f"{PATH}/{customer['id']}/owner", json={"owner_id": "x"}),
        other.post(f"{PATH}/{customer['id']}/contacts", json={"name": "X"}),
    ]
    assert [refusal.status_code for refusal in refusals] == [403] * 4
    assert desk.stored() == (1, 0, 1)


def test_a_taken_number_is_refused(desk: Desk) -> None:
    a_customer(desk.steven, number="ALFKI")
    answer = desk.steven.post(PATH, json={"name": "Other", "number": "alfki"})
    assert (answer.status_code, answer.json["code"]) == (409, "customer_number_taken")
    assert answer.json["errors"][0]["field"] == "number"
    assert desk.stored() == (1, 0, 1)


def test_the_same_idempotency_key_at_once_makes_one_customer(desk: Desk) -> None:
    def register(_: int) -> tuple[int, str]:
        answer = desk.nancy.post(PATH, json={"name": "Harbor Pumps"}, headers={"Idempotency-Key": "key-1"})
        return answer.status_code, answer.json["id"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(register, range(8)))
    assert {status for status, _ in answers} == {201}
    assert len(answers) == 1
    assert desk.stored() == (1, 0, 1)


def test_patch_changes_what_it_names_and_tells(desk: Desk) -> None:
    customer = a_customer(desk.nancy, city="Berlin", phone="030-1")
    answer = desk.nancy.patch(
        f"{PATH}/{customer['id']}",
        json={"city": None, "name": "Harbor & Co", "active": False},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.json
    assert answer.json == customer | {"city": None, "name": "Harbor & Co", "active": False, "version": 2}
    assert desk.told() == ["crm.customer.registered.v1", "crm.customer.details_changed.v1"]
    found = desk.nancy.get(PATH, query_string={"search": "harbor &"}).json["items"]
    assert [row["id"] for row in found] == [customer["id"]]


def test_a_patch_that_changes_nothing_tells_nothing(desk: Desk) -> None:
    customer = a_customer(desk.nancy, city="Berlin")
    for body in ({}, {"city": "Berlin"}):
        answer = desk.nancy.patch(f"{PATH}/{customer['id']}", json=body, headers={"If-Match": '"1"'})
        assert answer.json == customer
    assert desk.stored() == (1, 0, 1)


@pytest.mark.parametrize(("header", "status"), [(None, 428), ('"2"', 412), ("W/x", 412)])
def test_a_patch_needs_the_version_that_it_is_based_on(desk: Desk, header: str | None, status: int) -> None:
    customer = a_customer(desk.nancy)
    headers = {"If-Match": header} if header else {}
    answer = desk.nancy.patch(f"{PATH}/{customer['id']}", json={"city": "Kiel"}, headers=headers)
    assert answer.status_code == status, answer.json
    assert desk.nancy.get(f"{PATH}/{customer['id']}").json == customer
    assert desk.stored() == (1, 0, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": None}, "name"),
        ({"number": "X"}, "number"),
        ({"currency": "CNY"}, "currency"),
        ({"owner_id": JANET}, "owner_id"),
        ({"email": "@"}, "email"),
    ],
)
def test_a_bad_patch_is_refused_by_its_field(desk: Desk, body: dict[str, Any], field: str) -> None:
    customer = a_customer(desk.nancy)
    answer = desk.nancy.patch(f"{PATH}/{customer['id']}", json=body, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.nancy.get(f"{PATH}/{customer['id']}").json == customer


def test_of_two_patches_on_one_version_one_is_refused(desk: Desk) -> None:
    customer = a_customer(desk.nancy)

    def patch(city: str) -> int:
        path, headers = f"{PATH}/{customer['id']}", {"If-Match": '"1"'}
        return int(desk.nancy.patch(path, json={"city": city}, headers=headers).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(patch, ["Kiel", "Bremen"])) == [200, 412]


def test_a_manager_gives_a_customer_to_another(desk: Desk) -> None:
    customer = a_customer(desk.nancy)
    path = f"{PATH}/{customer['id']}/owner"
    assert desk.steven.post(path, json={"owner_id": JANET}).json == customer | {
        "owner_id": JANET,
        "version": 2,
    }
    assert desk.steven.post(path, json={"owner_id": JANET}).json["version"] == 2
    assert desk.told() == ["crm.customer.registered.v1", "crm.customer.owner_changed.v1"]
    assert desk.nancy.get(f"{PATH}/{customer['id']}").status_code == 404
    assert desk.janet.get(f"{PATH}/{customer['id']}").status_code == 200
    assert desk.steven.post(path, json={"owner_id": None}).json["owner_id"] is None


def test_an_owner_change_is_refused_when_wrong(desk: Desk) -> None:
    customer = a_customer(desk.nancy)
    path = f"{PATH}/{customer['id']}/owner"
    assert desk.nancy.post(path, json={"owner_id": NANCY}).status_code == 403
    assert desk.steven.post(path, json={}).json["errors"][0]["field"] == "owner_id"
    assert desk.steven.post(path, json={"owner_id": JANET}, headers={"If-Match": '"9"'}).status_code == 412
    assert desk.steven.post(f"{PATH}/{UNKNOWN}/owner", json={"owner_id": JANET}).status_code == 404
    assert desk.stored() == (1, 0, 1)


def test_another_persons_customer_is_as_unknown_as_none(desk: Desk) -> None:
    hers = f"{PATH}/{a_customer(desk.nancy)['id']}"
    nobodys = f"{PATH}/{a_customer(desk.steven)['id']}"
    match = {"If-Match": '"1"'}
    for path in (hers, nobodys, f"{PATH}/{UNKNOWN}"):
        refusals = [
            desk.janet.get(path),
            desk.janet.patch(path, json={"name": "Mine"}, headers=match),
            desk.janet.get(f"{path}/contacts"),
            desk.janet.post(f"{path}/contacts", json={"name": "X"}),
        ]
        assert [refusal.status_code for refusal in refusals] == [404] * 4
        assert {refusal.json["code"] for refusal in refusals} == {"customer_not_found"}
    assert desk.janet.get(PATH).json["items"] == []
    assert desk.janet.get(PATH, query_string={"owner_id": NANCY}).json["items"] == []
    assert desk.stored() == (2, 0, 2)


def test_an_id_that_is_none_is_no_customer(desk: Desk) -> None:
    assert desk.steven.get(f"{PATH}/42").status_code == 404


def test_pages_of_customers(desk: Desk) -> None:
    for name in ("Delta", "alpha", "Charlie", "bravo", "Écho"):
        a_customer(desk.steven, name)
    names, cursor = [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = desk.steven.get(PATH, query_string=query).json
        names += [row["name"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert names == ["alpha", "bravo", "Charlie", "Delta", "Écho"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cursor": "nonsense"}, "cursor"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"colour": "red"}, "colour"),
        ({"active": "1"}, "active"),
        ({"search": "x" * 101}, "search"),
    ],
)
def test_a_bad_search_is_refused_by_its_parameter(desk: Desk, query: dict[str, str], field: str) -> None:
    answer = desk.steven.get(PATH, query_string=query)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_contacts_are_added_told_and_listed_in_pages(desk: Desk) -> None:
    path = f"{PATH}/{a_customer(desk.nancy)['id']}/contacts"
    people = [
        desk.nancy.post(path, json={"name": name, "role": "Buyer", "email": f"{name}@harbor.example"})
        for name in ("Maria", "Thomas", "Ana")
    ]
    assert [answer.status_code for answer in people] == [201] * 3
    first = desk.nancy.get(path, query_string={"limit": "2"}).json
    second = desk.nancy.get(path, query_string={"cursor": first["next_cursor"]}).json
    assert first["items"] + second["items"] == [answer.json for answer in people]
    assert desk.told()[1:] == ["crm.contact.added.v1"] * 3


@pytest.mark.parametrize(
    ("body", "field"), [({}, "name"), ({"name": "X", "email": "x"}, "email"), ({"name": "X", "x": 1}, "x")]
)
def test_a_bad_contact_is_refused_by_its_field(desk: Desk, body: dict[str, Any], field: str) -> None:
    path = f"{PATH}/{a_customer(desk.nancy)['id']}/contacts"
    answer = desk.nancy.post(path, json=body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.stored() == (1, 0, 1)


def test_r3_1_a_manager_says_in_which_group_and_region_a_customer_buys(desk: Desk) -> None:
    customer = a_customer(desk.steven, group="wholesale", region="north", owner_id=NANCY)
    assert (customer["group"], customer["region"]) == ("wholesale", "north")
    path = f"{PATH}/{customer['id']}"
    moved = desk.steven.patch(path, json={"group": None, "region": "华北"}, headers={"If-Match": '"1"'})
    assert (moved.json["group"], moved.json["region"], moved.json["version"]) == (None, "华北", 2)
    kept = desk.nancy.patch(path, json={"city": "Kiel"}, headers={"If-Match": '"2"'})
    assert (kept.json["group"], kept.json["region"]) == (None, "华北")
    found = desk.steven.get(PATH, query_string={"region": "华北"}).json["items"]
    assert [row["id"] for row in found] == [customer["id"]]
    assert desk.steven.get(PATH, query_string={"group": "wholesale"}).json["items"] == []


@pytest.mark.parametrize("field", ["group", "region"])
def test_a_salesperson_does_not_decide_at_which_prices_a_customer_buys(desk: Desk, field: str) -> None:
    customer = a_customer(desk.nancy)
    refused = (
        desk.nancy.post(PATH, json={"name": "Quay Works", field: "wholesale"}),
        desk.nancy.patch(f"{PATH}/{customer['id']}", json={field: "wholesale"}, headers={"If-Match": '"1"'}),
    )
    for answer in refused:
        assert answer.status_code == 403
        assert (answer.json["code"], answer.json["errors"][0]["field"]) == ("pricing_not_allowed", field)
    assert desk.nancy.get(f"{PATH}/{customer['id']}").json == customer
    assert desk.stored() == (1, 0, 1)
