"""Customers in figures, from what was heard to the sorted list (R5, R1.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.crm.jobs.refresh_overview import refresh_customers
from services.crm.tests.buying import ZONE, Buying, numbered
from services.crm.tests.pipeline import PUMP, Pipeline, money, usd

PATH = "/api/v1/customers/overview"


@pytest.fixture
def buying(pipeline: Pipeline) -> Buying:
    """Give crm as it hears of orders."""
    return Buying(pipeline)


def refreshed(buying: Buying) -> int:
    """Work out the customers that are due."""
    return refresh_customers(buying.desk.database, ZONE)


def seen(buying: Buying, customer: str) -> dict[str, Any]:
    """Work out what is due, and return a customer in figures."""
    refreshed(buying)
    answer = buying.desk.nancy.get(f"/api/v1/customers/{customer}/overview")
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def listed(buying: Buying, client: Any = None, **query: str) -> list[dict[str, Any]]:
    """Return a page of the list."""
    answer = (client or buying.desk.steven).get(PATH, query_string={"currency": "USD"} | query)
    assert answer.status_code == 200, answer.json
    return list((answer.json or {})["items"])


def ordered(buying: Buying, customer: str, amount: str, days_ago: int = 3) -> str:
    """Let a customer order a pump, and sales confirm it."""
    order = buying.buys(customer, days_ago, (PUMP, 1, amount))
    buying.hears("sales.order.confirmed.v1", order, {"order_id": order}, 2)
    return order


def invoiced(buying: Buying, customer: str, count: int, due_in: int, total: str = "100.00") -> str:
    """Let a customer owe an invoice, due in so many days."""
    invoice, order = numbered("f", count), numbered("b", 900 + count)
    data: dict[str, Any] = {
        "invoice_id": invoice,
        "number": f"INV-{count}",
        "order_id": order,
        "customer_id": customer,
    }
    data |= {"due_on": (buying.today + timedelta(days=due_in)).isoformat(), "total": money(total)}
    buying.hears("finance.invoice.posted.v1", order, data)
    return invoice


def settled(buying: Buying, customer: str, invoice: str, amount: str, of: str, sequence: int) -> None:
    """Let a part of an invoice be settled, or owed again."""
    data = {
        "invoice_id": invoice,
        "customer_id": customer,
        "order_id": numbered("b", 1),
        "amount": money(amount),
    }
    buying.hears(f"finance.{of}.v1", numbered("9", sequence), data)


def test_r5_a_new_customer_stands_well_and_has_no_segment(buying: Buying) -> None:
    found = seen(buying, buying.customer())
    assert (found["orders"], found["revenue"], found["segment"]) == (0, usd("0.00"), None)
    assert (found["health"], found["reasons"], bool(found["looked_at"])) == ("good", [], True)
    assert refreshed(buying) == 0, "nothing was heard since"


def test_r5_an_order_counts_from_its_confirmation_until_it_is_cancelled(buying: Buying) -> None:
    who = buying.customer()
    order = buying.buys(who, 3, (PUMP, 1, "50.00"))
    assert seen(buying, who)["orders"] == 0, "it is placed only"
    buying.hears("sales.order.confirmed.v1", order, {"order_id": order}, 2)
    found = seen(buying, who)
    assert (found["orders"], found["revenue"], found["segment"]) == (1, usd("50.00"), "regular")
    assert found["last_order_on"] == buying.today.isoformat(), "the day of the confirmation"
    buying.hears("sales.order.cancelled.v1", order, {"order_id": order}, 3)
    found = seen(buying, who)
    assert (found["orders"], found["revenue"], found["segment"]) == (0, usd("0.00"), None)


def test_what_goods_cost_lets_nobody_look_at_the_customer_again(buying: Buying) -> None:
    order = ordered(buying, buying.customer(), "50.00")
    refreshed(buying)
    lines = [{"order_line_id": buying.line(order), "item_id": PUMP, "quantity": "1", "cost": money("20.00")}]
    gone = {"order_id": order, "lines": lines}
    buying.hears("inventory.delivery.shipped.v1", order, gone, 1)
    assert refreshed(buying) == 0, "nothing that the overview shows has changed"
    buying.hears("sales.order.cancelled.v1", order, {"order_id": order}, 3)
    assert refreshed(buying) == 1


def test_r5_what_was_given_up_of_an_order_is_no_revenue(buying: Buying) -> None:
    who = buying.customer()
    order = buying.buys(who, 3, (PUMP, 4, "100.00"))
    buying.hears("sales.order.confirmed.v1", order, {"order_id": order}, 2)
    lines = [{"order_line_id": buying.line(order), "item_id": PUMP, "quantity": "1"}]
    buying.hears("sales.order.closed_short.v1", order, {"order_id": order, "lines": lines}, 3)
    assert seen(buying, who)["revenue"] == usd("75.00")


def test_r5_an_order_leaves_the_year_by_itself(buying: Buying) -> None:
    who = buying.customer()
    ordered(buying, who, "50.00")
    assert seen(buying, who)["orders"] == 1
    buying.wait(timedelta(days=366))
    found = seen(buying, who)
    assert (found["orders"], found["segment"], bool(found["last_order_on"])) == (0, None, True)


def test_r5_4_what_is_open_is_settled_by_money_credit_discount_and_loss(buying: Buying) -> None:
    who = buying.customer()
    invoice = invoiced(buying, who, 1, due_in=10)
    for sequence, (of, amount) in enumerate(
        [
            ("payment.allocated", "10.00"),
            ("credit_note.allocated", "20.00"),
            ("cash_discount.granted", "5.00"),
            ("write_off.posted", "30.00"),
            ("write_off.reversed", "30.00"),
            ("cash_discount.reversed", "1.00"),
        ]
    ):
        settled(buying, who, invoice, amount, of, sequence)
    found = seen(buying, who)
    assert (found["open_amount"], found["overdue_amount"]) == (usd("66.00"), usd("0.00"))


def test_r5_4_money_may_be_heard_of_before_its_invoice(buying: Buying) -> None:
    who = buying.customer()
    settled(buying, who, numbered("f", 1), "40.00", "payment.allocated", 1)
    assert seen(buying, who)["open_amount"] == usd("0.00")
    invoiced(buying, who, 1, due_in=10)
    assert seen(buying, who)["open_amount"] == usd("60.00")


def test_r5_4_an_invoice_becomes_overdue_as_days_pass_and_health_says_so(buying: Buying) -> None:
    who = buying.customer()
    invoiced(buying, who, 1, due_in=1)
    assert seen(buying, who)["health"] == "good"
    buying.wait(timedelta(days=3))
    found = seen(buying, who)
    assert (found["health"], found["overdue_amount"]) == ("watch", usd("100.00"))
    (reason,) = found["reasons"]
    assert (reason["code"], reason["level"]) == ("overdue", "watch")
    assert reason["reason_en"] == "100.00 USD overdue, for 2 days"
    assert reason["reason_zh"] == "逾期100.00 USD，已逾期2天"
    buying.wait(timedelta(days=40))
    assert seen(buying, who)["health"] == "critical"


def test_r5_3_tickets_are_open_until_solved_merged_or_closed_and_ratings_count(buying: Buying) -> None:
    who = buying.customer()
    ids = [numbered("e", count) for count in range(4)]
    for count, ticket in enumerate(ids):
        told = {"ticket_id": ticket, "number": f"T-{count}", "customer_id": who}
        buying.hears("service_desk.ticket.opened.v1", ticket, told)
    found = seen(buying, who)
    assert (found["open_tickets"], found["reasons"][0]["code"]) == (4, "tickets")
    about = [{"ticket_id": ticket, "number": "T", "customer_id": who} for ticket in ids]
    day = buying.today.isoformat()
    buying.hears("service_desk.ticket.resolved.v1", ids[0], about[0] | {"resolved_on": day}, 2)
    buying.hears("service_desk.ticket.merged.v1", ids[1], about[1], 2)
    buying.hears("service_desk.ticket.resolved.v1", ids[2], about[2] | {"resolved_on": day}, 2)
    buying.hears("service_desk.ticket.reopened.v1", ids[2], about[2], 3)
    for place, score in ((0, 2), (2, 3)):
        rated: dict[str, Any] = about[place] | {"score": score, "rated_on": day}
        buying.hears("service_desk.ticket.rated.v1", ids[place], rated, 4)
    found = seen(buying, who)
    assert (found["open_tickets"], found["ratings"], found["satisfaction"]) == (2, 2, "2.5")
    assert (found["health"], found["reasons"][0]["code"]) == ("watch", "discontent")
    assert found["reasons"][0]["reason_en"] == "rated 2.50 of 5 on average within a year (2 ratings)"


def test_r5_5_open_opportunities_are_in_the_overview_at_once(buying: Buying) -> None:
    who = buying.customer()
    body = {"customer_id": who, "title": "A pump", "value": usd("700.00")}
    answer = buying.desk.nancy.post("/api/v1/opportunities", json=body)
    assert answer.status_code == 201, answer.json
    found = seen(buying, who)
    assert (found["open_opportunities"], found["opportunities_value"]) == (1, usd("700.00"))
    version = {"If-Match": answer.headers["ETag"]}
    lost = buying.desk.nancy.post(
        f"/api/v1/opportunities/{answer.json['id']}/lose", json={"reason": "price"}, headers=version
    )
    assert lost.status_code == 200, lost.json
    assert seen(buying, who)["open_opportunities"] == 0


def test_r1_4_high_value_are_those_who_bring_four_fifths(buying: Buying) -> None:
    whos = [buying.customer() for _ in range(5)]
    for who, amount in zip(whos, ("800.00", "100.00", "50.00", "30.00", "20.00"), strict=True):
        ordered(buying, who, amount)
    refreshed(buying)
    rows = listed(buying)
    assert [row["customer_id"] for row in rows] == whos
    assert [row["high_value"] for row in rows] == [True, False, False, False, False]
    assert [row["monetary"] for row in rows] == [5, 4, 3, 2, 1]
    assert [row["customer_id"] for row in listed(buying, high_value="true")] == whos[:1]
    assert [row["frequency"] for row in rows] == [3] * 5, (
        "each ordered once: nobody is more loyal than another"
    )


@pytest.mark.parametrize(
    "sort",
    [
        "revenue",
        "orders",
        "last_order",
        "open",
        "overdue",
        "tickets",
        "opportunities",
        "satisfaction",
        "risk",
        "health",
    ],
)
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_of_every_order_join_without_gap_or_twin(buying: Buying, sort: str, order: str) -> None:
    whos = {buying.customer() for _ in range(5)}
    for place, who in enumerate(sorted(whos)[:3]):
        ordered(buying, who, "50.00")
        invoiced(buying, who, place, due_in=-place)
    refreshed(buying)
    whole = [row["customer_id"] for row in listed(buying, sort=sort, order=order)]
    assert set(whole) == whos
    query = {"sort": sort, "order": order, "limit": "2", "currency": "USD"}
    walked: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = buying.desk.steven.get(PATH, query_string=query | ({"cursor": cursor} if cursor else {})).json
        walked += [row["customer_id"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert walked == whole


def test_a_cursor_of_another_order_is_refused(buying: Buying) -> None:
    for _ in range(2):
        buying.customer()
    refreshed(buying)
    query = {"limit": "1", "currency": "USD"}
    cursor = buying.desk.steven.get(PATH, query_string=query).json["next_cursor"]
    answer = buying.desk.steven.get(PATH, query_string=query | {"cursor": cursor, "sort": "orders"})
    assert answer.status_code == 422, answer.json


def test_a_salesperson_sees_own_customers_and_a_leader_those_of_the_team(buying: Buying) -> None:
    who = buying.customer()
    refreshed(buying)
    desk = buying.desk
    assert [row["customer_id"] for row in listed(buying, desk.nancy)] == [who]
    assert listed(buying, desk.janet) == []
    assert desk.janet.get(f"/api/v1/customers/{who}/overview").status_code == 404
    body = {"name": "North", "manager_id": "janet.leverling", "members": ["nancy.davolio"]}
    team = desk.steven.post("/api/v1/sales-teams", json=body)
    assert team.status_code == 201, team.json
    assert [row["customer_id"] for row in listed(buying, desk.janet)] == [who]
    assert [row["customer_id"] for row in listed(buying, team_id=team.json["id"])] == [who]
    assert listed(buying, team_id=numbered("7", 1)) == []
    assert listed(buying, owner_id="janet.leverling") == []
    assert listed(buying, health="critical") == []
