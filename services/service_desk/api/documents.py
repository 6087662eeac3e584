"""Returns, replacements and repairs of tickets, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, fields
from services.service_desk.api.who import WORKERS, only_owner, worker
from services.service_desk.domain.linked_document import DOCUMENT_KINDS, DOCUMENT_STATES
from services.service_desk.reports.documents import TicketDocuments, documents_of
from services.service_desk.use_cases.want_document import (
    WantRepair,
    WantReplacement,
    WantReturn,
    want_repair,
    want_replacement,
    want_return,
)

documents = Noun("ticket_documents", "/api/v1/tickets", description="Returns, replacements and repairs")
MOST_SERIALS = 1000
_LINE = {"description": "The shipped line; see /installed-items."}


class ReturnWantedIn(Strict):
    """What of a shipped line is to come back."""

    installed_item_id = fields.IdField(required=True, metadata=_LINE)
    quantity = fields.QuantityField(required=True)
    reason = fields.Text(max=500, required=True)
    serials = fields.ListOf(fields.Text(max=64), least=0, most=MOST_SERIALS, load_default=())


class ReplacementWantedIn(Strict):
    """What of a shipped line is to be sent again."""

    installed_item_id = fields.IdField(required=True, metadata=_LINE)
    quantity = fields.QuantityField(required=True)
    reason = fields.Text(max=500, required=True)
    unit_price = fields.PriceField(allow_none=True, metadata={"description": "Left out: it is free."})


class RepairWantedIn(Strict):
    """What a repair takes, part or labour."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    reason = fields.Text(max=500, required=True)


class LinkedDocumentOut(Strict):
    """What a ticket wants, and how far it has come; the order's number once there is one."""

    id = fields.IdField()
    kind = fields.Choice(*DOCUMENT_KINDS)
    state = fields.Choice(*DOCUMENT_STATES)
    item_id = fields.IdField()
    quantity = fields.QuantityField()
    reason = fields.Text(max=500)
    wanted_by = fields.Text(max=64)
    wanted_at = fields.UtcField()
    document_id = fields.IdField(allow_none=True, metadata={"description": "The return, or the quotation."})
    document_number = fields.Text(max=64, allow_none=True)
    order_id = fields.IdField(allow_none=True)
    order_number = fields.Text(max=64, allow_none=True)
    total = fields.MoneyField(allow_none=True, metadata={"description": "With tax."})
    detail = fields.Text(max=2000, allow_none=True, metadata={"description": "What was said of it last."})


class TicketDocumentsOut(Strict):
    """What a ticket wants, and what became of it."""

    ticket_id = fields.IdField()
    documents = fields.ListOf(LinkedDocumentOut, least=0)


@documents.command(
    "POST",
    "/<uuid:ticket_id>/returns",
    body=ReturnWantedIn,
    answer=TicketDocumentsOut,
    status=201,
    roles=WORKERS,
    summary="Have goods come back for a ticket",
)
def ask_back(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketDocuments:
    """Want a return of what the customer holds; the warehouse has it at once."""
    want_return(tx, ticket_id, worker(), WantReturn(**body | {"serials": tuple(body["serials"])}))
    return documents_of(tx.connection, ticket_id, only_owner=None)


@documents.command(
    "POST",
    "/<uuid:ticket_id>/replacements",
    body=ReplacementWantedIn,
    answer=TicketDocumentsOut,
    status=201,
    roles=WORKERS,
    summary="Have goods replaced for a ticket",
)
def replace(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketDocuments:
    """Want an order of what the customer had already, free or at a price; an approval may have to come first."""
    want_replacement(tx, ticket_id, worker(), WantReplacement(**body))
    return documents_of(tx.connection, ticket_id, only_owner=None)


@documents.command(
    "POST",
    "/<uuid:ticket_id>/repairs",
    body=RepairWantedIn,
    answer=TicketDocumentsOut,
    status=201,
    roles=WORKERS,
    summary="Have a repair quoted for a ticket",
)
def repair(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketDocuments:
    """Want a quotation of what a repair takes, at the prices of the day."""
    want_repair(tx, ticket_id, worker(), WantRepair(**body))
    return documents_of(tx.connection, ticket_id, only_owner=None)


@documents.query(
    "/<uuid:ticket_id>/documents",
    answer=TicketDocumentsOut,
    roles=ANY,
    summary="What a ticket wants, and what became of it",
)
def index(connection: Connection, ticket_id: str) -> TicketDocuments:
    """Show the returns, replacements and repairs of a ticket."""
    return documents_of(connection, ticket_id, only_owner=only_owner())
