"""Campaigns over HTTP: what they cost, whom they addressed, and what came of them down to the cash (R8.1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.crm.tests.builders import UNKNOWN, Desk, a_customer
from services.crm.tests.leads import CAMPAIGNS, LEADS, a_campaign, a_lead, done
from services.crm.tests.pipeline import ORDER, Pipeline, money, usd


def test_costs_are_recorded_and_taken_back_but_never_changed(desk: Desk) -> None:
    campaign = a_campaign(desk)
    path = f"{CAMPAIGNS}/{campaign['id']}"
    stand = {"day": "2026-03-02", "amount": usd("1200.50"), "description": "Stand"}
    cost = done(desk.client("fay", "finance").post(f"{path}/costs", json=stand))
    done(desk.steven.post(f"{path}/costs", json=stand | {"amount": usd("99.50")}))
    assert desk.steven.get(path).json["cost"] == usd("1300.00")

    def reverse(_: int) -> int:
        body = {"day": "2026-03-05"}
        return int(desk.steven.post(f"{path}/costs/{cost['id']}/reverse", json=body).status_code)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(reverse, range(6))) == [201] + [409] * 5
    entries = desk.steven.get(f"{path}/costs").json["items"]
    assert [each["amount"]["amount"] for each in entries] == ["1200.50", "99.50", "-1200.50"]
    assert (entries[2]["reverses_id"], entries[0]) == (cost["id"], cost)
    assert desk.steven.get(path).json["cost"] == usd("99.50")
    again = desk.steven.post(f"{path}/costs/{entries[2]['id']}/reverse", json={"day": "2026-03-05"})
    assert (again.status_code, again.json["code"]) == (409, "campaign_cost_reversed")
    assert desk.told().count("crm.campaign.cost_recorded.v1") == 3
    assert desk.nancy.get(f"{path}/costs").status_code == 403
    known: Any = desk.steven.get(path).json
    assert desk.nancy.get(path).json == known | {"cost": None}
    assert {each["cost"] for each in desk.nancy.get(CAMPAIGNS).json["items"]} == {None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": usd("0.00")}, "amount.amount"),
        ({"amount": usd("-1.00")}, "amount.amount"),
        ({"amount": {"amount": "1.00", "currency": "CNY"}}, "amount.currency"),
        ({"day": "2026-02-30"}, "day"),
    ],
)
def test_a_wrong_cost_is_refused_by_its_field(desk: Desk, body: dict[str, Any], field: str) -> None:
    campaign = a_campaign(desk)
    good = {"day": "2026-03-02", "amount": usd("1.00"), "description": "x"}
    answer = desk.steven.post(f"{CAMPAIGNS}/{campaign['id']}/costs", json=good | body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.steven.get(f"{CAMPAIGNS}/{campaign['id']}").json == campaign


def test_a_campaign_has_a_code_of_its_own_and_ends_after_it_begins(desk: Desk) -> None:
    campaign = a_campaign(desk)
    body = {
        "code": "FAIR-26",
        "name": "x",
        "channel": "fair",
        "budget": usd("1.00"),
        "starts_on": "2026-03-01",
    }
    assert desk.steven.post(CAMPAIGNS, json=body).json["code"] == "campaign_code_taken"
    wrong = desk.steven.post(CAMPAIGNS, json=body | {"code": "B", "ends_on": "2026-02-01"})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "ends_on")
    path = f"{CAMPAIGNS}/{campaign['id']}"
    changed = desk.steven.patch(path, json={"ends_on": "2026-04-01"}, headers={"If-Match": '"1"'})
    assert done(changed, 200)["version"] == 2
    assert desk.steven.patch(path, json={"name": "y"}, headers={"If-Match": '"1"'}).status_code == 412
    assert desk.nancy.post(CAMPAIGNS, json=body | {"code": "C"}).status_code == 403
    assert desk.steven.get(f"{CAMPAIGNS}/{UNKNOWN}").json["code"] == "campaign_not_found"


def test_whom_it_addressed_stands_once_and_only_their_salesperson_sees_them(desk: Desk) -> None:
    path = f"{CAMPAIGNS}/{a_campaign(desk)['id']}/members"
    customer, lead = a_customer(desk.nancy), a_lead(desk.janet)
    member = done(desk.nancy.post(path, json={"customer_id": customer["id"]}))
    done(desk.janet.post(path, json={"lead_id": lead["id"]}))
    assert desk.nancy.post(path, json={"customer_id": customer["id"]}).json["code"] == "campaign_member_twice"
    assert desk.nancy.post(path, json={"lead_id": lead["id"]}).json["code"] == "lead_not_found"
    assert desk.nancy.post(path, json={}).json["code"] == "campaign_member_wrong"
    assert [each["name"] for each in desk.nancy.get(path).json["items"]] == ["Harbor Pumps"]
    assert len(desk.steven.get(path).json["items"]) == 2
    answer = desk.janet.post(f"{path}/{member['id']}/answer", json={"answer": "declined"})
    assert answer.status_code == 404
    told = done(desk.nancy.post(f"{path}/{member['id']}/answer", json={"answer": "declined"}), 200)
    assert (told["answer"], told["answered_at"] is None) == ("declined", False)


def test_r8_1_what_came_of_a_campaign_is_seen_down_to_the_cash(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    campaign = a_campaign(desk)
    path = f"{CAMPAIGNS}/{campaign['id']}"
    body = {"day": "2026-03-02", "amount": usd("1000.00"), "description": "Stand"}
    done(desk.steven.post(f"{path}/costs", json=body))
    won, lost = (a_lead(desk.nancy, name, campaign_id=campaign["id"]) for name in ("A", "B"))
    a_lead(desk.nancy, "C", campaign_id=campaign["id"])
    done(desk.nancy.post(f"{LEADS}/{lost['id']}/disqualify", json={"reason": "no_budget"}), 200)
    became = done(desk.nancy.post(f"{LEADS}/{won['id']}/qualify", json={"currency": "USD"}), 200)
    opportunity = {"id": became["opportunity_id"], "customer_id": became["customer_id"]}
    pipeline.ordered(opportunity)
    pipeline.hears("finance.invoice.posted.v1", ORDER, {"order_id": ORDER, "total": money("3900.00")})
    pipeline.hears("finance.payment.allocated.v1", "p-1", {"order_id": ORDER, "amount": money("1500.00")})
    found = desk.steven.get(f"{path}/figures").json
    counts = (
        "leads",
        "open_leads",
        "qualified",
        "disqualified",
        "opportunities",
        "won",
        "orders",
        "new_customers",
    )
    assert [found[name] for name in counts] == [3, 1, 1, 1, 1, 1, 1, 1]
    assert found["money"] == [{"ordered": usd("3900.00"), "invoiced": usd("3900.00"), "paid": usd("1500.00")}]
    assert (found["cost"], found["cac"], found["return_percent"]) == (
        usd("1000.00"),
        usd("1000.00"),
        "290",
    )
    second = {"order_id": UNKNOWN, "number": "SO-2", "customer_id": became["customer_id"], "lines": []}
    other = pipeline.opened(customer_id=became["customer_id"], campaign_id=a_campaign(desk, "TWO")["id"])
    second |= {"ordered_on": "2026-03-09", "total": money("5.00"), "opportunity_id": other["id"]}
    pipeline.hears("sales.order.placed.v1", UNKNOWN, second)
    again = desk.steven.get(f"{CAMPAIGNS}/{other['campaign_id']}/figures").json
    assert (again["orders"], again["new_customers"], again["cac"]) == (1, 0, None)
    query = {"first": "2026-03-01", "last": "2026-03-31"}
    period = desk.steven.get(f"{CAMPAIGNS}/acquisition", query_string=query).json
    assert (period["cost"], period["new_customers"], period["cac"]) == (usd("1000.00"), 1, usd("1000.00"))
    wrong = desk.steven.get(
        f"{CAMPAIGNS}/acquisition", query_string={"first": "2026-03-02", "last": "2026-03-01"}
    )
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "last")
    assert desk.nancy.get(f"{path}/figures").status_code == 403


def test_r8_1_money_in_another_currency_is_shown_beside_and_not_counted(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    campaign = a_campaign(desk)
    body = {"day": "2026-03-02", "amount": usd("1.00"), "description": "Stand"}
    done(desk.steven.post(f"{CAMPAIGNS}/{campaign['id']}/costs", json=body))
    customer = a_customer(desk.nancy, currency="EUR")
    made = pipeline.opened(
        customer_id=customer["id"], campaign_id=campaign["id"], value={"amount": "1.00", "currency": "EUR"}
    )
    total = {"minor": 700, "currency": "EUR"}
    order = {"order_id": ORDER, "number": "SO-1", "customer_id": customer["id"], "ordered_on": "2026-03-02"}
    pipeline.hears(
        "sales.order.placed.v1", ORDER, order | {"total": total, "lines": [], "opportunity_id": made["id"]}
    )
    pipeline.hears("finance.invoice.posted.v1", ORDER, {"order_id": ORDER, "total": total})
    found = desk.steven.get(f"{CAMPAIGNS}/{campaign['id']}/figures").json
    assert found["money"][0]["invoiced"] == {"amount": "7.00", "currency": "EUR"}
    assert found["return_percent"] == "-100"


def test_r1_5_budget_is_proposed_to_go_where_customers_come_from(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    _, good = two_campaigns(desk)
    for count in range(3):
        sold(pipeline, good, count, "900.00")
    (found,) = done(desk.steven.get(f"{CAMPAIGNS}/budget-proposals"), 200)["proposals"]
    assert (found["source"]["code"], found["target"]["code"], found["by"]) == ("PRINT", "SEARCH", "revenue")
    assert (found["target"]["revenue"], found["target"]["cac"]) == (usd("2700.00"), usd("400.00"))
    assert "SEARCH brought 2700.00 USD for 1200.00 USD (400.00 USD by new customer)" in found["reason_en"]
    assert "PRINT花费1200.00 USD，带来收入0.00 USD（无新客户）" in found["reason_zh"]
    assert desk.nancy.get(f"{CAMPAIGNS}/budget-proposals").status_code == 403


def test_r1_5_budget_goes_where_the_margin_is_not_where_most_is_sold(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    print_, search = two_campaigns(desk)
    for count in range(3):
        sold(pipeline, print_, count, "900.00", cost="850.00")
        sold(pipeline, search, count + 3, "600.00", cost="200.00")
    (found,) = done(desk.steven.get(f"{CAMPAIGNS}/budget-proposals"), 200)["proposals"]
    assert (found["source"]["code"], found["target"]["code"], found["by"]) == ("PRINT", "SEARCH", "margin")
    of_print, of_search = found["source"], found["target"]
    assert (of_print["revenue"], of_print["goods_cost"], of_print["margin"]) == (
        usd("2700.00"), usd("2550.00"), usd("150.00"),
    )  # fmt: skip
    assert (of_search["costed"], of_search["margin"]) == (usd("1800.00"), usd("1200.00"))
    assert found["amount"] == usd("900.00")
    assert "SEARCH a margin of 1200.00 USD on 1800.00 USD sold for 1200.00 USD" in found["reason_en"]
    assert "PRINT花费1200.00 USD，销售2700.00 USD，毛利150.00 USD" in found["reason_zh"]


def test_what_comes_back_gives_its_cost_back_and_an_unknown_cost_is_no_margin(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    print_, search = two_campaigns(desk)
    for count in range(3):
        sold(pipeline, search, count, "600.00", cost="200.00")
    back = {
        "order_line_id": UNKNOWN,
        "item_id": UNKNOWN,
        "quantity": "1",
        "cost": money("150.00"),
    }
    told = {"order_id": an_order(0), "customer_id": UNKNOWN, "lines": [back]}
    pipeline.hears("inventory.return.inspected.v1", an_order(0), told)

    def target() -> Any:
        return done(desk.steven.get(f"{CAMPAIGNS}/budget-proposals"), 200)["proposals"][0]

    assert (target()["by"], target()["target"]["goods_cost"]) == ("margin", usd("450.00"))
    sold(pipeline, print_, 3, "10.00", cost=None)
    assert target()["by"] == "revenue", "of what PRINT sold nobody knows what it cost"
    sold(pipeline, search, 4, "600.00", cost="200.00", currency="EUR")
    assert target()["target"]["costed"] == usd("1800.00"), "a cost in another currency is none"


def two_campaigns(desk: Any) -> tuple[Any, Any]:
    """Return PRINT and SEARCH, each of which spent 1,200 of its budget of 3,000."""
    found = [a_campaign(desk, code, budget=usd("3000.00")) for code in ("PRINT", "SEARCH")]
    for campaign in found:
        cost = {"day": "2026-03-02", "amount": usd("1200.00"), "description": "Paid"}
        done(desk.steven.post(f"{CAMPAIGNS}/{campaign['id']}/costs", json=cost))
    return found[0], found[1]


def an_order(count: int) -> str:
    return f"00000000-0000-7000-8000-0000000b{count:04d}"


def sold(
    pipeline: Pipeline, campaign: Any, count: int, net: str, cost: str | None = "", currency: str = "USD"
) -> None:
    """Let a lead of the campaign buy for ``net``; shipped for ``cost`` (none: nobody knows), unless that is empty."""
    desk = pipeline.desk
    lead = a_lead(desk.nancy, f"Firm {count}", campaign_id=campaign["id"])
    became = done(desk.nancy.post(f"{LEADS}/{lead['id']}/qualify", json={"currency": "USD"}), 200)
    order = an_order(count)
    told = {"order_id": order, "number": f"SO-{count}", "customer_id": became["customer_id"]}
    told |= {"ordered_on": "2026-03-03", "total": money(net), "lines": []}
    told |= {"opportunity_id": became["opportunity_id"]}
    if cost != "":
        worth = None if cost is None else money(cost) | {"currency": currency}
        gone = {"order_id": order, "lines": [{"cost": worth}]}
        pipeline.hears("inventory.delivery.shipped.v1", order, gone)
    pipeline.hears("sales.order.placed.v1", order, told)
    pipeline.hears("finance.invoice.posted.v1", order, {"order_id": order, "total": money(net)})
