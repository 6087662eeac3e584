"""What the sub-ledgers sum to: each beside the control account that plays its role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal, null, select, union_all

from services.finance.domain.roles import ADVANCES, GRNI, PAYABLES, RECEIVABLES
from services.finance.store.payables_tables import bought_line, supplier_invoice
from services.finance.store.supplier_credit_tables import supplier_credit_note
from services.finance.store.tables import account

_NOTHING = literal(0, BigInteger)


def sub_ledgers(codes: Mapping[str, str]) -> Iterator[Select[Any]]:
    """Give a query for each sub-ledger: the code of its control account, and its sum by currency, debit or credit."""
    yield _owed(codes[RECEIVABLES], account.c.currency, debit=func.sum(account.c.receivable_minor))
    yield _owed(codes[ADVANCES], account.c.currency, credit=func.sum(account.c.unallocated_minor))
    open_ = union_all(
        select(supplier_invoice.c.currency, supplier_invoice.c.open_minor),
        select(supplier_credit_note.c.currency, -supplier_credit_note.c.open_minor),
    ).subquery()
    yield _owed(codes[PAYABLES], open_.c.currency, credit=func.sum(open_.c.open_minor))
    uninvoiced = func.sum(bought_line.c.received_minor - bought_line.c.invoiced_minor)
    yield _owed(codes[GRNI], bought_line.c.currency, credit=uninvoiced)


def _owed(
    code: str,
    currency: ColumnElement[str],
    *,
    debit: ColumnElement[Any] = _NOTHING,
    credit: ColumnElement[Any] = _NOTHING,
) -> Select[Any]:
    query = select(
        literal(code).label("code"),
        null().label("name"),
        null().label("kind"),
        currency,
        debit.label("debit"),
        credit.label("credit"),
    )
    return query.group_by(currency)
