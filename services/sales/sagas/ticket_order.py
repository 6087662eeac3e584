"""Sell what a ticket wants: a replacement is ordered at once, a repair is quoted; or say why not."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.errors import Later, MeridianError
from libs.common.outbox import publish
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.domain.ticket_order import WantedOrder
from services.sales.events import TicketOrderRefused
from services.sales.sagas.ordering import accept_and_start
from services.sales.store import customers, ticket_orders
from services.sales.use_cases.accept_quotation import AcceptQuotation
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.follow_ticket import tell_ticket_quotation
from services.sales.use_cases.issue_quotation import IssueQuotation, draw_up, issue_drawn


def sell_for_ticket(tx: Transaction, wanted: WantedOrder, terms: Terms) -> None:
    """Draw up what a ticket wants, once, and order a replacement with it.

    What an approval flow asks about, or what the company's own form lacks, stays a quotation that says so: a person
    goes on with it as with any other.
    """
    buyer = customers.find(tx.connection, wanted.customer_id)
    if buyer is None:
        raise Later(f"customer {wanted.customer_id} has not been described here yet")
    if not ticket_orders.claim(tx, wanted.ticket):
        return
    offer = _offer(wanted, buyer.currency)
    try:
        drawn = draw_up(tx, offer, terms)
    except MeridianError as refusal:
        ticket = wanted.ticket
        publish(tx, TicketOrderRefused(ticket.request_id, ticket.ticket_id, refusal.code, refusal.message))
        return
    made = issue_drawn(tx, drawn, offer)
    if wanted.ticket.kind == "replacement":
        _order(tx, wanted, made, terms)


def _offer(wanted: WantedOrder, currency: str) -> IssueQuotation:
    given = wanted.price(currency)
    return IssueQuotation(
        customer_id=wanted.customer_id,
        lines=(RequestedLine(wanted.item_id, wanted.quantity, unit_price=given),),
        pen=Pen(wanted.wanted_by, may_override=wanted.ticket.kind == "replacement"),
        order_type=wanted.order_type,
        ticket=wanted.ticket.asking,
    )


def _order(tx: Transaction, wanted: WantedOrder, made: Quotation, terms: Terms) -> None:
    try:
        accept_and_start(tx, AcceptQuotation(AboutQuotation(made.id), wanted.wanted_by), terms)
    except MeridianError as refusal:
        # Whatever refuses an acceptance does so before it writes anything.
        tell_ticket_quotation(tx, made, "quoted", refusal.message)
