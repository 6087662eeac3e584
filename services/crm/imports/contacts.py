"""Contacts of customers."""

from __future__ import annotations

from libs.common.importing import Batch, Format, may, must, values
from services.crm.reports.natural_keys import contact_names, customers_by_number
from services.crm.use_cases.add_contact import AddContact, add_contact

CONTACTS = Format("contacts", "crm", ("customer", "name"), (
    must("customer", values.words(32), "Number of the customer", "K-100"),
    must("name", values.words(200), "Person", "Li Wei"),
    may("role", values.words(120), "What the person does there", "Buyer"),
    may("email", values.words(200), "Mail address"),
    may("phone", values.words(40), "Telephone"),
))  # fmt: skip


def contacts(batch: Batch) -> None:
    """Add each contact to its customer."""
    numbers = batch.cells("customer")
    known = customers_by_number(batch.tx.connection, numbers)
    names = contact_names(batch.tx.connection, numbers)
    for row in batch.fresh(names, lambda row: (row["customer"], row["name"]), "name"):
        customer_id = batch.look_up(row, "customer", known, "customer")
        if customer_id is not None:
            with batch.taking(row):
                person = AddContact(customer_id, row["name"], row["email"], row["phone"], row["role"])
                add_contact(batch.tx, person)
