"""Counts, requisitions and purchase orders through the company's flows; without a flow all is as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from libs.common.approvals import AboutApproval, DecideApproval, Sight, Voice, decide_approval
from libs.common.approvals.faults import ApprovalSettled
from libs.common.errors import MeridianError
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.domain.items import Item
from services.inventory.jobs.escalate_approvals import escalate_approvals
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop
from services.inventory.tests.buying import Buying
from services.inventory.tests.counting import Counting
from services.inventory.use_cases.decide_approval import REACTIONS

KEYS = SigningKeys.fresh()
FLOWS, APPROVALS = "/api/v1/inventory-approval-flows", "/api/v1/inventory-approvals"
REQUISITIONS, ORDERS = "/api/v1/purchase-requisitions", "/api/v1/purchase-orders"
WRONG = """
SELECT a.id FROM approval a WHERE a.state = 'waiting' AND a.document IN ('purchase_requisition', 'purchase_order')
AND NOT EXISTS (SELECT 1 FROM requisition r WHERE r.approval_id = a.id AND r.state = 'open')
AND NOT EXISTS (SELECT 1 FROM purchase_order p WHERE p.approval_id = a.id AND p.state = 'draft')
UNION ALL SELECT r.id FROM requisition r JOIN approval a ON a.id = r.approval_id
WHERE a.state = 'approved' AND r.state = 'open'
"""
Client = Any


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


class Office:
    """The people of a shop who buy and decide, over HTTP."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.buying = shop, Buying(shop)
        self.app: Flask = create_app(shop.database, KEYS.verifier())
        self.wang, self.fay = self.client("wang", "warehouse"), self.client("fay", "finance")
        self.foundry = self.buying.supplier()
        self.main = shop.warehouse()
        self.valve = self.item("VALVE")

    def client(self, subject: str, *roles: str, superiors: tuple[str, ...] = ()) -> Client:
        return api_client(self.app, KEYS, roles=roles, subject=subject, superiors=superiors)

    def item(self, sku: str, price: str = "2.50") -> Item:
        item = self.shop.item(sku)
        self.buying.buys(item, self.foundry, price)
        return item

    def flow(self, document: str, *approvers: dict[str, Any], clauses: Any = (), **step: Any) -> Any:
        named = list(approvers) or [{"kind": "role", "name": "finance"}]
        body = {
            "document": document,
            "name": f"Watch {document}",
            "cases": [{"clauses": list(clauses)}],
            "steps": [{"name": "Money", "approvers": named} | step],
        }
        answer = self.fay.post(FLOWS, json=body)
        assert answer.status_code == 201, answer.json
        return answer.json

    def ask(self, quantity: str, by: Client | None = None) -> Any:
        body = {"item_id": self.valve.id, "warehouse_id": self.main.id, "quantity": quantity}
        answer = (by or self.wang).post(REQUISITIONS, json=body)
        assert answer.status_code == 201, answer.json
        return answer.json

    def decide(self, who: Client, document: Any, decision: str = "approve", **more: Any) -> Any:
        path = f"{APPROVALS}/{document['approval_id']}/decide"
        return who.post(path, json={"decision": decision} | more)

    def requisition(self, document: Any) -> Any:
        return self.wang.get(f"{REQUISITIONS}/{document['id']}").json

    def sound(self) -> None:
        self.shop.assert_sound()
        query = text(WRONG)
        assert self.shop.database.read(lambda connection: connection.execute(query).all()) == []


@pytest.fixture
def office(shop: Shop) -> Office:
    return Office(shop)


LARGE = {"field": "amount", "comparison": "at_least", "amount": usd("100.00")}
SUPERIOR = {"kind": "superior", "level": 1}


def mine(who: Client) -> list[str]:
    return [each["id"] for each in who.get(f"{APPROVALS}?state=waiting").json["items"]]


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.json
    return str(answer.json["code"])


