"""R1.4: where orders wait, by salesperson, team and campaign, and the orders behind it narrowed alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from libs.common.testing import ManualClock
from services.sales.domain.items import Customer
from services.sales.domain.order import Order
from services.sales.tests.answering import Others
from services.sales.tests.builders import HARBOR, JANET, NANCY, Desk, an_id, chai_line
from services.sales.tests.counting import FIGURES, sold
from services.sales.use_cases.keep_replicas import keep_customer

LAKE = Customer(an_id("lake"), "C-000003", "Lake Traders", "USD", JANET)
NORTH, SOUTH, FAIR, OPPORTUNITY = (an_id(name) for name in ("north", "south", "fair", "opportunity"))
MARGARET = "margaret.peacock"


@dataclass(frozen=True)
class Waiting:
    """An order of Nancy's that waits for stock, owed to a fair, and two of Janet's, owed to nothing."""

    hers: Order
    janets: tuple[Order, Order]


def define(desk: Desk, team: str, *members: str, version: int = 1) -> None:
    told = {"team_id": team, "name": team[-4:], "version": version, "members": list(members)}
    desk.hear(desk.message("crm.sales_team.defined.v1", team, told | {"manager_id": MARGARET}))


@pytest.fixture
def waiting(desk: Desk) -> Waiting:
    desk.database.transact(lambda tx: keep_customer(tx, LAKE))
    opened = {"opportunity_id": OPPORTUNITY, "campaign_id": FAIR}
    desk.hear(desk.message("crm.opportunity.opened.v1", OPPORTUNITY, opened))
    define(desk, NORTH, NANCY)
    hers = desk.order(chai_line(10), opportunity_id=OPPORTUNITY)
    first, second = (desk.order(chai_line(10), customer=LAKE) for _ in range(2))
    for order in (hers, first, second):
        Others(desk, order).play("short")
    sold(desk, chai_line(1))
    sold(desk, chai_line(1), customer=LAKE)
    return Waiting(hers, (first, second))


def seen(who: FlaskClient, **asked: str) -> tuple[int, int, set[str]]:
    """Return how many orders are to be shipped, how many wait for stock, and the numbers of these as listed."""
    health = who.get(f"{FIGURES}/process-health", query_string=asked)
    listed = who.get("/api/v1/orders", query_string={"hold": "stock"} | asked)
    assert (health.status_code, listed.status_code) == (200, 200), (health.json, listed.json)
    stages = {each["stage"]: each["orders"] for each in (health.json or {})["stages"]}
    held = sum(each["orders"] for each in (health.json or {})["holds"])
    return stages["to_ship"], held, {each["number"] for each in (listed.json or {})["items"]}


def test_r1_4_where_orders_wait_is_narrowed_with_the_orders_behind_it(desk: Desk, waiting: Waiting) -> None:
    hers, janets = {waiting.hers.number}, {each.number for each in waiting.janets}
    nothing: tuple[int, int, set[str]] = (0, 0, set())
    assert seen(desk.mike) == (2, 3, hers | janets)
    assert seen(desk.mike, team=NORTH) == (1, 1, hers)
    assert seen(desk.mike, campaign=FAIR) == (0, 1, hers)
    assert seen(desk.mike, salesperson=JANET) == (1, 2, janets)
    assert seen(desk.mike, salesperson=JANET, team=NORTH) == nothing
    assert seen(desk.mike, salesperson=JANET, campaign=FAIR) == nothing
    assert seen(desk.mike, team=SOUTH) == seen(desk.mike, campaign=SOUTH) == nothing


def test_an_order_under_way_is_of_the_team_that_has_its_customer_now(
    desk: Desk, waiting: Waiting, clock: ManualClock
) -> None:
    janets = {each.number for each in waiting.janets}
    clock.advance(timedelta(days=1))
    define(desk, NORTH, JANET, version=2)
    assert seen(desk.mike, team=NORTH) == (1, 2, janets), "who left is in it no more"
    told = {"customer_id": HARBOR.id, "owner_id": JANET, "previous_owner_id": NANCY}
    desk.hear(desk.message("crm.customer.owner_changed.v1", HARBOR.id, told))
    assert seen(desk.mike, team=NORTH) == (2, 3, janets | {waiting.hers.number})


def test_a_filter_never_widens_what_is_seen(desk: Desk, waiting: Waiting) -> None:
    define(desk, SOUTH, JANET)
    assert seen(desk.janet, team=NORTH) == seen(desk.janet, campaign=FAIR) == (0, 0, set())
    assert seen(desk.janet, salesperson=NANCY) == (0, 0, set())
    margaret = desk.client(MARGARET, "sales")
    assert seen(margaret, team=NORTH) == (1, 1, {waiting.hers.number})


@pytest.mark.parametrize("name", ["team", "campaign"])
def test_what_is_no_id_is_refused_by_its_name(desk: Desk, name: str) -> None:
    for path in (f"{FIGURES}/process-health", "/api/v1/orders"):
        answer = desk.mike.get(path, query_string={name: "north"})
        assert (answer.status_code, (answer.json or {})["errors"][0]["field"]) == (422, name)
