"""What is said on tickets, as people and visitors do it over HTTP."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from libs.common.web.principal import GATEWAY
from services.service_desk.tests.builders import OTHERS, Desk, open_ticket, registered

TICKETS = "/api/v1/tickets"
PUBLIC = "/api/v1/public/tickets"
RESOLVED = {"resolution": "New seal sent"}


def done(answer: Any, status: int = 200) -> Any:
    """Return the body of an answer that has the status."""
    assert answer.status_code == status, answer.json
    return answer.json


def two_customers(desk: Desk) -> Desk:
    """Let the desk know Harbor Pumps, and a customer of somebody else."""
    desk.hears(registered(), registered(OTHERS, number="C-000002", name="Others", owner_id="someone"))
    return desk


def a_new_ticket(desk: Desk, **details: Any) -> dict[str, Any]:
    """Return a ticket that Nancy opened."""
    return open_ticket(desk.nancy, **details)


def act(desk: Desk, ticket_id: str, name: str, body: Any = None, status: int = 200) -> Any:
    """Let Sergei of the service desk do something with a ticket."""
    return done(desk.sergei.post(f"{TICKETS}/{ticket_id}/{name}", json=body), status)


def reply(desk: Desk, ticket_id: str, text: str = "Which pump?", **more: Any) -> Any:
    """Let Sergei answer the customer."""
    return act(desk, ticket_id, "messages", {"text": text} | more, 201)


def said(desk: Desk, ticket_id: str, text: str = "The blue one", status: int = 201) -> Any:
    """Let Nancy note what the customer said."""
    path = f"{TICKETS}/{ticket_id}/customer-messages"
    return done(desk.nancy.post(path, json={"text": text, "author_name": "Ann"}), status)


def ticket_now(desk: Desk, ticket_id: str) -> Any:
    """Return the ticket as it stands."""
    return done(desk.sergei.get(f"{TICKETS}/{ticket_id}"))


def texts(desk: Desk, ticket_id: str) -> list[str]:
    """Return what was said on a ticket, in order."""
    return [each["text"] for each in done(desk.nancy.get(f"{TICKETS}/{ticket_id}/messages"))["items"]]


def door(desk: Desk) -> FlaskClient:
    """Give the gateway, as it asks for a visitor."""
    return desk.client(GATEWAY)


def linked(desk: Desk, ticket_id: str, **body: Any) -> str:
    """Return the path behind a new link to a ticket."""
    return str(done(desk.nancy.post(f"{TICKETS}/{ticket_id}/link", json=body), 201)["path"])


def visit(desk: Desk, path: str, act: str, body: Any, status: int = 200) -> Any:
    """Let the customer do something behind the link."""
    headers = {"Meridian-Caller-Address": "192.0.2.7"}
    return done(door(desk).post(f"{path}/{act}", json=body, headers=headers), status)
