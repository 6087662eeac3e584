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
    check_of_somebody,
    done,
    require_to_do,
)
from services.crm.domain.customer import visible_to
from services.crm.domain.lead import require_open, visible_lead
from services.crm.domain.sight import Owners, within
from services.crm.events import ActivityEnded, ActivityWithLeadEnded
from services.crm.store import activities, customers, leads, opportunities


@dataclass(frozen=True)
class WriteActivity:
    """What is to be done, or (``done``, and every note) was done; without an ``owner_id`` the writer does it."""

    kind: Kind
    subject: str
    by: str
    customer_id: str | None = None
    lead_id: str | None = None
    owners: Owners = None
    opportunity_id: str | None = None
    contact_id: str | None = None
    body: str | None = None
    due_at: datetime | None = None
    owner_id: str | None = None
    done: bool = False
    outcome: str | None = None


@dataclass(frozen=True)
class AboutActivity:
    """Which one, by whom; ``owners`` are the salespeople whose customers the caller sees."""

    activity_id: str
    by: str
    owners: Owners = None
    expected_version: int | None = None


def write_activity(tx: Transaction, command: WriteActivity) -> Activity:
    """Store an activity of a customer, or of a lead; what is done already is told."""
    customer_id, opportunity_id = _about_whom(tx, command)
    check_note(command.kind, command.due_at)
    _require_own(tx, command, customer_id)
    is_done = command.done or command.kind == "note"
    activity = Activity(
        id=tx.new_id(),
        customer_id=customer_id,
        lead_id=command.lead_id,
        kind=command.kind,
        subject=command.subject,
        owner_id=command.owner_id or command.by,
        created_by=command.by,
        created_at=tx.now,
        opportunity_id=opportunity_id,
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


def _about_whom(tx: Transaction, command: WriteActivity) -> tuple[str | None, str | None]:
    """Return the customer and the opportunity that it is about.

    A lead is kept still: one that is qualified at the same time takes this activity along, or has become a customer
    already, whose it then is.
    """
    check_of_somebody(command.customer_id, command.lead_id)
    if command.customer_id is not None:
        return visible_to(
            customers.find(tx.connection, command.customer_id), command.owners
        ).id, command.opportunity_id
    lead = visible_lead(leads.keep_still(tx.connection, str(command.lead_id)), command.owners)
    if lead.state == "merged":
        require_open(lead, "written about")
    return lead.customer_id, command.opportunity_id or lead.opportunity_id


def _tell(tx: Transaction, activity: Activity) -> None:
    if activity.customer_id is None:
        lead_id = str(activity.lead_id)
        publish(tx, ActivityWithLeadEnded(activity.id, lead_id, activity.kind, activity.owner_id))
        return
    told = ActivityEnded(
        activity.id, activity.customer_id, activity.kind, activity.owner_id, activity.opportunity_id
    )
    publish(tx, told)


def _require_own(tx: Transaction, command: WriteActivity, customer_id: str | None) -> None:
    """Refuse an opportunity or a contact of somebody else."""
    if command.opportunity_id is not None:
        found, _ = opportunities.find(tx.connection, command.opportunity_id)
        if found is None or found.customer_id != customer_id:
            raise NotOfThisCustomer("the customer has no such opportunity", field="opportunity_id")
    contact_id = command.contact_id
    if contact_id is not None and not activities.contact_is_of(tx.connection, contact_id, customer_id):
        raise NotOfThisCustomer("the customer has no such contact", field="contact_id")


def _locked(tx: Transaction, about: AboutActivity) -> Activity:
    found, customer_owner = activities.lock(tx.connection, about.activity_id)
    if found is None or not within(customer_owner, about.owners):
        raise ActivityNotFound("there is no such activity", field="activity_id")
    if about.expected_version not in (None, found.version):
        raise VersionMismatch(f"the activity is at version {found.version}")
    return found
