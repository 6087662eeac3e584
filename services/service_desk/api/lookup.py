"""A customer at once, by name, and for how long items are under warranty; over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, fields, principal
from services.service_desk.api.company import day, now
from services.service_desk.api.installed_items import InstalledItemOut
from services.service_desk.api.tickets import TicketOut
from services.service_desk.api.who import only_owner
from services.service_desk.domain.warranty import COVERS, MOST_MONTHS, Term
from services.service_desk.reports.lookup import look_up, terms_of
from services.service_desk.use_cases.set_warranty import set_warranty

lookup = Noun("lookup", "/api/v1", description="What a customer has, by name, and its warranty")


class PurchaseOut(InstalledItemOut):
    """A shipped line: how much of it the customer still has, and until when it is under warranty."""

    held = fields.QuantityField(zero=True)
    warranty_until = fields.DateField(
        allow_none=True, metadata={"description": "The last day; null: nothing was promised."}
    )
    warranty = fields.Choice(*COVERS)


class CustomerFoundOut(Strict):
    """A customer with the latest purchases and tickets."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    owner_id = fields.Text(max=64, allow_none=True)
    purchases = fields.ListOf(PurchaseOut, least=0)
    tickets = fields.ListOf(TicketOut, least=0)


class LookupOut(Strict):
    """The customers that were found, the closest name first, ten at most."""

    customers = fields.ListOf(CustomerFoundOut, least=0)


class LookupFilter(Strict):
    """Whom to look for."""

    customer = fields.Text(
        max=200, required=True, metadata={"description": "A part of the name, or the whole number."}
    )


class TermIn(Strict):
    """For how many months; 0: no warranty."""

    months = fields.CountField(most=MOST_MONTHS, required=True)
    valid_from = fields.DateField(allow_none=True, metadata={"description": "Left out: from today on."})


class TermOut(Strict):
    """For what leaves from this day on."""

    valid_from = fields.DateField()
    months = fields.CountField(most=MOST_MONTHS)


class WarrantyOut(Strict):
    """For how long an item is under warranty."""

    item_id = fields.IdField()
    terms = fields.ListOf(TermOut, least=0)


@lookup.query("/lookup", answer=LookupOut, roles=ANY, filters=LookupFilter, summary="A customer at once")
def find(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show purchases, lots, serials, warranty and tickets of the customers of this name."""
    found = look_up(connection, filters["customer"], today=day(now()), only_owner=only_owner())
    return {"customers": found}


@lookup.query("/warranties/<uuid:item_id>", answer=WarrantyOut, roles=ANY, summary="Warranty of an item")
def show(connection: Connection, item_id: str) -> dict[str, Any]:
    """Show for how long an item is under warranty, and from when on."""
    return {"item_id": item_id, "terms": terms_of(connection, item_id)}


@lookup.command(
    "PUT",
    "/warranties/<uuid:item_id>",
    body=TermIn,
    answer=WarrantyOut,
    roles=("sales_manager", "service"),
    summary="Say how long an item is under warranty",
)
def put(tx: Transaction, body: dict[str, Any], item_id: str) -> dict[str, Any]:
    """Set the warranty of what leaves from a day on."""
    valid_from = body.get("valid_from") or day(tx.now)
    set_warranty(tx, Term(item_id, valid_from, body["months"]), principal().subject)
    return {"item_id": item_id, "terms": terms_of(tx.connection, item_id)}
