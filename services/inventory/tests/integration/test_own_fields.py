"""The company's own fields of items: filled in, kept, found, and told with the item."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from libs.common.outbox import event_log
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.tests.builders import Shop

KEYS = SigningKeys.fresh()
ITEMS, FORMS = "/api/v1/items", "/api/v1/inventory-forms"
TOXIC = {"key": "toxic", "label": {"en": "Toxic", "zh": "有毒"}, "type": "flag", "default": {"value": False}}


@pytest.fixture
def clerk(shop: Shop) -> Any:
    return api_client(create_app(shop.database, KEYS.verifier()), KEYS, roles=["warehouse"], subject="wang")


def told(shop: Shop) -> list[str]:
    query = select(event_log.c.type).order_by(event_log.c.seq)
    return list(shop.database.read(lambda connection: connection.execute(query).scalars().all()))


def test_an_item_says_what_the_form_asks_and_is_found_by_it(shop: Shop, clerk: Any) -> None:
    before = clerk.post(ITEMS, json={"sku": "OLD", "name": "Old"}).json
    form = {"document": "item", "based_on": 0, "fields": [TOXIC]}
    assert clerk.post(FORMS, json=form).json["version"] == 1
    made = clerk.post(ITEMS, json={"sku": "ACID", "name": "Acid", "fields": {"toxic": True}}).json
    assert (made["fields"], made["form_version"]) == ({"toxic": True}, 1)
    assert clerk.post(ITEMS, json={"sku": "SALT", "name": "Salt"}).json["fields"] == {"toxic": False}
    assert clerk.get(f"{ITEMS}/{before['id']}").json["fields"] == {}

    found = clerk.get(ITEMS, query_string={"field": "toxic", "field_value": "true"}).json["items"]
    assert [(each["sku"], each["fields"]) for each in found] == [("ACID", {"toxic": True})]
    changed = clerk.patch(f"{ITEMS}/{made['id']}", json={"fields": {"toxic": False}}).json
    assert (changed["fields"], changed["name"], changed["version"]) == ({"toxic": False}, "Acid", 2)
    assert clerk.get(ITEMS, query_string={"field": "toxic", "field_value": "true"}).json["items"] == []
    wrong = clerk.patch(f"{ITEMS}/{made['id']}", json={"fields": {"toxic": "yes"}})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "fields.toxic")
    assert told(shop) == [
        "inventory.item.registered.v1",
        "inventory.form.defined.v1",
        "inventory.item.registered.v1",
        "inventory.item.registered.v1",
        "inventory.item.details_changed.v1",
    ]
