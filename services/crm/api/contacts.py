"""The people to talk to at a customer, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, fields
from services.crm.api.customers import EMAIL
from services.crm.api.who import SELLERS, seen_owners
from services.crm.domain.customer import Contact
from services.crm.reports.customers import list_contacts, one_customer
from services.crm.use_cases.add_contact import AddContact, add_contact

contacts = Noun(
    "contacts", "/api/v1/customers/<uuid:customer_id>/contacts", description="People at a customer"
)


class ContactIn(Strict):
    """A new contact."""

    name = fields.Text(max=200, required=True)
    email = fields.Text(max=254, pattern=EMAIL, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    role = fields.Text(
        max=120, allow_none=True, metadata={"description": "What they are there, as in Buyer."}
    )


class ContactOut(Strict):
    """A contact."""

    id = fields.IdField()
    customer_id = fields.IdField()
    name = fields.Text(max=200)
    email = fields.Text(max=254, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    role = fields.Text(max=120, allow_none=True)


@contacts.command(
    "POST", "/", body=ContactIn, answer=ContactOut, status=201, roles=SELLERS, summary="Add a contact"
)
def add(tx: Transaction, body: dict[str, Any], customer_id: str) -> Contact:
    """Add a person to talk to."""
    return add_contact(tx, AddContact(customer_id, owners=seen_owners(tx.connection), **body))


@contacts.query("/", answer=ContactOut, roles=ANY, paged=True, summary="List a customer's contacts")
def index(connection: Connection, page: PageRequest, customer_id: str) -> Page:
    """List the people to talk to, oldest first."""
    one_customer(connection, customer_id, owners=seen_owners(connection))
    rows = list_contacts(connection, customer_id, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda contact: (contact.id,))
