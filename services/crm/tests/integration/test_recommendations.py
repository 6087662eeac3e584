"""Recommendations from what was ordered to what became of them (R5.6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.crm.domain.idea import Idea, Looked
from services.crm.domain.recommending import ideas
from services.crm.tests.buying import PATH, PUMP_PLUS, Buying, numbered
from services.crm.tests.pipeline import CABLE, PUMP, Pipeline, usd


@pytest.fixture
def buying(pipeline: Pipeline) -> Buying:
    """Give crm as it hears of orders."""
    return Buying(pipeline)


def test_r5_6_what_runs_out_is_said_with_its_numbers_in_both_languages(buying: Buying) -> None:
    who = buying.regular()
    found = buying.only(who)
    assert (found["kind"], found["item_id"], found["quantity"], found["value"]) == (
        "running_out",
        CABLE,
        "10",
        usd("100.00"),
    )
    assert (found["chance_percent"], found["expected"]) == ("30", usd("30.00"))
    assert "bought 4 times" in found["reason_en"]
    assert "lasts 30 days" in found["reason_en"]
    assert found["reason_zh"].startswith("C-1 Item C-1：已购买4次")
    assert buying.look() == 0, "nothing was heard since"


def test_a_larger_purchase_lasts_longer(buying: Buying) -> None:
    who = buying.regular(since=60)
    buying.buys(who, 29, (CABLE, 30, "300.00"))
    buying.look()
    assert buying.said(who) == []
    other = buying.regular(since=60)
    buying.buys(other, 29, (CABLE, 10, "100.00"))
    assert buying.only(other)["kind"] == "running_out"


def test_r5_6_the_better_one_is_offered_to_who_has_the_other(buying: Buying) -> None:
    who = buying.customer()
    buying.buys(who, 100, (PUMP, 2, "100.00"))
    path = f"/api/v1/better-items/{PUMP}"
    assert buying.desk.nancy.put(path, json={"better_id": PUMP_PLUS}).status_code == 403
    assert buying.desk.steven.put(path, json={"better_id": PUMP}).json["code"] == "better_item_wrong"
    assert buying.desk.steven.put(path, json={"better_id": PUMP_PLUS}).status_code == 200
    found = buying.only(who)
    assert (found["kind"], found["item_id"], found["because_id"], found["quantity"]) == (
        "upgrade",
        PUMP_PLUS,
        PUMP,
        "2",
    )
    assert found["reason_en"].startswith("P-2 Item P-2 is the better one of P-1 Item P-1")
    assert buying.desk.nancy.get("/api/v1/better-items").json["items"] == [
        {"item_id": PUMP, "better_id": PUMP_PLUS}
    ]
    buying.buys(who, 0, (PUMP_PLUS, 1, "80.00"))
    buying.look()
    assert buying.said(who) == []


def test_r5_6_what_others_bought_together_is_learnt_and_said(buying: Buying) -> None:
    for _ in range(12):
        buying.buys(buying.customer(), 10, (PUMP, 1, "50.00"), (CABLE, 2, "20.00"))
    for count in range(12):
        buying.buys(buying.customer(), 10, (buying.item(numbered("d", count), f"X-{count}"), 1, "9.00"))
    who = buying.customer()
    buying.buys(who, 10, (PUMP, 1, "50.00"))
    assert (buying.learn(), buying.learn()) == (1, 0)
    found = buying.only(who)
    assert (found["kind"], found["item_id"], found["because_id"], found["value"]) == (
        "goes_with",
        CABLE,
        PUMP,
        usd("10.00"),
    )
    assert (
        "together with P-1 Item P-1 12 times, of 13 purchases of P-1 Item P-1: 92.3 %" in found["reason_en"]
    )


def test_r5_6_a_solved_ticket_earns_an_offer_unless_it_is_opened_again(buying: Buying) -> None:
    who = buying.customer()
    buying.buys(who, 100, (PUMP, 1, "50.00"))
    buying.desk.steven.put(f"/api/v1/better-items/{PUMP}", json={"better_id": PUMP_PLUS})
    ticket = {"ticket_id": numbered("e", 1), "number": "T-000001", "customer_id": who}
    told = {"kind": "technical", "queue": "support", "subject": "Leaks", "item_id": PUMP}
    buying.hears("service_desk.ticket.opened.v1", ticket["ticket_id"], ticket | told)
    assert buying.only(who)["kind"] == "upgrade"
    solved = {"resolution": "New seal", "resolved_on": buying.today.isoformat()}
    buying.hears("service_desk.ticket.resolved.v1", ticket["ticket_id"], ticket | solved, 2)
    found = buying.only(who)
    assert (found["kind"], found["item_id"]) == ("after_service", PUMP_PLUS)
    assert "T-000001" in found["reason_en"]
    assert "工单T-000001" in found["reason_zh"]
    buying.hears("service_desk.ticket.reopened.v1", ticket["ticket_id"], ticket, 3)
    assert buying.only(who)["kind"] == "upgrade"


def test_r5_6_who_stays_away_is_won_back(buying: Buying) -> None:
    who = buying.regular(every=30, since=120)
    found = buying.only(who)
    assert (found["kind"], found["value"]) == ("win_back", usd("100.00"))
    assert "none for 120 days" in found["reason_en"]


def test_accepting_makes_an_opportunity_once_and_learns(buying: Buying) -> None:
    found = buying.only(buying.regular())
    done = buying.act(found, "accept", {"quote": True})
    assert done.status_code == 200, done.json
    made = buying.desk.nancy.get(f"/api/v1/opportunities/{done.json['opportunity_id']}").json
    assert (made["source"], made["value"], made["quotation_state"]) == (
        "recommendation",
        usd("100.00"),
        "wanted",
    )
    assert [(line["item_id"], line["quantity"]) for line in made["lines"]] == [(CABLE, "10")]
    again = buying.act(found, "accept", {})
    assert (again.status_code, again.json["code"]) == (409, "recommendation_decided")
    assert buying.desk.told()[-2:] == [
        "crm.recommendation.accepted.v1",
        "crm.opportunity.quotation_wanted.v1",
    ]
    who = buying.regular()
    assert buying.only(who)["chance_percent"] == "33.33", "(0.3 x 20 + 1) / 21"


def test_accepting_adds_a_line_to_an_open_opportunity_of_the_same_customer(buying: Buying) -> None:
    who = buying.regular()
    found = buying.only(who)
    other = buying.pipeline.opened()
    wrong = buying.act(found, "accept", {"opportunity_id": other["id"]})
    assert (wrong.status_code, wrong.json["code"]) == (422, "another_customer")
    mine = buying.pipeline.opened(customer_id=who, lines=[{"item_id": PUMP, "quantity": "1"}])
    done = buying.act(found, "accept", {"opportunity_id": mine["id"], "quantity": "12"})
    assert done.json["opportunity_id"] == mine["id"]
    lines = buying.pipeline.now(mine)["lines"]
    assert [(line["item_id"], line["quantity"]) for line in lines] == [(PUMP, "1"), (CABLE, "12")]


def test_what_is_dismissed_stays_away_and_is_offered_less(buying: Buying) -> None:
    who = buying.regular()
    found = buying.only(who)
    done = buying.act(found, "dismiss", {"reason": "competitor", "detail": "Buys at Quay's"}).json
    assert (done["state"], done["reason"]) == ("dismissed", "competitor")
    buying.wait(timedelta(days=1))
    buying.look()
    assert buying.said(who) == []
    buying.wait(timedelta(days=30))
    buying.buys(who, 25, (CABLE, 10, "100.00"))
    again = buying.only(who)
    assert (again["item_id"], again["chance_percent"]) == (CABLE, "7.14"), (
        "0.3 x 20 / 21, and a quarter of that"
    )


def test_snoozed_it_comes_back_on_its_day(buying: Buying) -> None:
    who = buying.regular()
    found = buying.only(who)
    for days in (0, 400):
        day = buying.today.fromordinal(buying.today.toordinal() + days)
        refused = buying.act(found, "snooze", {"until": day.isoformat()})
        assert (refused.status_code, refused.json["code"]) == (422, "snooze_wrong")
    day = buying.today.fromordinal(buying.today.toordinal() + 2)
    assert buying.act(found, "snooze", {"until": day.isoformat()}).json["state"] == "snoozed"
    buying.wait(timedelta(days=1))
    buying.look()
    assert buying.said(who) == []
    buying.wait(timedelta(days=1))
    assert buying.only(who)["id"] == found["id"]


def test_the_hit_rate_counts_what_was_shown_once_and_accepted_within_thirty_days(buying: Buying) -> None:
    first, late, never = (buying.only(buying.regular()) for _ in range(3))
    for each in (first, first, late, never):
        assert buying.act(each, "shown").status_code == 200
    day = buying.today.isoformat()
    buying.act(first, "accept", {})
    buying.wait(timedelta(days=25))
    buying.look()
    buying.wait(timedelta(days=5, hours=1))
    buying.act(late, "accept", {})
    path = f"{PATH}/hit-rate"
    told = buying.desk.nancy.get(path, query_string={"first": day, "last": day}).json
    assert (told["shown"], told["accepted"], told["hit_rate_percent"]) == (3, 1, "33.33")
    assert [each["kind"] for each in told["kinds"] if each["shown"]] == ["running_out"]
    assert buying.desk.janet.get(path, query_string={"first": day, "last": day}).json["shown"] == 0
    wrong = buying.desk.nancy.get(path, query_string={"first": day, "last": "2020-01-01"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "period_wrong")


def test_a_salesperson_sees_own_customers_the_most_promising_first(buying: Buying) -> None:
    small, large = buying.regular(), buying.customer()
    for place in range(4):
        buying.buys(large, 28 + 30 * place, (CABLE, 100, "900.00"))
    buying.look()
    items = buying.desk.nancy.get(PATH, query_string={"limit": 1}).json
    assert [each["customer_id"] for each in items["items"]] == [large]
    rest = buying.desk.nancy.get(PATH, query_string={"limit": 1, "cursor": items["next_cursor"]}).json
    assert [each["customer_id"] for each in rest["items"]] == [small]
    found = rest["items"][0]
    assert buying.desk.janet.get(PATH).json["items"] == []
    assert buying.desk.janet.get(f"{PATH}/{found['id']}").status_code == 404
    assert buying.desk.janet.post(f"{PATH}/{found['id']}/accept", json={}).status_code == 404


def test_r2_4_when_next_how_much_and_how_likely_gone(buying: Buying) -> None:
    loyal, gone = buying.regular(since=10), buying.regular(since=300)
    buying.look()
    rows = buying.desk.nancy.get("/api/v1/purchase-potential").json["items"]
    assert [row["customer_id"] for row in rows] == [loyal, gone]
    assert (rows[0]["interval_days"], rows[0]["usual_order"], rows[0]["orders"]) == (30, usd("100.00"), 4)
    assert float(rows[0]["risk_percent"]) < 30 < float(rows[1]["risk_percent"])
    assert rows[0]["reason_en"].startswith("4 orders, the last on")
    due = buying.desk.nancy.get("/api/v1/purchase-potential", query_string={"least_risk_percent": "50"}).json
    assert [row["customer_id"] for row in due["items"]] == [gone]
    page = buying.desk.nancy.get(f"/api/v1/customers/{loyal}/suggestions").json
    assert (page["live"], page["potential"]["customer_id"]) == (0, loyal)
    assert buying.desk.janet.get(f"/api/v1/customers/{loyal}/suggestions").status_code == 404


def test_who_cannot_be_looked_at_does_not_stop_those_behind_him(
    buying: Buying, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = buying.regular(since=27), buying.regular(since=28)
    today = buying.today
    failing = [True]

    def broken(seen: Looked) -> list[Idea]:
        if failing[0] and seen.basket.orders[-1].day == today - timedelta(days=27):
            raise ZeroDivisionError("nobody thought of this")
        return ideas(seen)

    monkeypatch.setattr("services.crm.use_cases.look_at_customers.ideas", broken)
    assert buying.look() == 2
    assert buying.said(first) == []
    assert [found["kind"] for found in buying.said(second)] == ["running_out"]
    page = f"/api/v1/customers/{first}/suggestions"
    assert buying.desk.nancy.get(page).json["failed_at"] is not None
    assert buying.desk.nancy.get(page.replace(first, second)).json["failed_at"] is None
    assert buying.look() == 0, "he is not tried again and again"
    failing[0] = False
    buying.wait(timedelta(days=1))
    assert buying.look() == 2
    assert buying.desk.nancy.get(page).json["failed_at"] is None
    assert [found["kind"] for found in buying.said(first)] == ["running_out"]
