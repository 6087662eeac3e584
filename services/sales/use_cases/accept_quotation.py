"""Accept a quotation: it becomes a sales order, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.choosing import choose
from services.sales.domain.order import Order, place_order
from services.sales.domain.promotion_errors import CouponUsedUp
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.events import OrderPlaced, QuotationAccepted
from services.sales.store import orders, promotions, quotation_options, quotations
from services.sales.use_cases.answer_quotation import AboutQuotation, priced_quotation
from services.sales.use_cases.fill_quotation import require_filled_in
from services.sales.use_cases.follow_ticket import tell_ticket_order
from services.sales.use_cases.need_approval import require_approval
from services.sales.use_cases.telling import ordered_lines

SERIES = "order"


@dataclass(frozen=True)
class AcceptQuotation:
    """Which quotation the customer accepted, on which day (``None``: today), and who notes it.

    ``chosen`` as in ``domain.choosing``: ``None`` is what was offered.
    """

    about: AboutQuotation
    by: str
    ordered_on: date | None = None
    chosen: tuple[int, ...] | None = None


def accept_quotation(tx: Transaction, command: AcceptQuotation, terms: Terms) -> Order:
    """Turn the quotation into an order with the chosen lines and their figures, and tell of both.

    What must be approved is refused until it is, and then accepted only as it was approved.
    The quotation's row is locked, so of two who accept at once one finds it accepted already.
    """
    quotation = priced_quotation(tx, command.about)
    order_id = tx.new_id()
    accepted = rules.accept(quotation, order_id, terms.today(tx.now))
    if quotation.state == "draft":
        require_filled_in(tx, quotation)
    ordered = choose(quotation, command.chosen)
    require_approval(tx.connection, quotation, ordered)
    ordered_on = terms.document_date(command.ordered_on, tx.now, "ordered_on")
    order = place_order(
        ordered,
        order_id=order_id,
        number=f"SO-{next_number(tx, SERIES):06d}",
        ordered_on=ordered_on,
        created_by=command.by,
        line_ids=[tx.new_id() for _ in ordered.lines],
    )
    quotations.save(tx, accepted)
    quotation_options.keep_choice(tx, ordered)
    orders.add(tx, order)
    _use_coupon(tx, ordered, order_id)
    _tell(tx, order, accepted)
    return order


def _use_coupon(tx: Transaction, ordered: Quotation, order_id: str) -> None:
    """Use the coupon once more: of those who accept at once as many have it as there are uses left.

    One that took nothing off what was chosen is not used: it was for an option that the customer did not take.
    """
    code = ordered.coupon
    if code is None or not promotions.took_off(tx.connection, code, [line.id for line in ordered.lines]):
        return
    if not promotions.use_coupon(tx, code, order_id):
        raise CouponUsedUp(f"{code} was used as often as it may be", field="coupon")


def _tell(tx: Transaction, order: Order, quotation: Quotation) -> None:
    accepted = QuotationAccepted(quotation.id, quotation.number, order.id)
    publish(tx, accepted, correlation_id=order.conversation_id)
    placed = OrderPlaced(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        ordered_on=order.ordered_on,
        total=order.total,
        lines=ordered_lines(order),
        quotation_id=order.quotation_id,
        promised_on=order.promised_on,
        order_type=order.order_type,
        order_type_version=order.order_type_version,
        tax=order.tax,
        opportunity_id=quotation.opportunity_id,
    )
    publish(tx, placed, correlation_id=order.conversation_id)
    tell_ticket_order(tx, order, "placed")
