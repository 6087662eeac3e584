"""Share the work: say who is on duty, give a ticket to somebody else, and hand out what waits for anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.service_desk.domain.roster import Means, NotOnTheRoster, Roster, check_roster, roster_data
from services.service_desk.domain.ticket import UNRESOLVED, Ticket, given_to
from services.service_desk.store import assignments, policies, tickets
from services.service_desk.store.assignments import ROSTER
from services.service_desk.use_cases.assign import by_load, note_assigned
from services.service_desk.use_cases.work_on_ticket import Worker, locked_ticket


def define_roster(tx: Transaction, wanted: Roster, by: str, expected_version: int | None = None) -> Roster:
    """Say who works on what from now on; tickets that somebody has stay with them."""
    check_roster(wanted)
    before = policies.lock_current(tx, ROSTER)
    last = before.version if before else 0
    if expected_version not in (None, last):
        raise VersionMismatch(f"the roster is at version {last}", cure="read it again and repeat")
    policies.add(tx, ROSTER, last + 1, roster_data(wanted), by)
    return replace(wanted, version=last + 1)


def reassign_ticket(
    tx: Transaction, ticket_id: str, worker: Worker, assignee_id: str | None, today: date
) -> Ticket:
    """Give the ticket to somebody who works on its queue, away or not; to nobody named: by load, as a new one."""
    before = locked_ticket(tx, ticket_id, worker)
    if assignee_id is not None and assignee_id != worker.subject:
        _require_on_roster(tx, before, assignee_id)
    given = given_to(before, assignee_id)
    after = given if assignee_id is not None else by_load(tx, given, today)
    if after == before:
        return before
    saved = tickets.save(tx.connection, after, tx.now)
    means: Means = "load" if assignee_id is None and saved.assignee_id is not None else "hand"
    note_assigned(tx, before.assignee_id, saved, means, worker.subject)
    return saved


def hand_out(tx: Transaction, ticket_id: str, today: date) -> bool:
    """Give a ticket that is still nobody's to who has the least to do; return whether anybody got it."""
    before = tickets.lock(tx.connection, ticket_id)
    if before is None or before.state not in UNRESOLVED or before.assignee_id is not None:
        return False
    after = by_load(tx, before, today)
    if after.assignee_id is None:
        return False
    note_assigned(tx, None, tickets.save(tx.connection, after, tx.now), "load")
    return True


def _require_on_roster(tx: Transaction, ticket: Ticket, assignee_id: str) -> None:
    if not assignments.current_roster(tx.connection).works_on(assignee_id, ticket.queue):
        raise NotOnTheRoster(f"this person does not work on {ticket.queue}", field="assignee_id")
