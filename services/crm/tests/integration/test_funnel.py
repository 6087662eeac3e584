"""R1.4: the funnel from the lead to the cash, with conversion and how long each step took."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from libs.common.testing import ManualClock
from services.crm.tests.builders import Desk
from services.crm.tests.leads import a_lead, done
from services.crm.tests.pipeline import ORDER, PUMP, Pipeline, money

URL = "/api/v1/figures/funnel"


def stages(client: Any, **asked: str) -> dict[str, Any]:
    answer = client.get(URL, query_string=asked)
    assert answer.status_code == 200, answer.json
    return {stage["stage"]: stage for stage in answer.json["stages"]}


def test_r1_4_what_came_in_and_how_far_it_has_come(desk: Desk, clock: ManualClock) -> None:
    a_lead(desk.steven, "Quay Works Ltd")
    lead = a_lead(desk.steven, "North Mill Ltd")
    clock.advance(timedelta(hours=5))
    done(
        desk.steven.post(
            f"/api/v1/leads/{lead['id']}/qualify", json={"currency": "USD", "value": money_in()}
        ),
        200,
    )
    found = stages(desk.steven)
    assert (found["leads"]["count"], found["qualified"]["count"], found["opportunities"]["count"]) == (
        2,
        1,
        1,
    )
    assert (found["qualified"]["conversion_bp"], found["qualified"]["median_hours"]) == (5000, 5)
    assert found["quotations"]["count"] == 0


def money_in() -> dict[str, str]:
    return {"amount": "300.00", "currency": "USD"}


def test_an_opportunity_is_followed_to_its_cash(desk: Desk, clock: ManualClock) -> None:
    pipeline = Pipeline(desk)
    pipeline.opened()
    won = pipeline.opened(lines=[{"item_id": PUMP, "quantity": "1"}])
    clock.advance(timedelta(hours=7))
    pipeline.ordered(won)
    found = stages(desk.steven)
    assert [found[name]["count"] for name in ("opportunities", "quotations", "orders", "invoiced")] == [
        2,
        1,
        1,
        0,
    ]
    assert (found["quotations"]["conversion_bp"], found["orders"]["conversion_bp"]) == (5000, 10_000)

    clock.advance(timedelta(hours=3))
    gone = {"order_id": ORDER, "lines": [{"cost": None}]}
    for note in ("d-1", "d-2"):
        told = pipeline.message("inventory.delivery.shipped.v1", note, gone)
        pipeline.receiver.receive([replace(told, time=clock.now())])
        clock.advance(timedelta(hours=1))
    shipped = stages(desk.steven)["shipped"]
    assert (shipped["count"], shipped["value"]["amount"]) == (1, "3900.00")
    assert (shipped["conversion_bp"], shipped["median_hours"]) == (10_000, 3), "by what left first"

    pipeline.hears("finance.invoice.posted.v1", "i-1", {"order_id": ORDER, "total": money("300.00")})
    pipeline.hears("finance.payment.allocated.v1", "p-1", {"order_id": ORDER, "amount": money("100.00")})
    found = stages(desk.steven)
    assert (found["invoiced"]["count"], found["collected"]["count"]) == (1, 0)
    pipeline.hears("finance.payment.allocated.v1", "p-2", {"order_id": ORDER, "amount": money("200.00")})
    collected = stages(desk.steven)["collected"]
    assert (collected["count"], collected["value"]["amount"]) == (1, "300.00")


def test_what_came_in_on_other_days_is_of_another_funnel(desk: Desk) -> None:
    Pipeline(desk).opened()
    assert stages(desk.steven, **{"from": "2025-01-01", "to": "2025-01-31"})["opportunities"]["count"] == 0
    answer = desk.steven.get(f"{URL}?from=2026-03-02&to=2026-03-01")
    assert (answer.status_code, answer.json["code"]) == (422, "period_wrong")


def test_what_is_invoiced_before_it_leaves_is_no_share_of_what_left(desk: Desk) -> None:
    pipeline = Pipeline(desk)
    pipeline.ordered(pipeline.opened(lines=[{"item_id": PUMP, "quantity": "1"}]))
    pipeline.hears("finance.invoice.posted.v1", "i-1", {"order_id": ORDER, "total": money("300.00")})
    found = stages(desk.steven)
    assert [found[name]["count"] for name in ("orders", "shipped", "invoiced")] == [1, 0, 1]
    assert [found[name]["conversion_bp"] for name in ("shipped", "invoiced")] == [0, None]
