"""Ask for the return of shipped goods, and answer: never more is to come back than left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import returns as rules
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryNotFound, ReturnExceedsShipped, ReturnNotFound
from services.inventory.domain.returns import AskingTicket, GoodsReturn, ReturnedLine, ReturnPart
from services.inventory.events import ReturnDecided, ReturnLine, ReturnRequested
from services.inventory.store import deliveries, items, returns, serials
from services.inventory.use_cases.return_serials import announce_serials

SERIES = "return"


@dataclass(frozen=True)
class RequestReturn:
    """Which goods of a delivery are to come back, and why."""

    delivery_id: str
    parts: tuple[ReturnPart, ...]
    reason: str
    ticket: AskingTicket | None = None


@dataclass(frozen=True)
class AnswerReturn:
    """What is said to a return, and the version that was read."""

    return_id: str
    answer: str | None = None
    expected_version: int | None = None


def request_return(tx: Transaction, command: RequestReturn) -> GoodsReturn:
    """Note that goods are to come back; what is announced cannot be announced again."""
    delivery = deliveries.find(tx.connection, command.delivery_id)
    if delivery is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    known = items.known(tx.connection, delivery.item_ids)
    lines = rules.draft(delivery, command.parts, known)
    _take(tx, delivery, lines)
    asked = GoodsReturn(
        id=tx.new_id(),
        number=f"RMA-{next_number(tx, SERIES):06d}",
        delivery_id=delivery.id,
        delivery_number=delivery.number,
        order_id=delivery.order_id,
        order_number=delivery.order_number,
        customer_id=delivery.customer_id,
        correlation_id=delivery.correlation_id,
        state="requested",
        reason=command.reason,
        lines=lines,
        ticket=command.ticket,
    )
    returns.add(tx, asked)
    announce_serials(tx, asked, command.parts, known)
    _tell_requested(tx, asked)
    return asked


def _take(tx: Transaction, delivery: Delivery, lines: tuple[ReturnedLine, ...]) -> None:
    """Count the lines, in the one order in which everybody does, so that nobody waits in a ring."""
    shipped = returns.shipped_parts(delivery.lines)
    for line in sorted(lines, key=lambda line: (line.order_line_id, line.lot)):
        left_house = shipped[line.order_line_id, line.lot]
        if not returns.take(tx.connection, delivery.id, line, left_house):
            left = returns.left(tx.connection, delivery.id, line, left_house)
            raise ReturnExceedsShipped(
                f"{left_house} of this line left with {delivery.number}, {left} of it may still come back",
                field=f"lines.{line.line_no - 1}.quantity",
                cure=f"ask for at most {left}",
                shipped=left_house,
                left=left,
            )


def _tell_requested(tx: Transaction, asked: GoodsReturn) -> None:
    requested = ReturnRequested(
        return_id=asked.id,
        number=asked.number,
        delivery_id=asked.delivery_id,
        delivery_number=asked.delivery_number,
        order_id=asked.order_id,
        order_number=asked.order_number,
        customer_id=asked.customer_id,
        reason=asked.reason,
        lines=tuple(told_line(line, line.quantity) for line in asked.lines),
        request_id=asked.ticket.request_id if asked.ticket else None,
        ticket_id=asked.ticket.ticket_id if asked.ticket else None,
    )
    publish(tx, requested, correlation_id=asked.correlation_id)


def told_line(line: ReturnedLine, quantity: Quantity) -> ReturnLine:
    """Return a line as others are told it."""
    return ReturnLine(line.line_no, line.order_line_id, line.item_id, quantity, line.lot or None)


def approve_return(tx: Transaction, command: AnswerReturn) -> GoodsReturn:
    """Allow the customer to send the goods."""
    asked = lock_return(tx, command)
    return _decide(tx, asked, rules.approve(asked, command.answer))


def reject_return(tx: Transaction, command: AnswerReturn) -> GoodsReturn:
    """Refuse the return; what it announced may be asked for again."""
    asked = lock_return(tx, command)
    return _decide(tx, asked, rules.reject(asked, command.answer or ""), gives_back=True)


def cancel_return(tx: Transaction, command: AnswerReturn) -> GoodsReturn:
    """Give a return up before anything came; what it announced may be asked for again."""
    asked = lock_return(tx, command)
    return _decide(tx, asked, rules.cancel(asked, command.answer or ""), gives_back=True)


def lock_return(tx: Transaction, command: AnswerReturn) -> GoodsReturn:
    """Return a return, kept to this transaction; refuse one that is not at the version that was read."""
    found = returns.find(tx.connection, command.return_id, lock=True)
    if found is None:
        raise ReturnNotFound("there is no such return", field="return_id")
    if command.expected_version not in (None, found.version):
        raise VersionMismatch(f"return {found.number} is at version {found.version}")
    return found


def _decide(
    tx: Transaction, asked: GoodsReturn, decided: GoodsReturn, *, gives_back: bool = False
) -> GoodsReturn:
    returns.save(tx, asked, decided)
    if gives_back:
        serials.set_outcome(tx.connection, asked.id, "not_received")
        for line in sorted(asked.lines, key=lambda line: (line.order_line_id, line.lot)):
            returns.give_back(tx.connection, asked.delivery_id, line, line.quantity)
    told = ReturnDecided(decided.id, decided.number, decided.order_id, decided.state, decided.answer)
    publish(tx, told, correlation_id=decided.correlation_id)
    return replace(decided, version=decided.version + 1)
