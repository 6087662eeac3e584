"""R1.3: products and categories of what a salesperson or a team sold, or of what is owed to a campaign."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from libs.common.testing import ManualClock
from services.sales.domain.line_pricing import RequestedLine
from services.sales.store.tables import item
from services.sales.tests.answering import Others
from services.sales.tests.builders import (
    CHAI,
    HARBOR,
    JANET,
    NANCY,
    ROPE,
    TOKYO,
    Desk,
    an_id,
    chai_line,
    price,
    qty,
)
from services.sales.tests.changing import Elsewhere, proposed
from services.sales.tests.counting import FIGURES, relay, sold
from services.sales.tests.integration.test_figures import bring_in, past
from services.sales.tests.integration.test_figures_by_team import (
    FAIR,
    NORTH,
    OPPORTUNITY,
    SOUTH,
    define,
    hand_over,
)
from services.sales.use_cases.keep_replicas import keep_customer

WINDOW = {"from": "2025-09", "to": "2026-12"}
LAKE = replace(HARBOR, id=an_id("lake"), number="C-000009", name="Lake Boats", owner_id=JANET)
AMOUNTS = ("revenue", "costed", "cost", "margin")


def look(desk: Desk, path: str, **query: Any) -> Any:
    answer = desk.mike.get(f"{FIGURES}/{path}", query_string=WINDOW | {"currency": "USD"} | query)
    assert answer.status_code == 200, answer.json
    return answer.json


def items(desk: Desk, **query: Any) -> dict[str, tuple[str, str]]:
    rows = look(desk, "products", **query)["items"]
    return {row["sku"]: (row["quantity"], row["revenue"]["amount"]) for row in rows}


def added(desk: Desk, path: str, *asked: dict[str, str], **query: Any) -> dict[Any, Decimal]:
    """Return the sums of all answers together, by item or category, down to the smallest unit."""
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for each in asked:
        found = look(desk, path, **each, **query)
        for row in found.get("items") or found.get("categories") or ():
            for name in AMOUNTS:
                sums[row.get("sku"), row["category"], name] += Decimal(row[name]["amount"])
            sums[row.get("sku"), "quantity"] += Decimal(row.get("quantity", 0))
    return {key: value for key, value in sums.items() if value}


def owed_to_the_fair(desk: Desk) -> None:
    opened = {"opportunity_id": OPPORTUNITY, "campaign_id": FAIR}
    desk.hear(desk.message("crm.opportunity.opened.v1", OPPORTUNITY, opened))


def know_the_cost_of_chai(desk: Desk, unit_cost: str = "10.00") -> None:
    told = {"item_id": CHAI.id, "unit_cost": price(unit_cost), "changed_on": date(2026, 3, 1)}
    desk.hear(desk.message("inventory.item.cost_changed.v1", CHAI.id, told))


def call_off(desk: Desk, order: Any) -> None:
    desk.cancel(order)
    Others(desk, order).play("stock_released", "credit_released", "stock_released")
    relay(desk)


@pytest.fixture(autouse=True)
def _days(desk: Desk, clock: ManualClock) -> None:
    clock.advance(timedelta(days=1))
    desk.database.transact(lambda tx: keep_customer(tx, LAKE))
    drinks = update(item).where(item.c.id == CHAI.id).values(category="Drinks")
    desk.database.transact(lambda tx: tx.connection.execute(drinks))


def test_r1_3_a_team_has_the_products_of_who_was_in_it_that_day(desk: Desk, clock: ManualClock) -> None:
    """Nancy goes from one team to the other in the middle of a month; the day itself belongs to the second."""
    know_the_cost_of_chai(desk)
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(20), RequestedLine(ROPE.id, qty("2.5")))
    clock.advance(timedelta(days=3))
    define(desk, NORTH, version=2)
    define(desk, SOUTH, NANCY)
    sold(desk, chai_line(30))
    sold(desk, chai_line(7), customer=LAKE)

    assert items(desk, team=NORTH) == {"NW-001": ("20", "360.00"), "NW-002": ("2.5", "0.83")}
    assert items(desk, team=SOUTH) == {"NW-001": ("30", "540.00")}
    assert items(desk, salesperson=JANET) == {"NW-001": ("7", "126.00")}
    assert items(desk, salesperson=JANET, team=SOUTH) == {}
    assert items(desk, team=NORTH, category="Drinks") == {"NW-001": ("20", "360.00")}
    mix = {row["category"]: row for row in look(desk, "categories", team=NORTH)["categories"]}
    assert {key: row["revenue"]["amount"] for key, row in mix.items()} == {"Drinks": "360.00", None: "0.83"}
    assert (mix["Drinks"]["margin"]["amount"], mix[None]["costed"]["amount"]) == ("160.00", "0.00")
    assert items(desk, team=an_id("none")) == {}
    assert look(desk, "categories", team=an_id("none"))["categories"] == []


def test_r1_3_a_campaign_has_the_products_of_what_is_owed_to_it(desk: Desk) -> None:
    owed_to_the_fair(desk)
    owed = sold(desk, chai_line(10), opportunity_id=OPPORTUNITY)
    sold(desk, chai_line(90), RequestedLine(ROPE.id, qty(3)))
    define(desk, NORTH, NANCY)

    assert items(desk, campaign=FAIR) == {"NW-001": ("10", "180.00")}
    assert items(desk, campaign=FAIR, team=NORTH, salesperson=NANCY) == {"NW-001": ("10", "180.00")}
    assert items(desk, campaign=FAIR, team=SOUTH) == {}
    (row,) = look(desk, "categories", campaign=FAIR)["categories"]
    assert (row["category"], row["revenue"]["amount"]) == ("Drinks", "180.00")
    call_off(desk, owed)
    assert (items(desk, campaign=FAIR), look(desk, "categories", campaign=FAIR)["categories"]) == ({}, [])


@pytest.mark.parametrize("path", ["products", "categories"])
@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_what_each_sold_is_together_what_was_sold(
    desk: Desk, clock: ManualClock, path: str, currency: str
) -> None:
    """Whoever came and went, at the edges of months too, with changes, cancellations and costs known halfway."""
    bring_in(desk, past("P-1", date(2025, 11, 30), 3), past("P-2", date(2025, 12, 1), 1, of=LAKE.id))
    owed_to_the_fair(desk)
    define(desk, NORTH, NANCY)
    define(desk, SOUTH, JANET)
    for version, members in enumerate(((JANET,), (NANCY, JANET), (), (NANCY,)), start=2):
        sold(desk, chai_line(version), RequestedLine(ROPE.id, qty(f"{version}.07")))
        clock.advance(timedelta(days=9))
        know_the_cost_of_chai(desk, f"{version}.3333")
        define(desk, NORTH, *members, version=version)
        define(desk, SOUTH, *sorted({NANCY, JANET} - set(members)), version=version)
        hand_over(desk, NANCY if version % 2 else JANET)
        sold(desk, chai_line(10 * version), opportunity_id=OPPORTUNITY if version == 3 else None)
        sold(desk, chai_line(version), customer=LAKE)
        sold(desk, chai_line(version), customer=TOKYO)
    raised = proposed(desk, order := sold(desk, chai_line(5)), lines=[{"line_no": 1, "quantity": "15"}])
    Elsewhere(desk, raised).play("reserved", "granted", "amended")
    call_off(desk, sold(desk, chai_line(500), RequestedLine(ROPE.id, qty("0.5"))))

    asked = {"currency": currency}
    whole = added(desk, path, {}, **asked)
    assert whole, order.number
    assert added(desk, path, {"salesperson": NANCY}, {"salesperson": JANET}, **asked) == whole
    assert added(desk, path, {"team": NORTH}, {"team": SOUTH}, **asked) == whole
    for month in ("2025-11", "2025-12", "2026-03", "2026-04"):
        of_month = asked | {"from": month, "to": month}
        parts = added(desk, path, {"team": NORTH}, {"team": SOUTH}, **of_month)
        assert parts == added(desk, path, {}, **of_month), month


@pytest.mark.parametrize("whose", [{"team": NORTH}, {"salesperson": JANET}, {"campaign": FAIR}])
def test_products_and_order_revenue_are_of_the_same_orders(
    desk: Desk, clock: ManualClock, whose: dict[str, str]
) -> None:
    know_the_cost_of_chai(desk)
    owed_to_the_fair(desk)
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(20), RequestedLine(ROPE.id, qty("1.01")), opportunity_id=OPPORTUNITY)
    clock.advance(timedelta(days=2))
    define(desk, NORTH, JANET, version=2)
    sold(desk, chai_line(30))
    sold(desk, chai_line(40), customer=LAKE)
    days = {"from": "2025-09-01", "to": "2026-12-31"}
    total = look(desk, "order-revenue", **(days | whose))["total"]
    mix = look(desk, "categories", **whose)["categories"]
    assert Decimal(total["revenue"]["amount"]) > 0
    for name in AMOUNTS:
        assert sum(Decimal(row[name]["amount"]) for row in mix) == Decimal(total[name]["amount"]), name


def test_products_of_a_team_come_page_by_page(desk: Desk) -> None:
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(1), RequestedLine(ROPE.id, qty("54.01")))
    sold(desk, chai_line(7), customer=LAKE)
    first = look(desk, "products", team=NORTH, limit=1)
    second = look(desk, "products", team=NORTH, limit=1, cursor=first["next_cursor"])
    found = [*first["items"], *second["items"]]
    assert [row["revenue"]["amount"] for row in found] == ["18.00", "18.00"]
    assert [row["item_id"] for row in found] == sorted((CHAI.id, ROPE.id)), "of one revenue, by the item"
    assert second["next_cursor"] is None


@pytest.mark.parametrize("path", ["products", "categories"])
def test_what_is_no_id_is_refused(desk: Desk, path: str) -> None:
    for name in ("team", "campaign"):
        answer = desk.mike.get(f"{FIGURES}/{path}", query_string={name: "north"})
        assert answer.status_code in (400, 422)
