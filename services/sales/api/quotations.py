"""Quotations over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.forms import Filling
from libs.common.forms_api import FieldFilter, SaidIn, WithFields, asked_in
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.sales.api.approval_views import ApprovalSummary
from services.sales.api.company import company_day, company_terms
from services.sales.api.lines import COST, PricedLineOut, TaxedSummary, TaxTotalOut
from services.sales.api.margins import CostMoneyField, MarginPercentField
from services.sales.api.orders import OrderOut, is_decided, order_again
from services.sales.api.own_fields import OwnFieldsIn, OwnFieldsOut, all_said, filling, said
from services.sales.api.paper_views import TextsIn, texts_of
from services.sales.api.price_traces import TraceOut
from services.sales.api.quotation_lines import CHOICES, QuotationLineIn, requested
from services.sales.api.who import READERS, SELLERS, only_owner, pen
from services.sales.domain.order import Order
from services.sales.domain.quotation import MAX_LINES
from services.sales.domain.revision import Revision
from services.sales.reports.own_fields import OwnField
from services.sales.reports.quotations import QuotationSearch, changes_of, list_quotations, one_quotation
from services.sales.sagas.ordering import accept_and_start
from services.sales.use_cases.accept_quotation import AcceptQuotation
from services.sales.use_cases.answer_quotation import AboutQuotation, decline_quotation
from services.sales.use_cases.cancel_quotation import cancel_quotation
from services.sales.use_cases.fill_quotation import FillQuotation, fill_quotation
from services.sales.use_cases.issue_quotation import IssueQuotation, issue_quotation
from services.sales.use_cases.repeat_order import RepeatOrder, repeat_order
from services.sales.use_cases.revise_quotation import ReviseQuotation, revise_quotation
from services.sales.use_cases.send_quotation import send_quotation

_CHANNEL = {"description": "The way by which the customer buys, as price policies name it."}
_COUPON = {"description": "Its code, where the customer has one; used when the quotation is accepted."}
_TYPE = {"description": "How the order will run, by the code of its type; left out: standard."}
_STAYS = {"description": "Left out: as before; null: none."}
STATES = ("draft", "pending_approval", "sent", "accepted", "expired", "declined", "cancelled")

quotations = Noun("quotations", "/api/v1/quotations", description="Quotations, and what becomes of them")


class QuotationIn(OwnFieldsIn):
    """A new quotation."""

    customer_id = fields.IdField(required=True)
    issued_on = fields.DateField(metadata={"description": "Left out: today. Decides which prices apply."})
    valid_until = fields.DateField(metadata={"description": "The last day on which it can be accepted."})
    promised_on = fields.DateField(metadata={"description": "The day on which the goods shall leave."})
    channel = fields.Text(max=40, metadata=_CHANNEL)
    coupon = fields.Text(max=40, metadata=_COUPON)
    order_type = fields.Text(max=40, metadata=_TYPE)
    texts = fields.Nested(TextsIn)
    lines = fields.ListOf(QuotationLineIn, most=MAX_LINES, required=True)


class QuotationLineOut(PricedLineOut):
    """A priced line; ``exact_amount`` is what it was before rounding."""

    price_trace = fields.Nested(TraceOut, attribute="trace_data")
    choice = fields.Choice(*CHOICES)
    group = fields.Text(max=40, allow_none=True)
    included = fields.Flag(metadata={"description": "Whether the total counts it."})


class QuotationSummary(TaxedSummary):
    """A quotation without its lines."""

    id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*STATES)
    customer_id = fields.IdField()
    currency = fields.Text(max=3)
    issued_on = fields.DateField()
    valid_until = fields.DateField()
    promised_on = fields.DateField(allow_none=True)
    exact_total = fields.Text(max=60)
    order_id = fields.IdField(allow_none=True)
    opportunity_id = fields.IdField(allow_none=True, metadata={"description": "What crm wanted it for."})
    ticket_id = fields.IdField(
        attribute="ticket.ticket_id",
        allow_none=True,
        metadata={"description": "The service desk's, that wanted it."},
    )
    ticket_number = fields.Text(max=32, attribute="ticket.ticket_number", allow_none=True)
    decline_reason = fields.Text(
        max=500,
        allow_none=True,
        metadata={"description": "Why the customer declined it, or why the seller cancelled it."},
    )
    created_by = fields.Text(max=64)
    revision = fields.CountField(least=1)
    revises = fields.IdField(allow_none=True)
    superseded_by = fields.IdField(allow_none=True)
    channel = fields.Text(max=40, allow_none=True)
    coupon = fields.Text(max=40, allow_none=True)
    approval_id = fields.IdField(
        allow_none=True, metadata={"description": "The approval that it waits for, or was sent by."}
    )
    order_type = fields.Text(max=40)
    order_type_version = fields.CountField(least=1)
    version = fields.CountField(least=1)


class QuotationListed(OwnFieldsOut, QuotationSummary):
    """A quotation in a list."""


class QuotationOut(OwnFieldsOut, QuotationSummary):
    """A quotation."""

    margin = CostMoneyField(negative=True, allow_none=True, metadata=COST)
    margin_percent = MarginPercentField(max=12, allow_none=True, metadata=COST)
    taxes = fields.ListOf(TaxTotalOut, least=0)
    lines = fields.ListOf(QuotationLineOut)


class SentQuotationOut(QuotationOut):
    """A quotation that was sent, or waits for ``approval`` to be."""

    approval = fields.Nested(ApprovalSummary, allow_none=True)


class RevisionIn(OwnFieldsIn):
    """What is offered instead; priced as of today."""

    valid_until = fields.DateField(metadata={"description": "The last day on which it can be accepted."})
    promised_on = fields.DateField(metadata={"description": "The day on which the goods shall leave."})
    channel = fields.Text(max=40, allow_none=True, metadata=_STAYS)
    coupon = fields.Text(max=40, allow_none=True, metadata=_STAYS)
    order_type = fields.Text(max=40, metadata={"description": "Left out: as before."})
    texts = fields.Nested(TextsIn, metadata={"description": "Left out: as before."})
    lines = fields.ListOf(QuotationLineIn, most=MAX_LINES, required=True)


class RepeatIn(OwnFieldsIn):
    """Whose order is offered again."""

    customer_id = fields.IdField(required=True)
    order_id = fields.IdField(metadata={"description": "Left out: the last that was not cancelled."})
    valid_until = fields.DateField(metadata={"description": "The last day on which it can be accepted."})
    promised_on = fields.DateField(metadata={"description": "The day on which the goods shall leave."})
    channel = fields.Text(max=40, metadata=_CHANNEL)
    order_type = fields.Text(max=40, metadata={"description": "Left out: as the order was."})


class ChangedLineOut(PricedLineOut):
    """A line of one of the two revisions."""

    choice = fields.Choice(*CHOICES)
    group = fields.Text(max=40, allow_none=True)
    included = fields.Flag()


class LineChangeOut(Strict):
    """A line that is new, gone or different; null on the side on which it is not."""

    change = fields.Choice("added", "removed", "changed")
    item_id = fields.IdField()
    sku = fields.Text(max=200)
    name = fields.Text(max=1000)
    before = fields.Nested(ChangedLineOut, allow_none=True)
    after = fields.Nested(ChangedLineOut, allow_none=True)


class RevisionOut(Strict):
    """A revision beside the one before it."""

    before = fields.Nested(QuotationSummary)
    after = fields.Nested(QuotationSummary)
    difference = fields.MoneyField(negative=True, metadata={"description": "What the total grew by."})
    lines = fields.ListOf(LineChangeOut, least=0)


class ChangesFilter(Strict):
    """The earlier revision; left out: the one before."""

    since = fields.CountField(least=1, metadata={"description": "The number of the earlier revision."})


class AcceptIn(Strict):
    """When the customer accepted (left out: today), and what he chose (left out: what was offered)."""

    ordered_on = fields.DateField()
    chosen = fields.ListOf(
        fields.CountField(least=1, most=MAX_LINES),
        least=0,
        most=MAX_LINES,
        metadata={
            "description": "The line_no of each optional line and alternative; a group left out takes its offer."
        },
    )


class FillIn(Strict):
    """What is filled in of the company's own form."""

    fields_ = SaidIn(data_key="fields", attribute="fields", required=True)


