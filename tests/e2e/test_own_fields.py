"""Fields that the company added itself decide who must approve: from the form over the event to the order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World


def words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


@dataclass
class Forms:
    """What this scenario adds to the forms of the company, under keys that no other uses."""

    world: World
    added: list[tuple[str, str, str]]

    def now(self, at: str, document: str) -> Any:
        return self.world.system["mia"].get(f"{at}?document={document}")["items"][0]

    def define(self, at: str, document: str, fields: list[dict[str, Any]]) -> Any:
        before = self.now(at, document)
        kept = [{name: each[name] for name in each if name != "since"} for each in before["fields"]]
        new = {each["key"] for each in fields}
        body = {
            "document": document,
            "based_on": before["version"],
            "fields": [each for each in kept if each["key"] not in new] + fields,
        }
        return self.world.system["mia"].post(at, body, key=self.world.name("form"))

    def add(self, at: str, document: str, field: dict[str, Any]) -> str:
        key = self.world.name("f").lower().replace("-", "_").replace(" ", "_")
        self.define(at, document, [field | {"key": key}])
        self.added.append((at, document, key))
        return key

    def retire_all(self) -> None:
        for at, document, key in self.added:
            field = next(each for each in self.now(at, document)["fields"] if each["key"] == key)
            del field["since"]
            self.define(at, document, [field | {"retired": True}])


@pytest.fixture
def forms(world: World) -> Iterator[Forms]:
    found = Forms(world, [])
    yield found
    found.retire_all()


RISK = {
    "label": words("Risk", "风险"),
    "type": "choice",
    "options": [
        {"key": "high", "label": words("High", "高")},
        {"key": "low", "label": words("Low", "低")},
    ],
}
HEAT = {"label": words("Highest temperature", "最高温度"), "type": "number", "scale": 1}


def a_flow(world: World, customer: Any, *clauses: dict[str, Any]) -> dict[str, Any]:
    whose = {"field": "customer_id", "comparison": "equals", "texts": [customer["id"]]}
    steps = [{"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    return {"name": world.name("Risky"), "cases": [{"clauses": [whose, *clauses]}], "steps": steps}


def test_r7_2_a_field_of_ones_own_decides_an_approval(world: World, forms: Forms) -> None:
    sam, mia = world.system["sam"], world.system["mia"]
    customer, item = world.customer(), world.item(stock="10")
    risk = forms.add("/crm-forms", "customer", RISK)
    heat = forms.add("/sales-forms", "quotation", HEAT)

    def quote(**more: Any) -> Any:
        body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]} | more
        return sam.post("/quotations", body, key=world.name("quote"))

    old = quote()
    sam._act(
        "PATCH",
        f"/customers/{customer['id']}",
        body={"fields": {risk: "high"}},
        headers={"If-Match": f'"{customer["version"]}"'},
    )
    assert [each["id"] for each in mia.get(f"/customers?field={risk}&field_value=high")["items"]] == [
        customer["id"]
    ]

    def offered() -> Any:
        (document,) = mia.get("/approval-fields")["documents"]
        return next((each for each in document["fields"] if each["field"] == f"customer.fields.{risk}"), None)

    shown = wait_for(offered, "the customers' form at sales")
    assert shown["label"] == words("Customer: Risk", "客户：风险")
    assert [each["text"] for each in shown["options"]] == ["high", "low"]

    risky = {"field": f"customer.fields.{risk}", "comparison": "equals", "texts": ["high"]}
    hot = {"field": f"fields.{heat}", "comparison": "at_least", "number": "80.5"}
    wrong = (
        (risky | {"texts": ["middling"]}, "cases.0.clauses.1.texts"),
        (risky | {"field": "customer.fields.nowhere"}, "cases.0.clauses.1.field"),
        ({"field": hot["field"], "comparison": "equals", "flag": True}, "cases.0.clauses.1.flag"),
    )
    for clause, field in wrong:
        with pytest.raises(ActFailed, match=field):
            mia.post("/approval-flows", a_flow(world, customer, clause), key=world.name("wrong"))

    flow = a_flow(world, customer, risky, hot)
    wait_for(
        lambda: mia.post(
            "/approval-flows/try", a_flow(world, customer, risky) | {"last": 5}, key=world.name("t")
        )["needed"],
        "the customer's risk at sales",
    )
    tried = mia.post("/approval-flows/try", flow | {"last": 1}, key=world.name("try"))
    assert (tried["needed"], tried["not_said"]) == (0, [{"field": hot["field"], "documents": 1}])
    mia.post("/approval-flows", flow, key=world.name("flow"))

    assert sam.post(f"/quotations/{old['id']}/send", {}, key=world.name("send"))["state"] == "sent"
    cool = quote(fields={heat: "80.4"})
    assert sam.post(f"/quotations/{cool['id']}/send", {}, key=world.name("send"))["state"] == "sent"
    made = quote(fields={heat: "80.5"})
    assert made["fields"] == {heat: "80.5"}
    sent = sam.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))
    assert sent["state"] == "pending_approval"
    mia.post(f"/approvals/{sent['approval_id']}/decide", {"decision": "approve"}, key=world.name("yes"))
    order = sam.post(f"/quotations/{made['id']}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(order, "the confirmation", state="confirmed")
    assert sam.get(f"/orders/{order['id']}")["fields"] == {heat: "80.5"}
    found = sam.get(f"/orders?field={heat}&field_from=80.5&customer_id={customer['id']}")["items"]
    assert [each["id"] for each in found] == [order["id"]]
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
