"""Leads that strangers send by a form, without a login, and whose they become by territory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from services.crm.store.lead_tables import lead_arrival
from services.crm.tests.builders import JANET, NANCY, UNKNOWN, Desk, a_customer
from services.crm.tests.leads import FORMS, LEADS, a_campaign, a_form, done, sent, the_gateway


def test_a_form_becomes_a_lead_with_its_campaign_and_from_where_it_came(desk: Desk) -> None:
    form = a_form(desk, campaign_id=a_campaign(desk)["id"], owner_id=NANCY)
    a_customer(desk.janet, "Quay Works")
    received = done(sent(desk, form, person="Li", note="Forty pumps?"))
    assert list(received) == ["received_at"]
    (found,) = desk.nancy.get(LEADS).json["items"]
    assert (found["source"], found["campaign_id"], found["created_by"]) == (
        "web",
        form["campaign_id"],
        "visitor",
    )
    assert (found["web_form_id"], found["note"], found["owner_id"]) == (form["id"], "Forty pumps?", NANCY)
    row = desk.database.read(lambda connection: connection.execute(select(lead_arrival)).one())
    assert (row.lead_id, row.form_id, row.address) == (found["id"], form["id"], "203.0.113.9")


def test_the_same_key_registers_nothing_twice(desk: Desk) -> None:
    form = a_form(desk)
    body, headers = {"company_name": "Quay", "email": "li@quay.example"}, {"Idempotency-Key": "one"}
    for replayed in (None, "true"):
        answer = the_gateway(desk).post(form["path"], json=body, headers=headers)
        assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (201, replayed)
    assert len(desk.steven.get(LEADS).json["items"]) == 1


def test_a_form_that_is_not_there_or_off_the_page_takes_nothing(desk: Desk) -> None:
    form = a_form(desk)
    done(desk.steven.patch(f"{FORMS}/{form['id']}", json={"active": False}, headers={"If-Match": '"1"'}), 200)
    unknown = sent(desk, {"path": f"/api/v1/public/web-forms/{UNKNOWN}/leads"})
    for answer in (sent(desk, form), unknown):
        assert (answer.status_code, answer.json["code"]) == (404, "web_form_not_found")
    assert desk.steven.get(LEADS).json["items"] == []
    assert desk.nancy.post(form["path"], json={"company_name": "x", "phone": "1"}).status_code == 401
    assert desk.nancy.get(FORMS).status_code == 403


def test_a_stranger_must_say_how_to_be_reached_and_nothing_that_is_ours(desk: Desk) -> None:
    form = a_form(desk)
    nobody = the_gateway(desk).post(form["path"], json={"company_name": "x"})
    assert (nobody.status_code, nobody.json["code"], nobody.json["errors"][0]["field"]) == (
        422,
        "nobody_to_reach",
        "email",
    )
    for name, value in (("owner_id", NANCY), ("source", "x"), ("campaign_id", UNKNOWN), ("note", "x" * 4001)):
        answer = sent(desk, form, **{name: value})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, name)


def test_of_many_from_one_address_only_so_many_an_hour_come_in(desk: Desk) -> None:
    form = a_form(desk, per_hour=3)

    def send(_: int) -> int:
        return int(sent(desk, form).status_code)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == [201] * 3 + [409] * 5
    assert sent(desk, form).json["code"] == "web_form_full"
    assert sent(desk, form, address="203.0.113.10").status_code == 201
    assert len(desk.steven.get(LEADS).json["items"]) == 4


def test_new_leads_go_round_in_the_team_of_their_territory(desk: Desk) -> None:
    body = {"name": "North", "manager_id": "mia", "members": [NANCY, JANET]}
    team = done(desk.steven.post("/api/v1/sales-teams", json=body))
    rules = [
        {"name": "Fairs", "source": "fair", "owner_id": "fred"},
        {"name": "North", "country": "Germany", "region": None, "source": None, "team_id": team["id"]},
        {"name": "Rest", "owner_id": "rest"},
    ]
    done(desk.steven.put("/api/v1/territories", json={"territories": rules}), 200)
    form = a_form(desk)

    def send(_: int) -> int:
        return int(sent(desk, form, country="GERMANY").status_code)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(6))) == [201] * 6
    done(sent(desk, form, country="France"))
    owners = [each["owner_id"] for each in desk.steven.get(LEADS).json["items"]]
    assert {owner: owners.count(owner) for owner in owners} == {NANCY: 3, JANET: 3, "rest": 1}
    fair = done(desk.steven.post(LEADS, json={"company_name": "x", "source": "FAIR", "country": "Germany"}))
    assert fair["owner_id"] == "fred"
    both = [{"name": "x", "owner_id": "a", "team_id": team["id"]}]
    wrong = desk.steven.put("/api/v1/territories", json={"territories": both})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "territories.0.owner_id")
    assert desk.nancy.put("/api/v1/territories", json={"territories": []}).status_code == 403
