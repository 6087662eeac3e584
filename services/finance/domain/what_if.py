"""What if: an order of so much, after these payments, on that day; by the rules that decide about real orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.errors import Invalid
from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.credit import explain_wait
from services.finance.domain.payment import require_positive
from services.finance.domain.standing import CreditPolicy, Standing, standing


class WhatIfInvalid(Invalid):
    """The order or the day that is asked about cannot be."""

    code = "what_if_invalid"


@dataclass(frozen=True)
class Due:
    """An open amount and the day by which it is to be paid."""

    due_on: date
    open: Money


@dataclass(frozen=True)
class ExpectedPayment:
    """Money that is expected on a day."""

    amount: Money
    received_on: date


@dataclass(frozen=True)
class Question:
    """An order of ``amount``, with the ``payments`` that have come by the day ``on``."""

    amount: Money
    on: date
    payments: tuple[ExpectedPayment, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """How the account would stand on the day, with the order if it is granted; else it waits at ``position``.

    ``shortfall`` is what must come free for the order and those that wait before it.
    """

    on: date
    granted: bool
    standing: Standing
    exposure: Money
    limit: Money | None
    room: Money | None
    shortfall: Money
    position: int
    overdue: Money
    oldest_due_on: date | None


def check_question(question: Question, account: Account, today: date) -> None:
    """Refuse an order of less than nothing, another currency, a past day, and money that comes after the day."""
    if question.amount.currency != account.currency:
        raise WhatIfInvalid(
            f"the account is kept in {account.currency}",
            field="order_amount.currency",
            cure=f"give {account.currency}",
        )
    if question.amount.minor < 0:
        raise WhatIfInvalid(
            "an order of less than nothing cannot be", field="order_amount.amount", cure="give 0 or more"
        )
    if question.on < today:
        raise WhatIfInvalid(
            f"{question.on.isoformat()} is past", field="on", cure=f"give {today.isoformat()} or a later day"
        )
    for place, payment in enumerate(question.payments):
        require_positive(payment.amount, account.currency, f"payments.{place}.amount")
        if not today <= payment.received_on <= question.on:
            raise WhatIfInvalid(
                f"{payment.received_on.isoformat()} does not lie between today and the day that is asked about",
                field=f"payments.{place}.received_on",
                cure=f"give {today.isoformat()} to {question.on.isoformat()}",
            )


def look_ahead(
    account: Account, policy: CreditPolicy, dues: Sequence[Due], question: Question, waiting: Sequence[Money]
) -> Outlook:
    """Return what would become of the order; the payments settle what fell due first, the rest is money in advance.

    The order queues behind what is ``waiting`` already, as a real one would.
    """
    account, left = _paid(account, dues, question.payments)
    oldest = min((due.due_on for due in left), default=None)
    ahead = Money.total(waiting, account.currency)
    before = standing(account, policy, oldest, question.on)
    wait = explain_wait(account, question.amount, ahead, len(waiting) + 1, before.status)
    held = account.stopped or policy.holds(account, oldest, question.on)
    granted = not held and (not wait.shortfall or not (question.amount or waiting))
    then = replace(account, held=account.held + ahead + question.amount) if granted else account
    return Outlook(
        on=question.on,
        granted=granted,
        standing=standing(then, policy, oldest, question.on),
        exposure=then.exposure,
        limit=then.limit,
        room=then.room,
        shortfall=Money.zero(account.currency) if granted else wait.shortfall,
        position=wait.position,
        overdue=Money.total((due.open for due in left if due.due_on < question.on), account.currency),
        oldest_due_on=oldest,
    )


def _paid(
    account: Account, dues: Sequence[Due], payments: Sequence[ExpectedPayment]
) -> tuple[Account, list[Due]]:
    """Return the account and what is still open once the payments have come, the oldest paid first."""
    money = Money.total((payment.amount for payment in payments), account.currency)
    left: list[Due] = []
    for due in sorted(dues, key=lambda due: due.due_on):
        part = min(money, due.open)
        money -= part
        if part < due.open:
            left.append(replace(due, open=due.open - part))
        account = replace(account, receivable=account.receivable - part)
    return replace(account, unallocated=account.unallocated + money), left
