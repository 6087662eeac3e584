"""Suppliers: register, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.inventory.domain.suppliers import Supplier
from services.inventory.reports import catalogue
from services.inventory.use_cases.register_supplier import RegisterSupplier, register_supplier

suppliers = Noun("suppliers", "/api/v1/suppliers", description="From whom items come")


class SupplierIn(Strict):
    """A new supplier."""

    number = fields.Text(max=32, required=True)
    name = fields.Text(max=200, required=True)
    contact_name = fields.Text(max=200)
    country = fields.Text(max=80)
    city = fields.Text(max=120)
    address = fields.Text(max=2000)
    phone = fields.Text(max=40)


class SupplierOut(Strict):
    """A supplier."""

    id = fields.IdField()
    number = fields.Text(max=32)
    name = fields.Text(max=200)
    contact_name = fields.Text(max=200, allow_none=True)
    country = fields.Text(max=80, allow_none=True)
    city = fields.Text(max=120, allow_none=True)
    address = fields.Text(max=2000, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    version = fields.CountField()


@suppliers.command(
    "POST",
    "/",
    body=SupplierIn,
    answer=SupplierOut,
    status=201,
    roles=("warehouse", "api_client"),
    summary="Register a supplier",
)
def register(tx: Transaction, body: dict[str, Any]) -> Supplier:
    """Register a supplier."""
    return register_supplier(tx, RegisterSupplier(**body))


@suppliers.query(
    "/",
    answer=SupplierOut,
    roles=("warehouse", "finance", "api_client"),
    paged=True,
    summary="List suppliers",
)
def index(connection: Any, page: PageRequest) -> Page:
    """List suppliers by number."""
    after = page.after[0] if page.after else None
    rows = catalogue.list_suppliers(connection, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda supplier: (supplier.number,))