def test_without_a_flow_buying_is_as_it_was(office: Office) -> None:
    made = office.ask("1000")
    assert (made["state"], made["approval_id"]) == ("open", None)
    assert office.fay.post(f"{REQUISITIONS}/{made['id']}/approve", json={}).json["state"] == "approved"
    office.sound()


def test_r3_2_a_large_requisition_waits_for_those_whom_the_flow_names(office: Office) -> None:
    office.flow("purchase_requisition", clauses=[LARGE])
    small, large = office.ask("39"), office.ask("40")
    assert (small["approval_id"], large["state"]) == (None, "open")
    assert mine(office.fay) == [large["approval_id"]]
    assert mine(office.wang) == [], "who asks does not decide"
    said = office.fay.get(f"{APPROVALS}/{large['approval_id']}").json["said"]
    assert (said["amount"], said["item_ids"], said["absolute_value"]) == (
        usd("100.00"),
        [office.valve.id],
        None,
    )
    for who in (office.fay, office.wang):
        answer = who.post(f"{REQUISITIONS}/{large['id']}/approve", json={})
        assert refused(answer, 409) == "approval_pending"
    assert refused(office.decide(office.wang, large), 403) == "own_approval"
    office.sound()
    assert office.decide(office.fay, large).json["state"] == "approved"
    now = office.requisition(large)
    assert (now["state"], now["approved_by"]) == ("approved", "fay")
    told = [message.data["state"] for message in office.shop.told("approval.ended")]
    assert told == ["approved"]
    assert len(office.shop.told("approval.requested")) == 1
    office.sound()


def test_a_rejected_one_is_over_and_one_taken_back_can_be_asked_again(office: Office) -> None:
    office.flow("purchase_requisition")
    first, second = office.ask("1"), office.ask("2")
    assert refused(office.decide(office.fay, first, "reject"), 422) == "reason_missing"
    office.decide(office.fay, first, "reject", comment="Too dear")
    now = office.requisition(first)
    assert (now["state"], now["reason"]) == ("rejected", "Too dear")
    office.wang.post(f"{APPROVALS}/{second['approval_id']}/withdraw", json={"comment": "A slip"})
    assert office.requisition(second)["state"] == "open"
    again = office.wang.post(f"{REQUISITIONS}/{second['id']}/approve", json={}).json
    assert (again["state"], again["approval_id"] != second["approval_id"]) == ("open", True)
    office.wang.post(f"{REQUISITIONS}/{second['id']}/cancel", json={"reason": "No need"})
    assert office.fay.get(f"{APPROVALS}/{again['approval_id']}").json["state"] == "lapsed"
    office.sound()


def test_r3_2_the_superior_of_who_asks_decides_and_a_role_where_there_is_none(office: Office) -> None:
    office.flow("purchase_requisition", SUPERIOR, otherwise="finance")
    low = office.client("low", "warehouse", superiors=("boss", "top"))
    boss, top = office.client("boss", "warehouse"), office.client("top", "sales")
    made = office.ask("1", by=low)
    shown = boss.get(f"{APPROVALS}/{made['approval_id']}").json
    assert shown["superiors"] == ["boss", "top"]
    assert shown["steps"][0]["approvers"] == [{"kind": "user", "name": "boss", "added": False, "level": 1}]
    assert (mine(boss), mine(top), mine(office.fay)) == ([made["approval_id"]], [], [])
    assert refused(office.decide(office.fay, made), 403) == "not_an_approver"
    assert office.decide(boss, made).json["state"] == "approved"
    alone = office.ask("1")
    assert mine(office.fay) == [alone["approval_id"]]
    office.sound()


def test_a_deputy_decides_for_who_is_away(office: Office, clock: ManualClock) -> None:
    office.flow("purchase_requisition", {"kind": "user", "name": "fay"})
    made = office.ask("1")
    max_ = office.client("max", "finance")
    assert refused(office.decide(max_, made), 403) == "not_an_approver"
    day = TODAY.isoformat()
    body = {"deputy_id": "max", "first_day": day, "last_day": day}
    assert office.fay.post("/api/v1/inventory-approval-delegations", json=body).status_code == 201
    assert office.decide(max_, made, on_behalf_of="fay").json["history"][-1]["on_behalf_of"] == "fay"


