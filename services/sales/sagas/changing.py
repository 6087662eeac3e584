"""The acts of people that move a change of an order: propose it, decide on its approval, take it back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from libs.common.approvals import Approval, AskedStep, Reaction, Reactions
from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.saga import TooLateToCancel, cancel, start
from services.sales.domain.change_errors import ChangeEnded, ChangeNotFound
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order_change import DOCUMENT, OrderChange, ShownChange
from services.sales.domain.terms import Terms
from services.sales.domain.versions import require_version
from services.sales.events import OrderChangeApprovalEscalated
from services.sales.sagas.change_acts import data_of
from services.sales.sagas.order_change import ORDER_CHANGE
from services.sales.store import order_changes, order_types, orders
from services.sales.use_cases.change_order import (
    ProposeChange,
    approve_change,
    end_change,
    lapse_with,
    locked_change,
    propose_change,
)
from services.sales.use_cases.decide_approval import OF_QUOTATIONS
from services.sales.use_cases.telling import locked_head

ORDER_CANCELLED = "order_cancelled"


@dataclass(frozen=True)
class WithdrawChange:
    """Which change of which order is taken back, and why; ``only_owner`` as in reading."""

    order_id: str
    no: int
    reason: str
    only_owner: str | None = None
    expected_version: int | None = None


def propose_and_check(tx: Transaction, command: ProposeChange, terms: Terms) -> ShownChange:
    """Propose a change; where nobody has to approve it, its checks begin in the same transaction."""
    change, _ = propose_change(tx, command, terms)
    if change.state == "checking":
        _check(tx, change)
    return change


def _check(tx: Transaction, change: OrderChange) -> None:
    order = locked_head(tx, change.order_id)
    process = order_types.known(tx.connection, order.order_type, order.order_type_version).process
    shipped = {
        each.after.id: each.after.kept.quantity.milli
        for each in change.lines
        if each.after is not None and each.after.kept is not None
    }
    data = data_of(change, credit_check=process.credit_check, shipped=shipped)
    start(tx, ORDER_CHANGE, change.id, data, correlation_id=order.conversation_id)


def withdraw_change(tx: Transaction, command: WithdrawChange) -> OrderChange:
    """Take a change back; what is held for it is given back first. Repeated, it answers the same."""
    seen = _shown(tx, command)
    require_version(seen.number, seen.version, command.expected_version)
    if seen.state == "checking":
        turned = _turn_round(tx, seen.id, "withdrawn", command.reason)
        if turned.detail != command.reason:
            raise ChangeEnded(f"{turned.number} is being taken back already", state=turned.state)
        return turned
    change = locked_change(tx, seen.id)
    if change.state == "withdrawn" and change.detail == command.reason:
        return change
    if change.state != "pending_approval":
        raise ChangeEnded(f"{change.number} is {change.state}", state=change.state)
    lapse_with(tx, change, command.reason)
    return end_change(tx, change, "withdrawn", "withdrawn", command.reason)


def _shown(tx: Transaction, command: WithdrawChange) -> OrderChange:
    if orders.head(tx.connection, command.order_id, command.only_owner) is None:
        raise OrderNotFound(f"there is no order {command.order_id}")
    found = order_changes.numbered(tx.connection, command.order_id, command.no)
    if found is None:
        raise ChangeNotFound(f"there is no change {command.no} of this order")
    return found


def _turn_round(tx: Transaction, change_id: str, outcome: str, reason: str) -> OrderChange:
    """Turn the saga of a change round, whose row is locked first, and note what for; it ends once nothing is held."""
    turned = cancel(tx, ORDER_CHANGE, change_id, reason)
    change = locked_change(tx, change_id)
    return order_changes.save(tx, replace(change, outcome=outcome, detail=reason)) if turned else change


def stop_open_change(tx: Transaction, order_id: str, reason: str) -> None:
    """End the open change of an order that is to be cancelled, as far as it can still be stopped.

    One that the warehouse is deciding on is not: whichever of the two it hears of first holds.
    """
    seen = order_changes.open_of(tx.connection, order_id)
    if seen is None:
        return
    if seen.state == "checking":
        with suppress(TooLateToCancel):
            _turn_round(tx, seen.id, ORDER_CANCELLED, reason)
        return
    change = locked_change(tx, seen.id)
    if change.state == "pending_approval":
        lapse_with(tx, change, reason)
        end_change(tx, change, "rejected", ORDER_CANCELLED, reason)


def _lock(tx: Transaction, change_id: str) -> OrderChange | None:
    return order_changes.find(tx.connection, change_id, lock=True)


def _approved(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    """Begin its checks."""
    _check(tx, approve_change(tx, approval.document_id, approval))


def _rejected(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    why = approval.acts[-1].comment
    end_change(tx, locked_change(tx, approval.document_id), "rejected", "not_approved", why)


def _withdrawn(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    why = approval.acts[-1].comment
    end_change(tx, locked_change(tx, approval.document_id), "withdrawn", "withdrawn", why)


def _escalated(tx: Transaction, approval: Approval, asked: AskedStep) -> None:
    change = locked_change(tx, approval.document_id)
    assert asked.step.escalate_to is not None, "what is escalated has somebody to escalate to"
    told = OrderChangeApprovalEscalated(
        change.order_id,
        change.id,
        approval.number,
        approval.id,
        asked.n,
        asked.name,
        asked.step.escalate_to,
    )
    publish(tx, told, correlation_id=approval.conversation_id)


REACTIONS: Reactions = {
    **OF_QUOTATIONS,
    DOCUMENT: Reaction(_lock, _approved, _rejected, _withdrawn, _escalated),
}
"""What the documents of sales do about their approvals."""
