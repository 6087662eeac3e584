"""Opportunities that come of what service noticed, each once, and what their orders earn."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BindParameter, Connection, bindparam, insert, select

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from services.crm.domain.finding import Earned, Finding
from services.crm.store.pipeline_tables import followed_order, opportunity, opportunity_finding

_ORDER, _OF = followed_order.c, opportunity_finding.c
_THESE: BindParameter[list[str]] = bindparam("of_ids", expanding=True)
_EARNED = Prepared(
    select(
        _OF.opportunity_id,
        opportunity.c.number,
        _OF.finding_id,
        _OF.ticket_id,
        _ORDER.order_id,
        _ORDER.number.label("order_number"),
        _ORDER.state,
        _ORDER.total_minor,
        _ORDER.revenue_minor,
        _ORDER.currency,
    )
    .join(opportunity_finding, _OF.opportunity_id == _ORDER.opportunity_id)
    .join(opportunity, opportunity.c.id == _OF.opportunity_id)
    .where(_ORDER.order_id.in_(_THESE))
)


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
    found = [row._asdict() for row in connection.execute(_EARNED, {"of_ids": sorted(order_ids)}).all()]
    return [
        Earned(
            total=Money(row.pop("total_minor"), row["currency"]),
            revenue=Money(row.pop("revenue_minor"), row.pop("currency")),
            **row,
        )
        for row in found
    ]