class DeclineIn(Strict):
    """Why the customer does not want it."""

    reason = fields.Text(max=500, multiline=True)


class QuotationCancelIn(Strict):
    """Why it is not offered any more."""

    reason = fields.Text(max=500, required=True, multiline=True)


class QuotationFilter(FieldFilter):
    """What to look for; ``from`` and ``to`` bound the day of issue."""

    state = fields.Choice(*STATES)
    customer_id = fields.IdField()
    number = fields.Text(max=32)
    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")


@quotations.command(
    "POST",
    "/",
    body=QuotationIn,
    answer=QuotationOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/quotations/{id}",
    intake=True,
    summary="Issue a quotation",
)
def issue(tx: Transaction, body: dict[str, Any]) -> WithFields:
    """Price every line from the policies and say why; the quotation is a draft until it is sent."""
    lines = tuple(requested(line) for line in body.pop("lines"))
    texts = texts_of(body.pop("texts", {}))
    own = filling(body)
    command = IssueQuotation(
        **body, lines=lines, pen=pen(), only_owner=only_owner(), texts=texts, filling=own
    )
    return said(tx.connection, issue_quotation(tx, command, company_terms()))


@quotations.command(
    "POST",
    "/again",
    body=RepeatIn,
    answer=QuotationOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/quotations/{id}",
    intake=True,
    summary="Offer the same again",
)
def again(tx: Transaction, body: dict[str, Any]) -> WithFields:
    """Issue a quotation of what the customer ordered before, at the prices of today."""
    own = filling(body)
    command = RepeatOrder(**body, pen=pen(), only_owner=only_owner(), filling=own)
    return said(tx.connection, repeat_order(tx, command, company_terms()))


