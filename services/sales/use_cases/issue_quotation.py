"""Issue a quotation: find each line's price, and say why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.events import QuotationIssued
from services.sales.store import quotations
from services.sales.use_cases.price_lines import Wish, customer_shown, price_lines

SERIES = "quotation"


@dataclass(frozen=True)
class IssueQuotation:
    """What a customer is to be offered. ``only_owner`` names a salesperson who may serve his own customers only."""

    customer_id: str
    lines: tuple[RequestedLine, ...]
    pen: Pen
    only_owner: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    promised_on: date | None = None
    channel: str | None = None
    coupon: str | None = None


def issue_quotation(tx: Transaction, command: IssueQuotation, terms: Terms) -> Quotation:
    """Price every line as of the day of issue, number the quotation and tell of it.

    The number is taken last, for its series is locked from then until the commit.
    """
    quotation = replace(draw_up(tx, command, terms), number=f"Q-{next_number(tx, SERIES):06d}")
    return put_out(tx, quotation)


def draw_up(tx: Transaction, command: IssueQuotation, terms: Terms) -> Quotation:
    """Return the draft that ``command`` describes, priced but without a number; nothing is stored yet."""
    customer = customer_shown(tx, command.customer_id, command.only_owner)
    issued_on = terms.document_date(command.issued_on, tx.now, "issued_on")
    valid_until = command.valid_until or issued_on + timedelta(days=terms.validity_days)
    rules.check_request(len(command.lines), issued_on, valid_until)
    wish = Wish(customer, command.lines, issued_on, command.pen, command.channel, command.coupon)
    priced = price_lines(tx, wish)
    lines = priced.lines
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
        total=rules.total_of((line.gross for line in lines), customer.currency),
        rounding_e11=sum(line.worth.rounding_e11 for line in lines),
        lines_rounded=sum(line.worth.was_rounded for line in lines),
        lines=lines,
        created_by=command.pen.subject,
        tax_minor=sum(line.tax_amount.minor for line in lines),
        tax_rule=priced.tax_rule,
    )


def put_out(tx: Transaction, quotation: Quotation) -> Quotation:
    """Store a numbered draft and tell of it, in the conversation that begins with it."""
    quotations.add(tx, quotation)
    issued = QuotationIssued(
        quotation.id, quotation.number, quotation.customer_id, quotation.total, quotation.valid_until
    )
    publish(tx, issued, correlation_id=quotation.id)
    return quotation
