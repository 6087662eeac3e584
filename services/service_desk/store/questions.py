"""Questions how content a customer is: asked, withdrawn, answered once."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from libs.common.db import Transaction
from services.service_desk.domain.satisfaction import Answer, Question
from services.service_desk.store.talk_tables import satisfaction

_OPEN = satisfaction.c.answered_at.is_(None) & satisfaction.c.withdrawn_at.is_(None)


def ask(tx: Transaction, question: Question) -> None:
    """Store a question; the one before it must have been answered or withdrawn."""
    tx.connection.execute(insert(satisfaction).values(**vars(question)))


def withdraw(tx: Transaction, ticket_id: str) -> None:
    """Take the open question back, if there is one."""
    statement = update(satisfaction).where(satisfaction.c.ticket_id == ticket_id, _OPEN)
    tx.connection.execute(statement.values(withdrawn_at=tx.now))


def answer(tx: Transaction, ticket_id: str, given: Answer) -> bool:
    """Store the answer to the open question, in one statement; false when there is none, or somebody was faster."""
    statement = update(satisfaction).where(satisfaction.c.ticket_id == ticket_id, _OPEN)
    values = {
        "score": given.score,
        "comment": given.comment,
        "answered_by": given.by,
        "answered_on": given.on,
    }
    return tx.connection.execute(statement.values(**values, answered_at=tx.now)).rowcount == 1


def latest(connection: Connection, ticket_id: str) -> Question | None:
    """Return the last question about the ticket that was not withdrawn, or nothing."""
    this = satisfaction.c
    query = select(satisfaction).where(this.ticket_id == ticket_id, this.withdrawn_at.is_(None))
    row = connection.execute(query.order_by(this.asked_at.desc(), this.id.desc()).limit(1)).one_or_none()
    return None if row is None else Question(**row._asdict())
