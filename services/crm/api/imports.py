"""Bringing customers and contacts in over HTTP."""

from __future__ import annotations

from libs.common.importing_api import ImportMount, imports_noun, plainly
from services.crm.imports.contacts import CONTACTS, contacts
from services.crm.imports.customers import CUSTOMERS, customers

imports = tuple(
    imports_noun(mount)
    for mount in (
        ImportMount("customer", CUSTOMERS, lambda _tx, owners: customers(owners), by_owner=True),
        ImportMount("contact", CONTACTS, plainly(contacts)),
    )
)
