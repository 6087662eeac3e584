"""Opportunities over HTTP: opened, moved, won, lost, reopened; what is refused changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.crm.tests.builders import JANET, NANCY, UNKNOWN, a_customer
from services.crm.tests.pipeline import CABLE, OLD, PATH, PUMP, Pipeline, usd


def test_an_opportunity_begins_at_the_first_stage_with_what_it_may_bring(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=[{"item_id": PUMP, "quantity": "40"}, {"item_id": CABLE, "quantity": "2.5"}])
    assert (made["number"], made["state"], made["stage"], made["owner_id"]) == (
        "O-000001",
        "open",
        "new",
        NANCY,
    )
    assert (made["probability_percent"], made["weighted_value"]) == ("10", usd("400.00"))
    assert [(line["sku"], line["quantity"]) for line in made["lines"]] == [("P-1", "40"), ("C-1", "2.5")]
    assert [(step["step"], step["left_at"]) for step in made["steps"]] == [("new", None)]
    assert pipeline.desk.told()[-1] == "crm.opportunity.opened.v1"
    assert pipeline.now(made) == made


def test_each_stage_has_its_time_and_its_chance(pipeline: Pipeline) -> None:
    made = pipeline.opened()
    moved = pipeline.act(made, "stage", {"stage": "proposition"}).json
    assert (moved["stage"], moved["probability_percent"], moved["weighted_value"]) == (
        "proposition",
        "50",
        usd("2000.00"),
    )
    assert [step["step"] for step in moved["steps"]] == ["new", "proposition"]
    assert moved["steps"][0]["left_at"] == moved["steps"][1]["entered_at"] == moved["stage_since"]
    assert pipeline.act(made, "stage", {"stage": "proposition"}).json == moved
    assert pipeline.desk.told().count("crm.opportunity.stage_changed.v1") == 1


def test_somebody_may_know_better_than_the_stage(pipeline: Pipeline) -> None:
    made = pipeline.opened(probability_percent="33.33")
    assert (made["probability_percent"], made["weighted_value"]) == ("33.33", usd("1333.20"))
    header = {"If-Match": '"1"'}
    path = f"{PATH}/{made['id']}"
    back = pipeline.desk.nancy.patch(path, json={"probability_percent": None}, headers=header).json
    assert back["probability_percent"] == "10"


def test_what_is_lost_has_its_reason_and_can_be_taken_up_again(pipeline: Pipeline) -> None:
    made = pipeline.opened()
    lost = pipeline.act(made, "lose", {"reason": "price", "detail": "Ten percent dearer"}).json
    assert (lost["state"], lost["lost_reason"], lost["lost_detail"]) == (
        "lost",
        "price",
        "Ten percent dearer",
    )
    assert (lost["probability_percent"], lost["weighted_value"]) == ("0", usd("0.00"))
    for act, body in (
        ("stage", {"stage": "new"}),
        ("win", None),
        ("lose", {"reason": "other"}),
        ("quote", None),
    ):
        answer = pipeline.act(made, act, body)
        assert (answer.status_code, answer.json["code"]) == (409, "opportunity_state"), act
    assert pipeline.now(made) == lost
    again = pipeline.act(made, "reopen").json
    assert (again["state"], again["lost_reason"], again["closed_at"]) == ("open", None, None)
    assert [step["step"] for step in again["steps"]] == ["new", "lost", "new"]
    assert pipeline.act(made, "reopen").status_code == 409
    assert pipeline.desk.told()[-2:] == ["crm.opportunity.lost.v1", "crm.opportunity.reopened.v1"]


def test_only_the_one_who_has_the_customer_works_on_it(pipeline: Pipeline) -> None:
    made = pipeline.opened()
    janet, path = pipeline.desk.janet, f"{PATH}/{made['id']}"
    assert janet.get(path).status_code == 404
    assert janet.post(f"{path}/win").status_code == 404
    assert janet.get(PATH).json["items"] == []
    assert janet.get("/api/v1/pipeline").json["stages"][0]["worth"] == []
    assert pipeline.desk.client("wim", "warehouse").get(path).status_code == 403
    assert pipeline.desk.client("sid", "service").post(f"{path}/win").status_code == 403
    assert pipeline.now(made) == made


def test_it_goes_with_its_customer_to_another_salesperson(pipeline: Pipeline) -> None:
    made, done = pipeline.opened(), pipeline.opened()
    pipeline.act(done, "lose", {"reason": "timing"})
    for each in (made, done):
        pipeline.desk.steven.post(f"/api/v1/customers/{each['customer_id']}/owner", json={"owner_id": JANET})
    assert pipeline.now(made)["owner_id"] == JANET
    assert pipeline.now(done)["owner_id"] == NANCY
    assert pipeline.desk.janet.get(f"{PATH}/{made['id']}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_id": UNKNOWN}, "customer_id"),
        ({"title": ""}, "title"),
        ({"stage": "nowhere"}, "stage"),
        ({"value": {"amount": "1.00", "currency": "CNY"}}, "value.currency"),
        ({"value": usd("-1.00")}, "value.amount"),
        ({"value": usd("1.001")}, "value.amount"),
        ({"probability_percent": "101"}, "probability_percent"),
        ({"lines": [{"item_id": UNKNOWN, "quantity": "1"}]}, "lines.0.item_id"),
        ({"lines": [{"item_id": OLD, "quantity": "1"}]}, "lines.0.item_id"),
        ({"lines": [{"item_id": PUMP, "quantity": "0.5"}]}, "lines.0.quantity"),
        ({"lines": [{"item_id": PUMP, "quantity": "0"}]}, "lines.0.quantity"),
        ({"state": "won"}, "state"),
    ],
)
def test_bad_input_is_refused_by_its_field(pipeline: Pipeline, changes: dict[str, Any], field: str) -> None:
    customer = a_customer(pipeline.desk.nancy, currency="USD")
    before = pipeline.desk.stored()
    answer = pipeline.desk.nancy.post(PATH, json={"customer_id": customer["id"], "title": "x"} | changes)
    assert answer.status_code in (404, 422), answer.json
    assert (answer.json.get("errors") or [{"field": answer.json.get("field")}])[0]["field"] == field
    assert pipeline.desk.stored() == before


def test_a_change_needs_the_version_that_it_is_based_on(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=[{"item_id": PUMP, "quantity": "1"}])
    path, nancy = f"{PATH}/{made['id']}", pipeline.desk.nancy
    body = {"title": "Fifty", "lines": [{"item_id": CABLE, "quantity": "3"}], "next_step": "Call"}
    assert nancy.patch(path, json=body).status_code == 428
    changed = nancy.patch(path, json=body, headers={"If-Match": '"1"'}).json
    assert (changed["title"], changed["next_step"], changed["version"]) == ("Fifty", "Call", 2)
    assert [line["sku"] for line in changed["lines"]] == ["C-1"]
    assert nancy.patch(path, json=body, headers={"If-Match": '"1"'}).status_code == 412
    assert nancy.patch(path, json=body, headers={"If-Match": '"2"'}).json == changed


def test_of_many_who_win_at_once_one_does(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=[{"item_id": PUMP, "quantity": "1"}])

    def win(_: int) -> int:
        return int(pipeline.act(made, "win").status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(win, range(8)))
    assert answers == [200] + [409] * 7
    told = pipeline.desk.told()
    assert told.count("crm.opportunity.won.v1") == told.count("crm.opportunity.quotation_wanted.v1") == 1


def test_the_pipeline_adds_up_what_is_open_at_each_stage(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy, currency="USD")["id"]
    one = pipeline.opened(customer_id=customer)
    pipeline.opened(customer_id=customer, value=usd("0.05"), probability_percent="50")
    gone = pipeline.opened(customer_id=customer)
    pipeline.act(gone, "lose", {"reason": "timing"})
    far = pipeline.opened(customer_id=customer, stage="negotiation", value=usd("1000.00"))
    stages = pipeline.desk.nancy.get("/api/v1/pipeline").json["stages"]
    assert [stage["code"] for stage in stages] == ["new", "qualified", "proposition", "negotiation"]
    assert stages[0]["worth"] == [{"count": 2, "value": usd("4000.05"), "weighted_value": usd("400.03")}]
    assert stages[1]["worth"] == []
    assert stages[3]["worth"] == [{"count": 1, "value": usd("1000.00"), "weighted_value": usd("750.00")}]
    found = pipeline.desk.nancy.get(PATH, query_string={"state": "open", "limit": 2}).json
    assert found["items"][0]["id"] == far["id"]
    rest = pipeline.desk.nancy.get(
        PATH, query_string={"state": "open", "limit": 2, "cursor": found["next_cursor"]}
    ).json
    assert [each["id"] for each in rest["items"]] == [one["id"]]


def test_the_stages_are_the_houses_own(pipeline: Pipeline) -> None:
    made = pipeline.opened()
    talk = {"code": "talk", "name_en": "Talk", "name_zh": "洽谈", "probability_percent": "20"}
    new = {"code": "new", "name_en": "First", "name_zh": "初步", "probability_percent": "5.5"}
    path, steven = "/api/v1/pipeline-stages", pipeline.desk.steven
    assert pipeline.desk.nancy.put(path, json={"stages": [talk]}).status_code == 403
    refused = steven.put(path, json={"stages": [talk]})
    assert (refused.status_code, refused.json["code"]) == (409, "stage_in_use")
    twice = steven.put(path, json={"stages": [talk, new, talk]})
    assert (twice.status_code, twice.json["errors"][0]["field"]) == (422, "stages.2.code")
    assert steven.put(path, json={"stages": [talk, new]}).json == {"stages": [talk, new]}
    assert pipeline.desk.nancy.get(path).json == {"stages": [talk, new]}
    assert pipeline.now(made)["weighted_value"] == usd("220.00")
    assert pipeline.opened()["stage"] == "talk"


def test_a_stage_that_is_taken_away_meets_nobody_who_moves_there(pipeline: Pipeline) -> None:
    made = pipeline.opened()
    new = {"code": "new", "name_en": "New", "name_zh": "新", "probability_percent": "10"}

    def move(_: int) -> int:
        return int(pipeline.act(made, "stage", {"stage": "negotiation"}).status_code)

    def take_away(_: int) -> int:
        return int(pipeline.desk.steven.put("/api/v1/pipeline-stages", json={"stages": [new]}).status_code)

    with ThreadPoolExecutor(2) as pool:
        moved, taken = pool.submit(move, 0), pool.submit(take_away, 0)
        answers = (moved.result(), taken.result())
    assert answers in ((200, 409), (422, 200))
    assert pipeline.now(made)["stage"] in ("new", "negotiation")
