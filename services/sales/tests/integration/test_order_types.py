"""Order types over HTTP and in the saga: defined, versioned, kept by running orders, tried on past ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import event

from libs.common.db.form import Form
from libs.common.envelope import Message
from libs.common.testing import ManualClock
from services.sales.domain.order import Order
from services.sales.tests.answering import Others
from services.sales.tests.approving import BIG, define
from services.sales.tests.builders import HARBOR, Desk, chai_line, usd
from services.sales.tests.integration.test_quotations_api import problem
from services.sales.tests.integration.test_races import at_once
from services.sales.tests.integration.test_saga_stories import compare

TYPES, QUOTATIONS = "/api/v1/order-types", "/api/v1/quotations"
NO_CREDIT = {"credit_check": False}


def a_type(code: str = "special", **more: Any) -> dict[str, Any]:
    return {"code": code, "name_en": "Special", "name_zh": "特殊订单", "process": NO_CREDIT} | more


def put(desk: Desk, code: str = "special", **more: Any) -> dict[str, Any]:
    answer = desk.mike.post(TYPES, json=a_type(code, **more))
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def test_r7_1_the_types_that_come_with_the_system(desk: Desk):
    found = {each["code"]: each for each in desk.nancy.get(TYPES).json["items"]}
    assert {"standard", "prepaid"} <= set(found)
    assert {each["version"] for code, each in found.items() if code != "standard"} == {1}
    assert (found["standard"]["version"], found["standard"]["process"]["allocation"]) == (2, "partial")
    assert found["standard"]["name_zh"] == "标准订单"
    assert desk.nancy.get(f"{TYPES}/{found['prepaid']['id']}").json == found["prepaid"]
    quotation = desk.nancy.get(f"{QUOTATIONS}/{desk.quote()}").json
    assert (quotation["order_type"], quotation["order_type_version"]) == ("standard", 2)


def test_r7_1_running_orders_keep_their_version(desk: Desk):
    first = put(desk)
    offered, running = desk.quote(order_type="special"), desk.order(order_type="special")
    second = put(desk, process={"credit_check": True}, valid_from="2026-01-05")
    assert (first["version"], second["version"]) == (1, 2)
    accepted = desk.nancy.post(f"{QUOTATIONS}/{offered}/accept", json={}).json
    assert accepted["order_type_version"] == 1
    assert desk.nancy.get(f"{QUOTATIONS}/{desk.quote(order_type='special')}").json["order_type_version"] == 2

    Others(desk, running).play("reserved")
    assert desk.look(running).state == "confirmed"
    revised = desk.nancy.post(f"{QUOTATIONS}/{desk.quote(order_type='special')}/revise", json=lines()).json
    assert (revised["order_type"], revised["order_type_version"]) == ("special", 2)
    listed = desk.nancy.get(TYPES, query_string={"code": "special", "superseded": "true"}).json["items"]
    assert [each["version"] for each in listed] == [2, 1]
    orders = desk.nancy.get("/api/v1/orders", query_string={"order_type": "special"}).json["items"]
    assert len(orders) == 2


def lines(**more: Any) -> dict[str, Any]:
    return {"lines": [{"item_id": chai_line().item_id, "quantity": "10"}]} | more


REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"process": {"payment": "advance"}}, "process_contradicts", "process.credit_check"),
    ({"process": {"approvals": ["Nobody's"]}}, "unknown_approval_flow", "process.approvals.0"),
    ({"process": {"payment": "shells"}}, "invalid", "process.payment"),
    ({"process": {"colour": "red"}}, "invalid", "process.colour"),
    ({"code": "Not a code"}, "invalid", "code"),
    ({"code": "standard", "active": False}, "standard_order_type_stays", "active"),
)


def test_r7_1_a_definition_that_is_refused_names_its_field(desk: Desk):
    for changes, code, field in REFUSED:
        answer = desk.mike.post(TYPES, json=a_type() | changes)
        assert problem(answer, answer.status_code) == (code, field)
    assert desk.mike.get(TYPES, query_string={"code": "special", "superseded": "true"}).json["items"] == []


def test_a_document_of_no_such_type_or_one_that_has_ended_is_refused(desk: Desk):
    put(desk, active=False)
    put(desk, "later", valid_from="2199-01-01")
    for order_type, status in (("special", 409), ("later", 422), ("unheard_of", 422)):
        answer = desk.nancy.post(QUOTATIONS, json=lines(customer_id=HARBOR.id, order_type=order_type))
        assert problem(answer, status)[1] == "order_type"


def test_two_authors_of_one_type_take_turns(desk: Desk):
    answers = at_once(lambda n: desk.mike.post(TYPES, json=a_type()), 6)
    assert sorted(answer.json["version"] for answer in answers) == list(range(1, 7))


def test_a_type_names_the_flows_that_may_ask_about_it(desk: Desk):
    define(desk, cases=[{"clauses": [BIG]}])
    (name,) = [each["name"] for each in desk.mike.get("/api/v1/approval-flows").json["items"]]
    put(desk, "asked", process={"approvals": [name]})
    put(desk, "trusted", process={"approvals": []})
    states = {
        kind: desk.nancy.post(
            f"{QUOTATIONS}/{desk.quote(chai_line(900), order_type=kind)}/send", json={}
        ).json["state"]
        for kind in ("asked", "trusted", "standard")
    }
    assert states == {"asked": "pending_approval", "trusted": "sent", "standard": "pending_approval"}


def test_a_flow_may_ask_by_the_type(desk: Desk):
    prepaid = {"field": "order_type", "comparison": "equals", "texts": ["prepaid"]}
    define(desk, cases=[{"clauses": [prepaid]}])
    states = [
        desk.nancy.post(f"{QUOTATIONS}/{desk.quote(order_type=kind)}/send", json={}).json["state"]
        for kind in ("prepaid", "standard")
    ]
    assert states == ["pending_approval", "sent"]


def test_r7_1_a_process_is_tried_on_past_orders(desk: Desk):
    plain, short = desk.order(), desk.order()
    Others(desk, short).play("short")
    body = {"process": {"credit_check": False, "payment": "advance"}, "last": 2}
    told = desk.mike.post(f"{TYPES}/try", json=body).json
    assert (told["looked_at"], told["different"], told["given_up"]) == (2, 2, 0)
    assert told["holds"] == [{"code": "payment", "orders": 2}, {"code": "stock", "orders": 1}]
    last, first = told["orders"]
    assert (last["number"], last["holds_before"], last["holds"]) == (
        short.number,
        ["stock"],
        ["payment", "stock"],
    )
    assert (first["number"], first["steps"][:3]) == (
        plain.number,
        ["reserve_stock", "ask_advance", "confirm_order"],
    )
    impatient = desk.mike.post(f"{TYPES}/try", json={"process": {"shortage": "refuse"}}).json
    assert (impatient["given_up"], impatient["different"]) == (1, 1)
    assert desk.nancy.post(f"{TYPES}/try", json=body).status_code == 403


def test_a_process_that_waits_for_a_day_is_tried_by_the_promised_days(desk: Desk):
    process = {"reserve": "before_delivery", "reserve_days": 3}
    put(desk, "scheduled", process=process)
    today = desk.database.clock.now().date()
    desk.order(promised_on=today + timedelta(days=60))
    desk.order(promised_on=today + timedelta(days=3))
    Others(desk, desk.order(order_type="scheduled", promised_on=today + timedelta(days=60))).play("granted")
    told = desk.mike.post(f"{TYPES}/try", json={"process": process, "last": 3}).json
    assert [each["holds"] for each in told["orders"]] == [["date"], [], ["date"]]
    assert [each["differs"] for each in told["orders"]] == [False, True, True]


class Cashier(Others):
    """Finance where an order is paid in advance."""

    def _advance(self, word: str, command: str | None = "finance.ask_advance.v1", **data: Any) -> Message:
        return self._answer(f"finance.advance.{word}.v1", command, **data)

    def asked(self, covered: str = "0.00") -> Message:
        missing = self.order.total - usd(covered)
        figures = {"amount": self.order.total, "covered": usd(covered), "missing": missing}
        names = {"order_number": self.order.number, "customer_id": self.order.customer_id}
        return self._advance("requested", **names, **figures)

    def covered(self) -> Message:
        return self._advance("covered", None, customer_id=self.order.customer_id, amount=self.order.total)

    def advance_released(self) -> Message:
        return self._advance("released", "finance.release_advance.v1", reason="off", had_effect=True)


@pytest.fixture
def prepaid(numbered_desk: Desk) -> Order:
    return numbered_desk.order(order_type="prepaid")


def test_the_story_of_a_prepaid_order(numbered_desk: Desk, prepaid: Order):
    others = Cashier(numbered_desk, prepaid)
    others.play("asked")
    numbered_desk.hear(others.asked("100.00"))
    assert [hold.figures["missing"] for hold in numbered_desk.look(prepaid).open_holds] == ["80.00 USD"]
    others.play("covered", "reserved", "shipped", "invoiced", "paid", "completed")
    assert numbered_desk.look(prepaid).state == "done"
    compare(numbered_desk, prepaid, "prepaid")


def test_the_story_of_a_prepaid_order_that_is_cancelled(numbered_desk: Desk, prepaid: Order):
    others = Cashier(numbered_desk, prepaid)
    others.play("asked", "covered", "short")
    numbered_desk.cancel(prepaid)
    others.play("stock_released", "advance_released")
    assert numbered_desk.look(prepaid).state == "cancelled"
    compare(numbered_desk, prepaid, "prepaid_and_cancelled")


def test_an_order_of_the_standard_type_costs_no_statement_more(desk: Desk):
    """The versions are read once: the second order of a type asks the database as little as one without types did."""
    desk.order()
    said: list[str] = []
    run = Form.run

    def told(statement: Form, connection: Any, rows: Any) -> Any:
        said.append(statement._text)
        return run(statement, connection, rows)

    event.listen(desk.database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    with patch.object(Form, "run", told):  # of prepared statements the engine is told nothing
        desk.order()
    assert any("INTO sales_order" in statement for statement in said), "the order itself is seen"
    assert [
        statement for statement in said if "FROM order_type" in statement and "customer" not in statement
    ] == []


def test_r7_1_stock_is_taken_so_many_days_before_the_goods_are_promised(
    numbered_desk: Desk, clock: ManualClock
):
    desk = numbered_desk
    put(desk, "scheduled", process={"reserve": "before_delivery", "reserve_days": 3})
    order = desk.order(order_type="scheduled", promised_on=clock.now().date() + timedelta(days=60))
    others = Others(desk, order)
    others.play("granted")
    (hold,) = desk.look(order).open_holds
    assert (hold.code, hold.owner) == ("date", "sales")
    assert hold.deadline - clock.now() > timedelta(days=70)
    clock.advance(timedelta(days=50))
    assert desk.wake() == 0
    clock.advance(timedelta(days=7))
    assert desk.wake() == 1
    others.play("reserved")
    assert desk.look(order).state == "confirmed"
    compare(desk, order, "scheduled")

    at_once_ = desk.order(order_type="scheduled")
    Others(desk, at_once_).play("granted", "reserved")
    assert desk.look(at_once_).state == "confirmed"
    off = desk.order(order_type="scheduled", promised_on=clock.now().date() + timedelta(days=60))
    others = Others(desk, off)
    others.play("granted")
    desk.cancel(off)
    others.play("stock_released", "credit_released")
    assert desk.look(off).state == "cancelled"
