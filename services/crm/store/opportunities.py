"""Opportunities with their lines: load, lock, add, save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from libs.common.db import Transaction, rows_among
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from services.crm.domain.opportunity import Opportunity, OpportunityLine
from services.crm.store import overviews
from services.crm.store.pipeline_tables import opportunity, opportunity_line, opportunity_step
from services.crm.store.tables import customer

_PLAIN = tuple(field.name for field in fields(Opportunity) if field.name not in ("value", "lines"))
COLUMNS = (
    *(opportunity.c[name] for name in _PLAIN),
    opportunity.c.value_minor,
    opportunity.c.currency,
)
_LINE = (opportunity_line.c.line_no, opportunity_line.c.item_id, opportunity_line.c.quantity_milli)


def read(row: Row[*tuple[Any, ...]], lines: tuple[OpportunityLine, ...] = ()) -> Opportunity:
    """Return the opportunity in a row of ``COLUMNS``."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Opportunity(value=Money(row.value_minor, row.currency), lines=lines, **plain)


def find(connection: Connection, opportunity_id: str) -> tuple[Opportunity | None, str | None]:
    """Return the opportunity, or nothing, and whose customer it is about."""
    return _one(connection, opportunity_id, lock=False)


def lock(connection: Connection, opportunity_id: str) -> tuple[Opportunity | None, str | None]:
    """Return what ``find`` does, kept to this transaction."""
    return _one(connection, opportunity_id, lock=True)


def _one(connection: Connection, opportunity_id: str, *, lock: bool) -> tuple[Opportunity | None, str | None]:
    query = select(*COLUMNS, customer.c.owner_id.label("customer_owner")).join(
        customer, customer.c.id == opportunity.c.customer_id
    )
    query = query.where(opportunity.c.id == opportunity_id)
    row = connection.execute(query.with_for_update(of=opportunity) if lock else query).one_or_none()
    if row is None:
        return None, None
    lines = lines_of(connection, [row.id])
    return read(row, lines.get(row.id, ())), row.customer_owner


def lines_of(connection: Connection, ids: Iterable[str]) -> Mapping[str, tuple[OpportunityLine, ...]]:
    """Return the lines of the opportunities, by opportunity, in their order."""
    query = select(opportunity_line.c.opportunity_id, *_LINE)
    found: dict[str, list[OpportunityLine]] = {}
    for row in rows_among(connection, query, opportunity_line.c.opportunity_id, ids):
        line = OpportunityLine(row.line_no, row.item_id, row.quantity_milli)
        found.setdefault(row.opportunity_id, []).append(line)
    return {key: tuple(sorted(lines, key=lambda line: line.line_no)) for key, lines in found.items()}


def add(tx: Transaction, new: Opportunity, by: str) -> None:
    """Store a new opportunity with its lines, at its first stage."""
    tx.connection.execute(insert(opportunity).values(**_values(new), updated_at=tx.now))
    _put_lines(tx.connection, new)
    step(tx, new, by)
    overviews.look_again(tx, [new.customer_id])


def save(tx: Transaction, changed: Opportunity, *, lines: bool = False) -> Opportunity:
    """Store the changed opportunity as its next version, with its ``lines`` if they changed too."""
    values = _values(changed) | {"version": changed.version + 1, "updated_at": tx.now}
    statement = update(opportunity).where(
        opportunity.c.id == changed.id, opportunity.c.version == changed.version
    )
    if tx.connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch(f"{changed.number} was changed meanwhile")
    overviews.look_again(tx, [changed.customer_id])
    if lines:
        tx.connection.execute(delete(opportunity_line).where(opportunity_line.c.opportunity_id == changed.id))
        _put_lines(tx.connection, changed)
    return replace(changed, version=changed.version + 1)


def step(tx: Transaction, now_at: Opportunity, by: str | None) -> None:
    """Write down that it is at its stage, or won, or lost, from now on; the step before it ends."""
    mine = opportunity_step.c.opportunity_id == now_at.id
    tx.connection.execute(
        update(opportunity_step).where(mine, opportunity_step.c.left_at.is_(None)).values(left_at=tx.now)
    )
    values = {
        "id": tx.new_id(),
        "opportunity_id": now_at.id,
        "step": now_at.stage if now_at.state == "open" else now_at.state,
        "entered_at": tx.now,
        "by": by,
    }
    tx.connection.execute(insert(opportunity_step).values(**values))


Moved = list[tuple[str, str, str | None]]
"""Opportunities that went to somebody else: the id, the number, and whose it was."""


def hand_over(connection: Connection, customer_id: str, owner_id: str | None, now: datetime) -> Moved:
    """Let the open opportunities of a customer be the new salesperson's and return those that were another's."""
    return _give(connection, opportunity.c.customer_id == customer_id, owner_id, now)


def hand_over_of(connection: Connection, from_id: str, owner_id: str, now: datetime) -> Moved:
    """Let the open opportunities of a salesperson be another's, whoever has the customer, and return them."""
    return _give(connection, opportunity.c.owner_id == from_id, owner_id, now)


def _give(connection: Connection, which: ColumnElement[bool], owner_id: str | None, now: datetime) -> Moved:
    query = select(opportunity.c.id, opportunity.c.number, opportunity.c.owner_id)
    query = query.where(which, opportunity.c.state == "open").order_by(opportunity.c.id).with_for_update()
    moved = [
        (row.id, row.number, row.owner_id) for row in connection.execute(query) if row.owner_id != owner_id
    ]
    changed = update(opportunity).where(opportunity.c.id.in_([each[0] for each in moved]))
    values = {"owner_id": owner_id, "version": opportunity.c.version + 1, "updated_at": now}
    if moved:
        connection.execute(changed.values(**values))
    return moved


def _put_lines(connection: Connection, of: Opportunity) -> None:
    rows = [
        {
            "opportunity_id": of.id,
            "line_no": line.line_no,
            "item_id": line.item_id,
            "quantity_milli": line.quantity,
        }
        for line in of.lines
    ]
    if rows:
        connection.execute(insert(opportunity_line), rows)


def _values(of: Opportunity) -> dict[str, Any]:
    plain = {name: getattr(of, name) for name in _PLAIN}
    return plain | {"value_minor": of.value.minor, "currency": of.value.currency}
