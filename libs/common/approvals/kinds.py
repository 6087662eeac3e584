"""Which documents of a service can wait for an approval, and what a flow can ask each of them for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from libs.common.approvals.conditions import Facts, Fields, Kind
from libs.common.approvals.store import of_rows
from libs.common.approvals.tables import approval


@dataclass(frozen=True)
class PastDocument:
    """A document as a flow sees it: what it said, and who wrote it."""

    document: str
    id: str
    number: str
    facts: Facts
    authors: frozenset[str]


@dataclass(frozen=True)
class Label:
    """What people call it."""

    en: str
    zh: str


@dataclass(frozen=True)
class OwnFact:
    """What a company added to a document, as a flow asks for it; ``options`` where it says one of a few words.

    A ``retired`` one is asked by the flows that ask it, and by no new ones.
    """

    name: str
    label: Label
    kind: Kind
    options: Mapping[str, Label] = field(default_factory=dict)
    retired: bool = False


def no_own(_connection: Connection) -> Sequence[OwnFact]:
    """Return nothing: documents of this kind cannot be added to."""
    return ()


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: what can be asked of it (``fields``, with their ``labels``), and the ``last`` of them.

    ``reserved`` are names of flows that are set elsewhere, with where that is. ``own`` is what the company added.
    """

    name: str
    label: Label
    fields: Fields
    labels: Mapping[str, Label]
    last: Callable[[Connection, int], Sequence[PastDocument]]
    reserved: Mapping[str, str] = field(default_factory=dict)
    own: Callable[[Connection], Sequence[OwnFact]] = no_own


def last_asked(document: str) -> Callable[[Connection, int], Sequence[PastDocument]]:
    """Return how the last documents of a kind are found of which every one was asked about."""

    def last(connection: Connection, most: int) -> Sequence[PastDocument]:
        query = select(approval).where(approval.c.document == document).order_by(approval.c.id.desc())
        found = of_rows(connection, list(connection.execute(query.limit(most))))
        return [
            PastDocument(each.document, each.document_id, each.number, each.facts, each.barred)
            for each in found
        ]

    return last
