"""Whose terms to tighten or loosen, with the reason, over HTTP; to act, set the limit or the payment terms."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.finance.api.company import company_day, company_now
from services.finance.api.who import READERS, only_owner
from services.finance.reports import terms_proposals as report
from services.finance.reports.receivable_figures import months_asked_for

terms_proposals = Noun(
    "terms-proposals", "/api/v1/figures/terms-proposals", description="Terms to tighten or loosen, and why"
)
_LONG = 10**9


class TermsProposalOut(Strict):
    """What to do about a customer's terms; ``late_bp`` of what was ``paid`` came late."""

    act = fields.Choice("tighten", "loosen")
    customer_id = fields.IdField(attribute="of.customer_id")
    number = fields.Text(max=200, attribute="of.number")
    name = fields.Text(max=1000, attribute="of.name")
    owner_id = fields.Text(max=64, allow_none=True, attribute="of.owner_id")
    paid = fields.MoneyField(attribute="of.paid")
    paid_late = fields.MoneyField(attribute="of.late")
    late_bp = fields.CountField(most=10_000, attribute="of.late_bp")
    average_days_late = fields.Text(max=20, attribute="of.average_days_late")
    exposure = fields.MoneyField(negative=True, attribute="of.exposure")
    limit = fields.MoneyField(allow_none=True, attribute="of.limit")
    used_bp = fields.CountField(most=_LONG, allow_none=True, attribute="of.used_bp")
    reason_en = fields.Text(max=300)
    reason_zh = fields.Text(max=300)


class TermsProposalsOut(Strict):
    """The proposals, for who paid most first; what was paid ``since`` the first month counts."""

    since = fields.Text(max=7)
    as_of = fields.UtcField()
    proposals = fields.ListOf(TermsProposalOut, least=0, most=report.MOST)


@terms_proposals.query(
    "/", answer=TermsProposalsOut, roles=READERS, summary="Show whose terms to tighten or loosen, and why"
)
def show(connection: Connection) -> dict[str, Any]:
    """Show what the last twelve months suggest; a salesperson sees own customers."""
    since, _ = months_asked_for(None, None, company_day())
    found = report.terms_proposals(connection, since, only_owner=only_owner())
    return {"since": since, "as_of": company_now(), "proposals": found}
