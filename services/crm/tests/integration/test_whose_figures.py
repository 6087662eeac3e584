"""R1.4: funnel, pipeline and the opportunities behind them are narrowed by owner, team and campaign alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.crm.tests.builders import JANET, NANCY, UNKNOWN, a_customer
from services.crm.tests.leads import a_campaign, a_lead, done
from services.crm.tests.pipeline import PATH, Pipeline

FUNNEL = "/api/v1/figures/funnel"
PIPELINE = "/api/v1/pipeline"
TEAMS = "/api/v1/sales-teams"
MARGARET = "margaret.peacock"


@dataclass(frozen=True)
class Fair:
    """An opportunity and a lead of Nancy's, owed to a fair; of Janet's there are two of each, owed to nothing."""

    team: str
    campaign: str
    opportunity: dict[str, Any]


@pytest.fixture
def fair(pipeline: Pipeline) -> Fair:
    desk = pipeline.desk
    campaign = a_campaign(desk)["id"]
    team = done(desk.steven.post(TEAMS, json={"name": "North", "manager_id": MARGARET, "members": [NANCY]}))
    a_lead(desk.nancy, campaign_id=campaign)
    opportunity = pipeline.opened(campaign_id=campaign)
    for name in ("South Mill Ltd", "West Mill Ltd"):
        a_lead(desk.janet, name)
        pipeline.opened(desk.janet, customer_id=a_customer(desk.janet, name, currency="USD")["id"])
    return Fair(team["id"], campaign, opportunity)


def seen(who: FlaskClient, **asked: str) -> dict[str, int]:
    """Return how many leads, opportunities of the funnel, open ones of the pipeline, and listed ones there are."""
    answers = [who.get(path, query_string=asked) for path in (FUNNEL, PIPELINE, PATH)]
    assert [each.status_code for each in answers] == [200] * 3, [each.json for each in answers]
    funnel, pipeline, listed = (each.json or {} for each in answers)
    stages = {stage["stage"]: stage["count"] for stage in funnel["stages"]}
    return {
        "leads": stages["leads"],
        "opportunities": stages["opportunities"],
        "open": sum(worth["count"] for stage in pipeline["stages"] for worth in stage["worth"]),
        "listed": len(listed["items"]),
    }


ALL = {"leads": 3, "opportunities": 3, "open": 3, "listed": 3}
HERS = {"leads": 1, "opportunities": 1, "open": 1, "listed": 1}
JANETS = {"leads": 2, "opportunities": 2, "open": 2, "listed": 2}
NOTHING = {"leads": 0, "opportunities": 0, "open": 0, "listed": 0}


def test_r1_4_funnel_pipeline_and_what_is_behind_are_narrowed_alike(pipeline: Pipeline, fair: Fair) -> None:
    steven = pipeline.desk.steven
    assert seen(steven) == ALL
    assert seen(steven, team=fair.team) == HERS
    assert seen(steven, campaign=fair.campaign) == HERS
    assert seen(steven, owner_id=JANET) == JANETS
    assert seen(steven, owner_id=JANET, team=fair.team) == NOTHING
    assert seen(steven, owner_id=JANET, campaign=fair.campaign) == NOTHING
    assert seen(steven, team=UNKNOWN) == NOTHING
    assert seen(steven, campaign=UNKNOWN) == NOTHING


def test_a_team_is_who_is_in_it_now(pipeline: Pipeline, fair: Fair) -> None:
    steven = pipeline.desk.steven
    done(steven.put(f"{TEAMS}/{fair.team}", json={"name": "North", "members": [JANET]}), 200)
    assert seen(steven, team=fair.team) == JANETS


def test_a_filter_never_widens_what_is_seen(pipeline: Pipeline, fair: Fair) -> None:
    desk = pipeline.desk
    assert seen(desk.janet, team=fair.team) == NOTHING
    assert seen(desk.janet, campaign=fair.campaign) == NOTHING
    assert seen(desk.janet, owner_id=NANCY) == NOTHING
    assert seen(desk.client(MARGARET, "sales"), team=fair.team) == HERS


def test_what_was_decided_stays_whose_it_was_when_its_customer_goes(pipeline: Pipeline, fair: Fair) -> None:
    desk = pipeline.desk
    done(pipeline.act(fair.opportunity, "lose", {"reason": "timing"}), 200)
    done(desk.steven.post("/api/v1/handovers", json={"from_owner_id": NANCY, "to_owner_id": JANET}), 200)
    expected = {"leads": 0, "opportunities": 1, "open": 0, "listed": 1}
    assert seen(desk.steven, team=fair.team) == expected
    assert seen(desk.steven, owner_id=NANCY) == expected
    assert seen(desk.nancy)["listed"] == 0, "whose customer it is, sees it"
    assert seen(desk.janet, owner_id=NANCY)["listed"] == 1


def test_the_older_name_of_a_campaign_means_the_same(pipeline: Pipeline, fair: Fair) -> None:
    for path in (FUNNEL, PATH):
        whole = pipeline.desk.steven.get(path, query_string={"campaign": fair.campaign}).json or {}
        older = pipeline.desk.steven.get(path, query_string={"campaign_id": fair.campaign}).json or {}
        both = {"campaign": fair.campaign, "campaign_id": UNKNOWN}
        neither = pipeline.desk.steven.get(path, query_string=both).json or {}
        for part in ("stages", "items"):
            assert older.get(part) == whole.get(part) != neither.get(part) or part not in whole


@pytest.mark.parametrize("name", ["team", "campaign"])
def test_what_is_no_id_is_refused_by_its_name(pipeline: Pipeline, name: str) -> None:
    for path in (FUNNEL, PIPELINE, PATH):
        answer = pipeline.desk.steven.get(path, query_string={name: "north"})
        assert (answer.status_code, (answer.json or {})["errors"][0]["field"]) == (422, name)