@quotations.query(
    "/",
    answer=QuotationListed,
    roles=READERS,
    filters=QuotationFilter,
    paged=True,
    summary="Find quotations",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List quotations, the latest first."""
    own = OwnField(asked_in(filters), principal().roles)
    wanted = QuotationSearch(only_owner=only_owner(), own=own, **filters)
    rows = list_quotations(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(all_said(connection, rows), page, key=lambda row: (row.id,))


@quotations.query("/<uuid:quotation_id>", answer=QuotationOut, roles=READERS, summary="Look at a quotation")
def show(connection: Connection, quotation_id: str) -> WithFields:
    """Show a quotation with its lines and how they came to their prices."""
    return said(connection, one_quotation(connection, quotation_id, only_owner=only_owner()))


@quotations.query(
    "/<uuid:quotation_id>/changes",
    answer=RevisionOut,
    roles=READERS,
    filters=ChangesFilter,
    summary="What a revision changed",
)
def changes(connection: Connection, filters: dict[str, Any], quotation_id: str) -> Revision:
    """Show which lines are new, gone or different from an earlier revision, and what the total grew by."""
    return changes_of(connection, quotation_id, filters.get("since"), only_owner=only_owner())


@quotations.command(
    "POST",
    "/<uuid:quotation_id>/revise",
    body=RevisionIn,
    answer=QuotationOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/quotations/{id}",
    summary="Offer something else instead",
)
def revise(tx: Transaction, body: dict[str, Any], quotation_id: str) -> WithFields:
    """Issue the next revision and close this one; a draft until it is sent."""
    lines = tuple(requested(line) for line in body.pop("lines"))
    texts = texts_of(body.pop("texts")) if "texts" in body else None
    own = filling(body)
    command = ReviseQuotation(_about(quotation_id), lines, pen(), **body, texts=texts, filling=own)
    return said(tx.connection, revise_quotation(tx, command, company_terms()))


@quotations.command(
    "PUT",
    "/<uuid:quotation_id>/fields",
    body=FillIn,
    answer=QuotationOut,
    roles=SELLERS,
    summary="Fill in the company's own fields",
)
def fill(tx: Transaction, body: dict[str, Any], quotation_id: str) -> WithFields:
    """Fill in fields of a draft; null clears one, and what is left out stays."""
    own = Filling(body["fields"], principal().roles, company_day())
    filled = fill_quotation(tx, FillQuotation(_about(quotation_id), own, principal().subject))
    return said(tx.connection, filled)


@quotations.command(
    "POST",
    "/<uuid:quotation_id>/send",
    answer=SentQuotationOut,
    roles=SELLERS,
    summary="Send it, or ask for its approval",
)
def send(tx: Transaction, quotation_id: str) -> WithFields:
    """Note that the customer has the quotation; where a flow applies it waits, and is sent once it is approved."""
    return said(tx.connection, send_quotation(tx, _about(quotation_id), principal().subject))


@quotations.command(
    "POST",
    "/<uuid:quotation_id>/accept",
    body=AcceptIn,
    answer=OrderOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/orders/{id}",
    wait=is_decided,
    reload=order_again,
    summary="Accept it: it becomes an order",
)
def accept(tx: Transaction, body: dict[str, Any], quotation_id: str) -> Order:
    """Turn what was chosen of the quotation into an order, once, and ask for stock and credit.

    With ``Prefer: wait=N`` the answer waits until the order is confirmed, on hold or cancelled.
    """
    chosen = tuple(body["chosen"]) if "chosen" in body else None
    command = AcceptQuotation(_about(quotation_id), principal().subject, body.get("ordered_on"), chosen)
    return accept_and_start(tx, command, company_terms())


@quotations.command(
    "POST",
    "/<uuid:quotation_id>/decline",
    body=DeclineIn,
    answer=QuotationOut,
    roles=SELLERS,
    summary="Note that the customer does not want it",
)
def decline(tx: Transaction, body: dict[str, Any], quotation_id: str) -> WithFields:
    """Close the quotation without an order."""
    return said(tx.connection, decline_quotation(tx, _about(quotation_id), body.get("reason")))


@quotations.command(
    "POST",
    "/<uuid:quotation_id>/cancel",
    body=QuotationCancelIn,
    answer=QuotationOut,
    roles=SELLERS,
    summary="Take a quotation back",
)
def cancel(tx: Transaction, body: dict[str, Any], quotation_id: str) -> WithFields:
    """Offer it no more: the customer can neither accept nor decline it, and an approval that runs ends."""
    return said(tx.connection, cancel_quotation(tx, _about(quotation_id), body["reason"]))


def _about(quotation_id: str) -> AboutQuotation:
    return AboutQuotation(quotation_id, only_owner(), expected_version())
