"""Ask how content the customer is when his ticket is resolved, and keep what he says."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.service_desk.domain.satisfaction import Answer, AnsweredBefore, NotAsked, Question, is_asked
from services.service_desk.domain.ticket import Ticket
from services.service_desk.events import TicketRated
from services.service_desk.store import questions


def ask_satisfaction(tx: Transaction, resolved: Ticket, by: str, today: date) -> None:
    """Ask about the resolution of a ticket, unless it lies too far back to be remembered."""
    assert resolved.resolved_on is not None
    if not is_asked(resolved.resolved_on, today):
        return
    question = Question(
        id=tx.new_id(),
        ticket_id=resolved.id,
        customer_id=resolved.customer_id,
        queue=resolved.queue,
        agent_id=resolved.assignee_id or by,
        asked_on=resolved.resolved_on,
        asked_at=tx.now,
    )
    questions.ask(tx, question)


def withdraw_question(tx: Transaction, ticket: Ticket) -> None:
    """Ask no longer: the ticket is worked on again, or goes on as another one."""
    questions.withdraw(tx, ticket.id)


def rate_ticket(tx: Transaction, ticket: Ticket, answer: Answer) -> Question:
    """Keep the customer's answer and tell of it; a question is answered once."""
    if not questions.answer(tx, ticket.id, answer):
        before = questions.latest(tx.connection, ticket.id)
        if before is None or before.score is None:
            raise NotAsked(f"nobody asks about ticket {ticket.number} now", state=ticket.state)
        raise AnsweredBefore(f"ticket {ticket.number} was rated already", score=before.score)
    rated = questions.latest(tx.connection, ticket.id)
    assert rated is not None
    event = TicketRated(
        ticket_id=ticket.id,
        number=ticket.number,
        customer_id=ticket.customer_id,
        queue=rated.queue,
        agent_id=rated.agent_id,
        score=answer.score,
        asked_on=rated.asked_on,
        rated_on=answer.on,
    )
    publish(tx, event, correlation_id=ticket.correlation_id)
    return rated
