"""A quotation behind a customer's link: read, printed, accepted and declined without a login."""

from __future__ import annotations

from typing import Any

from flask import request

from libs.common.db import Connection, Transaction
from libs.common.web import VISITORS, File, Noun, Strict, fields
from services.sales.api.company import company_day, company_terms
from services.sales.api.paper_views import PaperOut, shown
from services.sales.api.printing import PDF, PaperLanguage, printed
from services.sales.domain.customer_link import Caller
from services.sales.domain.quotation import MAX_LINES
from services.sales.reports.papers import paper_by_link
from services.sales.sagas.ordering import accept_by_link
from services.sales.use_cases.answer_by_link import AnswerByLink, decline_by_link

public_quotations = Noun(
    "public-quotations",
    "/api/v1/public/quotations",
    description="Quotations behind the links that customers have",
)
CALLER_ADDRESS = "Meridian-Caller-Address"
_LONGEST_AGENT = 400
_LONGEST_ADDRESS = 64


class PublicAcceptIn(Strict):
    """Who accepts, and what of it."""

    name = fields.Text(max=200, required=True)
    chosen = fields.ListOf(
        fields.CountField(least=1, most=MAX_LINES),
        least=0,
        most=MAX_LINES,
        metadata={
            "description": "The line_no of each optional line and alternative; left out: what is included."
        },
    )


class PublicDeclineIn(Strict):
    """Who declines, and why."""

    name = fields.Text(max=200, required=True)
    reason = fields.Text(max=500, multiline=True)


@public_quotations.query("/<uuid:token>", answer=PaperOut, roles=VISITORS, summary="Read a quotation")
def read(connection: Connection, token: str) -> dict[str, Any]:
    """Show what the link opens."""
    return shown(paper_by_link(connection, token, company_day()))


@public_quotations.file(
    "/<uuid:token>/pdf", media_type=PDF, roles=VISITORS, filters=PaperLanguage, summary="Print a quotation"
)
def pdf(connection: Connection, filters: dict[str, Any], token: str) -> File:
    """Print what the link opens."""
    return printed(paper_by_link(connection, token, company_day()), filters.get("language"))


@public_quotations.command(
    "POST",
    "/<uuid:token>/accept",
    body=PublicAcceptIn,
    answer=PaperOut,
    roles=VISITORS,
    summary="Accept a quotation",
)
def accept(tx: Transaction, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Accept it as it stands, or what is chosen of it; said again, it changes nothing."""
    chosen = tuple(body["chosen"]) if "chosen" in body else None
    accept_by_link(tx, AnswerByLink(token, body["name"], _caller(), chosen), company_terms())
    return shown(paper_by_link(tx.connection, token, company_day()))


@public_quotations.command(
    "POST",
    "/<uuid:token>/decline",
    body=PublicDeclineIn,
    answer=PaperOut,
    roles=VISITORS,
    summary="Decline a quotation",
)
def decline(tx: Transaction, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Say that it is not wanted; said again, it changes nothing."""
    command = AnswerByLink(token, body["name"], _caller(), reason=body.get("reason"))
    decline_by_link(tx, command, company_terms())
    return shown(paper_by_link(tx.connection, token, company_day()))


def _caller() -> Caller:
    """Return who stands at the gateway's door; only the gateway can have said so."""
    address = request.headers.get(CALLER_ADDRESS, "unknown")[:_LONGEST_ADDRESS]
    agent = request.headers.get("User-Agent", "")[:_LONGEST_AGENT]
    return Caller(address, agent.encode("ascii", "backslashreplace").decode()[:_LONGEST_AGENT])
