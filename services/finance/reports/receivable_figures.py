"""Revenue, days sales outstanding and how fast is paid, month by month, out of what moved receivables."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Connection, cast, func, select

from libs.common.errors import Invalid
from libs.common.money import Money
from services.finance.domain.dso import MonthMoved, count_back, days_sales_outstanding
from services.finance.store.month_tables import SUMS, receivable_month
from services.finance.store.tables import account
from services.finance.store.teams import SIGHT

MOST_MONTHS = 120
_YEAR = 12


class PeriodBackwards(Invalid):
    """A period ends before it begins."""

    code = "period_backwards"


class PeriodTooLong(Invalid):
    """A period is longer than a figure is worked out for."""

    code = "period_too_long"


@dataclass(frozen=True)
class MonthSearch:
    """Which months (``2026-03``), both included, in which currency; ``today`` ends the present one."""

    since: str
    until: str
    currency: str
    today: date
    customer_id: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class MonthEnd:
    """A month with what was owed at its end (or is now), and what that means in days of credit sales."""

    moved: MonthMoved
    balance: Money
    dso: str | None
    count_back_dso: str | None


@dataclass(frozen=True)
class ReceivableFigures:
    """The months, and the period as a whole."""

    months: tuple[MonthEnd, ...]
    total: MonthEnd


def months_asked_for(since: str | None, until: str | None, today: date) -> tuple[str, str]:
    """Return the first and the last month; the last twelve, with the present one, unless said otherwise."""
    present = f"{today:%Y-%m}"
    last = min(until or present, present)
    first = since or _later(last, 1 - _YEAR)
    if first > last:
        raise PeriodBackwards("the period ends before it begins", field="from", cure="give an earlier month")
    if len(_each(first, last)) > MOST_MONTHS:
        raise PeriodTooLong(
            "the period is too long", field="from", cure=f"ask for at most {MOST_MONTHS} months"
        )
    return first, last


def receivable_figures(connection: Connection, wanted: MonthSearch) -> ReceivableFigures:
    """Return the figures; what was before the period counts for the balance and for counting back."""
    moved = _moved(connection, wanted)
    balance, ends, whole = Money.zero(wanted.currency), [], []
    for place, month in enumerate(moved):
        balance = balance + month.invoiced - month.settled
        if month.month < wanted.since:
            continue
        whole.append(month)
        ends.append(_end(month, balance, moved[: place + 1]))
    return ReceivableFigures(tuple(ends), _end(_whole(whole, wanted), balance, moved))


def _end(month: MonthMoved, balance: Money, until: list[MonthMoved]) -> MonthEnd:
    dso = days_sales_outstanding(balance, month.credit_sales, month.days)
    return MonthEnd(month, balance, dso, count_back(balance, until))


def _moved(connection: Connection, wanted: MonthSearch) -> list[MonthMoved]:
    """Return each month from the first in which anything moved, or from the first asked for."""
    table = receivable_month.c
    sums = (cast(func.sum(table[name]), BigInteger).label(name) for name in SUMS)
    query = select(table.month, *sums).where(table.month <= wanted.until, table.currency == wanted.currency)
    if wanted.customer_id is not None:
        query = query.where(table.customer_id == wanted.customer_id)
    if wanted.only_owner is not None:
        query = query.join(account, account.c.customer_id == table.customer_id)
        query = query.where(SIGHT.holds(account.c.owner_id, wanted.only_owner))
    found = {row.month: row for row in connection.execute(query.group_by(table.month))}
    first = min([wanted.since, *found])
    return [
        _month(each, {name: int(getattr(found[each], name)) if each in found else 0 for name in SUMS}, wanted)
        for each in _each(first, wanted.until)
    ]


def _month(month: str, sums: dict[str, int], wanted: MonthSearch) -> MonthMoved:
    def money(name: str) -> Money:
        return Money(sums[f"{name}_minor"], wanted.currency)

    return MonthMoved(
        month=month,
        days=_days(month, wanted.today),
        invoiced=money("invoiced"),
        credited=money("credited"),
        revenue=money("revenue"),
        settled=money("settled"),
        paid=money("paid"),
        paid_days=sums["paid_days"],
        late=money("late"),
        late_days=sums["late_days"],
    )


def _whole(months: list[MonthMoved], wanted: MonthSearch) -> MonthMoved:
    def total(name: str) -> Money:
        return Money.total((getattr(month, name) for month in months), wanted.currency)

    return MonthMoved(
        month=wanted.until,
        days=sum(month.days for month in months),
        invoiced=total("invoiced"),
        credited=total("credited"),
        revenue=total("revenue"),
        settled=total("settled"),
        paid=total("paid"),
        paid_days=sum(month.paid_days for month in months),
        late=total("late"),
        late_days=sum(month.late_days for month in months),
    )


def _days(month: str, today: date) -> int:
    year, number = int(month[:4]), int(month[5:])
    return today.day if (year, number) == (today.year, today.month) else monthrange(year, number)[1]


def _each(since: str, until: str) -> list[str]:
    months = [since]
    while months[-1] < until:
        months.append(_later(months[-1], 1))
    return months


def _later(month: str, months: int) -> str:
    number = int(month[:4]) * _YEAR + int(month[5:]) - 1 + months
    return f"{number // _YEAR:04}-{number % _YEAR + 1:02}"
