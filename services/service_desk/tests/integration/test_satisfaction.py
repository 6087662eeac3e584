"""How content customers are: asked on resolution, answered once, and counted with numerator and denominator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.service_desk.store.talk_tables import satisfaction
from services.service_desk.tests.builders import HARBOR, Desk
from services.service_desk.tests.talking import (
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    said,
    two_customers,
)

FIGURES = "/api/v1/satisfaction"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def resolved(desk: Desk, **details: Any) -> str:
    ticket_id = str(a_new_ticket(desk, **details)["id"])
    act(desk, ticket_id, "resolve", RESOLVED)
    return ticket_id


def rated(desk: Desk, ticket_id: str, score: int, status: int = 200, **more: Any) -> Any:
    body = {"score": score} | more
    return done(desk.nancy.post(f"{TICKETS}/{ticket_id}/satisfaction", json=body), status)


def test_r6_4_satisfaction_is_asked_on_resolution_and_answered_once(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    path = f"{TICKETS}/{ticket['id']}/satisfaction"
    assert desk.nancy.get(path).json["code"] == "no_satisfaction"
    early = rated(desk, ticket["id"], 5, 409)
    assert early["code"] == "satisfaction_not_asked"
    act(desk, ticket["id"], "resolve", RESOLVED)
    asked = done(desk.nancy.get(path))
    assert (asked["asked_on"], asked["agent_id"], asked["score"]) == ("2026-03-02", "sergei", None)
    kept = rated(desk, ticket["id"], 4, comment="Quick\nand kind")
    assert (kept["score"], kept["comment"], kept["answered_on"]) == (4, "Quick\nand kind", "2026-03-02")
    again = rated(desk, ticket["id"], 1, 409)
    assert (again["code"], again["score"]) == ("satisfaction_answered", 4)
    told = desk.messages()[-1]
    assert (told.type, told.data) == (
        "service_desk.ticket.rated.v1",
        {
            "ticket_id": ticket["id"],
            "number": "T-000001",
            "customer_id": HARBOR,
            "queue": "technical_support",
            "agent_id": "sergei",
            "score": 4,
            "asked_on": "2026-03-02",
            "rated_on": "2026-03-02",
        },
    )


def test_of_two_answers_at_once_one_stands(desk: Desk) -> None:
    ticket_id = resolved(desk)

    def rate(score: int) -> int:
        path = f"{TICKETS}/{ticket_id}/satisfaction"
        return int(desk.nancy.post(path, json={"score": score}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(rate, [1, 5])) == [200, 409]
    assert desk.told().count("service_desk.ticket.rated.v1") == 1


def test_a_reopened_ticket_is_asked_about_anew(desk: Desk) -> None:
    ticket_id = resolved(desk)
    said(desk, ticket_id, "It still leaks")
    assert rated(desk, ticket_id, 1, 409)["code"] == "satisfaction_not_asked"
    act(desk, ticket_id, "resolve", RESOLVED)
    rated(desk, ticket_id, 2)
    said(desk, ticket_id, "And again")
    act(desk, ticket_id, "resolve", RESOLVED)
    rated(desk, ticket_id, 5)
    assert desk.count(satisfaction) == 3, "one withdrawn, two answered"


def test_who_works_on_tickets_rates_none_and_nobody_anothers_customer(desk: Desk) -> None:
    path = f"{TICKETS}/{resolved(desk)}/satisfaction"
    assert desk.sergei.post(path, json={"score": 5}).status_code == 403
    assert desk.janet.post(path, json={"score": 5}).status_code == 404
    assert desk.janet.get(path).status_code == 404
    assert desk.nancy.get(FIGURES).status_code == 403
    for body, field in (
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"score": "5"}, "score"),
        ({}, "score"),
    ):
        refused = desk.nancy.post(path, json=body)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)


def test_what_was_resolved_long_ago_is_not_asked_about(desk: Desk) -> None:
    ticket = a_new_ticket(desk, opened_on="2026-01-01")
    act(desk, ticket["id"], "resolve", RESOLVED | {"resolved_on": "2026-02-15"})
    assert desk.count(satisfaction) == 0


def test_r6_4_the_figures_say_of_how_many(desk: Desk) -> None:
    first, second, third = (resolved(desk) for _ in range(3))
    billing = resolved(desk, kind="billing")
    early = a_new_ticket(desk, opened_on="2026-02-20")["id"]
    act(desk, early, "resolve", RESOLVED | {"resolved_on": "2026-02-21"})
    for ticket_id, score in ((first, 5), (second, 4), (third, 2), (early, 1)):
        rated(desk, ticket_id, score)
    said(desk, billing, "No")
    act(desk, billing, "resolve", RESOLVED)

    def figures(**query: str) -> list[dict[str, Any]]:
        return list(done(desk.sergei.get(FIGURES, query_string=query))["rows"])

    row = {"key": "total", "asked": 5, "answered": 4, "satisfied": 2, "score_sum": 12}
    assert figures() == [row | {"csat_percent": "50", "answer_percent": "80"}]
    months = {each["key"]: (each["satisfied"], each["answered"]) for each in figures(by="month")}
    assert months == {"2026-02": (0, 1), "2026-03": (2, 3)}
    (march,) = figures(since="2026-03-01", until="2026-03-31")
    assert march["csat_percent"] == "66.67"
    queues = {each["key"]: (each["asked"], each["csat_percent"]) for each in figures(by="queue")}
    assert queues == {"finance": (1, None), "technical_support": (4, "50")}
    assert [each["key"] for each in figures(by="agent")] == ["sergei"]
    assert figures(agent_id="nobody") == [
        row
        | dict.fromkeys(("asked", "answered", "satisfied", "score_sum"), 0)
        | {"csat_percent": None, "answer_percent": None}
    ]