def test_what_nobody_answers_is_put_before_others(office: Office, clock: ManualClock) -> None:
    office.flow(
        "purchase_requisition", {"kind": "user", "name": "zoe"}, escalate_after_hours=4, escalate_to="finance"
    )
    made = office.ask("1")
    office.shop.database.clock.advance(timedelta(hours=4))  # type: ignore[attr-defined]
    assert (escalate_approvals(office.shop.database), escalate_approvals(office.shop.database)) == (1, 0)
    assert mine(office.fay) == [made["approval_id"]]
    (told,) = office.shop.told("approval.escalated")
    assert told.data["role"] == "finance"


def drafted(office: Office, quantity: str = "40") -> Any:
    made = office.ask(quantity)
    office.fay.post(f"{REQUISITIONS}/{made['id']}/approve", json={})
    body = {"supplier_id": office.foundry.id, "lines": [{"requisition_id": made["id"]}]}
    answer = office.wang.post(ORDERS, json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_r3_2_a_purchase_order_is_sent_by_the_last_yes(office: Office) -> None:
    office.flow(
        "purchase_order",
        clauses=[LARGE, {"field": "supplier_id", "comparison": "equals", "texts": [office.foundry.id]}],
    )
    draft = drafted(office)
    waiting = office.wang.post(f"{ORDERS}/{draft['id']}/send", json={}).json
    assert (waiting["state"], waiting["approval_id"] is None) == ("draft", False)
    assert refused(office.fay.post(f"{ORDERS}/{draft['id']}/send", json={}), 409) == "approval_pending"
    office.sound()
    assert office.decide(office.fay, waiting).json["state"] == "approved"
    now = office.wang.get(f"{ORDERS}/{draft['id']}").json
    assert (now["state"], now["sent_by"], now["ordered_on"]) == ("sent", "fay", TODAY.isoformat())
    assert len(office.shop.told("purchase_order.placed")) == 1

    second = office.wang.post(f"{ORDERS}/{drafted(office)['id']}/send", json={}).json
    office.decide(office.fay, second, "reject", comment="Ask another supplier")
    assert office.wang.get(f"{ORDERS}/{second['id']}").json["state"] == "draft"
    third = office.wang.post(f"{ORDERS}/{second['id']}/send", json={}).json
    office.wang.post(f"{ORDERS}/{second['id']}/cancel", json={"reason": "They are shut"})
    assert office.fay.get(f"{APPROVALS}/{third['approval_id']}").json["state"] == "lapsed"
    office.sound()


def test_an_item_or_category_on_any_line_is_enough(office: Office) -> None:
    item = {"field": "item_id", "comparison": "one_of", "texts": [office.valve.id]}
    office.flow("purchase_order", clauses=[item])
    draft = drafted(office, "1")
    assert office.wang.post(f"{ORDERS}/{draft['id']}/send", json={}).json["approval_id"] is not None


def test_r3_2_a_count_is_decided_in_the_inbox_too(office: Office) -> None:
    counting, shop = Counting(office.shop), office.shop
    counting.rules("0.00", "finance")
    shop.book(office.main, (office.valve, 10))
    count = counting.open(office.main, office.valve)
    counting.twice(count, (1, 8))
    waits = counting.close(count)
    assert mine(office.fay) == [waits.approval_id]
    seen = office.wang.get(f"{APPROVALS}/{waits.approval_id}")
    assert seen.json["said"]["absolute_value"] is None, "what goods cost is not for everybody"
    answer = office.fay.post(f"{APPROVALS}/{waits.approval_id}/decide", json={"decision": "approve"})
    assert answer.json["state"] == "approved"
    assert office.fay.get(f"/api/v1/stock-counts/{count.id}").json["state"] == "posted"
    office.sound()


def test_a_deputy_decides_on_a_count_by_its_own_address_too(office: Office) -> None:
    counting, day = Counting(office.shop), TODAY.isoformat()
    counting.rules("0.00", "finance")
    office.shop.book(office.main, (office.valve, 10))
    count = counting.open(office.main, office.valve)
    counting.twice(count, (1, 8))
    counting.close(count)
    path = f"/api/v1/stock-counts/{count.id}"
    mia = office.client("mia", "sales_manager")
    assert refused(mia.post(f"{path}/decide", json={"decision": "approve"}), 403) == "not_an_approver"
    body = {"deputy_id": "mia", "first_day": day, "last_day": day}
    assert office.fay.post("/api/v1/inventory-approval-delegations", json=body).status_code == 201
    decided = mia.post(f"{path}/decide", json={"decision": "approve"})
    assert (decided.json["state"], decided.json["approval"]["acts"][-1]["by"]) == ("posted", "mia")
    assert refused(mia.post(f"{path}/decide", json={"decision": "approve"}), 409) == "stock_count_state"
    office.sound()


def test_a_count_whose_question_is_taken_back_goes_on(office: Office) -> None:
    counting = Counting(office.shop)
    counting.rules("0.00", "finance")
    office.shop.book(office.main, (office.valve, 10))
    count = counting.open(office.main, office.valve)
    counting.twice(count, (1, 8))
    waits = counting.close(count)
    wim = office.client("wim", "warehouse")
    answer = wim.post(f"{APPROVALS}/{waits.approval_id}/withdraw", json={"comment": "Look again"})
    assert answer.json["state"] == "withdrawn"
    assert office.fay.get(f"/api/v1/stock-counts/{count.id}").json["state"] == "counting"


def test_r3_2_a_flow_is_tried_on_past_documents_of_its_kind(office: Office) -> None:
    for quantity in ("10", "40", "80"):
        office.ask(quantity)
    draft = drafted(office, "400")
    step = {"name": "Boss", "approvers": [SUPERIOR], "otherwise": "finance"}
    body = {"name": "Try", "cases": [{"clauses": [LARGE]}], "steps": [step]}
    tried = office.fay.post(f"{FLOWS}/try", json=body | {"document": "purchase_requisition"}).json
    assert (tried["looked_at"], tried["needed"], tried["stuck"]) == (4, 3, 0)
    assert tried["approvers"] == [{"kind": "superior", "name": "1", "documents": 3}]
    orders = office.fay.post(f"{FLOWS}/try", json=body | {"document": "purchase_order"}).json
    assert [each["id"] for each in orders["documents"]] == [draft["id"]]
    counts = {"document": "stock_count", "cases": [{"clauses": []}]}
    assert office.fay.post(f"{FLOWS}/try", json=body | counts).json["looked_at"] == 0
    assert office.fay.get(FLOWS).json["items"] == [], "nothing was stored"


def test_the_fields_are_listed_and_a_field_of_another_kind_is_refused(office: Office) -> None:
    told = office.fay.get("/api/v1/inventory-approval-fields").json
    by_kind = {each["document"]: [one["field"] for one in each["fields"]] for each in told["documents"]}
    assert set(by_kind) == {"stock_count", "purchase_requisition", "purchase_order"}
    assert "origin" in by_kind["purchase_requisition"]
    assert "origin" not in by_kind["purchase_order"]
    first = told["documents"][1]["fields"][0]
    assert first["label"] == {"en": "Amount", "zh": "金额"}
    assert (first["kind"], first["given_as"]) == ("money", "amount")
    origin = {"field": "origin", "comparison": "equals", "texts": ["manual"]}
    step = {"name": "Money", "approvers": [{"kind": "role", "name": "finance"}]}
    body = {"document": "purchase_order", "name": "N", "cases": [{"clauses": [origin]}], "steps": [step]}
    answer = office.fay.post(FLOWS, json=body)
    assert refused(answer, 422) == "approval_flow_invalid"
    assert answer.json["errors"][0]["field"] == "cases.0.clauses.0.field"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "stock count tolerance", "document": "stock_count"}, "name"),
        ({"steps": [{"name": "S", "approvers": [SUPERIOR]}]}, "steps.0.otherwise"),
        ({"steps": [{"name": "S", "approvers": [{"kind": "superior", "name": "x"}]}]}, "steps.0.approvers.0.name"),
        ({"steps": [{"name": "S", "approvers": [{"kind": "role", "level": 1}]}]}, "steps.0.approvers.0.level"),
        ({"steps": [{"name": "S", "approvers": [{"kind": "role"}]}]}, "steps.0.approvers.0.name"),
    ],
)  # fmt: skip
def test_a_flow_that_cannot_be_is_refused_with_its_field(office: Office, change: Any, field: str) -> None:
    step = {"name": "Money", "approvers": [{"kind": "role", "name": "finance"}]}
    body = {"document": "purchase_order", "name": "N", "cases": [{"clauses": []}], "steps": [step]}
    answer = office.fay.post(FLOWS, json=body | change)
    assert refused(answer, 422) == "approval_flow_invalid"
    assert answer.json["errors"][0]["field"] == field
    assert answer.json["errors"][0]["cure"]


