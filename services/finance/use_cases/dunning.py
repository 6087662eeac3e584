"""Remind customers of what is overdue: level by level, each invoice at most once a level, whoever runs it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.dunning import DunningLevel, DunningPolicy, NothingToRemind, lines_of
from services.finance.domain.invoicing import Invoice
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.terms import Terms
from services.finance.events import ReminderIssued
from services.finance.store import accounts, dunning, invoices
from services.finance.store.dunning import Reminder
from services.finance.use_cases.accounts import ChangeStop, change_stop, lock_account

SERIES = "reminder"


@dataclass(frozen=True)
class SetPolicy:
    """The levels from now on; reminders that were issued keep the version that they were issued by."""

    levels: tuple[DunningLevel, ...]
    days_between: int
    automatic: bool = False
    expected_version: int | None = None


@dataclass(frozen=True)
class PauseDunning:
    """Leave an invoice alone up to and including ``until``, because it is disputed or promised."""

    invoice_id: str
    until: date | None
    reason: str | None = None


def set_policy(tx: Transaction, command: SetPolicy) -> DunningPolicy:
    """Store the next version of the policy."""
    current = dunning.policy(tx.connection)
    if command.expected_version not in (None, current.version):
        raise VersionMismatch(
            f"the policy is at version {current.version}", cure="read it again and repeat the change"
        )
    new = DunningPolicy(current.version + 1, command.levels, command.days_between, command.automatic)
    if replace(new, version=current.version) == current:
        return current
    dunning.add_policy(tx.connection, new, tx.cause.actor, tx.now)
    return new


def remind(tx: Transaction, customer_id: str, terms: Terms) -> Reminder:
    """Issue the customer's next reminder; refused with ``NothingToRemind`` when no invoice is due for one."""
    issued = remind_if_due(tx, customer_id, terms)
    if issued is None:
        raise NothingToRemind(
            "no invoice of this customer is due for its next reminder",
            field="customer_id",
            cure="choose one from GET /api/v1/dunning/proposals",
        )
    return issued


def remind_if_due(tx: Transaction, customer_id: str, terms: Terms) -> Reminder | None:
    """Issue the customer's next reminder, if it is time for one.

    The account is locked first, so no payment comes between, and of two who remind at once the second finds
    nothing to do. A level that stops credit does so with the reminder as its reason.
    """
    account = lock_account(tx, customer_id)
    rule, today = dunning.policy(tx.connection), terms.today(tx.now)
    overdue = dunning.overdue_of(tx.connection, [customer_id], today)[customer_id]
    lines = lines_of(rule, overdue, today)
    if not lines:
        return None
    issued = Reminder(
        reminder_id=tx.new_id(),
        number=f"DUN-{next_number(tx, SERIES):06d}",
        customer_id=customer_id,
        level=max(line.level for line in lines),
        policy_version=rule.version,
        issued_on=today,
        total=Money.total((line.open for line in lines), account.currency),
        lines=lines,
    )
    dunning.add(tx, issued)
    _tell(tx, issued)
    if rule.stops_credit(min(issued.level, len(rule.levels))) and not account.stopped:
        change_stop(tx, ChangeStop(customer_id, True, f"reminder {issued.number}"), terms)
    return issued


def _tell(tx: Transaction, issued: Reminder) -> None:
    told = ReminderIssued(
        reminder_id=issued.reminder_id,
        number=issued.number,
        customer_id=issued.customer_id,
        level=issued.level,
        issued_on=issued.issued_on,
        total=issued.total,
        invoice_ids=tuple(line.invoice_id for line in issued.lines),
    )
    publish(tx, told)


def customers_due(tx: Transaction, terms: Terms, limit: int) -> list[str]:
    """Return up to ``limit`` customers whom it is time to remind."""
    rule = dunning.policy(tx.connection)
    return dunning.customers_to_remind(tx.connection, rule, terms.today(tx.now), after=None, limit=limit)


def is_automatic(tx: Transaction) -> bool:
    """Tell whether the policy lets reminders be issued by themselves."""
    return dunning.policy(tx.connection).automatic


def remind_all(tx: Transaction, terms: Terms, limit: int) -> tuple[list[Reminder], bool]:
    """Remind up to ``limit`` customers; return the reminders, and whether there are more whom it is time to remind.

    All accounts are locked before the first number is taken: who reminds one of them takes both in this order too.
    """
    due = customers_due(tx, terms, limit + 1)
    some = due[:limit]
    accounts.lock_many(tx.connection, some)
    issued = [remind_if_due(tx, customer_id, terms) for customer_id in some]
    return [each for each in issued if each is not None], len(due) > limit


def pause(tx: Transaction, command: PauseDunning) -> Invoice:
    """Leave an invoice out of reminders until a day, or take it up again."""
    found = invoices.find(tx.connection, command.invoice_id)
    if found is None:
        raise InvoiceNotFound(
            f"there is no invoice {command.invoice_id}", cure="choose one from GET /api/v1/invoices"
        )
    lock_account(tx, found.customer_id)
    reason = command.reason if command.until else None
    dunning.pause(tx.connection, command.invoice_id, command.until, reason)
    return found
