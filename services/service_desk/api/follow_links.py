"""Customers' links to their tickets, for those who send them."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.ids import unguessable_id
from libs.common.web import ANY, Noun, Strict, fields, principal
from services.service_desk.api.company import day
from services.service_desk.api.who import OPENERS, only_owner
from services.service_desk.domain.follow_link import LASTS_DAYS, MOST_DAYS, FollowLink, ShownLink
from services.service_desk.reports.follow import link_of
from services.service_desk.use_cases.follow import lasting, link_ticket, revoke_link

follow_links = Noun("follow-links", "/api/v1/tickets", description="Customers' links to their tickets")


class LinkIn(Strict):
    """How long the link opens."""

    days = fields.CountField(
        least=1, most=MOST_DAYS, load_default=LASTS_DAYS, metadata={"description": "Left out: 90."}
    )


class TicketLinkOut(Strict):
    """A customer's link."""

    id = fields.IdField()
    ticket_id = fields.IdField()
    expires_on = fields.DateField()
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()


class NewTicketLinkOut(TicketLinkOut):
    """A link that was just made; its token is shown this once, for only its hash is kept."""

    token = fields.Text(max=36, allow_none=True)
    path = fields.Text(max=200, allow_none=True, metadata={"description": "Below the gateway's address."})


@follow_links.command(
    "POST",
    "/<uuid:ticket_id>/link",
    body=LinkIn,
    answer=NewTicketLinkOut,
    status=201,
    roles=OPENERS,
    shown_once=("token", "path"),
    summary="Make a link for the customer",
)
def link(tx: Transaction, body: dict[str, Any], ticket_id: str) -> ShownLink:
    """Make the link by which the customer follows his ticket; an earlier one opens nothing any more."""
    ends = lasting(day(tx.now), body["days"])
    return link_ticket(tx, ticket_id, unguessable_id(), principal().subject, ends, only_owner())


@follow_links.query(
    "/<uuid:ticket_id>/link", answer=TicketLinkOut, roles=ANY, summary="The customer's link to a ticket"
)
def show(connection: Connection, ticket_id: str) -> FollowLink:
    """Show the open link without its token."""
    return link_of(connection, ticket_id, only_owner=only_owner())


@follow_links.command("DELETE", "/<uuid:ticket_id>/link", roles=OPENERS, summary="Take the link back")
def revoke(tx: Transaction, ticket_id: str) -> None:
    """Close the link at once."""
    revoke_link(tx, ticket_id, principal().subject, only_owner())
