"""One sentence per fact, for people; a fact without a sentence of its own is named by its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.money import Money, Price

_SENTENCES = {
    "sales.quotation.issued.v1": "Quotation {number} issued: {total}, valid until {valid_until}",
    "sales.quotation.sent.v1": "Quotation {number} sent to the customer",
    "sales.quotation.accepted.v1": "Quotation {number} accepted",
    "sales.quotation.declined.v1": "Quotation {number} declined",
    "sales.quotation.cancelled.v1": "Quotation {number} cancelled",
    "sales.quotation.expired.v1": "Quotation {number} expired",
    "sales.order.placed.v1": "Order {number} placed: {total}",
    "sales.order.held.v1": "Order {number} waits for {code}; {owner} is in charge until {deadline}",
    "sales.order.hold_released.v1": "Order {number} no longer waits for {code}",
    "sales.order.hold_escalated.v1": "Order {number} has waited for {code} too long; told {owner}",
    "sales.order.recorded.v1": "Order {number} of {ordered_on} brought in: {total}",
    "sales.order.confirmed.v1": "Order {number} confirmed: {total}",
    "sales.order_change.proposed.v1": "Change {number} proposed: {total_before} becomes {total_after}",
    "sales.order_change.approved.v1": "Change {number} approved by {approved_by}",
    "sales.order_change.held.v1": "Change {number} waits for {code}",
    "sales.order_change.ended.v1": "Change {number} {state}: {reason}",
    "sales.order.amended.v1": "Order {number} changed: {total_before} becomes {total}",
    "sales.order.cancelled.v1": "Order {number} cancelled: {reason}",
    "sales.order.completed.v1": "Order {number} completed",
    "inventory.reserve_stock.v1": "Stock asked for order {order_number}",
    "inventory.release_stock.v1": "Stock to be released: {reason}",
    "inventory.reservation.reserved.v1": "Stock reserved for order {order_number}",
    "inventory.reservation.waiting.v1": "Stock is short for order {order_number}: place {queue_position} in the queue",
    "inventory.reservation.partially_reserved.v1": "Stock is there in part: place {queue_position} for the rest",
    "inventory.reservation.reordered.v1": "Place in the queue changed by {reason}",
    "inventory.reservation.amended.v1": "The warehouse follows the change of the order",
    "inventory.reservation.amend_refused.v1": "The warehouse refuses the change: {detail}",
    "inventory.reservation.rejected.v1": "Stock cannot be reserved: {detail}",
    "inventory.reservation.released.v1": "Stock released: {reason}",
    "inventory.reservation.requeued.v1": "Stock taken back from order {order_number}: {reason} {reference}",
    "inventory.reservation.reallocated.v1": "Stock {direction}, other order {other_order_number}: {reason}",
    "inventory.delivery.credit_asked.v1": "Credit asked before delivery {number} leaves",
    "inventory.delivery.credit_withdrawn.v1": "Credit of delivery {number} need not be known: {reason}",
    "inventory.delivery.created.v1": "Delivery note {number} made",
    "inventory.delivery.picked.v1": "Goods picked",
    "inventory.delivery.recorded.v1": "Delivery {number} of {shipped_on} brought in",
    "inventory.delivery.packed.v1": "Delivery {number} packed",
    "inventory.delivery.put_back.v1": "Goods of delivery {number} put back: {reason}",
    "inventory.delivery.delayed.v1": "Late since {promised_on}: it waits for {waits_for}",
    "inventory.delivery.short_picked.v1": "Delivery {number}: less was found than was reserved",
    "inventory.delivery.short_shipped.v1": "Delivery {number} left with less than it had",
    "inventory.delivery.delivered.v1": "Delivery {number} arrived on {delivered_on}, signed by {signed_by}",
    "inventory.delivery.shipped.v1": "Delivery {number} shipped on {shipped_on}",
    "inventory.delivery.cancelled.v1": "Delivery cancelled: {reason}",
    "inventory.return.requested.v1": "Return {number} of delivery {delivery_number} asked for: {reason}",
    "inventory.return.decided.v1": "Return {number} {state}",
    "inventory.return.received.v1": "Goods of return {number} received on {received_on}",
    "inventory.return.inspected.v1": "Goods of return {number} inspected",
    "finance.hold_credit.v1": "Credit asked for order {order_number}: {amount}",
    "finance.release_credit.v1": "Credit to be released: {reason}",
    "finance.credit_hold.granted.v1": "Credit of {amount} held; exposure now {exposure}",
    "finance.credit_hold.refused.v1": "Credit of {amount} refused: {shortfall} over the limit",
    "finance.credit_hold.rejected.v1": "Credit cannot be held: {detail}",
    "finance.credit_hold.released.v1": "Credit released: {reason}",
    "finance.delivery_credit.granted.v1": "Delivery {number} may leave: the customer's credit is {status}",
    "finance.delivery_credit.refused.v1": "Delivery {number} may not leave: the customer's credit is {status}",
    "finance.delivery_credit.closed.v1": "Delivery {number} is not held back any more: {reason}",
    "finance.ask_advance.v1": "Advance of {amount} asked for order {order_number}",
    "finance.release_advance.v1": "Advance to be released: {reason}",
    "finance.advance.requested.v1": "Advance of {amount} asked of the customer; {missing} missing",
    "finance.advance.covered.v1": "Advance of {amount} is there",
    "finance.advance.rejected.v1": "No advance can be kept: {detail}",
    "finance.advance.released.v1": "Advance released: {reason}",
    "finance.order.amended.v1": "Finance follows the change of the order: {total}",
    "finance.invoice.posted.v1": "Invoice {number} posted: {total}, due {due_on}",
    "finance.invoice.paid.v1": "Invoice {number} paid",
    "finance.credit_note.posted.v1": "Credit note {number} for {invoice_number} posted: {total} ({reason})",
    "finance.credit_note.allocated.v1": "Credit of {amount} set against an invoice",
    "finance.payment.received.v1": "Payment {number} received: {amount}",
    "finance.payment.allocated.v1": "Payment of {amount} set against an invoice",
    "service_desk.ticket.opened.v1": "Ticket {number} opened: {subject}",
    "service_desk.ticket.resolved.v1": "Ticket {number} resolved",
    "service_desk.ticket.replied.v1": "Ticket {number}: the {side} wrote",
    "service_desk.ticket.rated.v1": "Ticket {number} rated {score} of 5 by the customer",
    "service_desk.ticket.merged.v1": "Ticket {number} merged into {into_number}",
    "service_desk.ticket.split.v1": "Part of ticket {number} goes on as {new_number}",
}


def summary(type_: str, data: Mapping[str, Any]) -> str:
    """Return what a message of ``type_`` says, in a sentence."""
    sentence = _SENTENCES.get(type_)
    if sentence is not None:
        try:
            return sentence.format_map(
                {name: _shown(value) for name, value in data.items() if value is not None}
            )
        except KeyError:
            pass
    words = type_.rpartition(".v")[0].replace(".", " ").replace("_", " ")
    return (words or type_).capitalize()


def _shown(value: Any) -> str:
    """Return a field as people write it; money and prices are objects on the wire."""
    try:
        match value:
            case {"minor": int(minor), "currency": str(currency)}:
                return str(Money(minor, currency))
            case {"e4": int(e4), "currency": str(currency)}:
                return str(Price(e4, currency))
    except (ValueError, LookupError):
        return "?"
    return str(value)[:200]
