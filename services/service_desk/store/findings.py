"""What technicians noticed, whose opportunity it became, and what its orders earn."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, insert, select, update

from libs.common.db import Upsert
from libs.common.money import Money
from services.service_desk.domain.finding import Earned, Finding
from services.service_desk.store.course_tables import finding_revenue, ticket_finding

_PLAIN = tuple(field.name for field in fields(Finding) if field.name != "quantity")
_EARN = Upsert(
    finding_revenue,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["finding_id", "order_id"],
        set_={
            column.name: insert.excluded[column.name]
            for column in finding_revenue.c
            if not column.primary_key
        },
        where=finding_revenue.c.as_of_sequence < insert.excluded.as_of_sequence,
    ),
)


def add(connection: Connection, new: Finding) -> None:
    """Store what was noticed."""
    values = {name: getattr(new, name) for name in _PLAIN} | {"quantity_milli": new.quantity}
    connection.execute(insert(ticket_finding).values(**values))


def of_ticket(connection: Connection, ticket_id: str) -> list[Finding]:
    """Return what was noticed while a ticket was worked on, in the order in which it was."""
    query = (
        select(ticket_finding).where(ticket_finding.c.ticket_id == ticket_id).order_by(ticket_finding.c.id)
    )
    return [
        Finding(**{name: getattr(row, name) for name in _PLAIN}, quantity=row.quantity_milli)
        for row in connection.execute(query)
    ]


def became(
    connection: Connection, finding_id: str, opportunity_id: str, number: str, owner_id: str | None
) -> bool:
    """Note the opportunity that a finding became; false when there is no such finding."""
    statement = update(ticket_finding).where(ticket_finding.c.id == finding_id)
    values = {"opportunity_id": opportunity_id, "opportunity_number": number, "owner_id": owner_id}
    return connection.execute(statement.values(**values)).rowcount == 1


def earn(connection: Connection, finding_id: str, order: Earned, sequence: int) -> None:
    """Note what an order of a finding earns, as of crm's ``sequence``-th message of its opportunity."""
    values = {
        "finding_id": finding_id,
        "order_id": order.order_id,
        "order_number": order.order_number,
        "state": order.state,
        "ordered_minor": order.order_total.minor,
        "revenue_minor": order.revenue.minor,
        "currency": order.revenue.currency,
        "as_of_sequence": sequence,
    }
    connection.execute(_EARN.on(connection), values)


def earned(connection: Connection, ticket_id: str) -> dict[str, list[Earned]]:
    """Return what the orders earn that came of the findings of a ticket, by finding."""
    query = (
        select(finding_revenue)
        .join(ticket_finding, ticket_finding.c.id == finding_revenue.c.finding_id)
        .where(ticket_finding.c.ticket_id == ticket_id)
        .order_by(finding_revenue.c.order_id)
    )
    found: dict[str, list[Earned]] = {}
    for row in connection.execute(query):
        total, revenue = (Money(minor, row.currency) for minor in (row.ordered_minor, row.revenue_minor))
        order = Earned(row.order_id, row.order_number, row.state, total, revenue)
        found.setdefault(row.finding_id, []).append(order)
    return found
