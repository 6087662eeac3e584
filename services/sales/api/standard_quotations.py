"""Standard quotations over HTTP: everything in one request."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.forms_api import WithFields
from libs.common.web import Noun, fields
from services.sales.api.company import company_terms
from services.sales.api.own_fields import OwnFieldsIn, filling, said
from services.sales.api.quotation_lines import QuotationLineIn, requested
from services.sales.api.quotations import SentQuotationOut
from services.sales.api.who import SELLERS, only_owner, pen
from services.sales.domain.quotation import MAX_LINES
from services.sales.use_cases.quote_standard import StandardQuotation, quote_standard

standard_quotations = Noun("standard-quotations", "/api/v1/quotations/standard", description="In one request")


class StandardIn(OwnFieldsIn):
    """For whom, and of what: exactly one of ``lines``, ``template_id`` and ``last_order``."""

    customer_id = fields.IdField(required=True)
    lines = fields.ListOf(QuotationLineIn, most=MAX_LINES)
    template_id = fields.IdField(
        allow_none=True, metadata={"description": "The current revision of a template."}
    )
    last_order = fields.Flag(metadata={"description": "Whether it is what was ordered last."})
    send = fields.Flag(metadata={"description": "Whether it goes out at once, or once it is approved."})
    valid_until = fields.DateField(metadata={"description": "The last day on which it can be accepted."})
    promised_on = fields.DateField(metadata={"description": "The day on which the goods shall leave."})
    channel = fields.Text(max=40)
    coupon = fields.Text(max=40)
    order_type = fields.Text(
        max=40,
        metadata={"description": "Left out: standard, or with last_order as that order was."},
    )


@standard_quotations.command(
    "POST",
    "/",
    body=StandardIn,
    answer=SentQuotationOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/quotations/{id}",
    intake=True,
    summary="Quote in one act",
)
def standard(tx: Transaction, body: dict[str, Any]) -> WithFields:
    """Price, number and, if wanted, send a quotation of items, of a template or of the customer's last order."""
    lines = tuple(requested(line) for line in body.pop("lines", ()))
    own = filling(body)
    command = StandardQuotation(**body, lines=lines, pen=pen(), only_owner=only_owner(), filling=own)
    return said(tx.connection, quote_standard(tx, command, company_terms()))
