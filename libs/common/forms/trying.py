"""Defining a form, and trying one on past documents before it applies to any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from libs.common.db import Transaction
from libs.common.forms import store
from libs.common.forms.definition import Form, Words, next_form
from libs.common.forms.faults import FormOutdated
from libs.common.forms.values import Values


@dataclass(frozen=True)
class FormKind:
    """A kind of document that has a form.

    ``reserved`` are the names that it says already; ``last`` tells what the last of them say of their forms.
    """

    name: str
    label: Words
    reserved: frozenset[str]
    last: Callable[[Connection, int], Sequence[Values]]


@dataclass(frozen=True)
class Lacking:
    """How many documents do not say a field that the form requires of new ones."""

    key: str
    documents: int


@dataclass(frozen=True)
class FormTrial:
    """What a form would make of the last documents: the version it would be, and what they lack of it."""

    version: int
    looked_at: int
    lacking: tuple[Lacking, ...]


def define_form(tx: Transaction, kind: FormKind, wanted: Form, based_on: int, roles: Collection[str]) -> Form:
    """Store the next version of a form; what documents say is kept, and read by it from now on."""
    return store.add(tx, _next(tx.connection, kind, wanted, based_on, roles))


def try_form(
    connection: Connection, kind: FormKind, wanted: Form, based_on: int, roles: Collection[str], last: int
) -> FormTrial:
    """Return what ``wanted`` would be, and which of the last documents would not be complete; nothing is stored."""
    form = _next(connection, kind, wanted, based_on, roles)
    said = kind.last(connection, last)
    required = [field for field in form.fields if field.required_from is not None and not field.retired]
    counts = (Lacking(field.key, sum(field.key not in each for each in said)) for field in required)
    return FormTrial(form.version, len(said), tuple(each for each in counts if each.documents))


def _next(
    connection: Connection, kind: FormKind, wanted: Form, based_on: int, roles: Collection[str]
) -> Form:
    before = store.current(connection, kind.name)
    if before.version != based_on:
        raise FormOutdated(
            f"the form of {kind.name} is at version {before.version}, not {based_on}",
            field="based_on",
            version=before.version,
        )
    return next_form(before, wanted, kind.reserved, roles)
