"""Keep finance's word about a delivery note; what waits at the counter for it is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.db import Transaction
from services.inventory.domain.delivery import OPEN_STATES
from services.inventory.domain.delivery_credit import CreditQuestion
from services.inventory.store import deliveries, delivery_checks
from services.inventory.use_cases.hand_over import hand_over_notes
from services.inventory.use_cases.ship_delivery import lock_delivery


@dataclass(frozen=True)
class CreditAnswer:
    """What finance said about which question; ``reasons`` are codes, ``figures`` what they rest on, as text."""

    delivery_id: str
    question: int
    verdict: Literal["granted", "refused"]
    status: str
    reasons: tuple[str, ...] = ()
    figures: dict[str, str] | None = None


def keep_credit_answer(tx: Transaction, answer: CreditAnswer, today: date | None = None) -> None:
    """Keep the answer with its note, which is locked; one to what has left, is off or was asked anew changes nothing.

    Finance may say otherwise later: its last word counts. What waits at the counter leaves on
    ``today``, the company's day.
    """
    asked = delivery_checks.question_of(tx.connection, answer.delivery_id)
    if asked is None or asked.question != answer.question:
        return
    at_counter = asked.hand_over_on is not None and answer.verdict == "granted"
    seen = deliveries.find(tx.connection, answer.delivery_id)
    if seen is None:
        return
    # Whoever hands over locks items and reservation before the note, as everybody who ships.
    note = lock_delivery(tx, seen.id, None).delivery if at_counter else deliveries.lock(tx.connection, seen)
    asked = delivery_checks.question_of(tx.connection, answer.delivery_id)
    if note is None or note.state not in OPEN_STATES or note.credit == "not_needed":
        return
    if asked is None or asked.question != answer.question:
        return
    deliveries.set_credit(tx, note, answer.verdict)
    delivery_checks.save(tx, _answered(tx, asked, answer))
    if asked.hand_over_on is not None and at_counter:
        hand_over_notes(tx, note.order_id, max(asked.hand_over_on, today or tx.now.date()))


def _answered(tx: Transaction, asked: CreditQuestion, answer: CreditAnswer) -> CreditQuestion:
    return replace(
        asked,
        status=answer.status,
        reasons=answer.reasons,
        figures=answer.figures,
        decided_at=tx.now,
    )
