"""Recommendations over HTTP: what to say next to customers, and what becomes of it."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, principal
from services.crm.api.company import base_currency, company_day, company_zone
from services.crm.api.recommendation_views import (
    AcceptIn,
    BetterIn,
    BetterListOut,
    BetterOut,
    DismissIn,
    HitRateOut,
    PeriodFilter,
    RecommendationFilter,
    RecommendationOut,
    SnoozeIn,
)
from services.crm.api.who import ASSIGNERS, READERS, SELLERS, seen_owners
from services.crm.reports.recommendations import (
    HitRate,
    RecommendationRow,
    RecommendationSearch,
    better_items_of,
    hit_rate,
    list_recommendations,
    one_recommendation,
    position_of,
)
from services.crm.use_cases.decide_recommendation import (
    AboutRecommendation,
    accept_recommendation,
    dismiss_recommendation,
    show_recommendation,
    snooze_recommendation,
)
from services.crm.use_cases.name_better_item import name_better_item

recommendations = Noun(
    "recommendations", "/api/v1/recommendations", description="What to say next to customers"
)
better_items = Noun(
    "better-items", "/api/v1/better-items", description="Which item is the better one of which"
)


@recommendations.query(
    "/",
    answer=RecommendationOut,
    roles=READERS,
    filters=RecommendationFilter,
    paged=True,
    summary="Find them",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List recommendations, those from which most may be expected first."""
    usual = {"state": "open"} if "customer_id" in filters else {"state": "open", "currency": base_currency()}
    wanted = RecommendationSearch(**usual | filters, owners=seen_owners(connection))
    rows = list_recommendations(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)


@recommendations.query(
    "/hit-rate", answer=HitRateOut, roles=SELLERS, filters=PeriodFilter, summary="How they fared"
)
def fared(connection: Connection, filters: dict[str, Any]) -> HitRate:
    """Show how many of those shown in a period were accepted within thirty days."""
    period = (filters["first"], filters["last"])
    return hit_rate(connection, *period, company_zone(), seen_owners(connection))


@recommendations.query(
    "/<uuid:recommendation_id>", answer=RecommendationOut, roles=READERS, summary="Look at one"
)
def show(connection: Connection, recommendation_id: str) -> RecommendationRow:
    """Show a recommendation; that alone does not count it as shown."""
    return one_recommendation(connection, recommendation_id, owners=seen_owners(connection))


@recommendations.command(
    "POST",
    "/<uuid:recommendation_id>/shown",
    answer=RecommendationOut,
    roles=SELLERS,
    summary="Count it as shown",
)
def shown(tx: Transaction, recommendation_id: str) -> RecommendationRow:
    """Count it as shown to whoever asks, once."""
    show_recommendation(tx, _about(tx, recommendation_id))
    return _after(tx, recommendation_id)


@recommendations.command(
    "POST",
    "/<uuid:recommendation_id>/accept",
    body=AcceptIn,
    answer=RecommendationOut,
    roles=SELLERS,
    summary="Accept it",
)
def accept(tx: Transaction, body: dict[str, Any], recommendation_id: str) -> RecommendationRow:
    """Make it a line of an opportunity, and of a quotation if wanted."""
    accept_recommendation(tx, _about(tx, recommendation_id), **body)
    return _after(tx, recommendation_id)


@recommendations.command(
    "POST",
    "/<uuid:recommendation_id>/dismiss",
    body=DismissIn,
    answer=RecommendationOut,
    roles=SELLERS,
    summary="Dismiss it",
)
def dismiss(tx: Transaction, body: dict[str, Any], recommendation_id: str) -> RecommendationRow:
    """Say that the customer does not want it; it is offered less from now on."""
    dismiss_recommendation(tx, _about(tx, recommendation_id), body["reason"], body.get("detail"))
    return _after(tx, recommendation_id)


@recommendations.command(
    "POST",
    "/<uuid:recommendation_id>/snooze",
    body=SnoozeIn,
    answer=RecommendationOut,
    roles=SELLERS,
    summary="Put it off",
)
def snooze(tx: Transaction, body: dict[str, Any], recommendation_id: str) -> RecommendationRow:
    """Put it off until a day."""
    snooze_recommendation(tx, _about(tx, recommendation_id), body["until"], company_day())
    return _after(tx, recommendation_id)


@better_items.query("/", answer=BetterListOut, roles=READERS, summary="List them")
def betters(connection: Connection) -> dict[str, Any]:
    """List every item that has a better one."""
    return {"items": better_items_of(connection)}


@better_items.command(
    "PUT", "/<uuid:item_id>", body=BetterIn, answer=BetterOut, roles=ASSIGNERS, summary="Name the better one"
)
def better(tx: Transaction, body: dict[str, Any], item_id: str) -> dict[str, Any]:
    """Say which item is the better one of this: who has it is offered that."""
    name_better_item(tx, item_id, body["better_id"], principal().subject)
    return {"item_id": item_id, "better_id": body["better_id"]}


def _about(tx: Transaction, recommendation_id: str) -> AboutRecommendation:
    return AboutRecommendation(recommendation_id, principal().subject, seen_owners(tx.connection))


def _after(tx: Transaction, recommendation_id: str) -> RecommendationRow:
    """Return it as it is shown; whoever could decide it may see it."""
    return one_recommendation(tx.connection, recommendation_id, owners=None)
