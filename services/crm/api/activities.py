"""Activities over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.crm.api.who import READERS, SELLERS, seen_owners
from services.crm.domain.activity import KINDS
from services.crm.reports.activities import ActivityRow, ActivitySearch, list_activities, one_activity
from services.crm.use_cases.activities import (
    AboutActivity,
    WriteActivity,
    change_activity,
    end_activity,
    write_activity,
)

TEXT = 10_000

activities = Noun(
    "activities", "/api/v1/activities", description="What was done with customers, and is to be"
)


class ActivityIn(Strict):
    """Something to do, or (``done``, and every note) done."""

    customer_id = fields.IdField(allow_none=True)
    lead_id = fields.IdField(allow_none=True, metadata={"description": "In place of the customer."})
    kind = fields.Choice(*KINDS, required=True)
    subject = fields.Text(max=200, required=True)
    body = fields.Text(max=TEXT, multiline=True, allow_none=True)
    opportunity_id = fields.IdField(allow_none=True)
    contact_id = fields.IdField(allow_none=True)
    due_at = fields.UtcField(allow_none=True)
    owner_id = fields.Text(max=64, metadata={"description": "Who does it; left out: you."})
    done = fields.Flag(metadata={"description": "Whether it was done already."})
    outcome = fields.Text(max=TEXT, multiline=True, metadata={"description": "What came of it, if done."})


class ActivityChange(Strict):
    """Fields to change while it is to do; null clears one, one that is left out stays."""

    subject = fields.Text(max=200)
    body = fields.Text(max=TEXT, multiline=True, allow_none=True)
    due_at = fields.UtcField(allow_none=True)
    owner_id = fields.Text(max=64)


class OutcomeIn(Strict):
    """What came of it."""

    outcome = fields.Text(max=TEXT, multiline=True, allow_none=True)


class ActivityOut(Strict):
    """An activity; ``done_at`` is null while it is to do."""

    id = fields.IdField()
    customer_id = fields.IdField(
        allow_none=True, metadata={"description": "Null while it is about a lead that is no customer."}
    )
    customer_number = fields.Text(max=32, allow_none=True)
    customer_name = fields.Text(max=200, allow_none=True)
    lead_id = fields.IdField(allow_none=True)
    lead_number = fields.Text(max=32, allow_none=True)
    lead_name = fields.Text(max=200, allow_none=True)
    kind = fields.Choice(*KINDS)
    subject = fields.Text(max=200)
    body = fields.Text(max=TEXT, multiline=True, allow_none=True)
    opportunity_id = fields.IdField(allow_none=True)
    contact_id = fields.IdField(allow_none=True)
    owner_id = fields.Text(max=64)
    due_at = fields.UtcField(allow_none=True)
    done_at = fields.UtcField(allow_none=True)
    outcome = fields.Text(max=TEXT, multiline=True, allow_none=True)
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    version = fields.CountField(least=1)


class ActivityFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    lead_id = fields.IdField()
    opportunity_id = fields.IdField()
    owner_id = fields.Text(max=64)
    kind = fields.Choice(*KINDS)
    done = fields.Flag()
    due_until = fields.UtcField()


@activities.command(
    "POST",
    "/",
    body=ActivityIn,
    answer=ActivityOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/activities/{id}",
    summary="Write an activity",
)
def write(tx: Transaction, body: dict[str, Any]) -> ActivityRow:
    """Plan something with a customer or a lead, or write down what was done."""
    command = WriteActivity(**body, by=principal().subject, owners=seen_owners(tx.connection))
    return one_activity(tx.connection, write_activity(tx, command).id)


@activities.query(
    "/", answer=ActivityOut, roles=READERS, filters=ActivityFilter, paged=True, summary="Find activities"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List activities, the latest written first."""
    wanted = ActivitySearch(owners=seen_owners(connection), **filters)
    rows = list_activities(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=_position)


def _position(row: ActivityRow) -> tuple[str]:
    return (row.id,)


@activities.command(
    "PATCH",
    "/<uuid:activity_id>",
    body=ActivityChange,
    answer=ActivityOut,
    roles=SELLERS,
    summary="Change what is to do",
)
def change(tx: Transaction, body: dict[str, Any], activity_id: str) -> ActivityRow:
    """Change it while it is to do."""
    change_activity(tx, _about(tx, activity_id), body)
    return one_activity(tx.connection, activity_id)


@activities.command(
    "POST",
    "/<uuid:activity_id>/done",
    body=OutcomeIn,
    answer=ActivityOut,
    roles=SELLERS,
    summary="Do it",
)
def end(tx: Transaction, body: dict[str, Any], activity_id: str) -> ActivityRow:
    """Say that it is done, and what came of it."""
    end_activity(tx, _about(tx, activity_id), body.get("outcome"))
    return one_activity(tx.connection, activity_id)


def _about(tx: Transaction, activity_id: str) -> AboutActivity:
    return AboutActivity(activity_id, principal().subject, seen_owners(tx.connection), expected_version())
