"""Customers and their contacts."""

from __future__ import annotations

from collections.abc import Mapping

from meridian.importing.batch import Batch, Loader
from services.crm.domain.ownership import Registrar
from services.crm.reports.natural_keys import contact_names, customers_by_number
from services.crm.use_cases.add_contact import AddContact, add_contact
from services.crm.use_cases.register_customer import RegisterCustomer, register_customer

_IMPORT = Registrar("import", assigns=True)


def customers(owners: Mapping[str, str]) -> Loader:
    """Return a loader that registers each customer; ``owners`` are the user ids by username."""

    def load(batch: Batch) -> None:
        known = customers_by_number(batch.tx.connection, batch.cells("number"))
        for row in batch.fresh(known, lambda row: row["number"], "number"):
            owner_id = batch.look_up(row, "owner", owners, "user") if row["owner"] else None
            with batch.taking(row):
                address = ", ".join(part for part in (row["address"], row["postal_code"]) if part)
                register_customer(
                    batch.tx,
                    RegisterCustomer(
                        name=row["name"],
                        currency=row["currency"],
                        owner_id=owner_id,
                        number=row["number"],
                        country=row["country"],
                        city=row["city"],
                        address=address or None,
                        phone=row["phone"],
                        group=row["group"],
                        region=row["region"],
                    ),
                    by=_IMPORT,
                )

    return load


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
