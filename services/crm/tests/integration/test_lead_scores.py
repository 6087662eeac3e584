"""The score of leads: learnt by a job from those that were decided, versioned, and silent while there are too few."""

from __future__ import annotations

from sqlalchemy import insert

from services.crm.jobs.learn_lead_scores import learn_lead_scores
from services.crm.store.lead_tables import lead
from services.crm.tests.builders import NANCY, Desk
from services.crm.tests.leads import LEADS, a_lead, done
from services.crm.tests.pipeline import AT, Pipeline

SCORES = "/api/v1/lead-scores"


def decided(pipeline: Pipeline, count: int) -> None:
    """Store leads that were decided: of four from a referral three were won, of four from the web one."""
    made = pipeline.opened()
    pipeline.act(made, "win")
    rows = [
        {
            "id": f"00000000-0000-7000-8000-{place:012d}", "number": f"X-{place}", "company_name": "x",
            "source": "referral" if place % 2 else "web", "owner_id": NANCY, "created_by": NANCY, "created_at": AT,
            "closed_at": AT, "version": 1, "state": "disqualified", "reason": "no_need",
            "customer_id": None, "opportunity_id": None,
        }
        for place in range(count)
    ]  # fmt: skip
    for place, row in enumerate(rows):
        if (place // 2) % 4 < (3 if place % 2 else 1):
            row |= {"state": "qualified", "reason": None}
            row |= {"customer_id": made["customer_id"], "opportunity_id": made["id"]}
    pipeline.desk.database.transact(lambda tx: tx.connection.execute(insert(lead), rows))


def test_without_enough_past_leads_it_says_so(desk: Desk) -> None:
    assert learn_lead_scores(desk.database) == 0
    report = desk.nancy.get(SCORES).json
    assert (report["enough"], report["decided"], report["needed"], report["version"]) == (False, 0, 100, None)
    assert (a_lead(desk.nancy)["score_percent"], report["reliability"]) == (None, [])


def test_a_score_has_its_reasons_in_words_and_is_judged_on_leads_it_had_not_seen(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    decided(pipeline, 400)
    assert learn_lead_scores(desk.database) == 1
    assert learn_lead_scores(desk.database) == 0
    report = desk.nancy.get(SCORES).json
    assert (report["enough"], report["version"], report["decided"], report["judged"]) == (True, 1, 400, 80)
    assert float(report["brier"]) < float(report["brier_of_mean"])
    good, poor = (a_lead(desk.nancy, source=source) for source in ("referral", "web"))
    assert float(good["score_percent"]) > 60 > 40 > float(poor["score_percent"])
    assert good["reasons"][0]["text_en"] == "Source: referral: makes it likelier"
    assert poor["reasons"][0]["text_zh"] == "来源：web：降低成交可能"
    listed = desk.nancy.get(LEADS, query_string={"state": "open"}).json["items"]
    assert {each["score_percent"] for each in listed} == {good["score_percent"], poor["score_percent"]}
    gone = done(desk.nancy.post(f"{LEADS}/{good['id']}/disqualify", json={"reason": "no_need"}), 200)
    assert gone["score_percent"] is None
    assert learn_lead_scores(desk.database) == 1
    assert desk.nancy.get(SCORES).json["version"] == 2
    assert desk.client("fay", "finance").get(SCORES).status_code == 403
