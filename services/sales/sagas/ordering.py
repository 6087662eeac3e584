"""The acts of a person that move the saga: accept a quotation, also by a link, sell over the counter, cancel."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.saga import Data, TooLateToCancel, cancel, start
from services.sales.domain.approval_errors import ApprovalNeeded, ApprovalOutdated, ChoiceNeedsApproval
from services.sales.domain.customer_link import BY_CUSTOMER, ChoiceNeedsWord
from services.sales.domain.order import Order, check_cancellable
from services.sales.domain.order_steps import reserved_from
from services.sales.domain.order_type import ORDINARY, to_data
from services.sales.domain.terms import Terms
from services.sales.sagas.changing import stop_open_change
from services.sales.sagas.order_to_cash import ORDER_TO_CASH
from services.sales.store import order_types, orders
from services.sales.use_cases.accept_quotation import AcceptQuotation, accept_quotation
from services.sales.use_cases.answer_by_link import AnswerByLink, keep_evidence, open_link
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.cancel_order import CancelOrder, note_cancel, order_shown_to
from services.sales.use_cases.issue_quotation import IssueQuotation, issue_quotation
from services.sales.use_cases.require_counter import require_counter


def accept_and_start(tx: Transaction, command: AcceptQuotation, terms: Terms) -> Order:
    """Make the order and start its saga in the same transaction: never one without the other."""
    order = accept_quotation(tx, command, terms)
    data: Data = {"order_id": order.id, "hold_days": terms.hold_days}
    process = order_types.known(tx.connection, order.order_type, order.order_type_version).process
    if process != ORDINARY:
        data["process"] = to_data(process)
    not_before = reserved_from(process, order.promised_on, terms.zone)
    if not_before is not None:
        data["reserve_from"] = not_before.isoformat()
    start(tx, ORDER_TO_CASH, order.id, data, correlation_id=order.conversation_id)
    return order


def sell_at_counter(tx: Transaction, wanted: IssueQuotation, terms: Terms) -> Order:
    """Offer, accept and order in one: the customer stands there; what needs an approval is refused as ever."""
    quotation = issue_quotation(tx, wanted, terms)
    require_counter(tx, quotation)
    about = AboutQuotation(quotation.id, wanted.only_owner)
    return accept_and_start(tx, AcceptQuotation(about, wanted.pen.subject), terms)


def accept_by_link(tx: Transaction, command: AnswerByLink, terms: Terms) -> None:
    """Accept as the customer does through a link: the same act, with the evidence of it; again, it changes nothing."""
    opened = open_link(tx, command.token, terms)
    if not opened.still_to_answer("accepted"):
        return
    about = AboutQuotation(opened.quotation.id)
    try:
        accept_and_start(tx, AcceptQuotation(about, BY_CUSTOMER, chosen=command.chosen), terms)
    except (ApprovalNeeded, ApprovalOutdated, ChoiceNeedsApproval):
        raise ChoiceNeedsWord("this choice needs a word with the company first", field="chosen") from None
    keep_evidence(tx, opened, "accepted", command)


def cancel_order(tx: Transaction, command: CancelOrder) -> Order:
    """Turn the saga round, unless goods have left; repeated, it changes nothing and answers the same.

    The saga's row is locked before the order's, as when an answer arrives.
    """
    seen = order_shown_to(tx, command.order_id, command.only_owner)
    if seen.state != "cancelled" and seen.cancel_requested_at is None:
        check_cancellable(seen)
        _turn_round(tx, command)
    found = orders.find(tx.connection, command.order_id)
    assert found is not None
    return found


def _turn_round(tx: Transaction, command: CancelOrder) -> None:
    try:
        turned = cancel(tx, ORDER_TO_CASH, command.order_id, command.reason)
    except TooLateToCancel:
        note_cancel(tx, command)  # refuses, for the goods left since the order was looked at
        raise
    if turned:
        stop_open_change(tx, command.order_id, command.reason)
        note_cancel(tx, command)
