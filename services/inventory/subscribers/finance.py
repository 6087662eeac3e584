"""What inventory hears from finance: when to ask before goods leave, its word about a note, what suppliers credited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.inventory.domain.delivery_credit import CheckRule
from services.inventory.use_cases.ask_credit import keep_rule
from services.inventory.use_cases.keep_credit_answer import CreditAnswer, keep_credit_answer
from services.inventory.use_cases.return_to_supplier import note_credited

subscriptions = Subscriptions("inventory")


@dataclass(frozen=True)
class CheckSet:
    """What inventory reads of the policy of credit at the delivery."""

    version: int
    when: str
    days: int | None = None


@dataclass(frozen=True)
class Decided:
    """What inventory reads of finance's word about a note."""

    delivery_id: str
    question: int
    status: str
    reasons: tuple[str, ...] = ()
    figures: dict[str, str] | None = None


@subscriptions.on("finance.credit_policy.delivery_check_set.v1", CheckSet)
def check_set(tx: Transaction, view: CheckSet, message: Message) -> None:
    """Ask from now on as the policy says; one that inventory does not know yet is read as: always."""
    when = view.when if view.when in ("never", "after_days") else "always"
    keep_rule(tx, CheckRule(view.version, when, view.days if when == "after_days" else None))  # type: ignore[arg-type]


def subscriptions_by_day(company_day: Callable[[datetime], date]) -> Subscriptions:
    """Return the handlers of finance's word: what waited for it at the counter leaves on the company's day."""
    by_day = Subscriptions("inventory")

    @by_day.on("finance.delivery_credit.granted.v1", Decided)
    def credit_granted(tx: Transaction, view: Decided, message: Message) -> None:
        """Let the note leave."""
        keep_credit_answer(tx, _answer(view, "granted"), company_day(tx.now))

    @by_day.on("finance.delivery_credit.refused.v1", Decided)
    def credit_refused(tx: Transaction, view: Decided, message: Message) -> None:
        """Keep the note in the house."""
        keep_credit_answer(tx, _answer(view, "refused"), company_day(tx.now))

    return by_day


def _answer(view: Decided, verdict: Literal["granted", "refused"]) -> CreditAnswer:
    return CreditAnswer(view.delivery_id, view.question, verdict, view.status, view.reasons, view.figures)


@dataclass(frozen=True)
class SupplierCredited:
    """What is read of ``finance.supplier_credit_note.posted.v1``."""

    number: str
    supplier_return_id: str | None = None


@subscriptions.on("finance.supplier_credit_note.posted.v1", SupplierCredited)
def supplier_credited(tx: Transaction, view: SupplierCredited, message: Message) -> None:
    """Note on the return that the supplier has credited it."""
    if view.supplier_return_id is not None:
        note_credited(tx, view.supplier_return_id, view.number)
