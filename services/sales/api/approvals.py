"""Approvals of quotations over HTTP: the common edge, mounted for sales."""

from __future__ import annotations

from libs.common.approvals.looking import Readable
from libs.common.approvals_api import Mount, Roles, approval_nouns
from libs.common.approvals_api.mount import Words
from libs.common.web import Strict, fields
from services.sales.api.company import company_day, company_terms
from services.sales.api.who import PEOPLE, SELLERS, only_owner, reads_quotations
from services.sales.reports.approvals import ORDER_CHANGE, QUOTATION, as_shown, readable
from services.sales.sagas.changing import REACTIONS


class SaidOut(Strict):
    """What the quotation said when the approval was asked for."""

    total = fields.MoneyField()
    currency = fields.Text(max=3)
    largest_discount_percent = fields.PercentField()
    price_overridden = fields.Flag()
    customer_id = fields.IdField()
    owner_id = fields.Text(max=64, allow_none=True)
    order_type = fields.Text(max=40)


class NeededQuotation(Strict):
    """A past quotation."""

    id = fields.IdField(attribute="document.id")
    number = fields.Text(max=32, attribute="document.number")
    customer_id = fields.IdField(attribute="document.facts.customer_id")
    total = fields.MoneyField(attribute="document.facts.total")


def _readable() -> Readable | None:
    return readable(reads_quotations(), only_owner())


MOUNT = Mount(
    prefix="",
    about="Quotations",
    kinds=(QUOTATION,),
    also=(ORDER_CHANGE,),
    roles=Roles(
        authors=("sales_manager",),
        readers_of_flows=("sales_manager", "finance"),
        lookers=(*PEOPLE, "api_client"),
        people=PEOPLE,
        askers=SELLERS,
    ),
    reactions=REACTIONS,
    said=SaidOut,
    words=Words("quotations", NeededQuotation),
    today=company_day,
    terms=company_terms,
    readable=_readable,
    show=as_shown,
)
approvals, flows, delegations, approval_fields = approval_nouns(MOUNT)
