"""What the bank says came in and went out: statements, their lines, and what is done about each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money

LineState = Literal["new", "booked", "ignored"]
MOST_LINES = 5_000
LONGEST_ACCOUNT, LONGEST_NUMBER, LONGEST_REFERENCE, LONGEST_NAME, LONGEST_TEXT = 64, 70, 140, 140, 1000


class StatementUnreadable(Invalid):
    """The file is not what it is said to be, or lacks what a statement must have."""

    code = "statement_unreadable"


class StatementDoesNotAddUp(Invalid):
    """What the bank had at the beginning and what moved do not make what it had at the end."""

    code = "statement_does_not_add_up"


class BankStatementNotFound(NotFound):
    """No statement of the bank has this id."""

    code = "bank_statement_not_found"


class BankLineNotFound(NotFound):
    """No line of a bank statement has this id."""

    code = "bank_line_not_found"


class BankLineSettled(Refused):
    """Somebody has booked or ignored the line already."""

    code = "bank_line_settled"


class BankLineNotMoneyIn(Refused):
    """Only money that came in can be a customer's payment."""

    code = "bank_line_not_money_in"


class PaymentDiffers(Refused):
    """The payment is not the money of this line."""

    code = "payment_differs"


@dataclass(frozen=True)
class StatedLine:
    """Money that moved: ``amount`` is negative when it went out. ``reference`` is the bank's own, once per account."""

    line_no: int
    reference: str
    booked_on: date
    amount: Money
    text: str
    payer: str | None = None
    payer_account: str | None = None
    is_reversal: bool = False

    @property
    def needs_somebody(self) -> bool:
        """Whether a person has to look at it: what the company paid out by itself is only kept."""
        return self.amount.minor > 0 or self.is_reversal


@dataclass(frozen=True)
class Statement:
    """What one account's bank says of some days; the balances where the bank gives them."""

    account: str
    number: str
    currency: str
    lines: tuple[StatedLine, ...]
    opening: Money | None = None
    closing: Money | None = None


def check_statement(statement: Statement) -> Statement:
    """Return the statement with references that tell its lines apart; refuse one that cannot be true."""
    if not statement.lines:
        raise StatementUnreadable(
            "the statement has no booked line", field="content", cure="send one of days on which money moved"
        )
    if len(statement.lines) > MOST_LINES:
        raise StatementUnreadable(
            f"more than {MOST_LINES} lines", field="content", cure="send a file for fewer days"
        )
    _check_balances(statement)
    return replace(statement, lines=tuple(_told_apart(statement.lines)))


def _check_balances(statement: Statement) -> None:
    if statement.opening is None or statement.closing is None:
        return
    moved = Money.total((line.amount for line in statement.lines), statement.currency)
    if statement.opening + moved != statement.closing:
        raise StatementDoesNotAddUp(
            f"{statement.opening} and {moved} do not make {statement.closing}",
            field="content",
            cure="ask the bank for the whole statement; a line may be missing or be there twice",
            opening=statement.opening,
            moved=moved,
            closing=statement.closing,
        )


def _told_apart(lines: Iterable[StatedLine]) -> Iterable[StatedLine]:
    """Give the n-th line of the same reference its n, so that each has one that is the same in every file."""
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line.reference] += 1
        times = seen[line.reference]
        yield line if times == 1 else replace(line, reference=f"{line.reference} #{times}")


def made_up_reference(booked_on: date, amount: Money, text: str, payer: str | None) -> str:
    """Return what stands for the bank's reference where it gives none: what is said of the line, in its order."""
    said = " ".join(part for part in (booked_on.isoformat(), amount.digits, payer or "", text) if part)
    return tidy(said, LONGEST_REFERENCE - 10)


def tidy(text: str, longest: int) -> str:
    """Return printable text on one line, cut to ``longest`` characters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:longest].rstrip()


def require_open(state: LineState) -> None:
    """Refuse to settle a line twice."""
    if state != "new":
        raise BankLineSettled(f"the line is {state} already", cure="choose one from GET /api/v1/bank-lines")


def require_money_in(amount: Money) -> None:
    """Refuse to take what went out for a payment."""
    if amount.minor <= 0:
        raise BankLineNotMoneyIn(
            "the money went out", cure="ignore the line, with the reason; it is no payment of a customer"
        )
