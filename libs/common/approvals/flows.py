"""Flows in their table: every revision is kept, the last one of a name applies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select

from libs.common.approvals.flow import Flow, from_data, to_data
from libs.common.approvals.tables import approval_flow
from libs.common.db import Prepared, Transaction, next_number
from libs.common.ids import derived_id

_later = approval_flow.alias()
_IS_LAST = ~(
    select(_later.c.id)
    .where(
        _later.c.document == approval_flow.c.document,
        _later.c.name == approval_flow.c.name,
        _later.c.revision > approval_flow.c.revision,
    )
    .exists()
)
_CURRENT = Prepared(
    select(approval_flow).where(
        approval_flow.c.document == bindparam("of_document"), approval_flow.c.active, _IS_LAST
    )
)


def current(connection: Connection, document: str) -> list[Flow]:
    """Return the flows that apply to documents of a kind now."""
    return [of_row(row) for row in connection.execute(_CURRENT, {"of_document": document})]


def find(connection: Connection, flow_id: str) -> Flow | None:
    """Return one revision of a flow, or nothing."""
    row = connection.execute(select(approval_flow).where(approval_flow.c.id == flow_id)).one_or_none()
    return None if row is None else of_row(row)


def define(tx: Transaction, wanted: Flow) -> Flow:
    """Store the next revision of the flow of this name; it applies from now on, to what is asked from now on.

    Two authors of one name take turns.
    """
    series = f"approval_flow.{derived_id(wanted.document, wanted.name)}"
    new = replace(wanted, id=tx.new_id(), revision=next_number(tx, series))
    tx.connection.execute(
        insert(approval_flow).values(
            id=new.id,
            document=new.document,
            name=new.name,
            revision=new.revision,
            active=new.active,
            definition=to_data(new.cases, new.steps),
            created_by=new.created_by,
            created_at=tx.now,
        )
    )
    return new


def search(documents: Collection[str], *, name: str | None, superseded: bool) -> Select[Any]:
    """Select revisions of flows for ``documents``; those that a later one replaced only with ``superseded``."""
    query = select(approval_flow).where(approval_flow.c.document.in_(sorted(documents)))
    if name is not None:
        query = query.where(approval_flow.c.name == name)
    return query if superseded else query.where(_IS_LAST)


def of_row(row: Row[Any]) -> Flow:
    """Return the flow in a row of its table."""
    cases, steps = from_data(row.definition)
    return Flow(row.id, row.document, row.name, row.revision, cases, steps, bool(row.active), row.created_by)
