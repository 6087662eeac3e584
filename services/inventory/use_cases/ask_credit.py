"""Ask finance whether the goods of a note may leave, take the question back, and look whether there is one to ask."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain.delivery import OPEN_STATES, Delivery
from services.inventory.domain.delivery_credit import (
    CheckRule,
    ask_anew,
    escalated,
    first_question,
    refusal,
)
from services.inventory.events import DeliveryCreditAsked, DeliveryCreditWithdrawn
from services.inventory.store import deliveries, delivery_checks

SHIPPED, CANCELLED, NOT_NEEDED = "shipped", "cancelled", "not_needed"
BATCH = 100


def ask_about(tx: Transaction, note: Delivery) -> None:
    """Ask finance about a note that is stored as asked, whose row is this transaction's."""
    before = delivery_checks.question_of(tx.connection, note.id) if note.version > 1 else None
    if before is None:
        question = first_question(note.id, tx.now)
        delivery_checks.add(tx, question)
    else:
        question = ask_anew(before, tx.now)
        delivery_checks.save(tx, question)
    asked = DeliveryCreditAsked(
        delivery_id=note.id,
        number=note.number,
        order_id=note.order_id,
        order_number=note.order_number,
        customer_id=note.customer_id,
        question=question.question,
    )
    publish(tx, asked, correlation_id=note.correlation_id)


def take_back(tx: Transaction, note: Delivery, reason: str) -> None:
    """Tell finance that its word about a locked note is not needed any more; most notes were never asked about."""
    if note.credit == "not_needed":
        return
    asked = delivery_checks.question_of(tx.connection, note.id)
    if asked is None:
        raise RuntimeError(f"delivery {note.number} has finance's word, and nobody asked")
    told = DeliveryCreditWithdrawn(
        note.id, note.number, note.order_id, note.customer_id, asked.question, reason
    )
    publish(tx, told, correlation_id=note.correlation_id)


def require_credit(tx: Transaction, note: Delivery) -> None:
    """Refuse to let a locked note leave that needs finance's yes and has none."""
    if note.lacks_credit(tx.now):
        asked = delivery_checks.question_of(tx.connection, note.id)
        raise refusal(note.number, note.credit, asked)


def keep_rule(tx: Transaction, rule: CheckRule) -> None:
    """Keep by which rule finance is asked from now on, and look at what lies there; the job sees to the rest."""
    delivery_checks.keep_rule(tx, rule)
    review_notes(tx)


def review_notes(tx: Transaction, batch: int = BATCH) -> int:
    """Ask about open notes that by now need a yes, and take questions back that nobody needs; return how many."""
    rule = delivery_checks.rule_now(tx.connection)
    asked = [_ask(tx, found) for found in delivery_checks.due(tx.connection, rule, tx.now, batch)]
    idle = delivery_checks.not_asked_any_more(tx.connection, rule, tx.now, batch)
    return sum(asked) + sum([_take_back(tx, found) for found in idle])


def _locked(tx: Transaction, delivery_id: str) -> Delivery | None:
    seen = deliveries.find(tx.connection, delivery_id)
    found = deliveries.lock(tx.connection, seen) if seen is not None else None
    return found if found is not None and found.state in OPEN_STATES else None


def _ask(tx: Transaction, delivery_id: str) -> bool:
    note = _locked(tx, delivery_id)
    if note is None or note.credit != "not_needed" or not note.lacks_credit(tx.now):
        return False
    ask_about(tx, deliveries.set_credit(tx, note, "asked"))
    return True


def _take_back(tx: Transaction, delivery_id: str) -> bool:
    note = _locked(tx, delivery_id)
    if note is None or note.credit == "not_needed" or note.check.asks(note.credit_since, tx.now):
        return False
    deliveries.set_credit(tx, note, "not_needed")
    take_back(tx, note, NOT_NEEDED)
    return True


def escalate_credit(tx: Transaction, batch: int = BATCH) -> int:
    """Hand what waited for credit past its deadline to the sales manager, with a new one; return how many."""
    found = delivery_checks.overdue(tx.connection, tx.now, batch)
    return sum([_escalate(tx, delivery_id) for delivery_id in found])


def _escalate(tx: Transaction, delivery_id: str) -> bool:
    note = _locked(tx, delivery_id)
    asked = None if note is None else delivery_checks.question_of(tx.connection, note.id)
    moved = None if asked is None else escalated(asked, tx.now)
    if moved is None:
        return False
    delivery_checks.save(tx, moved)
    return True
