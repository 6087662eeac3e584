"""Activities: what somebody did, or is to do, with a customer: call, visit, mail, task, note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from libs.common.errors import Invalid, NotFound, Refused

Kind = Literal["call", "visit", "mail", "task", "note"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class ActivityNotFound(NotFound):
    """There is no such activity, or the caller may not know of it."""

    code = "activity_not_found"
    usual_cure = "list the activities"


class ActivityDone(Refused):
    """What is done cannot be done again or changed."""

    code = "activity_done"
    usual_cure = "write another activity"


class NoteIsDone(Invalid):
    """A note is nothing to be done: it has no day on which it is due."""

    code = "note_is_done"
    usual_cure = "leave due_at out, or make it a task"


class NotOfThisCustomer(Invalid):
    """An activity names an opportunity or a contact of another customer."""

    code = "not_of_this_customer"
    usual_cure = "name one of the customer's own, or leave it out"


@dataclass(frozen=True)
class Activity:
    """Something done or to be done; ``owner_id`` is who does it, ``done_at`` is empty while it is still to do.

    ``customer_id`` is empty while the lead that it is about is no customer.
    """

    id: str
    customer_id: str | None
    kind: Kind
    subject: str
    owner_id: str
    created_by: str
    created_at: datetime
    opportunity_id: str | None = None
    contact_id: str | None = None
    body: str | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    outcome: str | None = None
    version: int = 1
    lead_id: str | None = None


class OfSomebody(Invalid):
    """An activity is about a customer or a lead."""

    code = "activity_of_somebody"
    usual_cure = "name customer_id or lead_id, and only one of them"


def check_of_somebody(customer_id: str | None, lead_id: str | None) -> None:
    """Refuse an activity about nobody, or about both."""
    if (customer_id is None) == (lead_id is None):
        raise OfSomebody("it is about a customer or a lead", field="customer_id")


def check_note(kind: Kind, due_at: datetime | None) -> None:
    """Refuse a note that is due."""
    if kind == "note" and due_at is not None:
        raise NoteIsDone("a note is written, not due", field="due_at")


def require_to_do(activity: Activity) -> None:
    """Refuse to change what is done."""
    if activity.done_at is not None:
        raise ActivityDone("this is done already", done_at=activity.done_at)


def done(activity: Activity, outcome: str | None, now: datetime) -> Activity:
    """Return it as done, with what came of it."""
    require_to_do(activity)
    return replace(activity, done_at=now, outcome=outcome)
