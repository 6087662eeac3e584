"""Issue a quotation: find each line's price, and say why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from libs.common.db import Transaction, next_number
from libs.common.forms import Filled, Filling, fill_in, find_by_fields
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.approval import DOCUMENT
from services.sales.domain.items import Customer
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.order_type import STANDARD, OrderType, require_offered
from services.sales.domain.paper import NO_TEXTS, Texts
from services.sales.domain.quotation import Quotation
from services.sales.domain.template import QuotationTemplate
from services.sales.domain.terms import Terms
from services.sales.domain.ticket_order import NO_TICKET, AskingTicket
from services.sales.events import OpportunityQuoted, QuotationIssued
from services.sales.store import order_types, own_fields, papers, quotations
from services.sales.use_cases.follow_ticket import tell_ticket_quotation
from services.sales.use_cases.price_lines import Wish, price_lines, required_customer

SERIES = "quotation"


@dataclass(frozen=True)
class IssueQuotation:
    """What a customer is to be offered. ``only_owner`` names a salesperson who may serve his own customers only.

    ``filling`` is of the company's own form, over what the quotation ``said`` in its revision before, if there is one.
    """

    customer_id: str
    lines: tuple[RequestedLine, ...]
    pen: Pen
    only_owner: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    promised_on: date | None = None
    channel: str | None = None
    coupon: str | None = None
    order_type: str = STANDARD
    texts: Texts = NO_TEXTS
    template_id: str | None = None
    opportunity_id: str | None = None
    ticket: AskingTicket = NO_TICKET
    filling: Filling | None = None
    said: Filled | None = None

    def by(self, template: QuotationTemplate) -> IssueQuotation:
        """Return it as made by a template, with what that says."""
        return replace(self, texts=template.texts, template_id=template.id)


def issue_quotation(tx: Transaction, command: IssueQuotation, terms: Terms) -> Quotation:
    """Price every line as of the day of issue, number the quotation and tell of it.

    The number is taken last, for its series is locked from then until the commit.
    """
    return issue_drawn(tx, draw_up(tx, command, terms), command)


def issue_drawn(tx: Transaction, drawn: Quotation, command: IssueQuotation) -> Quotation:
    """Number what was drawn up for ``command``, and tell of it."""
    numbered = replace(drawn, number=f"Q-{next_number(tx, SERIES):06d}")
    made = put_out(tx, numbered, command.texts, command.template_id)
    say(tx, made.id, command)
    return made


def say(tx: Transaction, quotation_id: str, command: IssueQuotation) -> None:
    """Store what a new quotation says of the company's own form; what is required is asked for when it is sent."""
    said = fill_in(tx, DOCUMENT, command.said, command.filling, in_full=False)
    if said.values:
        own_fields.put(tx, quotation_id, said, command.pen.subject)
        find_by_fields(tx, DOCUMENT, quotation_id, None, said)


def draw_up(tx: Transaction, command: IssueQuotation, terms: Terms) -> Quotation:
    """Return the draft that ``command`` describes, priced but without a number; nothing is stored yet."""
    issued_on = terms.document_date(command.issued_on, tx.now, "issued_on")
    customer, kind = _buyer(tx, command, issued_on)
    valid_until = command.valid_until or issued_on + timedelta(days=terms.validity_days)
    rules.check_request(len(command.lines), issued_on, valid_until)
    wish = Wish(customer, command.lines, issued_on, command.pen, command.channel, command.coupon)
    priced = price_lines(tx, wish)
    lines = priced.lines
    counted = [line for line in lines if line.included]
    return Quotation(
        id=tx.new_id(),
        number="",
        state="draft",
        customer_id=customer.id,
        currency=customer.currency,
        issued_on=issued_on,
        valid_until=valid_until,
        promised_on=command.promised_on,
        channel=command.channel,
        coupon=command.coupon,
        total=rules.total_of((line.gross for line in counted), customer.currency),
        rounding_e11=sum(line.worth.rounding_e11 for line in counted),
        lines_rounded=sum(line.worth.was_rounded for line in counted),
        lines=lines,
        created_by=command.pen.subject,
        order_type=kind.code,
        order_type_version=kind.version,
        tax_minor=sum(line.tax_amount.minor for line in counted),
        tax_rule=priced.tax_rule,
        opportunity_id=command.opportunity_id,
        ticket=command.ticket,
    )


def _buyer(tx: Transaction, command: IssueQuotation, on: date) -> tuple[Customer, OrderType]:
    """Return the customer, if the caller may serve him, and the version of the order type that applies that day."""
    found, kind = order_types.buyer(tx.connection, command.customer_id, command.order_type, on)
    customer = required_customer(tx, found, command.customer_id, command.only_owner)
    return customer, require_offered(kind, command.order_type)


def put_out(tx: Transaction, quotation: Quotation, texts: Texts, template_id: str | None) -> Quotation:
    """Store a numbered draft and tell of it, in the conversation that begins with it."""
    quotations.add(tx, quotation)
    papers.add_texts(tx, quotation.id, texts, template_id)
    issued = QuotationIssued(
        quotation.id, quotation.number, quotation.customer_id, quotation.total, quotation.valid_until
    )
    publish(tx, issued, correlation_id=quotation.id)
    if quotation.opportunity_id is not None:
        wanted = OpportunityQuoted(
            quotation.id, quotation.opportunity_id, quotation.number, quotation.customer_id, quotation.total
        )
        publish(tx, wanted, correlation_id=quotation.id)
    tell_ticket_quotation(tx, quotation, "quoted")
    return quotation
