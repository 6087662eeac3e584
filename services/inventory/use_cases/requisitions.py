"""Requisitions by hand: raise one, approve it, turn it down, give it up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.approvals import Approval
from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import requisition as rules
from services.inventory.domain.approving import REQUISITION, facts_of_requisition
from services.inventory.domain.errors import UnknownItem
from services.inventory.domain.items import require_quantity
from services.inventory.domain.requisition import Requisition, RequisitionNotFound
from services.inventory.domain.sourcing import OrderStillWants
from services.inventory.domain.supply import amount_of, price_for
from services.inventory.events import RequisitionApproved
from services.inventory.store import items, requisitions, supply
from services.inventory.use_cases.approving import ask_if_needed, lapse_waiting, require_none_waits
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.cover_shortage import (
    SERIES,
    cover_shortage,
    tell_ended,
    tell_raised,
)
from services.inventory.use_cases.set_supply import found_supplier


@dataclass(frozen=True)
class RaiseRequisition:
    """What somebody asks for; without a supplier it is the one of the item's policy, if that names one.

    ``today`` is the day whose prices tell its value; left out, nobody knows that.
    """

    item_id: str
    warehouse_id: str
    quantity: Quantity
    supplier_id: str | None = None
    note: str | None = None
    today: date | None = None


@dataclass(frozen=True)
class ApproveRequisition:
    """Which requisition may be ordered; ``today`` is the day whose prices tell its value."""

    requisition_id: str
    today: date
    expected_version: int | None = None


@dataclass(frozen=True)
class EndRequisition:
    """Which requisition is turned down or given up, and why."""

    requisition_id: str
    reason: str
    expected_version: int | None = None


def raise_by_hand(tx: Transaction, command: RaiseRequisition) -> Requisition:
    """Store what somebody asks for; nothing is added to it, and it stays as it was written.

    Where a flow wants a yes, it is asked for at once: by whom it was raised, of whom the flow names.
    """
    item = items.lock(tx.connection, [command.item_id]).get(command.item_id)
    if item is None:
        raise UnknownItem("there is no such item", field="item_id", cure="register the item first")
    require_open_place(tx, command.warehouse_id)
    require_quantity(item, command.quantity, "quantity")
    if command.supplier_id is not None:
        found_supplier(tx, command.supplier_id)
    raised = Requisition(
        id=tx.new_id(),
        number=f"PR-{next_number(tx, SERIES):06d}",
        item_id=item.id,
        warehouse_id=command.warehouse_id,
        origin="manual",
        state="open",
        need=command.quantity,
        quantity=command.quantity,
        supplier_id=command.supplier_id or supply.policy(tx.connection, item.id).supplier_id,
        requested_by=tx.cause.actor,
        note=command.note,
    )
    requisitions.add(tx, raised)
    tell_raised(tx, raised)
    value = None if command.today is None else _value(tx, raised, command.today)
    return _asked_for(tx, raised, value) or raised


def approve_requisition(tx: Transaction, command: ApproveRequisition) -> Requisition:
    """Let a requisition be ordered, or ask for the yes that the company's flows want for it.

    Where none applies, another must let it be ordered above the company's limit than who asked for it.
    """
    before = _locked(tx, command.requisition_id, command.expected_version)
    after = rules.approve(before, tx.cause.actor)
    require_none_waits(tx, before.approval_id, before.number)
    value = _value(tx, before, command.today)
    waiting = _asked_for(tx, before, value)
    if waiting is not None:
        return waiting
    supply.rules(tx.connection).require_second_person(value, before.requested_by, tx.cause.actor)
    return _let_be_ordered(tx, after, value)


def _asked_for(tx: Transaction, each: Requisition, value: Money | None) -> Requisition | None:
    """Return the requisition as it waits for its approval; nothing where no flow wants one."""
    category = items.known(tx.connection, [each.item_id])[each.item_id].category
    facts = facts_of_requisition(each, category, value)
    begun = ask_if_needed(tx, REQUISITION, each.id, each.number, facts, each.requested_by)
    if begun is None:
        return None
    (saved,) = requisitions.save(tx, [replace(each, approval_id=begun.id)])
    return saved


def lock_requisition(tx: Transaction, requisition_id: str) -> Requisition:
    """Keep the requisition and its item to this transaction, as whoever changes it does."""
    return _locked(tx, requisition_id, None)


def requisition_approved(tx: Transaction, approval: Approval, today: date) -> None:
    """Let it be ordered: the last of those who were asked said yes."""
    before = lock_requisition(tx, approval.document_id)
    _let_be_ordered(tx, rules.approve(before, approval.acts[-1].by), _value(tx, before, today))


def requisition_rejected(tx: Transaction, approval: Approval, _today: date) -> None:
    """Turn it down; what an order waits for stays open, or the order would wait for ever."""
    before = lock_requisition(tx, approval.document_id)
    if before.origin != "order":
        _end(tx, rules.reject(before, approval.acts[-1].comment or ""))


def requisition_stays_open(_tx: Transaction, _approval: Approval, _today: date) -> None:
    """Leave it as it is: the question was taken back, and may be asked again."""


def _let_be_ordered(tx: Transaction, after: Requisition, value: Money | None) -> Requisition:
    (saved,) = requisitions.save(tx, [after])
    sku = items.known(tx.connection, [saved.item_id])[saved.item_id].sku
    event = RequisitionApproved(
        requisition_id=saved.id,
        number=saved.number,
        item_id=saved.item_id,
        sku=sku,
        warehouse_id=saved.warehouse_id,
        origin=saved.origin,
        need=saved.need,
        quantity=saved.quantity,
        supplier_id=saved.supplier_id,
        value=value,
    )
    publish(tx, event)
    cover_shortage(tx, [saved.item_id], may_grow=False)
    return saved


def reject_requisition(tx: Transaction, command: EndRequisition) -> Requisition:
    """Turn a requisition down."""
    before = _unbound(_locked(tx, command.requisition_id, command.expected_version))
    return _end(tx, rules.reject(before, command.reason))


def cancel_requisition(tx: Transaction, command: EndRequisition) -> Requisition:
    """Give a requisition up before it is ordered; what waiting orders lacked because of it is asked for anew.

    One that came about by a shortage stays given up until the next shortage of its item.
    """
    before = _unbound(_locked(tx, command.requisition_id, command.expected_version))
    ended = _end(tx, rules.cancel(before, command.reason))
    if ended.origin != "shortage":
        cover_shortage(tx, [ended.item_id], may_grow=True)
    return ended


def _unbound(found: Requisition) -> Requisition:
    """Return a requisition that a person may end: an order that is got by one would wait for ever without it."""
    if found.origin == "order" and found.state in rules.UNORDERED:
        raise OrderStillWants(f"{found.number} is what an order waits for", field="requisition_id")
    return found


def _end(tx: Transaction, after: Requisition) -> Requisition:
    (saved,) = requisitions.save(tx, [after])
    lapse_waiting(tx, saved.approval_id, saved.reason or saved.state)
    tell_ended(tx, saved)
    return saved


def _locked(tx: Transaction, requisition_id: str, expected_version: int | None) -> Requisition:
    """Return the requisition, with its item and itself kept to this transaction."""
    seen = requisitions.find(tx.connection, requisition_id)
    if seen is None:
        raise RequisitionNotFound("there is no such requisition", field="requisition_id")
    items.lock(tx.connection, [seen.item_id])
    found = requisitions.lock(tx.connection, [requisition_id])[requisition_id]
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"requisition {found.number} is at version {found.version}")
    return found


def _value(tx: Transaction, each: Requisition, today: date) -> Money | None:
    """Return what a requisition would cost today; nothing while its supplier or his price is not known."""
    if each.supplier_id is None:
        return None
    price = price_for(supply.prices(tx.connection, each.supplier_id, [each.item_id]), each.quantity, today)
    return None if price is None else amount_of(each.quantity, price, "requisition_id")
