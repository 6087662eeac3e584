"""Approvals of finance over HTTP: the common edge, mounted for overrides, write-offs and refunds."""

from __future__ import annotations

from libs.common.approvals.looking import Readable
from libs.common.approvals_api import Mount, Roles, approval_nouns
from libs.common.approvals_api.mount import Words
from libs.common.web import Strict, fields, principal
from services.finance.api.company import company_day, company_terms
from services.finance.api.who import ASKERS, CREDIT_DECIDERS, PEOPLE, reads_all_approvals
from services.finance.domain.approving import DOCUMENTS
from services.finance.reports.approvals import KINDS, readable
from services.finance.use_cases.decide_approval import REACTIONS


class SaidOut(Strict):
    """What the document said when the approval was asked for."""

    amount = fields.MoneyField()
    currency = fields.Text(max=3)
    customer_id = fields.IdField()
    owner_id = fields.Text(max=64, allow_none=True)


class NeededDocument(Strict):
    """A past document."""

    document = fields.Choice(*DOCUMENTS, attribute="document.document")
    id = fields.IdField(attribute="document.id")
    number = fields.Text(max=64, attribute="document.number")
    customer_id = fields.IdField(attribute="document.facts.customer_id")
    amount = fields.MoneyField(attribute="document.facts.amount")


def _readable() -> Readable:
    return readable(principal().subject, reads_all=reads_all_approvals())


MOUNT = Mount(
    prefix="finance",
    about="Documents of finance",
    kinds=KINDS,
    roles=Roles(
        authors=CREDIT_DECIDERS,
        readers_of_flows=("sales_manager", "finance"),
        lookers=(*PEOPLE, "api_client"),
        people=PEOPLE,
        askers=ASKERS,
    ),
    reactions=REACTIONS,
    said=SaidOut,
    words=Words("documents", NeededDocument),
    today=company_day,
    terms=company_terms,
    readable=_readable,
    lists_superseded=True,
    has_built_in=True,
)
approvals, flows, delegations, approval_fields = approval_nouns(MOUNT)
