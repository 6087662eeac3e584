"""Say whether the goods of a delivery note may leave, and say so anew whenever the customer's standing changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.credit_override import CreditOverride
from services.finance.domain.delivery_check import (
    DeliveryQuestion,
    Verdict,
    decide,
    needed_for_delivery,
)
from services.finance.domain.standing import first_policy
from services.finance.domain.terms import Terms
from services.finance.events import (
    DeliveryCreditClosed,
    DeliveryCreditGranted,
    DeliveryCreditRefused,
)
from services.finance.store import accounts, credit_policies, delivery_questions, dues, overrides
from services.finance.use_cases.approving import lapse_approval


@dataclass(frozen=True)
class AskedDelivery:
    """A note that may not leave before finance has said yes."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    question: int = 1


@dataclass(frozen=True)
class WithdrawnDelivery:
    """A note about which nobody needs to know any more, and why: shipped, cancelled, not_needed."""

    delivery_id: str
    customer_id: str
    question: int
    reason: str


def ask_delivery(tx: Transaction, asked: AskedDelivery, terms: Terms) -> None:
    """Record the question and answer it, by how the customer stands, whose account is locked; again: the same."""
    account = accounts.lock(tx.connection, asked.customer_id)
    if account is None:
        raise Later(f"the account of customer {asked.customer_id} is not here yet")
    known = delivery_questions.find(tx.connection, asked.delivery_id)
    if known is not None and known.question >= asked.question:
        return
    new = DeliveryQuestion(
        **vars(asked),
        correlation_id=tx.cause.correlation_id or asked.order_id,
        asked_at=tx.now,
        version=0 if known is None else known.version,
    )
    delivery_questions.put(tx, new, is_new=known is None)
    if known is None or known.state == "closed":
        delivery_questions.count_open(tx.connection, asked.customer_id, 1)
    _Bench(tx, account, terms).answer(asked.delivery_id)


def withdraw_delivery(tx: Transaction, withdrawn: WithdrawnDelivery) -> None:
    """Close a question that need not be answered any more; who was told no is told that."""
    accounts.lock(tx.connection, withdrawn.customer_id)
    known = delivery_questions.find(tx.connection, withdrawn.delivery_id)
    if known is None or known.state == "closed" or known.question > withdrawn.question:
        return
    closed = replace(known, state="closed", decided_at=tx.now, version=known.version + 1)
    delivery_questions.put(tx, closed, is_new=False)
    delivery_questions.count_open(tx.connection, known.customer_id, -1)
    if known.state != "refused":
        return
    left = delivery_questions.refused_of_order(tx.connection, known.order_id)
    told = DeliveryCreditClosed(
        known.delivery_id,
        known.number,
        known.order_id,
        known.customer_id,
        known.question,
        withdrawn.reason,
        tuple(left),
    )
    publish(tx, told, correlation_id=known.correlation_id)
    if not left:
        alive = overrides.alive_of(tx.connection, known.customer_id).get(known.order_id)
        end_delivery_override(tx, alive, f"the delivery is {withdrawn.reason}")


def end_delivery_override(tx: Transaction, override: CreditOverride | None, reason: str) -> None:
    """End an override for deliveries that none needs any more, and with it the approval that it waits for."""
    if override is None or override.purpose != "delivery":
        return
    overrides.settle(tx.connection, override.override_id, overrides.ALIVE, "lapsed", tx.now)
    if override.state == "waiting":
        lapse_approval(tx, override.approval_id, reason)


def decide_anew(tx: Transaction, account: Account, terms: Terms) -> None:
    """Answer the open questions of a locked account by how it stands now; only what changes is told."""
    if account.open_questions:
        _Bench(tx, account, terms).answer()


class _Bench:
    """A customer's open questions with all that they are decided by, read under the account's lock."""

    def __init__(self, tx: Transaction, account: Account, terms: Terms) -> None:
        connection = tx.connection
        self.tx, self.account, self.today = tx, account, terms.today(tx.now)
        self.policy = credit_policies.policy_now(connection, first_policy(terms))
        self.oldest = dues.oldest_due_on(connection, account.customer_id)
        self.beyond = Money(delivery_questions.let_pass(connection, account.customer_id), account.currency)
        self.questions = delivery_questions.open_of(connection, account.customer_id)
        self.alive = overrides.alive_of(connection, account.customer_id)

    def answer(self, new: str | None = None) -> None:
        """Decide each; the ``new`` one is told in any case."""
        changed: list[tuple[DeliveryQuestion, Verdict]] = []
        for known, on_credit in self.questions:
            override = self._usable(known) if known.override_id is None else None
            decided, verdict = self._decide(known, on_credit, override)
            same = (decided.state, decided.reasons) == (known.state, known.reasons)
            if not same or known.delivery_id == new:
                delivery_questions.put(self.tx, decided, is_new=False)
                changed.append((decided, verdict))
        for decided, verdict in changed:
            self._tell(decided, verdict)
        for order_id in sorted({decided.order_id for decided, _ in changed}):
            self._use_up(order_id, [decided for decided, _ in changed if decided.order_id == order_id])

    def _usable(self, known: DeliveryQuestion) -> CreditOverride | None:
        """Return the order's override, if it reaches: its customer is not further over the limit than it says."""
        found = self.alive.get(known.order_id)
        if found is None or found.purpose != "delivery" or not found.is_usable(self.today):
            return None
        return found if needed_for_delivery(self.account) <= found.amount else None

    def _decide(
        self, known: DeliveryQuestion, on_credit: bool, override: CreditOverride | None
    ) -> tuple[DeliveryQuestion, Verdict]:
        def by(through: bool) -> Verdict:
            return decide(
                self.account,
                self.policy,
                self.oldest,
                self.today,
                on_credit=on_credit,
                beyond=self.beyond,
                by_override=through,
            )

        used = known.override_id
        verdict = by(used is not None)
        if not verdict.granted and override is not None and by(True).granted:
            verdict, used = by(True), override.override_id
        decided = replace(
            known,
            state="granted" if verdict.granted else "refused",
            status=verdict.status,
            reasons=verdict.reasons,
            override_id=used,
            decided_at=self.tx.now,
            version=known.version + 1,
        )
        return decided, verdict

    def _tell(self, decided: DeliveryQuestion, verdict: Verdict) -> None:
        told = DeliveryCreditRefused(
            delivery_id=decided.delivery_id,
            number=decided.number,
            order_id=decided.order_id,
            order_number=decided.order_number,
            customer_id=decided.customer_id,
            question=decided.question,
            status=verdict.status,
            reasons=verdict.reasons,
            figures=verdict.figures,
            refused_of_order=tuple(delivery_questions.refused_of_order(self.tx.connection, decided.order_id)),
        )
        event: object = told
        if verdict.granted:
            event = DeliveryCreditGranted(**vars(told), override_id=decided.override_id)
        publish(self.tx, event, correlation_id=decided.correlation_id)

    def _use_up(self, order_id: str, changed: list[DeliveryQuestion]) -> None:
        """Use the order's override up that let notes go; one that none of its notes needs any more ends."""
        override = self.alive.get(order_id)
        if override is None or override.purpose != "delivery":
            return
        if any(each.override_id == override.override_id for each in changed):
            overrides.settle(self.tx.connection, override.override_id, ("approved",), "used", self.tx.now)
        elif not delivery_questions.refused_of_order(self.tx.connection, order_id):
            end_delivery_override(self.tx, override, "granted without it")
