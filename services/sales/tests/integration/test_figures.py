"""R1.3: order revenue, the average order, who came again, cohorts and segments, kept as orders come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from libs.common.testing import ManualClock
from services.sales.domain.history import PastLine, PastOrder
from services.sales.reports.counting_proof import orders_counted_wrong
from services.sales.tests.answering import Others
from services.sales.tests.builders import (
    CHAI,
    HARBOR,
    JANET,
    NANCY,
    TERMS,
    Desk,
    an_id,
    chai_line,
    price,
    qty,
)
from services.sales.tests.changing import Elsewhere, proposed
from services.sales.tests.counting import FIGURES, relay, sold
from services.sales.use_cases.bring_in_orders import bring_in_orders
from services.sales.use_cases.count_orders import count_order
from services.sales.use_cases.keep_replicas import keep_customer


def revenue(desk: Desk, path: str = "", **query: Any) -> Any:
    answer = desk.mike.get(f"{FIGURES}/order-revenue{path}", query_string={"currency": "USD"} | query)
    assert answer.status_code == 200, answer.json
    return answer.json


def execute(desk: Desk, statement: str) -> None:
    with desk.database.engine.begin() as connection:
        connection.execute(text(statement))


def past(number: str, day: date, quantity: int = 10, of: str = HARBOR.id) -> PastOrder:
    line = PastLine(1, CHAI.id, qty(quantity), price("18.00"))
    return PastOrder(number, of, "USD", day, (line,))


def bring_in(desk: Desk, *orders: PastOrder) -> None:
    desk.database.transact(lambda tx: bring_in_orders(tx, orders, TERMS, by="import"))
    relay(desk)


def test_r1_3_an_order_counts_from_its_confirmation_until_its_cancel(desk: Desk) -> None:
    waiting = desk.order(chai_line(10))
    relay(desk)
    assert revenue(desk)["total"]["orders"] == 0, "it is not confirmed"
    first, second = sold(desk, chai_line(10)), sold(desk, chai_line(20))

    total = revenue(desk)["total"]
    assert (total["orders"], total["revenue"]["amount"], total["average_order_value"]["amount"]) == (
        2, "540.00", "270.00",
    )  # fmt: skip
    listed = revenue(desk, "/orders")["items"]
    assert [row["number"] for row in listed] == [second.number, first.number]

    desk.cancel(second)
    Others(desk, second).play("stock_released", "credit_released", "stock_released")
    relay(desk)
    total = revenue(desk)["total"]
    assert (total["orders"], total["revenue"]["amount"]) == (1, "180.00")
    assert [row["counts"] for row in revenue(desk, "/orders")["items"]] == [False, True]
    assert waiting.state == "pending"


def test_a_change_of_the_order_changes_the_figure_and_not_its_day(desk: Desk, clock: ManualClock) -> None:
    order = sold(desk, chai_line(10))
    day = revenue(desk, by="day")["parts"][0]["key"]
    clock.advance(timedelta(days=3))
    raised = proposed(desk, order, lines=[{"line_no": 1, "quantity": "15"}])
    Elsewhere(desk, raised).play("reserved", "granted", "amended")
    relay(desk)
    found = revenue(desk, by="day")
    assert (found["total"]["orders"], found["total"]["revenue"]["amount"]) == (1, "270.00")
    assert [part["key"] for part in found["parts"]] == [day]
    assert desk.database.read(lambda connection: list(orders_counted_wrong(connection))) == []


def test_what_is_counted_twice_counts_once(desk: Desk) -> None:
    sold(desk, chai_line(10))
    relay(desk)
    desk.database.transact(lambda tx: _count_all(tx, date(2020, 1, 1)))
    total = revenue(desk)["total"]
    assert (total["orders"], total["revenue"]["amount"]) == (1, "180.00")


def _count_all(tx: Any, day: date) -> None:
    for (order_id,) in tx.connection.execute(text("SELECT id FROM sales_order")).all():
        count_order(tx, str(order_id), day)


def test_the_figures_are_told_by_salesperson_day_and_month(desk: Desk) -> None:
    order = sold(desk, chai_line(10))
    (part,) = revenue(desk, by="salesperson")["parts"]
    assert (part["key"], part["orders"]) == (NANCY, 1)
    (day,) = revenue(desk, by="day")["parts"]
    (month,) = revenue(desk, by="month")["parts"]
    today = TERMS.today(desk.database.clock.now())
    assert (day["key"], month["key"]) == (today.isoformat(), f"{today:%Y-%m}")
    assert revenue(desk, salesperson=JANET)["total"]["orders"] == 0
    own = desk.janet.get(f"{FIGURES}/order-revenue?currency=USD&salesperson={NANCY}").json
    assert own["total"]["orders"] == 0, "a salesperson asks for own figures, whatever is asked for"
    assert desk.nancy.get(f"{FIGURES}/order-revenue?currency=USD").json["total"]["orders"] == 1
    assert order.state == "confirmed"


def test_costs_are_shown_to_those_only_who_may_know(desk: Desk) -> None:
    cost = {"item_id": CHAI.id, "unit_cost": price("10.00"), "changed_on": date(2026, 3, 1)}
    desk.hear(desk.message("inventory.item.cost_changed.v1", CHAI.id, cost))
    sold(desk, chai_line(10))
    assert revenue(desk)["total"]["margin"] == {"amount": "80.00", "currency": "USD"}
    shown = desk.nancy.get(f"{FIGURES}/order-revenue?currency=USD").json["total"]
    assert (shown["margin"], shown["cost"], shown["costed"]) == (None, None, None)
    (product,) = desk.mike.get(f"{FIGURES}/products?currency=USD").json["items"]
    assert (product["sku"], product["quantity"], product["margin"]["amount"]) == ("NW-001", "10", "80.00")
    assert desk.nancy.get(f"{FIGURES}/products?currency=USD").status_code == 403


def test_r1_3_who_came_again_and_when_by_cohort(desk: Desk) -> None:
    bring_in(desk, past("P-1", date(2025, 9, 3)))
    asked = {"from": "2025-09", "to": "2026-02"}
    once = desk.mike.get(f"{FIGURES}/repurchase", query_string=asked).json
    assert (once["customers"], once["again"], once["share_bp"]) == (1, 0, 0)

    bring_in(desk, past("P-2", date(2025, 11, 30), 5))
    twice = desk.mike.get(f"{FIGURES}/repurchase", query_string=asked).json
    assert (twice["customers"], twice["again"], twice["share_bp"]) == (1, 1, 10_000)
    apart = desk.mike.get(f"{FIGURES}/repurchase", query_string=asked | {"to": "2025-10"}).json
    assert (apart["customers"], apart["again"]) == (1, 0), "the second order lies outside of the window"

    (cohort,) = desk.mike.get(f"{FIGURES}/cohorts", query_string=asked | {"within": 3}).json["cohorts"]
    assert (cohort["month"], cohort["customers"], cohort["again"]) == ("2025-09", 1, [0, 0, 1, 1])
    (buyer,) = desk.mike.get(
        f"{FIGURES}/buyers", query_string=asked | {"currency": "USD", "least_orders": 2}
    ).json["items"]
    assert (buyer["orders"], buyer["revenue"]["amount"]) == (2, "270.00")
    assert desk.janet.get(f"{FIGURES}/repurchase", query_string=asked).json["customers"] == 0


def test_an_earlier_order_that_is_brought_in_later_moves_the_cohort(desk: Desk) -> None:
    bring_in(desk, past("P-1", date(2025, 11, 3)))
    bring_in(desk, past("P-0", date(2025, 9, 3)))
    asked = {"from": "2025-09", "to": "2025-12"}
    (cohort,) = desk.mike.get(f"{FIGURES}/cohorts", query_string=asked | {"within": 2}).json["cohorts"]
    assert (cohort["month"], cohort["again"]) == ("2025-09", [0, 0, 1])
    assert revenue(desk, **{"from": "2025-09-01", "to": "2025-09-30"})["new_customers"] == 1
    assert revenue(desk, **{"from": "2025-11-01", "to": "2025-11-30"})["new_customers"] == 0


def test_segments_and_high_value(desk: Desk) -> None:
    bring_in(desk, past("P-1", date(2025, 9, 3)))
    asked = {"from": "2025-09", "to": "2026-02", "currency": "USD"}
    found = desk.mike.get(f"{FIGURES}/segments", query_string=asked).json["segments"]
    (some,) = [each for each in found if each["customers"]]
    assert (some["segment"], some["high_value"], some["revenue"]["amount"]) == ("regular", 1, "180.00")
    (row,) = desk.mike.get(f"{FIGURES}/segments/customers", query_string=asked).json["items"]
    assert (row["segment"], row["last_on"], row["high_value"]) == (some["segment"], "2025-09-03", True)


def test_equal_customers_have_equal_scores_and_few_are_divided_by_the_middle(desk: Desk) -> None:
    lake = replace(HARBOR, id=an_id("lake"), number="C-000009", name="Lake Boats")
    desk.database.transact(lambda tx: keep_customer(tx, lake))
    bring_in(desk, past("P-1", date(2025, 9, 3)), past("P-2", date(2025, 9, 3), of=lake.id))
    asked = {"from": "2025-09", "to": "2026-02", "currency": "USD"}

    def scored() -> dict[str, Any]:
        rows = desk.mike.get(f"{FIGURES}/segments/customers", query_string=asked).json["items"]
        return {row["customer_id"]: (row["recency"], row["frequency"], row["segment"]) for row in rows}

    assert scored() == {HARBOR.id: (3, 3, "regular"), lake.id: (3, 3, "regular")}
    bring_in(desk, past("P-3", date(2026, 1, 9)))
    assert scored() == {HARBOR.id: (4, 4, "champion"), lake.id: (2, 2, "lost")}


def test_what_is_not_counted_yet_shows_as_lag(desk: Desk, clock: ManualClock) -> None:
    sold(desk, chai_line(10))
    execute(desk, "DELETE FROM outbox")
    assert revenue(desk)["fresh"]["lag_ms"] == 0
    order = desk.order(chai_line(10))
    Others(desk, order).play("reserved", "granted")
    clock.advance(timedelta(seconds=5))
    fresh = revenue(desk)["fresh"]
    assert fresh["lag_ms"] == 5000


def test_where_orders_wait(desk: Desk, clock: ManualClock) -> None:
    order = desk.order(chai_line(10))
    Others(desk, order).play("short")
    sold(desk, chai_line(1))
    clock.advance(timedelta(hours=30))
    health = desk.mike.get(f"{FIGURES}/process-health").json
    (hold,) = health["holds"]
    assert (hold["code"], hold["orders"], hold["oldest_hours"], hold["median_hours"]) == ("stock", 1, 30, 30)
    stages = {each["stage"]: (each["orders"], each["held"]) for each in health["stages"]}
    assert stages == {"deciding": (1, 1), "to_ship": (1, 0), "to_invoice": (0, 0), "to_pay": (0, 0)}
    assert desk.janet.get(f"{FIGURES}/process-health").json["holds"] == []


def test_a_period_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    answer = desk.mike.get(f"{FIGURES}/order-revenue?from=2026-03-02&to=2026-03-01")
    assert (answer.status_code, answer.json["code"]) == (422, "period_backwards")
    assert answer.json["errors"][0]["field"] == "from"
    answer = desk.mike.get(f"{FIGURES}/repurchase?from=2026-03&to=2026-02")
    assert answer.json["code"] == "period_backwards"


def test_the_proof_finds_an_order_that_is_counted_wrong(desk: Desk) -> None:
    order = sold(desk, chai_line(10))
    assert desk.database.read(lambda connection: list(orders_counted_wrong(connection))) == []
    execute(desk, "UPDATE counted_order SET net_minor = net_minor + 1")
    assert desk.database.read(lambda connection: list(orders_counted_wrong(connection))) == [order.id]
