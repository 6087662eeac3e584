"""Customers and contacts brought in over HTTP as rows."""

from __future__ import annotations

from typing import Any

from services.crm.tests.builders import UNKNOWN, Desk, a_customer

CUSTOMERS, CONTACTS = "/api/v1/customer-imports", "/api/v1/contact-imports"
ANN = "00000000-0000-7000-8000-0000000000a1"


def body(*cells: dict[str, str], preview: bool = False, **more: Any) -> dict[str, Any]:
    rows = [{"line": line, "cells": each} for line, each in enumerate(cells, 2)]
    return {"rows": rows, "preview": preview, **more}


def harbor(**cells: str) -> dict[str, str]:
    return {"number": "K-100", "name": "Harbor Pumps", "currency": "USD"} | cells


def test_customers_come_in_with_their_owners_after_a_look(desk: Desk) -> None:
    admin = desk.client("root", "admin")
    sent = [
        harbor(owner="ann.lee", address="Pier 1", postal_code="200120"),
        harbor(number="K-101", name="Quay"),
    ]
    before = desk.stored()
    looked = admin.post(CUSTOMERS, json=body(*sent, preview=True, owners={"ann.lee": ANN}))
    assert looked.json == {"rows": 2, "taken": 2, "skipped": 0, "problems": [], "more": 0}
    assert desk.stored() == before

    taken = admin.post(CUSTOMERS, json=body(*sent, owners={"ann.lee": ANN}))
    assert (taken.status_code, taken.json["taken"]) == (200, 2)
    found = admin.get("/api/v1/customers", query_string={"number": "K-100"}).json["items"]
    assert [(each["number"], each["owner_id"], each["address"]) for each in found] == [
        ("K-100", ANN, "Pier 1, 200120")
    ]
    assert desk.told() == ["crm.customer.registered.v1"] * 2
    assert {message.actor for message in desk.messages()} == {"root"}


def test_what_is_wrong_with_any_row_refuses_all_and_is_named(desk: Desk) -> None:
    admin = desk.client("root", "admin")
    a_customer(desk.steven, number="K-101")
    before = desk.stored()
    refused = admin.post(
        CUSTOMERS,
        json=body(
            harbor(),
            harbor(number="K-101"),
            harbor(number="K-102", currency="USX"),
            harbor(number="K-103", owner="bob"),
        ),
    )
    assert (refused.status_code, refused.json["code"]) == (422, "rows_refused")
    assert refused.json["problems"] == [
        {"line": 3, "column": "number", "message": "'K-101' is there already"},
        {"line": 4, "column": "currency", "message": "'USX' must be an ISO 4217 code such as USD or CNY"},
        {"line": 5, "column": "owner", "message": "'bob' is no known user"},
    ]
    assert [error["field"] for error in refused.json["errors"]] == [
        "rows.1.cells.number",
        "rows.2.cells.currency",
        "rows.3.cells.owner",
    ]
    assert desk.stored() == before


def test_the_same_request_again_takes_nothing_twice(desk: Desk) -> None:
    admin = desk.client("root", "admin")
    headers = {"Idempotency-Key": "block-1"}
    first = admin.post(CUSTOMERS, json=body(harbor()), headers=headers)
    again = admin.post(CUSTOMERS, json=body(harbor()), headers=headers)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert desk.stored()[0] == 1


def test_a_look_does_not_use_its_key_up(desk: Desk) -> None:
    admin = desk.client("root", "admin")
    headers = {"Idempotency-Key": "block-1"}
    assert admin.post(CUSTOMERS, json=body(harbor(), preview=True), headers=headers).json["taken"] == 1
    assert admin.post(CUSTOMERS, json=body(harbor()), headers=headers).json["taken"] == 1


def test_contacts_come_to_customers_that_are_there(desk: Desk) -> None:
    admin = desk.client("root", "admin")
    customer = a_customer(desk.steven, number="K-100")
    li = {"customer": "K-100", "name": "Li Wei", "role": "Buyer", "email": "li@harbor.example"}
    lost = {"customer": "K-999", "name": "Nobody"}
    looked = admin.post(CONTACTS, json=body(li, lost, preview=True)).json
    assert (looked["taken"], looked["problems"]) == (
        1,
        [{"line": 3, "column": "customer", "message": "'K-999' is no known customer"}],
    )
    assert admin.post(CONTACTS, json=body(li)).json["taken"] == 1
    assert admin.post(CONTACTS, json=body(li, skip_existing=True)).json["skipped"] == 1
    found = admin.get(f"/api/v1/customers/{customer['id']}/contacts").json["items"]
    assert [(each["name"], each["email"]) for each in found] == [("Li Wei", "li@harbor.example")]


def test_only_an_administrator_brings_rows_in(desk: Desk) -> None:
    for person in (desk.nancy, desk.steven, desk.client("program", "api_client")):
        assert person.post(CUSTOMERS, json=body(harbor())).status_code == 403
        assert person.get(f"{CUSTOMERS}/format").status_code == 403
    assert desk.stored() == (0, 0, 0)


def test_a_request_of_another_shape_is_refused_by_its_field(desk: Desk) -> None:
    admin = desk.client("root", "admin")
    row = {"line": 2, "cells": harbor()}
    for wrong, field in (
        ({"rows": [row]}, "preview"),
        (body(), "rows"),
        ({"rows": [row] * 501, "preview": True}, "rows"),
        (body(harbor(colour="red")), "rows.0.cells.colour"),
        ({"rows": [{"line": 2, "cells": {"name": 7}}], "preview": True}, "rows.0.cells.name"),
        ({"rows": [{"line": 0, "cells": {}}], "preview": True}, "rows.0.line"),
        (body(harbor(), owners={"ann.lee": "ann"}), "owners"),
        (body(harbor(), owners=[UNKNOWN]), "owners"),
    ):
        answer = admin.post(CUSTOMERS, json=wrong)
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field), wrong
    assert desk.stored() == (0, 0, 0)


def test_what_rows_hold_is_told(desk: Desk) -> None:
    told = desk.client("root", "admin").get(f"{CUSTOMERS}/format").json
    assert (told["kind"], told["file"], told["key"], told["belongs_by"]) == (
        "customers",
        "customers.csv",
        ["number"],
        [],
    )
    assert told["columns"][0] == {
        "name": "number",
        "required": True,
        "meaning": "Your number of the customer",
        "example": "K-100",
    }
