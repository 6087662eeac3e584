"""Offer something else in place of a quotation: its next revision, with the one before it closed and kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.forms import Filling
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.paper import Texts
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.events import QuotationRevised
from services.sales.store import own_fields, papers, quotations
from services.sales.use_cases.answer_quotation import AboutQuotation, locked_quotation
from services.sales.use_cases.issue_quotation import IssueQuotation, draw_up, put_out, say
from services.sales.use_cases.need_approval import close_approval

AS_BEFORE = ""


@dataclass(frozen=True)
class ReviseQuotation:
    """What is offered instead; the days that are left out are found as for a new quotation.

    Channel, coupon and order type stay as they are ``AS_BEFORE``, which is none that anybody can give; the type is
    taken in the version of the day. Texts stay with ``None``, and so do the fields of the company's own form.
    """

    about: AboutQuotation
    lines: tuple[RequestedLine, ...]
    pen: Pen
    valid_until: date | None = None
    promised_on: date | None = None
    channel: str | None = AS_BEFORE
    coupon: str | None = AS_BEFORE
    order_type: str = AS_BEFORE
    texts: Texts | None = None
    filling: Filling | None = None


def revise_quotation(tx: Transaction, command: ReviseQuotation, terms: Terms) -> Quotation:
    """Issue the next revision, priced as of today, and close the one that it revises.

    The quotation is locked first: of two revisions at once, or a revision and an acceptance, one is refused.
    """
    before = locked_quotation(tx, command.about)
    rules.require_revisable(before)
    offer = IssueQuotation(
        customer_id=before.customer_id,
        lines=command.lines,
        pen=command.pen,
        only_owner=command.about.only_owner,
        valid_until=command.valid_until,
        promised_on=command.promised_on,
        channel=before.channel if command.channel == AS_BEFORE else command.channel,
        coupon=before.coupon if command.coupon == AS_BEFORE else command.coupon,
        order_type=command.order_type or before.order_type,
        opportunity_id=before.opportunity_id,
        ticket=before.ticket,
        filling=command.filling,
        said=own_fields.of_quotation(tx.connection, before.id),
    )
    revision = before.revision + 1
    number = rules.revised_number(before.number, revision)
    drawn = replace(draw_up(tx, offer, terms), number=number, revision=revision, revises=before.id)
    said, template_id = papers.texts(tx.connection, before.id)
    after = put_out(tx, drawn, said if command.texts is None else command.texts, template_id)
    say(tx, after.id, offer)
    quotations.save(tx, rules.supersede(before, after.id))
    close_approval(tx, before, f"{after.number} took the quotation's place")
    revised = QuotationRevised(before.id, before.number, after.id, after.number, revision)
    publish(tx, revised, correlation_id=before.id)
    return after
