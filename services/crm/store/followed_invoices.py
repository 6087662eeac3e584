"""Invoices as crm follows them: what each comes to, when it is due, and what was settled of it.

A payment may be heard of before its invoice: they are told apart. Until the invoice is heard of, nothing of it is open.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func

from libs.common.db import Transaction, Upsert
from libs.common.money import Money
from services.crm.store import overviews
from services.crm.store.overview_tables import followed_invoice

_I = followed_invoice.c
_TOLD = ("due_on", "currency", "total_minor")
_ADD = Upsert(
    followed_invoice,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["invoice_id"],
        set_={"settled_minor": _I.settled_minor + insert.excluded.settled_minor}
        | {name: func.coalesce(insert.excluded[name], _I[name]) for name in _TOLD},
    ),
)


def posted(tx: Transaction, invoice_id: str, customer_id: str, due_on: date, total: Money) -> None:
    """Note what an invoice comes to."""
    told = {"due_on": due_on, "currency": total.currency, "total_minor": total.minor}
    tx.gather(_write, {"invoice_id": invoice_id, "customer_id": customer_id, **told})


def settled(tx: Transaction, invoice_id: str, customer_id: str, minor: int) -> None:
    """Add to what was settled of an invoice; less than nothing where a part is owed again."""
    tx.gather(_write, {"invoice_id": invoice_id, "customer_id": customer_id, "settled_minor": minor})


def _write(tx: Transaction, news: list[dict[str, Any]]) -> None:
    """Write what a group of messages said, invoice by invoice in the one sequence in which everybody does."""
    rows: dict[str, dict[str, Any]] = {}
    for each in news:
        row = rows.setdefault(each["invoice_id"], dict.fromkeys(_TOLD) | {"settled_minor": 0})
        total = row["settled_minor"] + each.get("settled_minor", 0)
        row.update(each | {"settled_minor": total})
    tx.connection.execute(_ADD.on(tx.connection), [rows[invoice] for invoice in sorted(rows)])
    overviews.look_again(tx, sorted({row["customer_id"] for row in rows.values()}))
