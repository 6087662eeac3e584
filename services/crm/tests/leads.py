"""Leads as tests play them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from libs.common.web.principal import GATEWAY
from services.crm.tests.builders import Desk
from services.crm.tests.pipeline import usd

LEADS = "/api/v1/leads"
CAMPAIGNS = "/api/v1/campaigns"
FORMS = "/api/v1/web-forms"


def done(answer: Any, status: int = 201) -> dict[str, Any]:
    """Return the body of an answer that is as hoped for."""
    assert answer.status_code == status, answer.json
    return dict(answer.json or {})


def a_lead(client: FlaskClient, company_name: str = "Quay Works Ltd", **details: Any) -> dict[str, Any]:
    """Register a lead over HTTP and return the answer."""
    return done(client.post(LEADS, json={"company_name": company_name} | details))


def a_campaign(desk: Desk, code: str = "FAIR-26", **details: Any) -> dict[str, Any]:
    """Start a campaign over HTTP and return the answer."""
    body = {"code": code, "name": "Spring fair", "channel": "fair", "budget": usd("9000.00")}
    return done(desk.steven.post(CAMPAIGNS, json=body | {"starts_on": "2026-03-01"} | details))


def a_form(desk: Desk, **details: Any) -> dict[str, Any]:
    """Make a web form over HTTP and return the answer."""
    return done(desk.steven.post(FORMS, json={"name": "Contact", "source": "web"} | details))


def the_gateway(desk: Desk) -> FlaskClient:
    """Return a client that asks as the gateway does for visitors."""
    return desk.client(GATEWAY)


def sent(desk: Desk, form: dict[str, Any], address: str = "203.0.113.9", **details: Any) -> Any:
    """Fill in a form and return the answer."""
    body = {"company_name": "Quay Works", "email": "li@quay.example"} | details
    headers = {"Meridian-Caller-Address": address}
    return the_gateway(desk).post(form["path"], json=body, headers=headers)
