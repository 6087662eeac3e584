"""Open an opportunity for what a technician noticed, with the customer's salesperson, and tell what comes of it."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.errors import Invalid, Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.crm.domain.finding import SOURCE, Finding
from services.crm.domain.item import checked_lines
from services.crm.domain.opportunity import Opportunity
from services.crm.events import OpportunityRevenueChanged
from services.crm.store import customers, findings, items
from services.crm.use_cases.activities import WriteActivity, write_activity
from services.crm.use_cases.open_opportunity import OpenOpportunity, open_opportunity


def open_for_finding(tx: Transaction, finding: Finding) -> Opportunity | None:
    """Open the opportunity of a finding, unless there is one, and put it before the customer's salesperson."""
    if findings.is_known(tx.connection, finding.finding_id):
        return None
    customer = customers.find(tx.connection, finding.customer_id)
    if customer is None:
        raise Later(f"customer {finding.customer_id} has not been registered here yet")
    command = OpenOpportunity(
        customer_id=finding.customer_id,
        title=finding.title,
        by=finding.found_by,
        source=SOURCE,
        next_step=finding.next_step or None,
        lines=_lines(tx, finding),
        finding_id=finding.finding_id,
        ticket_id=finding.ticket_id,
    )
    opened = open_opportunity(tx, command)
    findings.add(tx, finding, opened.id)
    task = WriteActivity(
        kind="task",
        subject=f"{finding.ticket_number}: {finding.title}",
        body=finding.note,
        by=finding.found_by,
        customer_id=finding.customer_id,
        opportunity_id=opened.id,
        owner_id=opened.owner_id,
        due_at=tx.now,
    )
    write_activity(tx, task)
    return opened


def tell_earned(tx: Transaction, order_id: str) -> None:
    """Tell, before the commit, what an order earns, if it comes of a finding."""
    tx.gather(_tell, (order_id, tx.cause.correlation_id, tx.cause.causation_id))


def _tell(tx: Transaction, news: list[tuple[str, str | None, str | None]]) -> None:
    causes = {order_id: cause for order_id, *cause in news}
    for each in findings.earned(tx.connection, causes):
        told = OpportunityRevenueChanged(
            opportunity_id=each.opportunity_id,
            number=each.number,
            finding_id=each.finding_id,
            ticket_id=each.ticket_id,
            order_id=each.order_id,
            order_number=each.order_number,
            state=each.state,
            order_total=each.total,
            revenue=each.revenue,
        )
        correlation_id, causation_id = causes[each.order_id]
        publish(tx, told, correlation_id=correlation_id, causation_id=causation_id)


def _lines(tx: Transaction, finding: Finding) -> tuple[tuple[str, Quantity], ...]:
    """Return what the customer may want, if it is sold so; what is not stands in the note for the salesperson."""
    if finding.wanted is None:
        return ()
    known = items.known(tx.connection, [finding.wanted[0]])
    if not known:
        raise Later(f"item {finding.wanted[0]} has not been described here yet")
    try:
        checked_lines((finding.wanted,), known)
    except Invalid:
        return ()
    return (finding.wanted,)
