"""What must hold: after every step in the stores that changed, and in all of them once everything has come to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from meridian.audit.run import QUERIES, audit
from meridian.topography import SERVICES
from tests.simulation.broker import Broker
from tests.simulation.plant import Plant
from tests.simulation.requests import Desk

# These hold once messages have arrived, not at every moment.
_AT_REST_ONLY = ("I06_order_and_saga_end_together",)
_EFFECTS = {
    "quotation": ("sales", "SELECT COUNT(*) FROM quotation"),
    "order": ("sales", "SELECT COUNT(*) FROM sales_order"),
    "change": ("sales", "SELECT COUNT(*) FROM order_change"),
    "shipment": ("inventory", "SELECT COUNT(*) FROM delivery WHERE state IN ('shipped', 'delivered')"),
    "document": (
        "inventory",
        # What was not found as it was picked leaves the books by a document of its own, and so does what a count found.
        (
            "SELECT COUNT(*) FROM stock_document WHERE id NOT IN (SELECT document_id FROM stock_discrepancy)"
            " AND id NOT IN (SELECT document_id FROM stock_count WHERE document_id IS NOT NULL)"
        ),
    ),
    "stock count": ("inventory", "SELECT COUNT(*) FROM stock_count"),
    "purchase order": ("inventory", "SELECT COUNT(*) FROM purchase_order"),
    "return": ("inventory", "SELECT COUNT(*) FROM goods_return"),
    "credit note": (
        "finance",
        # What came back, and what is never shipped, is credited without being asked for, under other reasons.
        "SELECT COUNT(*) FROM credit_note WHERE return_id IS NULL AND reason = 'damaged'",
    ),
    "payment": ("finance", "SELECT COUNT(*) FROM payment"),
    "allocation": (
        "finance",
        (
            "SELECT COUNT(*) FROM allocation a JOIN invoice i ON i.id = a.invoice_id "
            "JOIN sales_order o ON o.order_id = i.order_id WHERE o.payment = 'on_account'"
        ),
    ),
    "customer": ("crm", "SELECT COUNT(*) FROM customer"),
    "ticket": ("service_desk", "SELECT COUNT(*) FROM ticket WHERE opened_by <> 'meridian'"),
}


class Violation(AssertionError):
    """An invariant does not hold."""


@dataclass(frozen=True)
class Check:
    """One query of the audit that must find nothing whenever somebody looks."""

    name: str
    statement: str


@cache
def checks_of(service: str) -> tuple[Check, ...]:
    """Return the audit's queries over one store that hold at every moment, whatever the time."""
    found = []
    for folder in ("every", service):
        for path in sorted((QUERIES / folder).glob("*.sql")):
            _sentence, _, statement = path.read_text(encoding="utf-8").partition("\n")
            if ":minute_ago" not in statement and path.stem not in _AT_REST_ONLY:
                found.append(Check(path.stem, statement))
    return tuple(found)


def after_step(plant: Plant, touched: Iterable[str]) -> None:
    """Check the stores that a step has changed."""
    for service in sorted(touched):
        for check in checks_of(service):
            offenders = plant.rows(service, check.statement)
            if offenders:
                raise Violation(
                    f"{check.name} in {service}: {', '.join(str(row[0]) for row in offenders[:5])}"
                )


def effects(plant: Plant) -> Counter[str]:
    """Count what requests have made, by kind."""
    return Counter(
        {kind: int(plant.rows(service, statement)[0][0]) for kind, (service, statement) in _EFFECTS.items()}
    )


def at_rest(plant: Plant, broker: Broker, desk: Desk, before: Counter[str]) -> None:
    """Check everything, once nothing is under way: the whole audit, and what people were answered."""
    problems = [f"{service}: {len(queue)} in the queue" for service, queue in broker.queues.items() if queue]
    for service in SERVICES:
        for table in ("outbox", "parked"):
            left = plant.rows(service, f"SELECT type FROM {table}")
            problems += [f"{service}: {type_} is left in {table}" for (type_,) in left]
    report = audit(plant.databases, now=plant.clock.now())
    problems += [
        f"{found.invariant} {found.check} in {found.store}: {', '.join(found.ids[:5])}"
        for found in report.findings
        if found.violations
    ]
    problems += _answers_without_effect(plant, desk, before)
    if problems:
        raise Violation("\n".join(problems))


def in_time(plant: Plant) -> None:
    """Check what has to do with time: no hold is past its deadline without anybody's having been told."""
    late = plant.rows(
        "sales",
        "SELECT order_id, deadline FROM order_hold WHERE released_at IS NULL AND deadline < :now",
        now=f"{plant.clock.now():%Y-%m-%d %H:%M:%S.%f}",
    )
    if late:
        raise Violation(f"I06 holds past their deadline: {late}")


def _answers_without_effect(plant: Plant, desk: Desk, before: Counter[str]) -> list[str]:
    now, made = effects(plant), desk.ledger.made
    return [
        f"I12: {made[kind]} times a {kind} was answered for, {now[kind] - before[kind]} times there is one"
        for kind in _EFFECTS
        if now[kind] - before[kind] != made[kind]
    ]


def all_ended(plant: Plant) -> None:
    """Check that nothing is left to do, after people have done their part about everything."""
    questions = {
        "orders": ("sales", "SELECT id, state FROM sales_order WHERE state NOT IN ('done', 'cancelled')"),
        "sagas": ("sales", "SELECT key, step FROM saga WHERE state = 'running'"),
        "reservations": (
            "inventory",
            "SELECT order_id, state FROM reservation WHERE state IN ('reserved', 'waiting', 'partial')",
        ),
        "reserved stock": (
            "inventory",
            "SELECT item_id, reserved_milli FROM stock WHERE reserved_milli <> 0",
        ),
        "requisitions of a shortage": (
            "inventory",
            "SELECT number, state FROM requisition WHERE origin = 'shortage' AND state = 'open'",
        ),
        "credit holds": (
            "finance",
            "SELECT order_id, state FROM credit_hold WHERE state IN ('granted', 'waiting')",
        ),
        "held credit": ("finance", "SELECT customer_id, held_minor FROM account WHERE held_minor <> 0"),
        "receivables": (
            "finance",
            "SELECT customer_id, receivable_minor FROM account WHERE receivable_minor <> 0",
        ),
    }
    left = [
        f"{what}: {', '.join(' '.join(map(str, row)) for row in rows[:5])}"
        for what, (service, statement) in questions.items()
        if (rows := plant.rows(service, statement))
    ]
    if left:
        raise Violation("not everything came to an end; " + "; ".join(left))
