"""How tickets were routed and corrected, and the models that were learnt from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, exists, func, insert, or_, select, update

from libs.common.db import Transaction, upsert_into
from services.service_desk.domain.cause import BY_ITSELF
from services.service_desk.domain.classifier import Example, Model, model_data, model_from
from services.service_desk.domain.dispatch import Routing, Way, routing_from
from services.service_desk.domain.ticket import Ticket
from services.service_desk.store import policies
from services.service_desk.store.routing_tables import ticket_classifier, ticket_routing
from services.service_desk.store.tables import ticket
from services.service_desk.store.talk_tables import ticket_relation

ROUTING = "routing"
MOST_TAUGHT = 5000


@dataclass(frozen=True)
class Learnt:
    """A model with its version, and of how many tickets it was made beside the first sentences."""

    version: int
    made_at: datetime
    learnt_from: int
    model: Model


# A version never changes, so what was read of it once holds for as long as the database is open.
_KNOWN: WeakKeyDictionary[Engine, Learnt] = WeakKeyDictionary()


def current_routing(connection: Connection) -> Routing:
    """Return the rules of now; version 0 comes with the product and has none."""
    stored = policies.current(connection, ROUTING)
    return Routing() if stored is None else routing_from(stored.body, stored.version)


def latest(connection: Connection) -> Learnt | None:
    """Return the latest model, or nothing while nothing was learnt."""
    version = connection.execute(select(func.max(ticket_classifier.c.version))).scalar()
    if version is None:
        return None
    kept = _KNOWN.get(connection.engine)
    if kept is None or kept.version != version:
        row = connection.execute(
            select(ticket_classifier).where(ticket_classifier.c.version == version)
        ).one()
        kept = Learnt(row.version, row.made_at, row.learnt_from, model_from(row.model))
        _KNOWN[connection.engine] = kept
    return kept


def keep(tx: Transaction, version: int, learnt_from: int, model: Model) -> bool:
    """Store a model as ``version``; false when somebody has stored that version meanwhile."""
    values = {
        "version": version,
        "made_at": tx.now,
        "learnt_from": learnt_from,
        "model": model_data(model),
    }
    statement = upsert_into(tx.connection, ticket_classifier).values(**values)
    statement = statement.on_conflict_do_nothing().returning(ticket_classifier.c.version)
    return tx.connection.execute(statement).one_or_none() is not None


def add(tx: Transaction, ticket_id: str, way: Way, policy_version: int, model_version: int) -> None:
    """Note how a ticket was routed."""
    values = {
        "ticket_id": ticket_id,
        "decided_by": way.decided_by,
        "rule": way.rule,
        "confidence_bp": way.confidence_bp,
        "policy_version": policy_version,
        "model_version": model_version,
    }
    tx.connection.execute(insert(ticket_routing).values(**values))


def way_of(connection: Connection, of: Ticket) -> tuple[Way, int, int]:
    """Return where a ticket went and by whose word, for one in which it goes on; at first, callers said it of all."""
    this = ticket_routing.c
    row = connection.execute(select(ticket_routing).where(this.ticket_id == of.id)).one_or_none()
    if row is None:
        return Way(of.kind, of.queue, "caller"), 0, 0
    way = Way(of.kind, of.queue, row.decided_by, row.rule, row.confidence_bp)
    return way, row.policy_version, row.model_version


def correct(tx: Transaction, ticket_id: str, by: str) -> None:
    """Note that a person said what the ticket is about."""
    statement = update(ticket_routing).where(ticket_routing.c.ticket_id == ticket_id)
    tx.connection.execute(statement.values(corrected_by=by, corrected_at=tx.now))


def routed_by(ticket_id: ColumnElement[str], decider: str) -> ColumnElement[bool]:
    """Return whether the ticket of that id is where ``decider`` sent it, corrected by nobody, as a condition."""
    this = ticket_routing.c
    return exists().where(
        this.ticket_id == ticket_id, this.decided_by == decider, this.corrected_by.is_(None)
    )


def count_taught(connection: Connection) -> int:
    """Return of how many tickets a person said what they are about."""
    query = select(func.count()).select_from(ticket_routing.join(ticket)).where(*_by_a_person())
    return int(connection.execute(query).scalar_one())


def taught(connection: Connection) -> list[Example]:
    """Return the latest tickets of which a person said what they are about, the oldest of them first."""
    query = select(ticket.c.subject, ticket.c.description, ticket.c.kind).select_from(
        ticket_routing.join(ticket)
    )
    rows = connection.execute(query.where(*_by_a_person()).order_by(ticket.c.id.desc()).limit(MOST_TAUGHT))
    return [Example(words(row.subject, row.description), row.kind) for row in reversed(rows.all())]


def words(subject: str, description: str | None) -> str:
    """Return the words of a ticket, from which it is told what it is about."""
    return f"{subject}\n{description or ''}"


def _by_a_person() -> list[ColumnElement[bool]]:
    # In what goes on from another ticket nobody said it of these words.
    goes_on = select(ticket_relation.c.ticket_id).where(ticket_relation.c.tie.in_(("follows", "split_from")))
    said = (ticket_routing.c.decided_by == "caller") & ticket.c.id.not_in(goes_on)
    return [or_(said, ticket_routing.c.corrected_by.is_not(None)), ticket.c.opened_by != BY_ITSELF]
