"""R1.3: order revenue by team and by campaign, with the orders behind it; a team's leader sees his teams'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from libs.common.testing import ManualClock
from services.sales.store.figure_tables import campaign_day
from services.sales.tests.answering import Others
from services.sales.tests.builders import HARBOR, JANET, NANCY, Desk, an_id, chai_line
from services.sales.tests.counting import FIGURES, relay, sold

NORTH, SOUTH = sorted((an_id("north"), an_id("south")))
FAIR, OPPORTUNITY = an_id("fair"), an_id("opportunity")
MARGARET = "margaret.peacock"


@pytest.fixture(autouse=True)
def _days(desk: Desk, clock: ManualClock) -> None:
    clock.advance(timedelta(days=1))


def revenue(desk: Desk, path: str = "", who: Any = None, **query: Any) -> Any:
    answer = (who or desk.mike).get(
        f"{FIGURES}/order-revenue{path}", query_string={"currency": "USD"} | query
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def define(desk: Desk, team: str, *members: str, manager: str | None = None, version: int = 1) -> None:
    told = {
        "team_id": team, "name": "North" if team == NORTH else "South", "version": version,
        "members": list(members), "manager_id": manager,
    }  # fmt: skip
    assert desk.hear(desk.message("crm.sales_team.defined.v1", team, told)).parked == 0


def hand_over(desk: Desk, to: str) -> None:
    told = {"customer_id": HARBOR.id, "owner_id": to, "previous_owner_id": None}
    desk.hear(desk.message("crm.customer.owner_changed.v1", HARBOR.id, told))


def parts(found: Any) -> dict[str | None, tuple[int, str]]:
    return {part["label"]: (part["orders"], part["revenue"]["amount"]) for part in found["parts"]}


def test_r1_3_a_team_has_what_its_members_sold_while_they_were_in_it(desk: Desk, clock: ManualClock) -> None:
    before = sold(desk, chai_line(10))
    define(desk, NORTH, NANCY)
    first = sold(desk, chai_line(20))
    clock.advance(timedelta(days=1))
    define(desk, NORTH, JANET, version=2)
    define(desk, SOUTH, NANCY)
    moved = sold(desk, chai_line(30))
    hand_over(desk, JANET)
    hers = sold(desk, chai_line(40))

    found = revenue(desk, by="team")
    assert parts(found) == {"North": (3, "1260.00"), "South": (1, "540.00")}
    assert found["total"]["orders"] == 4
    of_north = revenue(desk, team=NORTH, by="salesperson")
    assert {part["key"]: part["orders"] for part in of_north["parts"]} == {NANCY: 2, JANET: 1}
    listed = revenue(desk, "/orders", team=NORTH)["items"]
    assert [row["number"] for row in listed] == [hers.number, first.number, before.number]
    (one,) = revenue(desk, "/orders", team=SOUTH)["items"]
    assert one["number"] == moved.number


def test_who_is_in_two_teams_counts_in_both_and_once_in_the_whole(desk: Desk) -> None:
    define(desk, NORTH, NANCY, JANET)
    define(desk, SOUTH, NANCY)
    sold(desk, chai_line(10))
    found = revenue(desk, by="team")
    assert parts(found) == {"North": (1, "180.00"), "South": (1, "180.00")}
    assert (found["total"]["orders"], revenue(desk, team=SOUTH)["total"]["orders"]) == (1, 1)
    assert [part["label"] for part in revenue(desk, by="team", team=SOUTH)["parts"]] == ["South"]


def test_what_nobodys_team_sold_is_told_apart(desk: Desk) -> None:
    define(desk, NORTH, JANET)
    sold(desk, chai_line(10))
    (part,) = revenue(desk, by="team")["parts"]
    assert (part["key"], part["label"], part["orders"]) == ("", None, 1)


def test_a_salesperson_sees_his_own_and_a_leader_his_teams(desk: Desk) -> None:
    margaret = desk.client(MARGARET, "sales")
    sold(desk, chai_line(10))
    define(desk, NORTH, NANCY)
    assert revenue(desk, who=margaret)["total"]["orders"] == 0
    define(desk, NORTH, NANCY, manager=MARGARET, version=2)
    seen = revenue(desk, who=margaret, by="team")
    assert (parts(seen), seen["new_customers"]) == ({"North": (1, "180.00")}, 1)
    assert len(revenue(desk, "/orders", who=margaret)["items"]) == 1
    assert revenue(desk, who=margaret, salesperson=JANET)["total"]["orders"] == 0
    janet = revenue(desk, who=desk.janet, team=NORTH, by="team")
    assert (janet["total"]["orders"], janet["parts"], janet["new_customers"]) == (0, [], 0)
    assert revenue(desk, "/orders", who=desk.janet, team=NORTH)["items"] == []


def test_an_older_word_of_a_team_and_one_heard_twice_change_nothing(desk: Desk, clock: ManualClock) -> None:
    define(desk, NORTH, NANCY, version=3)
    sold(desk, chai_line(10))
    for version, member in ((2, JANET), (3, NANCY)):
        clock.advance(timedelta(days=1))
        define(desk, NORTH, member, version=version)
        sold(desk, chai_line(10))
    assert parts(revenue(desk, by="team")) == {"North": (3, "540.00")}


def test_who_comes_and_goes_on_one_day_was_never_there(desk: Desk) -> None:
    define(desk, NORTH, JANET, NANCY)
    define(desk, NORTH, JANET, version=2)
    sold(desk, chai_line(10))
    (part,) = revenue(desk, by="team")["parts"]
    assert part["key"] == ""
    define(desk, NORTH, JANET, NANCY, version=3)
    assert parts(revenue(desk, by="team")) == {"North": (1, "180.00")}


def test_r1_3_an_order_counts_for_the_campaign_that_it_is_owed_to(desk: Desk) -> None:
    told = {
        "campaign_id": FAIR, "code": "FAIR-26", "name": "The fair", "channel": "fair",
        "budget": {"amount": "100.00", "currency": "USD"}, "starts_on": "2026-03-01",
    }  # fmt: skip
    desk.hear(desk.message("crm.campaign.started.v1", FAIR, told))
    opened = {"opportunity_id": OPPORTUNITY, "campaign_id": FAIR}
    desk.hear(desk.message("crm.opportunity.opened.v1", OPPORTUNITY, opened))
    owed = sold(desk, chai_line(10), opportunity_id=OPPORTUNITY)
    other = sold(desk, chai_line(5))

    found = revenue(desk, by="campaign")
    assert parts(found) == {"FAIR-26": (1, "180.00"), None: (1, "90.00")}
    assert [part["key"] for part in found["parts"]] == [FAIR, ""]
    (row,) = revenue(desk, "/orders", campaign=FAIR)["items"]
    assert (row["number"], row["campaign"]) == (owed.number, FAIR)
    both = revenue(desk, campaign=FAIR, salesperson=NANCY, by="channel")
    assert (both["total"]["orders"], both["new_customers"], len(both["parts"])) == (1, 1, 1)
    assert revenue(desk, campaign=FAIR, salesperson=JANET)["total"]["orders"] == 0
    define(desk, NORTH, NANCY)
    assert parts(revenue(desk, campaign=FAIR, by="team")) == {"North": (1, "180.00")}

    desk.cancel(owed)
    Others(desk, owed).play("stock_released", "credit_released", "stock_released")
    relay(desk)
    assert parts(revenue(desk, by="campaign")) == {"FAIR-26": (0, "0.00"), None: (1, "90.00")}
    kept = desk.database.read(
        lambda connection: connection.execute(select(campaign_day.c.orders, campaign_day.c.net_minor)).all()
    )
    assert [tuple(row) for row in kept] == [(0, 0)]
    assert other.state == "confirmed"
