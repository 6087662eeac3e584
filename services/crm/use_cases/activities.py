"""Write down what was done with a customer, plan what is to be done, and do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from services.crm.domain.activity import (
    Activity,
    ActivityNotFound,
    Kind,
    NotOfThisCustomer,
    check_note,
    done,
    require_to_do,
)
from services.crm.domain.customer import visible_to
from services.crm.events import ActivityEnded
from services.crm.store import activities, customers, opportunities


@dataclass(frozen=True)
class WriteActivity:
    """What is to be done, or (``done``, and every note) was done; without an ``owner_id`` the writer does it."""

    customer_id: str
    kind: Kind
    subject: str
    by: str
    only_owner: str | None = None
    opportunity_id: str | None = None
    contact_id: str | None = None
    body: str | None = None
    due_at: datetime | None = None
    owner_id: str | None = None
    done: bool = False
    outcome: str | None = None


@dataclass(frozen=True)
class AboutActivity:
    """Which one, by whom; ``only_owner`` is the subject of a caller who sees own customers only."""

    activity_id: str
    by: str
    only_owner: str | None = None
    expected_version: int | None = None


def write_activity(tx: Transaction, command: WriteActivity) -> Activity:
    """Store an activity of a customer; what is done already is told."""
    customer = visible_to(customers.find(tx.connection, command.customer_id), command.only_owner)
    check_note(command.kind, command.due_at)
    _require_own(tx, command)
    is_done = command.done or command.kind == "note"
    activity = Activity(
        id=tx.new_id(),
        customer_id=customer.id,
        kind=command.kind,
        subject=command.subject,
        owner_id=command.owner_id or command.by,
        created_by=command.by,
        created_at=tx.now,
        opportunity_id=command.opportunity_id,
        contact_id=command.contact_id,
        body=command.body,
        due_at=command.due_at,
        done_at=tx.now if is_done else None,
        outcome=command.outcome if is_done else None,
    )
    activities.add(tx.connection, activity)
    if is_done:
        _tell(tx, activity)
    return activity


def change_activity(tx: Transaction, about: AboutActivity, changes: Mapping[str, Any]) -> Activity:
    """Change what is still to do."""
    before = _locked(tx, about)
    require_to_do(before)
    after = replace(before, **changes)
    return before if after == before else activities.save(tx.connection, after)


def end_activity(tx: Transaction, about: AboutActivity, outcome: str | None) -> Activity:
    """Do it, with what came of it; of two people at once one does it."""
    ended = activities.save(tx.connection, done(_locked(tx, about), outcome, tx.now))
    _tell(tx, ended)
    return ended


def _tell(tx: Transaction, activity: Activity) -> None:
    told = ActivityEnded(
        activity.id, activity.customer_id, activity.kind, activity.owner_id, activity.opportunity_id
    )
    publish(tx, told)


def _require_own(tx: Transaction, command: WriteActivity) -> None:
    """Refuse an opportunity or a contact of somebody else."""
    if command.opportunity_id is not None:
        found, _ = opportunities.find(tx.connection, command.opportunity_id)
        if found is None or found.customer_id != command.customer_id:
            raise NotOfThisCustomer("the customer has no such opportunity", field="opportunity_id")
    contact_id = command.contact_id
    if contact_id is not None and not activities.contact_is_of(
        tx.connection, contact_id, command.customer_id
    ):
        raise NotOfThisCustomer("the customer has no such contact", field="contact_id")


def _locked(tx: Transaction, about: AboutActivity) -> Activity:
    found, customer_owner = activities.lock(tx.connection, about.activity_id)
    if found is None or about.only_owner not in (None, customer_owner):
        raise ActivityNotFound("there is no such activity", field="activity_id")
    if about.expected_version not in (None, found.version):
        raise VersionMismatch(f"the activity is at version {found.version}")
    return found
