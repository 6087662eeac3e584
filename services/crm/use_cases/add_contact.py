"""Add a person to talk to at a customer."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.crm.domain.customer import Contact, visible_to
from services.crm.domain.sight import Owners
from services.crm.events import ContactAdded
from services.crm.store import contacts, customers


@dataclass(frozen=True)
class AddContact:
    """Who the person is; ``owners`` as in ``visible_to``."""

    customer_id: str
    name: str
    email: str | None = None
    phone: str | None = None
    role: str | None = None
    owners: Owners = None


def add_contact(tx: Transaction, command: AddContact) -> Contact:
    """Store a new contact of a customer and tell of it."""
    customer = visible_to(customers.find(tx.connection, command.customer_id), command.owners)
    contact = Contact(tx.new_id(), customer.id, command.name, command.email, command.phone, command.role)
    contacts.add(tx.connection, contact, tx.now)
    publish(
        tx,
        ContactAdded(
            contact.id, contact.customer_id, contact.name, contact.email, contact.phone, contact.role
        ),
    )
    return contact
