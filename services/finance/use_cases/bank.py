"""What the bank says becomes payments: each line is booked, linked to a payment, or ignored with a reason, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from services.finance.domain.bank import (
    BankLineNotFound,
    BankStatementNotFound,
    PaymentDiffers,
    Statement,
    check_statement,
    require_money_in,
    require_open,
)
from services.finance.domain.payer import Guess
from services.finance.domain.payment import Payment, PaymentNotFound
from services.finance.domain.terms import Terms
from services.finance.store import accounts, bank, payments, periods
from services.finance.store.bank import BankLine
from services.finance.store.guesses import guesses_for
from services.finance.use_cases.exchange import can_be_valued
from services.finance.use_cases.payments import InvoiceShare, ReceivePayment, receive_payment

MOST_AT_ONCE = 50
LEFT_ALONE = "money out"


@dataclass(frozen=True)
class BookLine:
    """Take a line for a customer's payment. ``received_on`` defaults to the day on which the bank booked it."""

    line_id: str
    customer_id: str
    received_on: date | None = None
    allocations: tuple[InvoiceShare, ...] = ()


@dataclass(frozen=True)
class Certain:
    """What was booked unseen, and how many lines are left for somebody to look at; with ``more`` not all were tried."""

    booked: tuple[Payment, ...]
    left: int
    more: bool


def keep_statements(tx: Transaction, stated: Sequence[Statement], format_: str) -> list[str]:
    """Keep what the bank says; return the statements' ids. A line that came before, in whatever file, stays one."""
    checked = [check_statement(each) for each in stated]
    return [_keep(tx, each, format_) for each in sorted(checked, key=lambda each: each.account)]


def _keep(tx: Transaction, stated: Statement, format_: str) -> str:
    bank.wait_for_account(tx.connection, stated.account)
    references = [line.reference for line in stated.lines]
    known = bank.known_references(tx.connection, stated.account, references)
    new = [line for line in stated.lines if line.reference not in known]
    statement_id = bank.add_statement(tx, stated, format_, new=len(new), known=len(stated.lines) - len(new))
    bank.add_lines(tx, stated.account, statement_id, new, LEFT_ALONE)
    return statement_id


def book_line(tx: Transaction, command: BookLine, terms: Terms) -> Payment:
    """Record the line as a payment with the bank's own reference, and allocate it as asked.

    Locked are first the line, then the account: whoever books several lines does so in the same order.
    """
    line = _locked(tx, command.line_id)
    require_money_in(line.amount)
    return _book(
        tx, line, command.customer_id, command.allocations, command.received_on or line.booked_on, terms
    )


def _book(
    tx: Transaction,
    line: BankLine,
    customer_id: str,
    shares: tuple[InvoiceShare, ...],
    received_on: date,
    terms: Terms,
) -> Payment:
    receipt = ReceivePayment(customer_id, line.amount, line.reference, received_on, shares)
    payment = receive_payment(tx, receipt, terms)
    bank.settle(tx, line.line_id, "booked", payment_id=payment.payment_id)
    return payment


def link_line(tx: Transaction, line_id: str, payment_id: str) -> None:
    """Say that a payment which somebody recorded by hand is the money of this line."""
    line = _locked(tx, line_id)
    payment = payments.find(tx.connection, payment_id)
    if payment is None:
        raise PaymentNotFound(
            f"there is no payment {payment_id}",
            field="payment_id",
            cure="choose one from GET /api/v1/payments",
        )
    if payment.amount != line.amount:
        raise PaymentDiffers(
            f"{payment.number} is {payment.amount}, the line {line.amount}",
            field="payment_id",
            cure="choose the payment of the same amount, or book the line",
        )
    accounts.lock(tx.connection, payment.customer_id)
    other = bank.line_of_payment(tx.connection, payment_id)
    if other is not None:
        raise PaymentDiffers(
            f"{payment.number} is the money of another line, {other.reference}",
            field="payment_id",
            cure="choose another payment, or book the line",
        )
    bank.settle(tx, line_id, "booked", payment_id=payment_id)


def ignore_line(tx: Transaction, line_id: str, reason: str) -> None:
    """Leave a line alone: it is no customer's payment."""
    bank.settle(tx, _locked(tx, line_id).line_id, "ignored", reason=reason)


def take_up_line(tx: Transaction, line_id: str) -> None:
    """Look at an ignored line after all; one that is new already stays so."""
    line = _found(tx, line_id)
    if line.state == "ignored":
        bank.settle(tx, line_id, "new")
    else:
        require_open(line.state)


def book_certain(tx: Transaction, statement_id: str, terms: Terms) -> Certain:
    """Book the lines of a statement of which payer and purpose are certain, up to ``MOST_AT_ONCE`` looked at.

    What would be refused (a reference of a payment by hand, a closed period, a currency without a rate) is left for
    somebody to look at.
    """
    if not bank.has_statement(tx.connection, statement_id):
        raise BankStatementNotFound(
            f"there is no bank statement {statement_id}", cure="choose one from GET /api/v1/bank-statements"
        )
    lines = bank.lock_new(tx.connection, statement_id, MOST_AT_ONCE + 1)
    looked_at = lines[:MOST_AT_ONCE]
    guesses = {line.line_id: _certain(tx, line) for line in looked_at}
    accounts.lock_many(tx.connection, [guess.payer.customer_id for guess in guesses.values() if guess])
    tried = (_book_if_still(tx, line, guesses[line.line_id], terms) for line in looked_at)
    booked = tuple(payment for payment in tried if payment is not None)
    return Certain(booked, len(looked_at) - len(booked), len(lines) > MOST_AT_ONCE)


def _certain(tx: Transaction, line: BankLine) -> Guess | None:
    guesses = guesses_for(tx.connection, line, by_name=False)
    return guesses[0] if guesses and guesses[0].is_certain else None


def _book_if_still(tx: Transaction, line: BankLine, before: Guess | None, terms: Terms) -> Payment | None:
    """Book a line of which the same is certain now that its account is locked and the lines before it are booked."""
    guess = _certain(tx, line) if before else None
    if guess is None or before is None or guess.payer.customer_id != before.payer.customer_id:
        return None
    if line.booked_on > terms.today(tx.now) or periods.lock_now(tx.connection).is_locked(line.booked_on):
        return None
    if not can_be_valued(tx, line.amount, line.booked_on, terms):
        return None
    customer_id = guess.payer.customer_id
    if payments.find_by_reference(tx.connection, customer_id, line.reference) is not None:
        return None
    shares = tuple(InvoiceShare(each.invoice.invoice_id, each.amount) for each in guess.suggestions[0].shares)
    return _book(tx, line, customer_id, shares, line.booked_on, terms)


def _locked(tx: Transaction, line_id: str) -> BankLine:
    line = _found(tx, line_id)
    require_open(line.state)
    return line


def _found(tx: Transaction, line_id: str) -> BankLine:
    line = bank.find(tx.connection, line_id, locked=True)
    if line is None:
        raise BankLineNotFound(
            f"there is no bank line {line_id}", cure="choose one from GET /api/v1/bank-lines"
        )
    return line
