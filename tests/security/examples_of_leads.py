"""A valid request of every operation of crm beyond customers: leads, campaigns, forms, teams, and the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make, listing
from tests.security.shelf import Shelf

DAY = "2026-03-02"
MANY = 100_000


def _kept(shelf: Shelf, name: str, make: Callable[[], Any]) -> Any:
    """Return what is made once for a shelf and looked at from then on."""
    kept: dict[str, Any] = vars(shelf).setdefault("kept_of_leads", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _told(shelf: Shelf) -> dict[str, Any]:
    return {
        "company_name": shelf.named("Quay Works"), "person": "Li Wei", "email": "li@quay.example",
        "phone": "+86 21 5555", "country": "China", "region": "north", "city": "Shanghai", "employees": 40,
        "source": "fair", "note": "Asked\nat the fair",
    }  # fmt: skip


def _fresh_lead(shelf: Shelf) -> Any:
    return shelf.post(shelf.owner, "/leads", _told(shelf))


def _lead(shelf: Shelf) -> dict[str, str]:
    return {"lead_id": _kept(shelf, "lead", lambda: _fresh_lead(shelf))["id"]}


def _of_fresh_lead(shelf: Shelf, body: Any) -> Example:
    return Example({"lead_id": _fresh_lead(shelf)["id"]}, body)


def _new_lead(shelf: Shelf) -> Example:
    return Example(body=_told(shelf) | {"campaign_id": _campaign(shelf)["id"], "owner_id": shelf.owner_id})


def _lead_change(shelf: Shelf) -> Example:
    body = _told(shelf) | {"campaign_id": _campaign(shelf)["id"]}
    return Example({"lead_id": _fresh_lead(shelf)["id"]}, body, headers={"If-Match": '"1"'})


def _qualify(shelf: Shelf) -> Example:
    body = {"customer_id": None, "currency": "USD", "title": "Pumps", "value": usd("40.00")}
    return _of_fresh_lead(shelf, body | {"expected_close_on": "2199-12-31", "lines": []})


def _campaign_told(shelf: Shelf) -> dict[str, Any]:
    days = {"starts_on": DAY, "ends_on": "2199-12-31"}
    return {"code": shelf.named("FAIR"), "name": "Fair", "channel": "fair", "budget": usd("900.00")} | days


def _campaign(shelf: Shelf) -> Any:
    return _kept(shelf, "campaign", lambda: shelf.post("admin", "/campaigns", _campaign_told(shelf)))


def _of_campaign(shelf: Shelf, body: Any = None) -> Example:
    return Example({"campaign_id": _campaign(shelf)["id"]}, body)


def _campaign_change(shelf: Shelf) -> Example:
    told = _campaign_told(shelf)
    made = shelf.post("admin", "/campaigns", told)
    del told["code"]
    return Example({"campaign_id": made["id"]}, told, headers={"If-Match": '"1"'})


def _cost(shelf: Shelf) -> dict[str, Any]:
    return {"day": DAY, "amount": usd("12.00"), "description": "Stand"}


def _reversal(shelf: Shelf) -> Example:
    campaign = _campaign(shelf)["id"]
    cost = shelf.post("admin", f"/campaigns/{campaign}/costs", _cost(shelf))
    return Example({"campaign_id": campaign, "cost_id": cost["id"]}, {"day": DAY})


def _answer(shelf: Shelf) -> Example:
    campaign = _campaign(shelf)["id"]
    body = {"lead_id": _fresh_lead(shelf)["id"]}
    member = shelf.post(shelf.owner, f"/campaigns/{campaign}/members", body)
    return Example({"campaign_id": campaign, "member_id": member["id"]}, {"answer": "interested"})


def _form_told(shelf: Shelf) -> dict[str, Any]:
    told = {"name": "Contact", "source": "web", "campaign_id": _campaign(shelf)["id"], "active": True}
    return told | {"owner_id": shelf.owner_id, "per_hour": MANY}


def _form_change(shelf: Shelf) -> Example:
    made = shelf.post("admin", "/web-forms", _form_told(shelf))
    return Example({"form_id": made["id"]}, _form_told(shelf), headers={"If-Match": '"1"'})


def _visit(shelf: Shelf) -> Example:
    form = _kept(shelf, "form", lambda: shelf.post("admin", "/web-forms", _form_told(shelf)))
    told = _told(shelf)
    del told["source"]
    return Example({"token": form["token"]}, told)


def _team_told(shelf: Shelf) -> dict[str, Any]:
    # Nobody who is asked for in the matrix leads or is led: a team would widen what he sees.
    return {"name": shelf.named("North"), "manager_id": "nobody", "members": ["no-one"]}


def _team(shelf: Shelf) -> Any:
    return _kept(shelf, "team", lambda: shelf.post("admin", "/sales-teams", _team_told(shelf)))


def _territories(shelf: Shelf) -> Example:
    anywhere = {"country": "Nowhere", "region": "north", "source": "fair"}
    rules = [
        {"name": "North", "owner_id": None, "team_id": _team(shelf)["id"]} | anywhere,
        {"name": "Rest", "owner_id": "no-one", "team_id": None} | anywhere,
    ]
    return Example(body={"territories": rules})


def _targets(shelf: Shelf) -> Example:
    rows = [
        {"owner_id": "no-one", "team_id": None, "amount": usd("5.00")},
        {"owner_id": None, "team_id": _team(shelf)["id"], "amount": usd("5.00")},
    ]
    return Example(body={"month": "2026-03", "targets": rows})


def _calendar(shelf: Shelf) -> Example:
    # A link lasts until the same person makes another one: each who looks gets a new one.
    return Example({"token": shelf.post("admin", "/activities/calendar/link", {})["token"]})


def _link_to_close(shelf: Shelf) -> Example:
    _calendar(shelf)
    return Example()


LEADS: dict[str, Make] = {
    "GET /api/v1/leads": listing,
    "POST /api/v1/leads": _new_lead,
    "GET /api/v1/leads/{lead_id}": lambda shelf: Example(_lead(shelf)),
    "GET /api/v1/leads/{lead_id}/duplicates": lambda shelf: Example(_lead(shelf)),
    "PATCH /api/v1/leads/{lead_id}": _lead_change,
    "POST /api/v1/leads/{lead_id}/owner": lambda shelf: _of_fresh_lead(shelf, {"owner_id": shelf.owner_id}),
    "POST /api/v1/leads/{lead_id}/disqualify": lambda shelf: _of_fresh_lead(
        shelf, {"reason": "no_need", "detail": "Bought\nalready"}
    ),
    "POST /api/v1/leads/{lead_id}/merge": lambda shelf: _of_fresh_lead(
        shelf, {"lead_id": _fresh_lead(shelf)["id"]}
    ),
    "POST /api/v1/leads/{lead_id}/qualify": _qualify,
    "GET /api/v1/lead-scores": listing,
    "GET /api/v1/campaigns": listing,
    "POST /api/v1/campaigns": lambda shelf: Example(body=_campaign_told(shelf)),
    "GET /api/v1/campaigns/acquisition": lambda shelf: Example(query={"first": DAY, "last": "2199-12-31"}),
    "GET /api/v1/campaigns/{campaign_id}": _of_campaign,
    "PATCH /api/v1/campaigns/{campaign_id}": _campaign_change,
    "GET /api/v1/campaigns/{campaign_id}/figures": _of_campaign,
    "GET /api/v1/campaigns/{campaign_id}/costs": _of_campaign,
    "POST /api/v1/campaigns/{campaign_id}/costs": lambda shelf: _of_campaign(shelf, _cost(shelf)),
    "POST /api/v1/campaigns/{campaign_id}/costs/{cost_id}/reverse": _reversal,
    "GET /api/v1/campaigns/{campaign_id}/members": _of_campaign,
    "POST /api/v1/campaigns/{campaign_id}/members": lambda shelf: _of_campaign(
        shelf, {"lead_id": _fresh_lead(shelf)["id"], "customer_id": None}
    ),
    "POST /api/v1/campaigns/{campaign_id}/members/{member_id}/answer": _answer,
    "GET /api/v1/web-forms": listing,
    "POST /api/v1/web-forms": lambda shelf: Example(body=_form_told(shelf)),
    "PATCH /api/v1/web-forms/{form_id}": _form_change,
    "POST /api/v1/public/web-forms/{token}/leads": _visit,
    "GET /api/v1/sales-teams": listing,
    "POST /api/v1/sales-teams": lambda shelf: Example(body=_team_told(shelf)),
    "PUT /api/v1/sales-teams/{team_id}": lambda shelf: Example(
        {"team_id": shelf.post("admin", "/sales-teams", _team_told(shelf))["id"]}, _team_told(shelf)
    ),
    "GET /api/v1/territories": listing,
    "PUT /api/v1/territories": _territories,
    "GET /api/v1/sales-targets": lambda _shelf: Example(query={"month": "2026-03"}),
    "PUT /api/v1/sales-targets": _targets,
    "POST /api/v1/handovers": lambda _shelf: Example(
        body={"from_owner_id": "nobody", "to_owner_id": "no-one"}
    ),
    "GET /api/v1/activities/calendar": listing,
    "POST /api/v1/activities/calendar/link": listing,
    "DELETE /api/v1/activities/calendar/link": _link_to_close,
    "GET /api/v1/public/calendars/{token}": _calendar,
}
