"""Looking at what was noticed while a ticket was worked on, and at what it earned."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from libs.common.money import Money
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import findings


@dataclass(frozen=True)
class TicketFindings:
    """What was noticed with a ticket, and what revenue is owed to it, by currency."""

    ticket_id: str
    findings: list[dict[str, object]]
    revenue: list[Money]


def findings_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> TicketFindings:
    """Return what was noticed with a ticket; refuse one that the caller may not know of."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    earned = findings.earned(connection, ticket_id)
    rows: list[dict[str, object]] = [
        vars(each) | {"orders": earned.get(each.id, [])} for each in findings.of_ticket(connection, ticket_id)
    ]
    sums: dict[str, Money] = {}
    for order in (order for orders in earned.values() for order in orders):
        currency = order.revenue.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + order.revenue
    return TicketFindings(ticket_id, rows, [sums[currency] for currency in sorted(sums)])
