"""Opportunities over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.quantity import Quantity
from libs.common.web import Noun, Page, PageRequest, expected_version, principal
from services.crm.api.among_filter import among
from services.crm.api.company import now
from services.crm.api.opportunity_views import (
    LossIn,
    MoveIn,
    OpportunityChange,
    OpportunityFilter,
    OpportunityIn,
    OpportunityOut,
    WholeOpportunityOut,
)
from services.crm.api.who import READERS, SELLERS, seen_owners
from services.crm.reports.opportunities import (
    OpportunityRow,
    OpportunitySearch,
    WholeOpportunity,
    list_opportunities,
    one_opportunity,
)
from services.crm.use_cases.open_opportunity import OpenOpportunity, open_opportunity
from services.crm.use_cases.work_on_opportunity import (
    AboutOpportunity,
    change_opportunity,
    lose_opportunity,
    move_opportunity,
    reopen_opportunity,
    want_quotation,
    win_opportunity,
)

opportunities = Noun("opportunities", "/api/v1/opportunities", description="What customers may buy")


@opportunities.command(
    "POST",
    "/",
    body=OpportunityIn,
    answer=WholeOpportunityOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/opportunities/{id}",
    summary="Open an opportunity",
)
def open_(tx: Transaction, body: dict[str, Any]) -> WholeOpportunity:
    """Open an opportunity with a customer."""
    lines = _lines(body) or ()
    command = OpenOpportunity(
        **_told(body), lines=lines, by=principal().subject, owners=seen_owners(tx.connection)
    )
    return _shown(tx, open_opportunity(tx, command).id)


@opportunities.query(
    "/", answer=OpportunityOut, roles=READERS, filters=OpportunityFilter, paged=True, summary="Find them"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List opportunities, the latest first."""
    wanted = OpportunitySearch(owners=seen_owners(connection), among=among(filters), **filters)
    rows = list_opportunities(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=_position)


def _position(row: OpportunityRow) -> tuple[str]:
    return (row.id,)


@opportunities.query(
    "/<uuid:opportunity_id>", answer=WholeOpportunityOut, roles=READERS, summary="Look at one"
)
def show(connection: Connection, opportunity_id: str) -> WholeOpportunity:
    """Show an opportunity with its way and what came of it, to the cash."""
    return one_opportunity(connection, opportunity_id, owners=seen_owners(connection), now=now())


@opportunities.command(
    "PATCH",
    "/<uuid:opportunity_id>",
    body=OpportunityChange,
    answer=WholeOpportunityOut,
    roles=SELLERS,
    if_match="required",
    summary="Change an open one",
)
def change(tx: Transaction, body: dict[str, Any], opportunity_id: str) -> WholeOpportunity:
    """Change what is known of it."""
    lines = _lines(body)
    change_opportunity(tx, _about(tx, opportunity_id), _told(body), lines)
    return _shown(tx, opportunity_id)


@opportunities.command(
    "POST",
    "/<uuid:opportunity_id>/stage",
    body=MoveIn,
    answer=WholeOpportunityOut,
    roles=SELLERS,
    summary="Move it to another stage",
)
def move(tx: Transaction, body: dict[str, Any], opportunity_id: str) -> WholeOpportunity:
    """Move it; the time at the new stage begins."""
    move_opportunity(tx, _about(tx, opportunity_id), body["stage"])
    return _shown(tx, opportunity_id)


@opportunities.command(
    "POST",
    "/<uuid:opportunity_id>/quote",
    answer=WholeOpportunityOut,
    roles=SELLERS,
    summary="Have its lines quoted",
)
def quote(tx: Transaction, opportunity_id: str) -> WholeOpportunity:
    """Ask for a quotation of the lines; it appears in ``quotations`` once it is drawn up."""
    want_quotation(tx, _about(tx, opportunity_id))
    return _shown(tx, opportunity_id)


@opportunities.command(
    "POST", "/<uuid:opportunity_id>/win", answer=WholeOpportunityOut, roles=SELLERS, summary="Win it"
)
def win(tx: Transaction, opportunity_id: str) -> WholeOpportunity:
    """Say that the customer buys; lines that are not quoted yet become a quotation in the same act."""
    win_opportunity(tx, _about(tx, opportunity_id))
    return _shown(tx, opportunity_id)


@opportunities.command(
    "POST",
    "/<uuid:opportunity_id>/lose",
    body=LossIn,
    answer=WholeOpportunityOut,
    roles=SELLERS,
    summary="Lose it",
)
def lose(tx: Transaction, body: dict[str, Any], opportunity_id: str) -> WholeOpportunity:
    """Say that the customer does not buy, and why."""
    lose_opportunity(tx, _about(tx, opportunity_id), body["reason"], body.get("detail"))
    return _shown(tx, opportunity_id)


@opportunities.command(
    "POST", "/<uuid:opportunity_id>/reopen", answer=WholeOpportunityOut, roles=SELLERS, summary="Reopen it"
)
def reopen(tx: Transaction, opportunity_id: str) -> WholeOpportunity:
    """Take up again what was lost or won too early; not what is ordered."""
    reopen_opportunity(tx, _about(tx, opportunity_id))
    return _shown(tx, opportunity_id)


def _about(tx: Transaction, opportunity_id: str) -> AboutOpportunity:
    return AboutOpportunity(
        opportunity_id, principal().subject, seen_owners(tx.connection), expected_version()
    )


def _lines(body: dict[str, Any]) -> tuple[tuple[str, Quantity], ...] | None:
    """Take the lines out of ``body``, if it has any."""
    lines = body.pop("lines", None)
    return None if lines is None else tuple((line["item_id"], line["quantity"]) for line in lines)


def _told(body: dict[str, Any]) -> dict[str, Any]:
    """Return ``body`` with the probability as it is stored."""
    if "probability_percent" in body:
        percent = body.pop("probability_percent")
        body["probability_bp"] = None if percent is None else int(percent * 100)
    return body


def _shown(tx: Transaction, opportunity_id: str) -> WholeOpportunity:
    """Return it as it is shown; whoever could change it may see it."""
    return one_opportunity(tx.connection, opportunity_id, owners=None, now=tx.now)
