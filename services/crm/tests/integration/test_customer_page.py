"""All that crm knows of a customer in one answer: the same as its parts, for who may see them, in few statements."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from services.crm.tests.builders import UNKNOWN
from services.crm.tests.buying import Buying
from services.crm.tests.pipeline import Pipeline

PARTS = {
    "profile": "",
    "overview": "/overview",
    "relationship": "/relationship-summary",
    "recommendations": "/suggestions",
}
STATEMENTS = 10
"""The customer, the figures, five of the relationship, three of what to say next."""


@pytest.fixture
def buying(pipeline: Pipeline) -> Buying:
    """Give crm as it hears of orders."""
    return Buying(pipeline)


def _page(client: Any, customer: str) -> Any:
    return client.get(f"/api/v1/customers/{customer}/page")


def _busy(buying: Buying) -> str:
    """Return a customer of whom every part has something to say."""
    customer = buying.regular()
    nancy = buying.desk.nancy
    nancy.post(f"/api/v1/customers/{customer}/contacts", json={"name": "Ann"})
    buying.pipeline.opened(customer_id=customer)
    for done in (True, False):
        told = {"customer_id": customer, "kind": "call", "subject": "x", "done": done}
        due = {} if done else {"due_at": "2026-03-05T02:00:00Z"}
        assert nancy.post("/api/v1/activities", json=told | due).status_code == 201
    buying.look()
    assert buying.said(customer), "something is recommended"
    return customer


@pytest.mark.parametrize("role", ["sales", "sales_manager", "finance", "service", "admin"])
def test_it_says_what_its_parts_say(buying: Buying, role: str) -> None:
    customer = _busy(buying)
    client = buying.desk.nancy if role == "sales" else buying.desk.client("somebody", role)
    answer = _page(client, customer)
    assert answer.status_code == 200
    assert answer.json == {
        name: client.get(f"/api/v1/customers/{customer}{path}").json for name, path in PARTS.items()
    }
    assert answer.json["relationship"]["opportunities"]
    assert answer.json["recommendations"]["recommendations"]
    again = client.get(
        f"/api/v1/customers/{customer}/page", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_of_a_customer_of_whom_nothing_happened_it_says_so(buying: Buying) -> None:
    customer, nancy = buying.customer(), buying.desk.nancy
    page = _page(nancy, customer).json
    assert page == {
        name: nancy.get(f"/api/v1/customers/{customer}{path}").json for name, path in PARTS.items()
    }
    assert (page["relationship"]["opportunities"], page["recommendations"]["live"]) == ([], 0)


def test_who_reads_of_no_conversations_sees_the_profile_alone(buying: Buying) -> None:
    customer = _busy(buying)
    page = _page(buying.desk.client("wim", "warehouse"), customer).json
    assert page.pop("profile")["id"] == customer
    assert page == {"overview": None, "relationship": None, "recommendations": None}


def test_of_another_ones_customer_and_of_nobody_nothing_is_seen(buying: Buying) -> None:
    assert _page(buying.desk.janet, _busy(buying)).status_code == 404
    assert _page(buying.desk.client("max", "sales_manager"), UNKNOWN).status_code == 404


def test_the_customer_is_looked_up_once_and_few_statements_are_asked(
    buying: Buying, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, client = _busy(buying), buying.desk.client("max", "sales_manager")
    asked: list[Any] = []
    execute = Connection.execute

    def heard(connection: Connection, statement: Any, *values: Any, **options: Any) -> Any:
        asked.append(statement)
        return execute(connection, statement, *values, **options)

    monkeypatch.setattr(Connection, "execute", heard)
    assert _page(client, customer).status_code == 200
    assert len(asked) == STATEMENTS
