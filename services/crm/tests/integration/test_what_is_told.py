"""What crm tells others, field by field, and the keys by which data are brought in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from libs.common.envelope import Message
from libs.common.outbox import event_log
from services.crm.reports.natural_keys import contact_names, customers_by_number
from services.crm.tests.builders import JANET, NANCY, Desk, a_customer

PATH = "/api/v1/customers"


def told(desk: Desk) -> list[Message]:
    query = select(event_log.c.envelope).order_by(event_log.c.seq)
    raw = desk.database.read(lambda connection: list(connection.execute(query).scalars()))
    return [Message.from_bytes(envelope.encode()) for envelope in raw]


def test_each_fact_with_its_fields_in_the_customers_order(desk: Desk) -> None:
    customer = a_customer(desk.nancy, country="Germany", city="Berlin", phone="030-1", email="a@b.example")
    path = f"{PATH}/{customer['id']}"
    desk.nancy.patch(path, json={"city": "Kiel", "active": False}, headers={"If-Match": '"1"'})
    desk.steven.post(f"{path}/owner", json={"owner_id": JANET})
    person = {"name": "Maria", "email": "m@b.example", "phone": "1", "role": "Buyer"}
    contact = desk.janet.post(f"{path}/contacts", json=person).json or {}
    described: dict[str, Any] = {
        "customer_id": customer["id"],
        "number": "C-000001",
        "name": "Harbor Pumps",
        "currency": "USD",
        "owner_id": NANCY,
        "country": "Germany",
        "city": "Berlin",
        "active": True,
        "group": None,
        "region": None,
        "fields": {},
    }
    messages = told(desk)
    assert [message.data for message in messages] == [
        described,
        described | {"city": "Kiel", "active": False},
        {"customer_id": customer["id"], "owner_id": JANET, "previous_owner_id": NANCY},
        {"contact_id": contact["id"], "customer_id": customer["id"], **person},
    ]
    assert [message.sequence for message in messages] == [1, 2, 3, 4]
    assert {message.partition_key for message in messages} == {customer["id"]}
    assert [message.actor for message in messages] == [NANCY, NANCY, "steven.buchanan", JANET]


def test_numbers_and_names_by_which_data_are_brought_in(desk: Desk) -> None:
    customer = a_customer(desk.nancy)
    desk.nancy.post(f"{PATH}/{customer['id']}/contacts", json={"name": "Maria"})
    assert desk.database.read(lambda c: customers_by_number(c, ["C-000001", "none"])) == {
        "C-000001": customer["id"]
    }
    assert desk.database.read(lambda c: contact_names(c, ["C-000001"])) == {("C-000001", "Maria")}
    assert desk.database.read(lambda c: contact_names(c, ["none"])) == set()


def test_group_and_region_are_told_for_prices_are_made_by_them(desk: Desk) -> None:
    customer = a_customer(desk.steven, group="wholesale", region="north")
    path = f"{PATH}/{customer['id']}"
    desk.steven.patch(path, json={"group": "retail"}, headers={"If-Match": '"1"'})
    assert [(message.data["group"], message.data["region"]) for message in told(desk)] == [
        ("wholesale", "north"),
        ("retail", "north"),
    ]
