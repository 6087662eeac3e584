"""Approvals in their tables: read whole, locked by their row, and saved only at the version that was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from libs.common.approvals.approval import Act, Approval, AskedStep
from libs.common.approvals.conditions import Facts, fact_from, plain
from libs.common.approvals.faults import ApprovalNotFound
from libs.common.approvals.flow import Approver, step_data, step_from
from libs.common.approvals.tables import (
    approval,
    approval_act,
    approval_approver,
    approval_barred,
    approval_step,
    approval_superior,
)
from libs.common.db import Transaction
from libs.common.errors import VersionMismatch

_HEAD = ("id", "document", "document_id", "number", "conversation_id", "state", "requested_by", "requested_at",
         "ended_at", "version")  # fmt: skip


def add(tx: Transaction, new: Approval) -> None:
    """Store a new approval; a second one that waits for the same document breaks a constraint."""
    head = {name: getattr(new, name) for name in _HEAD}
    facts = {name: plain(fact) for name, fact in new.facts.items()}
    tx.connection.execute(insert(approval).values(**head, facts=facts, flows=list(new.flows)))
    tx.connection.execute(insert(approval_step), [_step_values(new.id, each) for each in new.steps])
    approvers = [values for each in new.steps for values in _approver_values(new.id, each)]
    tx.connection.execute(insert(approval_approver), approvers)
    barred = [{"approval_id": new.id, "person": person} for person in sorted(new.barred)]
    tx.connection.execute(insert(approval_barred), barred)
    above = [
        {"approval_id": new.id, "level": level, "person": person}
        for level, person in enumerate(new.superiors, 1)
    ]
    if above:
        tx.connection.execute(insert(approval_superior), above)
    _add_acts(tx, new, 0)


def _step_values(approval_id: str, asked: AskedStep) -> dict[str, Any]:
    return {
        "approval_id": approval_id,
        "n": asked.n,
        "flow": asked.flow,
        "definition": step_data(asked.step),
        "opened_at": asked.opened_at,
        "approved_at": asked.approved_at,
        "escalate_at": asked.escalate_at,
    }


def _approver_values(approval_id: str, asked: AskedStep) -> list[dict[str, Any]]:
    return [
        {"approval_id": approval_id, "n": asked.n, "place": place, **vars(approver)}
        for place, approver in enumerate(asked.step.approvers)
    ]


def _add_acts(tx: Transaction, changed: Approval, known: int) -> None:
    rows = [
        {
            "id": tx.new_id(),
            "approval_id": changed.id,
            "place": place,
            **vars(act),
            "voice": act.voice,
            "places": list(act.places),
        }
        for place, act in enumerate(changed.acts)
        if place >= known
    ]
    tx.connection.execute(insert(approval_act), rows)


def save(tx: Transaction, before: Approval, after: Approval) -> Approval:
    """Store what became of ``before`` as its next version, and return that."""
    this = (approval.c.id == after.id) & (approval.c.version == before.version)
    values = {"state": after.state, "ended_at": after.ended_at, "version": before.version + 1}
    if tx.connection.execute(update(approval).where(this).values(**values)).rowcount != 1:
        raise VersionMismatch(f"the approval of {after.number} was changed meanwhile")
    for was, now in zip(before.steps, after.steps, strict=True):
        if was != now:
            _save_step(tx, after.id, was, now)
    _add_acts(tx, after, len(before.acts))
    return replace(after, version=before.version + 1)


def _save_step(tx: Transaction, approval_id: str, was: AskedStep, now: AskedStep) -> None:
    this = (approval_step.c.approval_id == approval_id) & (approval_step.c.n == now.n)
    times = {
        "opened_at": now.opened_at,
        "approved_at": now.approved_at,
        "escalate_at": now.escalate_at,
    }
    tx.connection.execute(update(approval_step).where(this).values(**times))
    added = _approver_values(approval_id, now)[len(was.step.approvers) :]
    if added:
        tx.connection.execute(insert(approval_approver), added)


def find(connection: Connection, approval_id: str) -> Approval | None:
    """Return an approval with its steps and its history, or nothing."""
    return _one(connection, select(approval).where(approval.c.id == approval_id))


def approved_facts(connection: Connection, approval_id: str) -> Facts | None:
    """Return what a document said when it was approved; nothing when it was not."""
    query = select(approval.c.facts).where(approval.c.id == approval_id, approval.c.state == "approved")
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else {name: fact_from(data) for name, data in found.items()}


def lock(tx: Transaction, approval_id: str) -> Approval:
    """Return the approval, kept to this transaction until it ends."""
    found = _one(tx.connection, select(approval).where(approval.c.id == approval_id).with_for_update())
    if found is None:
        raise ApprovalNotFound(f"there is no approval {approval_id}")
    return found


def _one(connection: Connection, query: Select[Any]) -> Approval | None:
    # What belongs to it is read after the row is there, and locked: it may have grown while that was waited for.
    row = connection.execute(query).one_or_none()
    return None if row is None else of_rows(connection, [row])[0]


def of_rows(connection: Connection, rows: list[Row[Any]]) -> list[Approval]:
    """Return the approvals in rows of their table, each whole."""
    ids = [row.id for row in rows]
    steps = _grouped(connection, select(approval_step).order_by(approval_step.c.n), ids)
    names = _grouped(connection, select(approval_approver).order_by(approval_approver.c.place), ids)
    barred = _grouped(connection, select(approval_barred), ids)
    above = _grouped(connection, select(approval_superior).order_by(approval_superior.c.level), ids)
    acts = _grouped(connection, select(approval_act).order_by(approval_act.c.place), ids)
    return [
        Approval(
            **{name: getattr(row, name) for name in _HEAD},
            facts={name: fact_from(data) for name, data in row.facts.items()},
            flows=tuple(row.flows),
            barred=frozenset(each.person for each in barred.get(row.id, ())),
            steps=tuple(_step(each, names.get(row.id, [])) for each in steps.get(row.id, ())),
            acts=tuple(_act(each) for each in acts.get(row.id, ())),
            superiors=tuple(each.person for each in above.get(row.id, ())),
        )
        for row in rows
    ]


def _grouped(connection: Connection, query: Select[Any], ids: list[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    table = query.get_final_froms()[0]
    for row in connection.execute(query.where(table.c.approval_id.in_(ids))):
        found.setdefault(row.approval_id, []).append(row)
    return found


def _step(row: Row[Any], names: list[Row[Any]]) -> AskedStep:
    approvers = tuple(
        Approver(each.kind, each.name, bool(each.added), each.level) for each in names if each.n == row.n
    )
    return AskedStep(
        n=row.n,
        flow=row.flow,
        step=replace(step_from(row.definition), approvers=approvers),
        opened_at=row.opened_at,
        approved_at=row.approved_at,
        escalate_at=row.escalate_at,
    )


def _act(row: Row[Any]) -> Act:
    return Act(row.deed, row.by, row.at, row.step, row.on_behalf_of, row.comment, tuple(row.places))


def overdue(connection: Connection, now: datetime, limit: int) -> list[tuple[str, int]]:
    """Return approval and step of what waits longer than its time to escalation, the longest first."""
    query = (
        select(approval_step.c.approval_id, approval_step.c.n)
        .join(approval, approval.c.id == approval_step.c.approval_id)
        .where(approval.c.state == "waiting", approval_step.c.escalate_at <= now)
        .order_by(approval_step.c.escalate_at)
        .limit(limit)
    )
    return [(row.approval_id, row.n) for row in connection.execute(query)]
