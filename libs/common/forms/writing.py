"""Filling in the form that applies now, in the transaction that stores the document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from libs.common.db import Transaction
from libs.common.forms import store
from libs.common.forms.filling import Filled, fill


@dataclass(frozen=True)
class Filling:
    """What somebody with ``roles`` fills in on that ``day``, which is the company's."""

    given: Mapping[str, Any]
    roles: Collection[str]
    day: date


def fill_in(
    tx: Transaction,
    document: str,
    before: Filled | None,
    filling: Filling | None,
    *,
    in_full: bool = True,
) -> Filled:
    """Return what a document says after ``filling``; ``before`` is nothing for a new one.

    Without a filling a new document gets the defaults, and may lack what is required: it came about by itself, and
    nobody is there to be asked. One that is there stays as it is.
    """
    if filling is None and before is not None:
        return before
    form = store.current(tx.connection, document)
    if filling is None:
        return fill(form, None, {}, (), date.min, in_full=False)
    said = None if before is None else before.values
    return fill(form, said, filling.given, filling.roles, filling.day, in_full=in_full)


def find_by_fields(
    tx: Transaction, document: str, document_id: str, before: Filled | None, now: Filled
) -> None:
    """Let a document be found by what it says now; whoever calls this holds the document's row, or has just made it."""
    was = {} if before is None else before.values
    if was != now.values:
        store.index(tx, store.current(tx.connection, document), document_id, was, now.values)
