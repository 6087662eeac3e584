"""A quotation behind a customer's link: read, printed, accepted and declined without a login."""

from __future__ import annotations

from typing import Any

from flask import request

from libs.common.db import Connection, Transaction
from libs.common.web import VISITORS, File, Noun, Strict, fields
from services.sales.api.company import company_day, company_terms
from services.sales.api.printing import PDF, PaperLanguage, printed
from services.sales.domain.customer_link import Caller
from services.sales.domain.paper import Paper
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


class PublicCompanyOut(Strict):
    """Who offers it."""

    name = fields.Text(max=200)
    address = fields.Text(max=500, allow_none=True)


class PublicTextsOut(Strict):
    """What is said before and after the lines."""

    intro = fields.Text(max=2000, allow_none=True)
    terms = fields.Text(max=8000, allow_none=True)


class PublicLineOut(Strict):
    """A line as the customer sees it: what it costs, and nothing of how it came to that."""

    line_no = fields.CountField(least=1)
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField()
    unit_price = fields.PriceField()
    discount_percent = fields.PercentField()
    promotion = fields.MoneyField()
    amount = fields.MoneyField()
    choice = fields.Choice("required", "optional", "alternative")
    group = fields.Text(max=40, allow_none=True)
    included = fields.Flag()


class PublicQuotationOut(Strict):
    """A quotation as its customer sees it."""

    number = fields.Text(max=32)
    revision = fields.CountField(least=1)
    state = fields.Choice("sent", "accepted", "declined")
    company_en = fields.Nested(PublicCompanyOut)
    company_zh = fields.Nested(PublicCompanyOut)
    customer_name = fields.Text(max=200)
    currency = fields.Text(max=3)
    issued_on = fields.DateField()
    valid_until = fields.DateField()
    promised_on = fields.DateField(allow_none=True)
    texts_en = fields.Nested(PublicTextsOut)
    texts_zh = fields.Nested(PublicTextsOut)
    lines = fields.ListOf(PublicLineOut)
    total = fields.MoneyField(metadata={"description": "Of the required lines and those that are included."})
    order_number = fields.Text(max=32, allow_none=True)


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


@public_quotations.query(
    "/<uuid:token>", answer=PublicQuotationOut, roles=VISITORS, summary="Read a quotation"
)
def read(connection: Connection, token: str) -> dict[str, Any]:
    """Show what the link opens."""
    return _shown(paper_by_link(connection, token, company_day()))


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
    answer=PublicQuotationOut,
    roles=VISITORS,
    summary="Accept a quotation",
)
def accept(tx: Transaction, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Accept it as it stands, or what is chosen of it; said again, it changes nothing."""
    chosen = tuple(body["chosen"]) if "chosen" in body else None
    accept_by_link(tx, AnswerByLink(token, body["name"], _caller(), chosen), company_terms())
    return _shown(paper_by_link(tx.connection, token, company_day()))


@public_quotations.command(
    "POST",
    "/<uuid:token>/decline",
    body=PublicDeclineIn,
    answer=PublicQuotationOut,
    roles=VISITORS,
    summary="Decline a quotation",
)
def decline(tx: Transaction, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Say that it is not wanted; said again, it changes nothing."""
    command = AnswerByLink(token, body["name"], _caller(), reason=body.get("reason"))
    decline_by_link(tx, command, company_terms())
    return _shown(paper_by_link(tx.connection, token, company_day()))


def _caller() -> Caller:
    """Return who stands at the gateway's door; only the gateway can have said so."""
    address = request.headers.get(CALLER_ADDRESS, "unknown")[:_LONGEST_ADDRESS]
    agent = request.headers.get("User-Agent", "")[:_LONGEST_AGENT]
    return Caller(address, agent.encode("ascii", "backslashreplace").decode()[:_LONGEST_AGENT])


def _shown(paper: Paper) -> dict[str, Any]:
    quotation = paper.quotation
    names = ("number", "revision", "state", "currency", "issued_on", "valid_until", "promised_on", "lines")
    return {name: getattr(quotation, name) for name in names} | {
        "total": quotation.total,
        "company_en": paper.company.en,
        "company_zh": paper.company.zh,
        "customer_name": paper.customer_name,
        "texts_en": paper.texts.en,
        "texts_zh": paper.texts.zh,
        "order_number": paper.order_number,
    }
