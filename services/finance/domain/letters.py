"""The letter that goes with a reminder, in the customer's language: plain text, to be sent or printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.money import Money
from services.finance.domain.dunning import ReminderLine

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Letter:
    """What is written to the customer."""

    language: Language
    subject: str
    body: str


@dataclass(frozen=True)
class _Words:
    subject: str
    greeting: str
    openings: tuple[str, str, str]
    line: str
    total: str
    closing: str


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        subject="Reminder {number}: {total} overdue",
        greeting="Dear {name},",
        openings=(
            "perhaps it has escaped your notice that these invoices are past their due date:",
            "in spite of our reminder we have not received your payment of these invoices:",
            "this is our last reminder. Please pay these invoices at once:",
        ),
        line="{number}  order {order}  due {due}  {days} days overdue  {open}",
        total="In total: {total}",
        closing="If you have paid in the meantime, please disregard this letter. {day}",
    ),
    "zh": _Words(
        subject="催款函 {number}：逾期 {total}",
        greeting="尊敬的{name}：",
        openings=(
            "您可能尚未留意，以下发票已超过付款期限：",
            "此前我们已提醒，但至今仍未收到以下发票的款项：",
            "这是最后一次催款，请立即支付以下发票：",
        ),
        line="{number}  订单 {order}  到期日 {due}  逾期 {days} 天  {open}",
        total="合计：{total}",
        closing="如您已付款，请忽略本函。{day}",
    ),
}


@dataclass(frozen=True)
class Passages:
    """What a letter says before and after the list of invoices."""

    greeting: str
    opening: str
    closing: str


def passages(language: Language, name: str, level: int, written_on: str) -> Passages:
    """Return the words of a letter of ``level``; from level 3 on it is the last warning."""
    words = _WORDS[language]
    return Passages(
        greeting=words.greeting.format(name=name),
        opening=words.openings[min(level, len(words.openings)) - 1],
        closing=words.closing.format(day=written_on),
    )


def write_letter(
    language: Language,
    number: str,
    name: str,
    level: int,
    issued_on: date,
    total: Money,
    lines: Sequence[ReminderLine],
) -> Letter:
    """Return the letter of the reminder ``number``; from level 3 on it is the last warning."""
    words, said = _WORDS[language], passages(language, name, level, issued_on.isoformat())
    listed = "\n".join(
        words.line.format(
            number=line.number,
            order=line.order_number,
            due=line.due_on.isoformat(),
            days=line.days_overdue,
            open=line.open,
        )
        for line in lines
    )
    parts = (
        said.greeting,
        said.opening,
        listed,
        words.total.format(total=total),
        said.closing,
    )
    return Letter(language, words.subject.format(number=number, total=total), "\n\n".join(parts) + "\n")
