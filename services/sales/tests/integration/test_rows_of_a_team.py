"""Who sees which rows: a salesperson own customers' documents, a leader his team's too, in lists, figures and acts."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.sales.domain.order import Order
from services.sales.tests.answering import Others
from services.sales.tests.builders import CHAI, HARBOR, NANCY, TOKYO, Desk, an_id
from services.sales.tests.changing import Elsewhere, line, proposed
from services.sales.tests.counting import FIGURES, relay, sold

MARGARET, NORTH = "margaret.peacock", an_id("north")
LISTS = (
    "/api/v1/orders", "/api/v1/quotations", "/api/v1/orders?state=confirmed",
    f"/api/v1/orders?customer_id={HARBOR.id}", f"/api/v1/quotations?customer_id={HARBOR.id}",
    f"{FIGURES}/order-revenue/orders?currency=USD",
    f"{FIGURES}/buyers?currency=USD", f"{FIGURES}/segments/customers?currency=USD",
)  # fmt: skip
COUNTS = (f"{FIGURES}/repurchase", f"{FIGURES}/cohorts", f"{FIGURES}/segments?currency=USD")


def define(desk: Desk, *members: str, version: int = 1, manager: str | None = MARGARET) -> None:
    told = {"team_id": NORTH, "name": "North", "version": version, "members": list(members)}
    desk.hear(desk.message("crm.sales_team.defined.v1", NORTH, told | {"manager_id": manager}))


@pytest.fixture
def margaret(desk: Desk) -> FlaskClient:
    """Give a salesperson without customers, who may come to lead a team."""
    return desk.client(MARGARET, "sales")


@pytest.fixture
def order(desk: Desk) -> Order:
    found = sold(desk)
    relay(desk)
    return found


def seen(who: FlaskClient, path: str) -> Any:
    answer = who.get(path)
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.mark.parametrize("path", LISTS)
def test_a_leader_sees_the_rows_of_his_team_and_nobody_else_does(
    desk: Desk, order: Order, margaret: FlaskClient, path: str
) -> None:
    assert (len(seen(margaret, path)["items"]), len(seen(desk.nancy, path)["items"])) == (0, 1)
    define(desk, NANCY)
    assert seen(margaret, path)["items"] == seen(desk.nancy, path)["items"]
    assert seen(desk.janet, path)["items"] == []
    define(desk, version=2)
    assert seen(margaret, path)["items"] == [], "who left the team took the customers along"
    define(desk, NANCY, version=3, manager=None)
    assert seen(margaret, path)["items"] == []


@pytest.mark.parametrize("path", COUNTS)
def test_what_is_counted_is_of_the_same_rows(
    desk: Desk, order: Order, margaret: FlaskClient, path: str
) -> None:
    nobody = seen(margaret, path)
    define(desk, NANCY)
    assert seen(margaret, path) == seen(desk.nancy, path) != nobody
    assert seen(desk.janet, path) == nobody


def test_a_leader_acts_for_his_team_and_for_no_other(desk: Desk, order: Order, margaret: FlaskClient) -> None:
    about = f"/api/v1/orders/{order.id}"
    wanted = {"customer_id": HARBOR.id, "lines": [{"item_id": CHAI.id, "quantity": "1"}]}
    assert margaret.get(about).status_code == 404
    assert margaret.post("/api/v1/quotations", json=wanted).json["code"] == "unknown_customer"
    define(desk, NANCY)
    assert margaret.get(about).status_code == 200
    assert margaret.get(f"/api/v1/customers/{HARBOR.id}/sales-summary").json["orders"] == 1
    made = margaret.post("/api/v1/quotations", json=wanted)
    assert made.status_code == 201, made.json
    assert margaret.get(f"/api/v1/quotations/{made.json['id']}").status_code == 200
    other = wanted | {"customer_id": TOKYO.id}
    assert margaret.post("/api/v1/quotations", json=other).json["code"] == "unknown_customer"
    assert margaret.get(f"/api/v1/customers/{TOKYO.id}/sales-summary").status_code == 404


def test_why_an_order_waits_for_credit_is_told_to_those_only_who_may_know(desk: Desk) -> None:
    order = desk.order()
    Others(desk, order).play("reserved", "refused")
    clerk = desk.client("wim", "warehouse")
    for path in (f"/api/v1/orders/{order.id}", f"/api/v1/orders?customer_id={HARBOR.id}"):
        told = [
            each.get("items", [each])[0]["holds"][0] for each in (seen(clerk, path), seen(desk.nancy, path))
        ]
        assert [each["code"] for each in told] == ["credit", "credit"]
        assert (told[0]["figures"], "exposure" in told[1]["figures"]) == ({}, True)


def test_nor_why_it_was_refused_for_good(desk: Desk) -> None:
    order = desk.order()
    others = Others(desk, order)
    others.play("reserved")
    desk.hear(others.refused(waits=False))
    others.play("stock_released")
    path = f"/api/v1/orders/{order.id}"
    assert "exposure" in seen(desk.nancy, path)["cancel_detail"]
    assert seen(desk.client("wim", "warehouse"), path)["cancel_detail"] is None


def test_nor_what_a_change_was_refused_for(desk: Desk) -> None:
    order = desk.order()
    Others(desk, order).play("reserved", "granted")
    made = proposed(desk, order, lines=[line(1, quantity="14")], may_wait=False)
    elsewhere = Elsewhere(desk, made)
    elsewhere.play("reserved", "refused", "released")
    path = f"/api/v1/orders/{order.id}/changes/{made['no']}"
    known, hidden = seen(desk.mike, path), seen(desk.client("wim", "warehouse"), path)
    assert (known["outcome"], hidden["outcome"]) == ("credit_refused", "credit_refused")
    assert ("shortfall" in known["detail"], hidden["detail"]) == (True, None)
