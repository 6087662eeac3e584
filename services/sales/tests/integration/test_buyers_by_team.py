"""R1.3: who comes again, buyers, cohorts and segments of what a team or a campaign sold, by the day of each order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from libs.common.testing import ManualClock
from services.sales.tests.answering import Others
from services.sales.tests.builders import HARBOR, JANET, NANCY, Desk, an_id, chai_line
from services.sales.tests.counting import FIGURES, relay, sold
from services.sales.tests.integration.test_figures import bring_in, past
from services.sales.tests.integration.test_figures_by_team import (
    FAIR,
    MARGARET,
    NORTH,
    OPPORTUNITY,
    SOUTH,
    define,
    hand_over,
)
from services.sales.use_cases.keep_replicas import keep_customer

LAKE = replace(HARBOR, id=an_id("lake"), number="C-000009", name="Lake Boats")
WINDOW = {"from": "2025-09", "to": "2026-12"}
MONEY = WINDOW | {"currency": "USD"}


def look(who: FlaskClient, path: str, **query: Any) -> Any:
    answer = who.get(f"{FIGURES}/{path}", query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


def came(who: FlaskClient, **query: Any) -> tuple[int, int]:
    found = look(who, "repurchase", **(WINDOW | query))
    return found["customers"], found["again"]


def bought(who: FlaskClient, **query: Any) -> dict[str, tuple[int, str]]:
    rows = look(who, "buyers", **(MONEY | query))["items"]
    return {row["number"]: (row["orders"], row["revenue"]["amount"]) for row in rows}


def owed_to_the_fair(desk: Desk) -> None:
    opened = {"opportunity_id": OPPORTUNITY, "campaign_id": FAIR}
    desk.hear(desk.message("crm.opportunity.opened.v1", OPPORTUNITY, opened))


@pytest.fixture(autouse=True)
def _days(desk: Desk, clock: ManualClock) -> None:
    clock.advance(timedelta(days=1))
    desk.database.transact(lambda tx: keep_customer(tx, LAKE))


def test_r1_3_a_team_has_the_buyers_of_who_was_in_it_that_day(desk: Desk, clock: ManualClock) -> None:
    """Nancy goes from one team to the other in the middle of a month, in which she sold for both."""
    bring_in(desk, past("P-1", date(2025, 11, 30)), past("P-2", date(2025, 11, 3), 1, of=LAKE.id))
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(20))
    clock.advance(timedelta(days=3))
    define(desk, NORTH, version=2)
    define(desk, SOUTH, NANCY)
    sold(desk, chai_line(30))
    clock.advance(timedelta(days=60))
    sold(desk, chai_line(40), customer=LAKE)

    assert bought(desk.mike) == {"C-000009": (2, "738.00"), HARBOR.number: (3, "1080.00")}
    assert bought(desk.mike, team=NORTH) == {HARBOR.number: (2, "540.00"), "C-000009": (1, "18.00")}
    assert bought(desk.mike, team=SOUTH) == {"C-000009": (1, "720.00"), HARBOR.number: (1, "540.00")}
    assert (came(desk.mike), came(desk.mike, team=NORTH), came(desk.mike, team=SOUTH)) == (
        (2, 2), (2, 1), (2, 0),
    )  # fmt: skip
    assert bought(desk.mike, team=NORTH, least_orders=2) == {HARBOR.number: (2, "540.00")}
    assert bought(desk.mike, team=NORTH, to="2025-11").keys() == {HARBOR.number, "C-000009"}
    assert (bought(desk.mike, team=an_id("none")), came(desk.mike, team=an_id("none"))) == ({}, (0, 0))


@pytest.mark.parametrize("team", [NORTH, SOUTH])
def test_the_buyers_of_a_team_bought_what_the_team_sold(desk: Desk, clock: ManualClock, team: str) -> None:
    """Every figure that knows teams says the same of them, whoever came and went on whichever days."""
    define(desk, NORTH, NANCY)
    for version, members in enumerate(((JANET,), (NANCY, JANET), (), (NANCY,)), start=2):
        sold(desk, chai_line(version))
        clock.advance(timedelta(days=9))
        define(desk, NORTH, *members, version=version)
        define(desk, SOUTH, *sorted({NANCY, JANET} - set(members)), version=version)
        hand_over(desk, NANCY if version % 2 else JANET)
        sold(desk, chai_line(10 * version))
    gone = sold(desk, chai_line(500))
    desk.cancel(gone)
    Others(desk, gone).play("stock_released", "credit_released", "stock_released")
    relay(desk)
    days = {"from": "2025-09-01", "to": "2026-12-31", "currency": "USD", "team": team}
    whole = look(desk.mike, "order-revenue", **days)["total"]
    assert whole["orders"] > 1
    assert bought(desk.mike, team=team) == {HARBOR.number: (whole["orders"], whole["revenue"]["amount"])}


def test_r1_3_a_campaign_has_who_bought_for_it_and_keeps_whom_it_won(desk: Desk, clock: ManualClock) -> None:
    owed_to_the_fair(desk)
    owed = sold(desk, chai_line(10), opportunity_id=OPPORTUNITY)
    sold(desk, chai_line(90), customer=LAKE)
    clock.advance(timedelta(days=31))
    sold(desk, chai_line(5))
    define(desk, NORTH, NANCY)

    assert bought(desk.mike, campaign=FAIR) == {HARBOR.number: (1, "180.00")}
    assert (came(desk.mike, campaign=FAIR), came(desk.mike)) == ((1, 0), (2, 1))
    assert bought(desk.mike, campaign=FAIR, team=NORTH) == {HARBOR.number: (1, "180.00")}
    assert bought(desk.mike, campaign=FAIR, team=SOUTH) == {}
    (cohort,) = look(desk.mike, "cohorts", **WINDOW, within=2, campaign=FAIR)["cohorts"]
    assert (cohort["customers"], cohort["again"]) == (1, [0, 1, 1]), "it is asked whether they stayed"

    desk.cancel(owed)
    Others(desk, owed).play("stock_released", "credit_released", "stock_released")
    relay(desk)
    assert (bought(desk.mike, campaign=FAIR), came(desk.mike, campaign=FAIR)) == ({}, (0, 0))
    assert look(desk.mike, "cohorts", **WINDOW, campaign=FAIR)["cohorts"] == []


def test_cohorts_of_a_team_are_those_whom_it_sold_their_first_order(desk: Desk, clock: ManualClock) -> None:
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(1))
    clock.advance(timedelta(days=31))
    define(desk, NORTH, version=2)
    define(desk, SOUTH, NANCY)
    sold(desk, chai_line(1))
    (cohort,) = look(desk.mike, "cohorts", **WINDOW, within=1, team=NORTH)["cohorts"]
    assert (cohort["customers"], cohort["again"]) == (1, [0, 1])
    assert look(desk.mike, "cohorts", **WINDOW, team=SOUTH)["cohorts"] == []


def test_segments_of_a_team_are_scored_among_those_who_bought_of_it(desk: Desk, clock: ManualClock) -> None:
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(10))
    clock.advance(timedelta(days=1))
    define(desk, NORTH, version=2)
    define(desk, SOUTH, NANCY)
    sold(desk, chai_line(90), customer=LAKE)

    (row,) = look(desk.mike, "segments/customers", **MONEY, team=NORTH)["items"]
    assert (row["number"], row["monetary"], row["revenue"]["amount"], row["high_value"]) == (
        HARBOR.number, 3, "180.00", True,
    )  # fmt: skip
    whole = {r["number"]: r["monetary"] for r in look(desk.mike, "segments/customers", **MONEY)["items"]}
    assert whole == {HARBOR.number: 2, LAKE.number: 4}
    found = look(desk.mike, "segments", **MONEY, team=NORTH)["segments"]
    assert [(each["customers"], each["revenue"]["amount"]) for each in found if each["customers"]] == [
        (1, "180.00")
    ]
    assert not any(
        each["customers"] for each in look(desk.mike, "segments", **MONEY, campaign=FAIR)["segments"]
    )


def test_a_filter_narrows_what_a_salesperson_sees_and_never_widens_it(desk: Desk, clock: ManualClock) -> None:
    margaret = desk.client(MARGARET, "sales")
    define(desk, NORTH, NANCY)
    sold(desk, chai_line(10))
    paths = ("repurchase", "cohorts", "segments", "buyers", "segments/customers")

    def counts(who: FlaskClient) -> list[int]:
        money = {
            name: MONEY if name in ("segments", "buyers", "segments/customers") else WINDOW for name in paths
        }
        found = {name: look(who, name, **money[name], team=NORTH) for name in paths}
        return [
            found["repurchase"]["customers"],
            len(found["cohorts"]["cohorts"]),
            sum(each["customers"] for each in found["segments"]["segments"]),
            len(found["buyers"]["items"]),
            len(found["segments/customers"]["items"]),
        ]

    assert (counts(desk.nancy), counts(margaret), counts(desk.janet)) == ([1] * 5, [0] * 5, [0] * 5)
    define(desk, NORTH, NANCY, manager=MARGARET, version=2)
    assert counts(margaret) == [1] * 5
    hand_over(desk, JANET)
    assert (counts(desk.nancy), counts(margaret), counts(desk.janet)) == ([0] * 5, [0] * 5, [1] * 5), (
        "a customer is seen by who has him, whose order it was"
    )


def test_what_is_no_id_is_refused(desk: Desk) -> None:
    for name in ("team", "campaign"):
        answer = desk.mike.get(f"{FIGURES}/repurchase", query_string={name: "north"})
        assert answer.status_code in (400, 422)
