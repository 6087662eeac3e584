"""Change a confirmed order: propose it, say what it waits for, apply it, or let it be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.approvals import Approval, Subject, ask, lapse
from libs.common.db import Transaction
from services.sales.domain import order_change as rules
from services.sales.domain.change_errors import ChangeNotFound, ChangeOpen
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order import Order
from services.sales.domain.order_change import DOCUMENT, OrderChange, ShownChange
from services.sales.domain.progress import settle
from services.sales.domain.terms import Terms
from services.sales.domain.versions import require_version
from services.sales.events import (
    OrderChangeApproved,
    OrderChangeEnded,
    OrderChangeHeld,
    OrderChangeProposed,
    OrderCompleted,
)
from services.sales.store import order_changes, orders, quotation_facts
from services.sales.use_cases.draw_up_change import Drawn, Wanted, draw_up
from services.sales.use_cases.tell_amended import amended_event
from services.sales.use_cases.telling import locked_head, locked_order, tell

BY_ITSELF = "sales"


@dataclass(frozen=True)
class ProposeChange:
    """Which order is to change, as which version if the caller says so, how and why; ``only_owner`` as in reading.

    ``may_wait``: what is not there, in stock or in credit, is waited for; left out, as the order's type lets orders.
    """

    order_id: str
    reason: str
    wanted: Wanted
    may_wait: bool | None = None
    only_owner: str | None = None
    expected_version: int | None = None


def propose_change(tx: Transaction, command: ProposeChange, terms: Terms) -> tuple[ShownChange, Drawn]:
    """Store a change of an order and ask for its approval if needed; the order is locked, so of two one is refused."""
    order = _order_to_change(tx, command)
    found = order_changes.open_of(tx.connection, order.id)
    if found is not None:
        raise ChangeOpen(f"{found.number} is {found.state}", state=found.state, no=found.no)
    drawn = draw_up(tx, order, command.wanted, terms)
    change = _new(tx, command, drawn)
    approval = _ask(tx, change, drawn)
    if approval is not None:
        change = replace(change, state="pending_approval", approval_id=approval.id)
    order_changes.add(tx, change)
    _tell_proposed(tx, order, change, drawn)
    return ShownChange(**vars(change), approval=approval), drawn


def _order_to_change(tx: Transaction, command: ProposeChange) -> Order:
    if orders.head(tx.connection, command.order_id, command.only_owner) is None:
        raise OrderNotFound(f"there is no order {command.order_id}")
    order = locked_order(tx, command.order_id)
    require_version(order.number, order.version, command.expected_version)
    return order


def _new(tx: Transaction, command: ProposeChange, drawn: Drawn) -> OrderChange:
    order, after = drawn.before, drawn.after
    no = order_changes.next_no(tx.connection, order.id)
    waits = drawn.process.shortage == "wait" if command.may_wait is None else command.may_wait
    return OrderChange(
        id=tx.new_id(),
        order_id=order.id,
        no=no,
        number=f"{order.number}/{no}",
        reason=command.reason,
        created_by=command.wanted.pen.subject,
        created_at=tx.now,
        based_on=order.version,
        currency=order.currency,
        total_before=order.total,
        total_after=after.total,
        tax_before=order.tax,
        tax_after=after.tax,
        promised_before=order.promised_on,
        promised_after=after.promised_on,
        may_wait=waits and drawn.process.shortage == "wait",
        lines=drawn.lines,
    )


def _ask(tx: Transaction, change: OrderChange, drawn: Drawn) -> Approval | None:
    """Ask those whom the flows name; who wrote the order, its quotation or the change is not among them."""
    if not drawn.flows:
        return None
    order = drawn.before
    assert order.quotation_id is not None, "a recorded order is not changed"
    authors = quotation_facts.authors(tx.connection, [order.quotation_id])[order.quotation_id]
    subject = Subject(
        DOCUMENT, change.id, change.number, order.conversation_id, drawn.facts, authors | {change.created_by}
    )
    return ask(tx, subject, drawn.flows, change.created_by)


def _tell_proposed(tx: Transaction, order: Order, change: OrderChange, drawn: Drawn) -> None:
    proposed = OrderChangeProposed(
        order_id=order.id,
        number=change.number,
        change_id=change.id,
        no=change.no,
        customer_id=order.customer_id,
        reason=change.reason,
        proposed_by=change.created_by,
        total_before=change.total_before,
        total_after=change.total_after,
        difference=change.difference,
        approval_id=change.approval_id,
        flows=tuple(flow.name for flow in drawn.flows) if change.approval_id else (),
    )
    tell(tx, order, proposed)


def locked_change(tx: Transaction, change_id: str) -> OrderChange:
    """Return the change, kept to this transaction until it ends."""
    found = order_changes.find(tx.connection, change_id, lock=True)
    if found is None:
        raise ChangeNotFound(f"there is no change {change_id}")
    return found


def approve_change(tx: Transaction, change_id: str, approval: Approval) -> OrderChange:
    """Let a change that was approved be checked; refuse where its order cannot be changed any more."""
    change = locked_change(tx, change_id)
    order = locked_head(tx, change.order_id)
    saved = order_changes.save(tx, replace(change, state="checking"))
    last = approval.acts[-1]
    tell(tx, order, OrderChangeApproved(order.id, change.number, change.id, last.by, last.on_behalf_of))
    return saved


def hold_change(tx: Transaction, change_id: str, code: str, figures: dict[str, str]) -> None:
    """Note what a change waits for; unchanged figures are not told again."""
    change = locked_change(tx, change_id)
    noted = {"waits_for": code} | figures
    if change.figures == noted:
        return
    order_changes.save(tx, replace(change, figures=noted))
    order = orders.head(tx.connection, change.order_id)
    assert order is not None
    tell(tx, order, OrderChangeHeld(order.id, change.number, change.id, code, figures))


def end_change(
    tx: Transaction,
    change: OrderChange,
    state: rules.ChangeState,
    outcome: str,
    detail: str | None = None,
) -> OrderChange:
    """Let a locked change be over without an effect, and tell why; an approval that it waited for lapses with it."""
    saved = order_changes.save(tx, rules.ended(change, state, tx.now, outcome, detail))
    order = orders.head(tx.connection, change.order_id)
    assert order is not None
    tell(tx, order, OrderChangeEnded(order.id, change.number, change.id, state, outcome, detail))
    return saved


def lapse_with(tx: Transaction, change: OrderChange, reason: str) -> None:
    """End the approval that a locked change waits for, if it does."""
    if change.state == "pending_approval" and change.approval_id is not None:
        lapse(tx, change.approval_id, tx.cause.actor or BY_ITSELF, reason)


def apply_change(tx: Transaction, change_id: str) -> Order:
    """Let the order read as the change says, in one transaction, and tell of it line by line."""
    change = locked_change(tx, change_id)
    before = locked_order(tx, change.order_id)
    after = settle(rules.after_change(before, change))
    saved = order_changes.write(tx, before, after, change.lines)
    order_changes.save(tx, rules.ended(change, "applied", tx.now, None, None))
    tell(tx, saved, amended_event(saved, change))
    if saved.state == "done" and before.state != "done":
        tell(tx, saved, OrderCompleted(saved.id, saved.number))
    return saved
