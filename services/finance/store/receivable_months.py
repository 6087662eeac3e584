"""What moves receivables, added to its customer's month before the commit.

Whoever moves them has locked the customer's account, so nobody waits here for somebody who waits for him.
"""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction, Upsert, chunks
from libs.common.money import Money
from services.finance.store.month_tables import SUMS, receivable_month

_KEYS = ("customer_id", "month", "currency")
_ADD = Upsert(
    receivable_month,
    lambda insert: insert.on_conflict_do_update(
        index_elements=_KEYS,
        set_={name: receivable_month.c[name] + insert.excluded[name] for name in SUMS},
    ),
)
Moved = tuple[tuple[str, str, str], dict[str, int]]


def invoiced(tx: Transaction, customer_id: str, day: date, total: Money, revenue: Money) -> None:
    """Note an invoice: ``total`` with tax is owed, ``revenue`` without tax was earned."""
    _note(tx, customer_id, day, total.currency, invoiced_minor=total.minor, revenue_minor=revenue.minor)


def credited(tx: Transaction, customer_id: str, day: date, total: Money, revenue: Money) -> None:
    """Note a credit note; what it settles is noted by itself."""
    _note(tx, customer_id, day, total.currency, credited_minor=total.minor, revenue_minor=-revenue.minor)


def settled(tx: Transaction, customer_id: str, day: date, amount: Money) -> None:
    """Note what is not owed any more, whatever settled it; what is owed again is below zero."""
    _note(tx, customer_id, day, amount.currency, settled_minor=amount.minor)


def paid(tx: Transaction, customer_id: str, day: date, amount: Money, days: int, late: int) -> None:
    """Note money that settled a part of an invoice after so many days, so many of them past its due day."""
    _note(
        tx,
        customer_id,
        day,
        amount.currency,
        settled_minor=amount.minor,
        paid_minor=amount.minor,
        paid_days=amount.minor * days,
        late_minor=amount.minor if late > 0 else 0,
        late_days=amount.minor * max(late, 0),
    )


def _note(tx: Transaction, customer_id: str, day: date, currency: str, **added: int) -> None:
    tx.gather(_write, ((customer_id, f"{day:%Y-%m}", currency), added))


def _write(tx: Transaction, moved: list[Moved]) -> None:
    rows: dict[tuple[str, str, str], dict[str, int]] = {}
    for key, added in moved:
        row = rows.setdefault(key, dict.fromkeys(SUMS, 0))
        for name, value in added.items():
            row[name] += value
    values = [dict(zip(_KEYS, key, strict=True)) | row for key, row in sorted(rows.items())]
    for some in chunks(values):
        tx.connection.execute(_ADD.on(tx.connection), some)
