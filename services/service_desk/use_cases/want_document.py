"""Want something for a ticket of another service: a return, a replacement, a quotation for a repair."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.money import Price
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.service_desk.domain.errors import FindingInvalid, NotHeldByCustomer
from services.service_desk.domain.finding import require_noticeable
from services.service_desk.domain.linked_document import (
    AlreadyWanted,
    DocumentKind,
    LinkedDocument,
    MoreThanHeld,
    SerialsInvalid,
)
from services.service_desk.domain.ticket import Ticket
from services.service_desk.events import TicketOrderWanted, TicketReturnWanted
from services.service_desk.store import documents, installed, items
from services.service_desk.store.installed import ShippedPart
from services.service_desk.use_cases.converse import refuse_merged
from services.service_desk.use_cases.work_on_ticket import Worker, locked_ticket


@dataclass(frozen=True)
class WantReturn:
    """So much of a shipped line is to come back, and why; ``serials`` name its units, if it has any."""

    installed_item_id: str
    quantity: Quantity
    reason: str
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class WantReplacement:
    """So much of a shipped line is to be sent again, and why; without a ``unit_price`` it is free."""

    installed_item_id: str
    quantity: Quantity
    reason: str
    unit_price: Price | None = None


@dataclass(frozen=True)
class WantRepair:
    """What a repair takes, part or labour, to be quoted at the prices of the day."""

    item_id: str
    quantity: Quantity
    reason: str


def want_return(tx: Transaction, ticket_id: str, worker: Worker, command: WantReturn) -> LinkedDocument:
    """Have a return asked for, of what the customer holds and nobody has asked back yet."""
    ticket = _ticket(tx, ticket_id, worker, "return", command.installed_item_id)
    part = _part(tx, ticket, command.installed_item_id)
    _require(command.quantity, part.held - documents.coming_back(tx.connection, part.id))
    _check_serials(tx, part, command)
    wanted = _add(tx, ticket, worker, "return", part.id, part.item_id, command)
    told = TicketReturnWanted(
        ticket_id=ticket.id,
        number=ticket.number,
        request_id=wanted.id,
        customer_id=ticket.customer_id,
        delivery_id=part.delivery_id,
        order_id=part.order_id,
        item_id=part.item_id,
        quantity=command.quantity,
        reason=command.reason,
        wanted_by=worker.subject,
        lot=part.lot,
        serials=command.serials,
    )
    publish(tx, told, correlation_id=ticket.correlation_id)
    return wanted


def want_replacement(
    tx: Transaction, ticket_id: str, worker: Worker, command: WantReplacement
) -> LinkedDocument:
    """Have a replacement ordered, of what left for the customer and was not replaced yet."""
    ticket = _ticket(tx, ticket_id, worker, "replacement", command.installed_item_id)
    part = _part(tx, ticket, command.installed_item_id)
    _require(command.quantity, part.shipped - documents.replaced(tx.connection, part.id))
    wanted = _add(tx, ticket, worker, "replacement", part.id, part.item_id, command)
    _tell_order(tx, ticket, wanted, command.unit_price)
    return wanted


def want_repair(tx: Transaction, ticket_id: str, worker: Worker, command: WantRepair) -> LinkedDocument:
    """Have a quotation drawn up for a repair."""
    ticket = _ticket(tx, ticket_id, worker, "repair", command.item_id)
    if items.find(tx.connection, command.item_id) is None:
        raise FindingInvalid("there is no such item", field="item_id", cure="list the items")
    wanted = _add(tx, ticket, worker, "repair", command.item_id, command.item_id, command)
    _tell_order(tx, ticket, wanted, None)
    return wanted


def _ticket(tx: Transaction, ticket_id: str, worker: Worker, kind: DocumentKind, about_id: str) -> Ticket:
    """Return the ticket, kept to this transaction: of two who want the same at once the second is refused."""
    ticket = locked_ticket(tx, ticket_id, worker)
    require_noticeable(ticket)
    refuse_merged(tx, ticket)
    under_way = documents.open_one(tx.connection, ticket.id, kind, about_id)
    if under_way is not None:
        raise AlreadyWanted(
            f"the {kind} {under_way.number or 'of this'} is {under_way.state}",
            document_number=under_way.number,
            state=under_way.state,
        )
    return ticket


def _part(tx: Transaction, ticket: Ticket, installed_item_id: str) -> ShippedPart:
    """Return the shipped line, kept to this transaction, so that tickets that want of it come one by one."""
    part = installed.lock_part(tx.connection, installed_item_id)
    if part is None or part.customer_id != ticket.customer_id:
        raise NotHeldByCustomer(
            "this was not shipped to the customer",
            field="installed_item_id",
            cure="list what the customer holds with GET /installed-items?customer_id=",
        )
    return part


def _require(wanted: Quantity, left: Quantity) -> None:
    if wanted > left:
        raise MoreThanHeld(
            f"{left} of it is left",
            field="quantity",
            cure=f"give at most {left}" if left else None,
            left=left,
        )


def _check_serials(tx: Transaction, part: ShippedPart, command: WantReturn) -> None:
    held = installed.held_serials(tx.connection, part)
    named = set(command.serials)
    if not held and not named:
        return
    if len(named) != len(command.serials) or Quantity.of(len(named)) != command.quantity:
        raise SerialsInvalid(f"{command.quantity} units have as many serials", field="serials")
    if not named <= held:
        unknown = ", ".join(sorted(named - held))
        raise SerialsInvalid(f"the customer does not hold {unknown}", field="serials")


def _add(
    tx: Transaction,
    ticket: Ticket,
    worker: Worker,
    kind: DocumentKind,
    about_id: str,
    item_id: str,
    command: WantReturn | WantReplacement | WantRepair,
) -> LinkedDocument:
    wanted = LinkedDocument(
        id=tx.new_id(),
        ticket_id=ticket.id,
        kind=kind,
        about_id=about_id,
        item_id=item_id,
        quantity=command.quantity,
        reason=command.reason,
        wanted_by=worker.subject,
        wanted_at=tx.now,
    )
    documents.add(tx.connection, wanted)
    return wanted


def _tell_order(tx: Transaction, ticket: Ticket, wanted: LinkedDocument, unit_price: Price | None) -> None:
    told = TicketOrderWanted(
        ticket_id=ticket.id,
        number=ticket.number,
        request_id=wanted.id,
        kind=wanted.kind,
        customer_id=ticket.customer_id,
        item_id=wanted.item_id,
        quantity=wanted.quantity,
        reason=wanted.reason,
        wanted_by=wanted.wanted_by,
        unit_price=unit_price,
    )
    publish(tx, told, correlation_id=ticket.correlation_id)
