"""Customers."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.importing import Batch, Format, Loader, Row, may, must, values
from services.crm.domain.ownership import Registrar
from services.crm.reports.natural_keys import customers_by_number
from services.crm.use_cases.register_customer import RegisterCustomer, register_customer

CUSTOMERS = Format("customers", "crm", ("number",), (
    must("number", values.words(32), "Your number of the customer", "K-100"),
    must("name", values.words(200), "Company", "Harbor Pumps"),
    must("currency", values.currency, "Currency that the customer buys in", "USD"),
    may("owner", values.words(64), "Username of the salesperson", "ann.lee"),
    may("country", values.words(80), "Country", "China"),
    may("city", values.words(120), "City", "Shanghai"),
    may("address", values.words(2000), "Street and number"),
    may("postal_code", values.words(20), "Postal code"),
    may("phone", values.words(40), "Telephone"),
    may("group", values.words(40), "Group of customers that prices are made for", "wholesale"),
    may("region", values.words(40), "Region that prices are made for", "north"),
))  # fmt: skip


def customers(owners: Mapping[str, str]) -> Loader:
    """Return a loader that registers each customer; ``owners`` are the user ids by username."""

    def load(batch: Batch) -> None:
        by = Registrar(batch.tx.cause.actor or "import", assigns=True)
        known = customers_by_number(batch.tx.connection, batch.cells("number"))
        for row in batch.fresh(known, lambda row: row["number"], "number"):
            owner_id = batch.look_up(row, "owner", owners, "user") if row["owner"] else None
            with batch.taking(row):
                register_customer(batch.tx, _command(row, owner_id), by=by)

    return load


def _command(row: Row, owner_id: str | None) -> RegisterCustomer:
    address = ", ".join(part for part in (row["address"], row["postal_code"]) if part)
    return RegisterCustomer(
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
    )
