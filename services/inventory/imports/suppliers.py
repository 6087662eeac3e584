"""Suppliers."""

from __future__ import annotations

from libs.common.importing import Batch, Format, may, must, values
from services.inventory.reports.natural_keys import suppliers_by_number
from services.inventory.use_cases.register_supplier import RegisterSupplier, register_supplier

SUPPLIERS = Format("suppliers", "inventory", ("number",), (
    must("number", values.words(32), "Your number of the supplier", "S-100"),
    must("name", values.words(200), "Company", "Northern Valves"),
    may("contact_name", values.words(200), "Person"),
    may("country", values.words(80), "Country"),
    may("city", values.words(120), "City"),
    may("address", values.words(2000), "Street and number"),
    may("phone", values.words(40), "Telephone"),
))  # fmt: skip


def suppliers(batch: Batch) -> None:
    """Register each supplier."""
    known = suppliers_by_number(batch.tx.connection, batch.cells("number"))
    for row in batch.fresh(known, lambda row: row["number"], "number"):
        with batch.taking(row):
            register_supplier(
                batch.tx, RegisterSupplier(**{column.name: row[column.name] for column in SUPPLIERS.columns})
            )
