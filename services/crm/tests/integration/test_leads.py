"""Leads over HTTP: registered, known again, merged, qualified, given up; what is refused changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.testing.interleaving import every_order, interleaved
from services.crm.domain.ownership import Registrar
from services.crm.tests.builders import JANET, NANCY, UNKNOWN, Desk, a_customer
from services.crm.tests.leads import LEADS, a_campaign, a_lead, done
from services.crm.tests.pipeline import PUMP, Pipeline, usd
from services.crm.use_cases.activities import WriteActivity, write_activity
from services.crm.use_cases.work_on_lead import AboutLead, Qualify, merge_leads, qualify_lead

NANCY_HERSELF = Registrar(NANCY, assigns=False)


def test_a_salespersons_lead_is_theirs_and_seen_by_nobody_else(desk: Desk) -> None:
    lead = a_lead(desk.nancy, email="li@quay.example")
    assert (lead["number"], lead["state"], lead["owner_id"], lead["duplicates"]) == (
        "L-000001",
        "open",
        NANCY,
        [],
    )
    assert desk.told() == ["crm.lead.registered.v1"]
    path = f"{LEADS}/{lead['id']}"
    assert desk.steven.get(path).json == lead
    assert [each["id"] for each in desk.nancy.get(LEADS).json["items"]] == [lead["id"]]
    assert desk.janet.get(LEADS).json["items"] == []
    for answer in (
        desk.janet.get(path),
        desk.janet.get(f"{path}/duplicates"),
        desk.janet.patch(path, json={"city": "x"}, headers={"If-Match": '"1"'}),
        desk.janet.post(f"{path}/qualify", json={}),
        desk.janet.post(f"{path}/disqualify", json={"reason": "other"}),
        desk.janet.post("/api/v1/activities", json={"lead_id": lead["id"], "kind": "call", "subject": "x"}),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "lead_not_found")
    assert desk.client("fay", "finance").get(path).status_code == 403
    assert desk.janet.post(LEADS, json={"company_name": "x", "owner_id": NANCY}).status_code == 403


def test_who_may_be_the_same_is_named_however_it_is_written(desk: Desk) -> None:
    customer = a_customer(desk.nancy, "Quay Works GmbH", phone="+49 30 5550 1234")
    contact = done(
        desk.nancy.post(
            f"/api/v1/customers/{customer['id']}/contacts", json={"name": "Li", "email": "LI@quay.example"}
        )
    )
    theirs = a_lead(desk.janet, "Another", phone="030 / 5550-1234")
    lead = a_lead(desk.nancy, "QUAY-works, Ltd.", email="li@QUAY.example", phone="(030) 5550 1234")
    found = {each["kind"]: each for each in lead["duplicates"]}
    assert (found["customer"]["id"], found["customer"]["matched"]) == (customer["id"], ["phone", "company"])
    assert (found["contact"]["id"], found["contact"]["matched"]) == (contact["id"], ["email"])
    assert found["lead"] == {
        "kind": "lead",
        "id": None,
        "customer_id": None,
        "number": None,
        "name": None,
        "owner_id": JANET,
        "matched": ["phone"],
    }
    seen = desk.steven.get(f"{LEADS}/{lead['id']}/duplicates").json["duplicates"]
    assert theirs["id"] in [each["id"] for each in seen]
    (by_mail,) = desk.nancy.get(LEADS, query_string={"search": "Li@quay.example"}).json["items"]
    assert by_mail["id"] == lead["id"]


def test_what_changes_is_known_by_what_it_is_now(desk: Desk) -> None:
    first, second = a_lead(desk.nancy, "One", email="a@b.example"), a_lead(desk.nancy, "Two")
    path = f"{LEADS}/{second['id']}"
    assert desk.nancy.patch(path, json={"email": "A@b.example"}).status_code == 428
    changed = done(desk.nancy.patch(path, json={"email": "A@b.example"}, headers={"If-Match": '"1"'}), 200)
    assert [each["id"] for each in changed["duplicates"]] == [first["id"]]
    assert desk.nancy.patch(path, json={"email": None}, headers={"If-Match": '"1"'}).status_code == 412
    again = done(desk.nancy.patch(path, json={"email": None}, headers={"If-Match": '"2"'}), 200)
    assert again["duplicates"] == []


def test_qualifying_makes_customer_contact_and_opportunity_and_hands_over_activities(
    pipeline: Pipeline,
) -> None:
    desk = pipeline.desk
    campaign = a_campaign(desk)
    told = {"person": "Li Wei", "email": "li@quay.example", "source": "fair", "campaign_id": campaign["id"]}
    lead = a_lead(desk.nancy, **told)
    call = done(
        desk.nancy.post(
            "/api/v1/activities",
            json={"lead_id": lead["id"], "kind": "call", "subject": "Ask", "done": True},
        )
    )
    assert (call["customer_id"], call["lead_number"]) == (None, lead["number"])
    assert desk.told()[-1] == "crm.activity.ended_with_lead.v1"
    body: dict[str, Any] = {
        "currency": "USD",
        "value": usd("40.00"),
        "lines": [{"item_id": PUMP, "quantity": "2"}],
    }
    became = done(desk.nancy.post(f"{LEADS}/{lead['id']}/qualify", json=body), 200)
    assert became["state"] == "qualified"
    assert desk.told()[-4:] == [
        "crm.customer.registered.v1",
        "crm.contact.added.v1",
        "crm.opportunity.opened.v1",
        "crm.lead.qualified.v1",
    ]
    opportunity = desk.nancy.get(f"/api/v1/opportunities/{became['opportunity_id']}").json
    assert (opportunity["source"], opportunity["campaign_id"]) == ("fair", campaign["id"])
    assert (opportunity["customer_id"], len(opportunity["lines"])) == (became["customer_id"], 1)
    (moved,) = desk.nancy.get("/api/v1/activities", query_string={"customer_id": became["customer_id"]}).json[
        "items"
    ]
    assert (moved["id"], moved["opportunity_id"]) == (call["id"], opportunity["id"])
    late = {"lead_id": lead["id"], "kind": "note", "subject": "Later"}
    assert done(desk.nancy.post("/api/v1/activities", json=late))["customer_id"] == became["customer_id"]
    for act, told in (("qualify", {}), ("disqualify", {"reason": "other"})):
        answer = desk.nancy.post(f"{LEADS}/{lead['id']}/{act}", json=told)
        assert (answer.status_code, answer.json["code"]) == (409, "lead_state")


def test_a_lead_of_a_customer_that_there_is_takes_its_contact(desk: Desk) -> None:
    customer = a_customer(desk.nancy, currency="USD")
    path = f"/api/v1/customers/{customer['id']}/contacts"
    contact = done(desk.nancy.post(path, json={"name": "Li", "email": "li@quay.example"}))
    lead = a_lead(desk.nancy, person="Li Wei", email="LI@quay.example")
    became = done(desk.nancy.post(f"{LEADS}/{lead['id']}/qualify", json={"customer_id": customer["id"]}), 200)
    assert (became["customer_id"], became["contact_id"]) == (customer["id"], contact["id"])
    other = a_customer(desk.janet)
    lead = a_lead(desk.nancy)
    answer = desk.nancy.post(f"{LEADS}/{lead['id']}/qualify", json={"customer_id": other["id"]})
    assert (answer.status_code, answer.json["code"]) == (404, "customer_not_found")


def test_what_is_given_up_has_its_reason(desk: Desk) -> None:
    lead = a_lead(desk.nancy)
    path = f"{LEADS}/{lead['id']}/disqualify"
    gone = done(desk.nancy.post(path, json={"reason": "no_need", "detail": "Bought last year"}), 200)
    assert (gone["state"], gone["reason"], gone["detail"]) == ("disqualified", "no_need", "Bought last year")
    assert desk.nancy.post(path, json={"reason": "other"}).status_code == 409
    assert desk.told()[-1] == "crm.lead.disqualified.v1"


def test_merging_moves_everything_that_hangs_on_it(desk: Desk) -> None:
    kept, gone = a_lead(desk.nancy, city="Kiel"), a_lead(desk.nancy, phone="040 123456", city="Ulm")
    older = a_lead(desk.nancy, person="Ann")
    campaign = a_campaign(desk)
    both = f"/api/v1/campaigns/{campaign['id']}/members"
    done(desk.nancy.post(both, json={"lead_id": kept["id"]}))
    member = done(desk.nancy.post(both, json={"lead_id": gone["id"]}))
    done(desk.nancy.post(f"{both}/{member['id']}/answer", json={"answer": "interested"}), 200)
    done(desk.nancy.post("/api/v1/activities", json={"lead_id": gone["id"], "kind": "note", "subject": "x"}))
    done(desk.nancy.post(f"{LEADS}/{gone['id']}/merge", json={"lead_id": older["id"]}), 200)
    merged = done(desk.nancy.post(f"{LEADS}/{kept['id']}/merge", json={"lead_id": gone["id"]}), 200)
    assert (merged["city"], merged["phone"], merged["person"]) == ("Kiel", "040 123456", "Ann")
    for each in (gone, older):
        now = desk.nancy.get(f"{LEADS}/{each['id']}").json
        assert (now["state"], now["merged_into_id"]) == ("merged", kept["id"])
    (moved,) = desk.nancy.get("/api/v1/activities", query_string={"lead_id": kept["id"]}).json["items"]
    assert moved["lead_number"] == kept["number"]
    (answered,) = desk.nancy.get(both).json["items"]
    assert (answered["lead_id"], answered["answer"]) == (kept["id"], "interested")
    assert merged["duplicates"] == []
    body = {"lead_id": gone["id"], "kind": "call", "subject": "x"}
    assert desk.nancy.post("/api/v1/activities", json=body).json["code"] == "lead_state"
    itself = desk.nancy.post(f"{LEADS}/{kept['id']}/merge", json={"lead_id": kept["id"]})
    assert (itself.status_code, itself.json["errors"][0]["field"]) == (422, "lead_id")


def test_of_many_who_qualify_at_once_one_does(desk: Desk) -> None:
    lead = a_lead(desk.nancy, person="Li")

    def qualify(_: int) -> int:
        return int(desk.nancy.post(f"{LEADS}/{lead['id']}/qualify", json={}).status_code)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(qualify, range(8))) == [200] + [409] * 7
    assert desk.stored()[:2] == (1, 1)
    assert desk.told().count("crm.opportunity.opened.v1") == 1


def test_qualify_and_merge_in_every_order_leave_one_truth(desk: Desk) -> None:
    if desk.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")

    def play(at: int, swapped: bool) -> bool:
        one, two = a_lead(desk.nancy), a_lead(desk.nancy)
        works = [
            lambda: desk.database.transact(
                lambda tx: merge_leads(tx, AboutLead(one["id"], NANCY_HERSELF), two["id"])
            ),
            lambda: desk.database.transact(
                lambda tx: merge_leads(tx, AboutLead(two["id"], NANCY_HERSELF), one["id"])
            ),
            lambda: desk.database.transact(
                lambda tx: qualify_lead(tx, AboutLead(two["id"], NANCY_HERSELF), Qualify("USD"))
            ),
        ]
        second = works[1 + at % 2]
        pair = (second, works[0]) if swapped else (works[0], second)
        *outcomes, stopped = interleaved(desk.database, *pair, at)
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert len(refused) == 1, outcomes
        assert getattr(refused[0], "code", None) == "lead_state", refused
        return stopped

    assert every_order(play) > 10


def test_an_activity_written_while_its_lead_is_qualified_is_the_customers(desk: Desk) -> None:
    if desk.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")

    def play(at: int, swapped: bool) -> bool:
        lead = a_lead(desk.nancy)
        about = AboutLead(lead["id"], NANCY_HERSELF)
        written = WriteActivity("note", "x", NANCY, lead_id=lead["id"])
        works: list[Any] = [
            lambda: desk.database.transact(lambda tx: qualify_lead(tx, about, Qualify("USD"))),
            lambda: desk.database.transact(lambda tx: write_activity(tx, written)),
        ]
        first, second = works[::-1] if swapped else works
        *outcomes, stopped = interleaved(desk.database, first, second, at)
        assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
        return stopped

    assert every_order(play) > 10
    left = text("SELECT COUNT(*) FROM activity WHERE customer_id IS NULL")
    assert desk.database.read(lambda connection: connection.execute(left).scalar_one()) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company_name": ""}, "company_name"),
        ({"email": "nobody"}, "email"),
        ({"employees": 0}, "employees"),
        ({"campaign_id": UNKNOWN}, "campaign_id"),
        ({"state": "qualified"}, "state"),
    ],
)
def test_bad_input_is_refused_by_its_field(desk: Desk, changes: dict[str, Any], field: str) -> None:
    answer = desk.nancy.post(LEADS, json={"company_name": "x"} | changes)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.told() == []


@pytest.mark.parametrize("whom", [{}, {"customer_id": UNKNOWN, "lead_id": UNKNOWN}])
def test_an_activity_is_about_one_of_both(desk: Desk, whom: dict[str, str]) -> None:
    answer = desk.nancy.post("/api/v1/activities", json={"kind": "call", "subject": "x"} | whom)
    assert (answer.status_code, answer.json["code"]) == (422, "activity_of_somebody")
