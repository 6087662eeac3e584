"""Open a ticket for something that happened, without anybody asking for it; once for each thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later, VersionMismatch
from services.service_desk.domain.cause import BY_ITSELF, Happening, Intake, intake_data
from services.service_desk.domain.ticket import Ticket
from services.service_desk.store import causes, customers, policies
from services.service_desk.store.policies import INTAKE, current_intake
from services.service_desk.use_cases.open_ticket import OpenTicket, open_ticket


def open_for_delay(tx: Transaction, happening: Happening, today: date) -> Ticket | None:
    """Open the ticket of a late order, where the house wants one."""
    return open_by_itself(tx, happening, today) if current_intake(tx.connection).late_delivery else None


def open_for_short(
    tx: Transaction, happening: Happening, reasons: Sequence[str], today: date
) -> Ticket | None:
    """Open the ticket of a delivery that left short for these reasons, where the house wants one."""
    return (
        open_by_itself(tx, happening, today) if current_intake(tx.connection).wants_short(reasons) else None
    )


def open_for_return(tx: Transaction, happening: Happening, today: date) -> Ticket | None:
    """Open the ticket of goods that came back bad, where the house wants one."""
    return open_by_itself(tx, happening, today) if current_intake(tx.connection).bad_return else None


def open_by_itself(tx: Transaction, happening: Happening, today: date) -> Ticket | None:
    """Open the ticket of what happened, unless there is one; who tells it twice, or at once, changes nothing."""
    if customers.find(tx.connection, happening.customer_id) is None:
        raise Later(f"customer {happening.customer_id} has not been registered here yet")
    ticket_id = tx.new_id()
    if not causes.claim(tx.connection, happening, ticket_id):
        return None
    command = OpenTicket(
        customer_id=happening.customer_id,
        kind=happening.kind,
        subject=happening.subject,
        description=happening.description,
        order_id=happening.order_id,
        opened_by=BY_ITSELF,
        today=today,
        priority=happening.priority,
        ticket_id=ticket_id,
        conversation=happening.conversation,
    )
    return open_ticket(tx, command)


def define_intake(tx: Transaction, wanted: Intake, by: str, expected_version: int | None = None) -> Intake:
    """Say which happenings open tickets from now on."""
    before = policies.lock_current(tx, INTAKE)
    last = before.version if before else 0
    if expected_version not in (None, last):
        raise VersionMismatch(f"the intake is at version {last}")
    policies.add(tx, INTAKE, last + 1, intake_data(wanted), by)
    return replace(wanted, version=last + 1)