def short(office: Office, item: Item, order: str, quantity: int) -> object:
    return office.shop.reserve(order, (item, quantity))


def test_a_need_that_changes_is_another_question(office: Office) -> None:
    office.flow("purchase_requisition")
    item = office.item("PUMP")
    short(office, item, "a", 3)
    (need,) = office.buying.requisitions(item)
    assert need.approval_id is None, "what came about by itself waits until somebody wants it to go on"
    waiting = office.wang.post(f"{REQUISITIONS}/{need.id}/approve", json={}).json
    short(office, item, "b", 4)
    now = office.requisition(waiting)
    assert (now["state"], now["quantity"]) == ("open", "7")
    assert refused(office.decide(office.fay, waiting), 409) == "approval_settled"
    again = office.wang.post(f"{REQUISITIONS}/{need.id}/approve", json={}).json
    assert office.decide(office.fay, again).json["said"]["item_ids"] == [item.id]
    assert office.requisition(again)["state"] == "approved"
    office.sound()


@pytest.mark.postgres
def test_a_need_that_grows_while_somebody_says_yes_is_not_approved_unseen(databases: TestDatabases) -> None:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    office = Office(Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock())))
    office.flow("purchase_requisition")
    sight = Sight((Voice("fay", frozenset({"finance"})),), tuple(REACTIONS))
    numbers = iter(range(10_000))

    def one(at: int, swapped: bool) -> bool:
        number = next(numbers)
        item = office.item(f"PUMP-{number}")
        short(office, item, f"a-{number}", 3)
        (need,) = office.buying.requisitions(item)
        asked = office.wang.post(f"{REQUISITIONS}/{need.id}/approve", json={}).json
        yes = DecideApproval(AboutApproval(asked["approval_id"], sight), "approved")
        acts: list[Callable[[], object]] = [
            partial(office.shop.database.transact, lambda tx: decide_approval(tx, yes, REACTIONS, TODAY)),
            partial(short, office, item, f"b-{number}", 4),
        ]
        first, second = reversed(acts) if swapped else acts
        *outcomes, stopped = interleaved(office.shop.database, first, second, at)
        decided = outcomes[1] if swapped else outcomes[0]
        found = [(each.state, str(each.quantity)) for each in office.buying.requisitions(item)]
        if isinstance(decided, MeridianError):
            assert isinstance(decided, ApprovalSettled), decided
            assert found == [("open", "7")]
        else:
            assert found == [("approved", "3"), ("open", "4")]
        office.sound()
        return stopped

    assert every_order(one) > 10
