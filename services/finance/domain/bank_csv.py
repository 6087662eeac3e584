"""A bank's statement as a table of text: which column is what, and how days and amounts are written, is said."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

from libs.common.money import Money
from services.finance.domain import bank
from services.finance.domain.bank import StatedLine, Statement, StatementUnreadable, made_up_reference, tidy

DayOrder = Literal["ymd", "dmy", "mdy"]
COLUMNS = ("booked_on", "amount", "text", "reference", "payer", "payer_account")
NEEDED = ("booked_on", "amount", "text")
_LONGEST_CELL = 4_000
MOST_FAULTS = 100
"""So many faults of a file are named at most."""

_Read = TypeVar("_Read")
_Faults = list[StatementUnreadable]


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
    """Return the one statement of a file; ``StatementUnreadable`` names every line and column that is wrong.

    One fault is told as it is; of several each is among the refusal's ``reasons``, up to ``MOST_FAULTS``.
    """
    lines: list[StatedLine] = []
    faults: _Faults = []
    for line_no, row in _rows(text, form, faults):
        line = _line(line_no, row, form, faults)
        if line is not None:
            lines.append(line)
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise _all_of(faults[:MOST_FAULTS])
    account = tidy(form.account, bank.LONGEST_ACCOUNT)
    return (Statement(account, tidy(form.number, bank.LONGEST_NUMBER), form.currency, tuple(lines)),)


def _all_of(faults: _Faults) -> StatementUnreadable:
    if len(faults) == 1:
        return faults[0]
    count = f"at least {MOST_FAULTS}" if len(faults) == MOST_FAULTS else str(len(faults))
    whole = StatementUnreadable(f"{count} faults in the file; the first is: {faults[0].message}")
    whole.reasons = tuple(faults)
    return whole


def _rows(text: str, form: CsvForm, faults: _Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each row with its number in the file, by our names of the columns; a row that is none is a fault.

    Behind a row whose quotes do not end nothing can be told apart any more.
    """
    rows = csv.reader(
        text.removeprefix("\ufeff").splitlines(keepends=True), delimiter=form.delimiter, strict=True
    )
    try:
        head = [tidy(name, _LONGEST_CELL) for name in next(rows, [])]
        places = _places(head, form)
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = _tried(faults, lambda: _cells(row, places, rows.line_num))  # noqa: B023 - called at once
                if cells is not None:
                    yield rows.line_num, cells
    except csv.Error as error:
        faults.append(_unreadable(f"line {rows.line_num}: {error}", "check the delimiter and the quotes"))


def _tried(faults: _Faults, read: Callable[[], _Read]) -> _Read | None:
    """Return what is read, or nothing and one fault more."""
    try:
        return read()
    except StatementUnreadable as fault:
        faults.append(fault)
        return None


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


def _line(line_no: int, row: Mapping[str, str], form: CsvForm, faults: _Faults) -> StatedLine | None:
    booked_on = _tried(
        faults, lambda: _day(_place(line_no, "booked_on", form), row["booked_on"], form.day_order)
    )
    amount = _tried(faults, lambda: _amount(_place(line_no, "amount", form), row["amount"], form))
    if booked_on is None or amount is None:
        return None
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


def _place(line_no: int, ours: str, form: CsvForm) -> str:
    """Return where a cell stands, by the name that the file has for its column."""
    return f"line {line_no}, column {form.columns.get(ours, ours)[:40]!r}"


def _day(place: str, text: str, order: DayOrder) -> date:
    digits = "".join(letter if letter.isdecimal() and letter.isascii() else " " for letter in text).split()
    if len(digits) == 1 and len(digits[0]) == 8 and order == "ymd":
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    try:
        parts = dict(zip(order, (int(each) for each in digits), strict=True))
        return date(parts["y"], parts["m"], parts["d"])
    except ValueError:
        raise _unreadable(
            f"{place}: {text[:40]!r} is no day written as {order}",
            "say in csv.day_order how days are written",
        ) from None


def _amount(place: str, text: str, form: CsvForm) -> Money:
    plain = _plain(text, form)
    try:
        return Money.of(plain, form.currency)
    except ValueError:
        raise _unreadable(
            f"{place}: {text[:40]!r} is no amount of {form.currency}",
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
