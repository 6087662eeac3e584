"""A bank's statement as a table of text: which column is what, and how days and amounts are written, is said."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from libs.common.money import Money
from services.finance.domain import bank
from services.finance.domain.bank import StatedLine, Statement, StatementUnreadable, made_up_reference, tidy

DayOrder = Literal["ymd", "dmy", "mdy"]
COLUMNS = ("booked_on", "amount", "text", "reference", "payer", "payer_account")
NEEDED = ("booked_on", "amount", "text")
_LONGEST_CELL = 4_000


@dataclass(frozen=True)
class CsvForm:
    """How the bank writes: ``columns`` maps our names to the file's, where they differ.

    ``day_order`` says how days are written, with whatever between the numbers; ``decimal`` is the decimal mark, the
    other of point and comma separates thousands.
    """

    account: str
    currency: str
    number: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: Literal[",", ";", "\t"] = ","
    decimal: Literal[".", ","] = "."
    day_order: DayOrder = "ymd"


def read_csv(text: str, form: CsvForm) -> tuple[Statement, ...]:
    """Return the one statement of a file; ``StatementUnreadable`` names the line and the column that are wrong."""
    lines = tuple(_line(no, row, form) for no, row in _rows(text, form))
    account = tidy(form.account, bank.LONGEST_ACCOUNT)
    return (Statement(account, tidy(form.number, bank.LONGEST_NUMBER), form.currency, lines),)


def _rows(text: str, form: CsvForm) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each row with its number in the file, by our names of the columns."""
    rows = csv.reader(
        text.removeprefix("\ufeff").splitlines(keepends=True), delimiter=form.delimiter, strict=True
    )
    try:
        head = [tidy(name, _LONGEST_CELL) for name in next(rows, [])]
        places = _places(head, form)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, _cells(row, places, rows.line_num)
    except csv.Error as error:
        raise _unreadable(f"line {rows.line_num}: {error}", "check the delimiter and the quotes") from None


def _places(head: list[str], form: CsvForm) -> dict[str, int]:
    """Return where our columns stand; with none of the needed ones it is the file that is another, not a name."""
    named = {ours: form.columns.get(ours, ours) for ours in COLUMNS}
    if not any(named[ours] in head for ours in NEEDED):
        raise _unreadable(
            "its first line names none of the columns",
            "send a table with a head, and say in csv how it is written",
        )
    for ours in COLUMNS:
        if named[ours] not in head and (ours in NEEDED or ours in form.columns):
            raise StatementUnreadable(
                f"there is no column {named[ours]!r}",
                field=f"csv.columns.{ours}",
                cure="name one of: " + ", ".join(name[:40] for name in head[:20]),
            )
    return {ours: head.index(theirs) for ours, theirs in named.items() if theirs in head}


def _cells(row: list[str], places: Mapping[str, int], line_no: int) -> dict[str, str]:
    if any(place >= len(row) for place in places.values()):
        raise _unreadable(f"line {line_no} has {len(row)} cells, fewer than the head", "check the delimiter")
    return {name: row[place].strip() for name, place in places.items()}


def _line(line_no: int, row: Mapping[str, str], form: CsvForm) -> StatedLine:
    booked_on = _day(line_no, row["booked_on"], form.day_order)
    amount = _amount(line_no, row["amount"], form)
    text = tidy(row["text"], bank.LONGEST_TEXT)
    payer = tidy(row.get("payer", ""), bank.LONGEST_NAME) or None
    reference = tidy(row.get("reference", ""), bank.LONGEST_REFERENCE - 10)
    return StatedLine(
        line_no=line_no,
        reference=reference or made_up_reference(booked_on, amount, text, payer),
        booked_on=booked_on,
        amount=amount,
        text=text,
        payer=payer,
        payer_account=tidy(row.get("payer_account", ""), bank.LONGEST_ACCOUNT) or None,
    )


def _day(line_no: int, text: str, order: DayOrder) -> date:
    digits = "".join(letter if letter.isdecimal() and letter.isascii() else " " for letter in text).split()
    if len(digits) == 1 and len(digits[0]) == 8 and order == "ymd":
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    try:
        parts = dict(zip(order, (int(each) for each in digits), strict=True))
        return date(parts["y"], parts["m"], parts["d"])
    except ValueError:
        raise _unreadable(
            f"line {line_no}: {text[:40]!r} is no day written as {order}",
            "say in csv.day_order how days are written",
        ) from None


def _amount(line_no: int, text: str, form: CsvForm) -> Money:
    plain = _plain(text, form)
    try:
        return Money.of(plain, form.currency)
    except ValueError:
        raise _unreadable(
            f"line {line_no}: {text[:40]!r} is no amount of {form.currency}",
            "say in csv.decimal which mark comes before the decimals",
        ) from None


def _plain(text: str, form: CsvForm) -> str:
    """Return the amount as digits with a point; nothing at all where the thousands are not set in threes."""
    sign, digits = ("-", text[1:]) if text[:1] in ("-", "\u2212") else ("", text.removeprefix("+"))
    whole, mark, decimals = digits.partition(form.decimal)
    thousands = "," if form.decimal == "." else "."
    first, *rest = (
        whole.replace("\u00a0", thousands).replace(" ", thousands).replace("'", thousands).split(thousands)
    )
    if rest and (not 1 <= len(first) <= 3 or any(len(group) != 3 for group in rest)):
        return ""
    return sign + first + "".join(rest) + ("." + decimals if mark else "")


def _unreadable(message: str, cure: str) -> StatementUnreadable:
    return StatementUnreadable(message, field="content", cure=cure)
