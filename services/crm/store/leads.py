"""Leads: load, lock, add, save, and moving what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.crm.domain.lead import Lead
from services.crm.domain.web_form import Visit
from services.crm.store import known
from services.crm.store.activity_tables import activity
from services.crm.store.lead_tables import campaign_member, lead, lead_arrival

COLUMNS = tuple(lead.c[field.name] for field in fields(Lead))


def read(row: Row[*tuple[Any, ...]]) -> Lead:
    """Return the lead in a row of ``COLUMNS``."""
    return Lead(**{column.name: getattr(row, column.name) for column in COLUMNS})


def find(connection: Connection, lead_id: str) -> Lead | None:
    """Return the lead, or nothing."""
    row = connection.execute(select(*COLUMNS).where(lead.c.id == lead_id)).one_or_none()
    return read(row) if row else None


def lock(connection: Connection, lead_id: str) -> Lead | None:
    """Return the lead, or nothing, and keep it to this transaction."""
    return lock_all(connection, [lead_id]).get(lead_id)


def lock_all(connection: Connection, ids: Iterable[str]) -> dict[str, Lead]:
    """Return the leads by id, kept to this transaction; locked in the order of ids, so that nobody waits in a ring."""
    query = select(*COLUMNS).where(lead.c.id.in_(sorted(ids))).order_by(lead.c.id).with_for_update()
    return {row.id: read(row) for row in connection.execute(query)}


def keep_still(connection: Connection, lead_id: str) -> Lead | None:
    """Return the lead, or nothing; nobody decides it until the transaction ends, but others may rely on it too."""
    query = select(*COLUMNS).where(lead.c.id == lead_id).with_for_update(read=True)
    row = connection.execute(query).one_or_none()
    return read(row) if row else None


def lock_open_of(connection: Connection, owner_id: str) -> list[Lead]:
    """Return the open leads of a salesperson, kept to this transaction."""
    query = select(*COLUMNS).where(lead.c.owner_id == owner_id, lead.c.state == "open")
    return [read(row) for row in connection.execute(query.order_by(lead.c.id).with_for_update())]


def add(connection: Connection, new: Lead) -> None:
    """Store a new lead, and by what it is known again."""
    connection.execute(insert(lead).values(**vars(new)))
    known.note_lead(connection, new)


def add_arrival(tx: Transaction, lead_id: str, form_id: str, visit: Visit) -> None:
    """Keep from where a lead came by a form."""
    values = {"lead_id": lead_id, "form_id": form_id, "at": tx.now} | vars(visit)
    tx.connection.execute(insert(lead_arrival).values(**values))


def save(connection: Connection, changed: Lead) -> Lead:
    """Store the changed lead as its next version; ``VersionMismatch`` when somebody was faster.

    What was merged is known by nothing any more: what it was merged into is.
    """
    values = vars(changed) | {"version": changed.version + 1}
    statement = update(lead).where(lead.c.id == changed.id, lead.c.version == changed.version)
    if connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch(f"{changed.number} was changed meanwhile")
    if changed.state == "merged":
        known.forget(connection, changed.id)
    else:
        known.note_lead(connection, changed)
    return replace(changed, version=changed.version + 1)


def move_all(connection: Connection, gone_id: str, kept_id: str) -> None:
    """Let everything that hangs on one lead hang on the other: activities, campaigns, and leads merged before.

    Where a campaign addressed both, what the kept one answered stays, unless only the other one answered.
    """
    connection.execute(update(activity).where(activity.c.lead_id == gone_id).values(lead_id=kept_id))
    connection.execute(update(lead).where(lead.c.merged_into_id == gone_id).values(merged_into_id=kept_id))
    member = campaign_member.c
    query = select(member.id, member.campaign_id, member.answer, member.answered_at)
    kept = {row.campaign_id: row for row in connection.execute(query.where(member.lead_id == kept_id))}
    for row in connection.execute(query.where(member.lead_id == gone_id)).all():
        mine = kept.get(row.campaign_id)
        if mine is None:
            statement = update(campaign_member).where(member.id == row.id).values(lead_id=kept_id)
            connection.execute(statement)
            continue
        connection.execute(delete(campaign_member).where(member.id == row.id))
        if mine.answer == "none" and row.answer != "none":
            told = {"answer": row.answer, "answered_at": row.answered_at}
            connection.execute(update(campaign_member).where(member.id == mine.id).values(**told))


def hand_over_activities(connection: Connection, of: Lead) -> None:
    """Let the activities of a qualified lead be its customer's and its opportunity's."""
    values = {"customer_id": of.customer_id, "opportunity_id": of.opportunity_id}
    connection.execute(update(activity).where(activity.c.lead_id == of.id).values(**values))
