"""Quotations as their customers see them, and the customers' links to them, for those who sell."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.ids import unguessable_id
from libs.common.web import File, Noun, Strict, expected_version, fields, principal
from services.sales.api.company import company_terms
from services.sales.api.paper_views import PaperOut, shown
from services.sales.api.printing import PDF, PaperLanguage, printed
from services.sales.api.who import READERS, SELLERS, only_owner
from services.sales.domain.customer_link import ShownLink
from services.sales.reports.papers import link_of, paper_of
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.link_quotation import link_quotation, revoke_link

quotation_papers = Noun(
    "quotation-papers", "/api/v1/quotations", description="Quotations on paper, and customers' links to them"
)


class LinkAnswerOut(Strict):
    """What the customer did through a link, and the evidence of it."""

    deed = fields.Choice("accepted", "declined")
    name = fields.Text(max=200)
    address = fields.Text(max=64, metadata={"description": "The IP address, as the gateway saw it."})
    user_agent = fields.Text(max=400)
    revision = fields.CountField(least=1)
    chosen = fields.ListOf(fields.CountField(), allow_none=True)
    reason = fields.Text(max=500, allow_none=True)
    at = fields.UtcField()


class LinkOut(Strict):
    """A customer's link."""

    id = fields.IdField()
    quotation_id = fields.IdField()
    expires_on = fields.DateField()
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    answer = fields.Nested(LinkAnswerOut, allow_none=True)


class NewLinkOut(LinkOut):
    """A link that was just made; its token is shown this once, for only its hash is kept."""

    token = fields.Text(max=36, allow_none=True)
    path = fields.Text(max=200, allow_none=True, metadata={"description": "Below the gateway's address."})


@quotation_papers.query(
    "/<uuid:quotation_id>/paper", answer=PaperOut, roles=READERS, summary="What the customer is shown"
)
def paper(connection: Connection, quotation_id: str) -> dict[str, Any]:
    """Show the quotation as the customer sees it, with what it says beside its lines."""
    return shown(paper_of(connection, quotation_id, only_owner=only_owner()))


@quotation_papers.file(
    "/<uuid:quotation_id>/pdf", media_type=PDF, roles=READERS, filters=PaperLanguage, summary="Print it"
)
def pdf(connection: Connection, filters: dict[str, Any], quotation_id: str) -> File:
    """Print the quotation as the customer gets it."""
    return printed(paper_of(connection, quotation_id, only_owner=only_owner()), filters.get("language"))


@quotation_papers.command(
    "POST",
    "/<uuid:quotation_id>/link",
    answer=NewLinkOut,
    status=201,
    roles=SELLERS,
    shown_once=("token", "path"),
    summary="Make a link for the customer",
)
def link(tx: Transaction, quotation_id: str) -> ShownLink:
    """Make the link by which the customer reads and answers what was sent; an earlier one opens nothing any more."""
    return link_quotation(tx, _about(quotation_id), unguessable_id(), principal().subject, company_terms())


@quotation_papers.query(
    "/<uuid:quotation_id>/link", answer=LinkOut, roles=READERS, summary="The customer's link"
)
def show_link(connection: Connection, quotation_id: str) -> ShownLink:
    """Show the open link without its token, and what the customer answered."""
    return link_of(connection, quotation_id, only_owner=only_owner())


@quotation_papers.command("DELETE", "/<uuid:quotation_id>/link", roles=SELLERS, summary="Take the link back")
def revoke(tx: Transaction, quotation_id: str) -> None:
    """Close the link at once."""
    revoke_link(tx, _about(quotation_id), principal().subject)


def _about(quotation_id: str) -> AboutQuotation:
    return AboutQuotation(quotation_id, only_owner(), expected_version())
