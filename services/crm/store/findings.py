"""Opportunities that come of what service noticed, each once, and what their orders earn."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from libs.common.db import Transaction, rows_among
from libs.common.money import Money
from services.crm.domain.finding import Earned, Finding
from services.crm.store.pipeline_tables import followed_order, opportunity, opportunity_finding


def is_known(connection: Connection, finding_id: str) -> bool:
    """Tell whether there is an opportunity of a finding already."""
    query = select(opportunity_finding.c.finding_id).where(opportunity_finding.c.finding_id == finding_id)
    return connection.execute(query).one_or_none() is not None


def add(tx: Transaction, finding: Finding, opportunity_id: str) -> None:
    """Note of which finding an opportunity comes; the table refuses a second one of the same."""
    values = {
        "finding_id": finding.finding_id,
        "opportunity_id": opportunity_id,
        "ticket_id": finding.ticket_id,
        "ticket_number": finding.ticket_number,
        "kind": finding.kind,
        "noted_at": tx.now,
    }
    tx.connection.execute(insert(opportunity_finding).values(**values))


def earned(connection: Connection, order_ids: Iterable[str]) -> list[Earned]:
    """Return what those of the orders earn that come of a finding and that sales has told of."""
    order, of = followed_order.c, opportunity_finding.c
    query = (
        select(
            of.opportunity_id,
            opportunity.c.number,
            of.finding_id,
            of.ticket_id,
            order.order_id,
            order.number.label("order_number"),
            order.state,
            order.total_minor,
            order.revenue_minor,
            order.currency,
        )
        .join(opportunity_finding, of.opportunity_id == order.opportunity_id)
        .join(opportunity, opportunity.c.id == of.opportunity_id)
    )
    found = [row._asdict() for row in rows_among(connection, query, order.order_id, order_ids)]
    return [
        Earned(
            total=Money(row.pop("total_minor"), row["currency"]),
            revenue=Money(row.pop("revenue_minor"), row.pop("currency")),
            **row,
        )
        for row in found
    ]
