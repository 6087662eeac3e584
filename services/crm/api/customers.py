"""Customers over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.forms import Filling
from libs.common.forms_api import FieldFilter, SaidIn, SaidOut, as_seen, asked_in, seen
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.crm.api.company import base_currency, company_day
from services.crm.api.who import ASSIGNERS, SELLERS, registrar, seen_owners
from services.crm.domain.customer import DOCUMENT, Customer
from services.crm.domain.ownership import owner_of_new
from services.crm.reports.customers import CustomerSearch, OwnField, list_customers, one_customer, position_of
from services.crm.use_cases.change_customer import ChangeCustomer, ChangeOwner, change_customer, change_owner
from services.crm.use_cases.register_customer import RegisterCustomer, register_customer

EMAIL = r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+"
NUMBER = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
_OWNER = {"description": "The salesperson: the id of a user."}
_GROUP = {"description": "Whose prices it buys at, such as wholesale; set by a sales manager."}
_OWN = {"description": "Of the company's own form, by key; see /crm-forms."}
_REGION = {"description": "Where it buys, as prices name it; set by a sales manager."}

customers = Noun("customers", "/api/v1/customers", description="Customers, and whose they are")


class CustomerIn(Strict):
    """A new customer."""

    number = fields.Text(
        max=32, pattern=NUMBER, metadata={"description": "Left out: the next of C-000001 ..."}
    )
    name = fields.Text(max=200, required=True)
    owner_id = fields.Text(max=64, allow_none=True, metadata=_OWNER)
    currency = fields.Text(
        max=3, pattern="[A-Z]{3}", metadata={"description": "Left out: the company's own."}
    )
    country = fields.Text(max=80, allow_none=True)
    city = fields.Text(max=120, allow_none=True)
    address = fields.Text(max=2100, multiline=True, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    email = fields.Text(max=254, pattern=EMAIL, allow_none=True)
    active = fields.Flag()
    group = fields.Text(max=40, allow_none=True, metadata=_GROUP)
    region = fields.Text(max=40, allow_none=True, metadata=_REGION)
    fields_ = SaidIn(data_key="fields", attribute="fields", metadata=_OWN)


class CustomerChange(Strict):
    """Fields to change; null clears one, and one that is left out stays."""

    name = fields.Text(max=200)
    country = fields.Text(max=80, allow_none=True)
    city = fields.Text(max=120, allow_none=True)
    address = fields.Text(max=2100, multiline=True, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    email = fields.Text(max=254, pattern=EMAIL, allow_none=True)
    active = fields.Flag()
    group = fields.Text(max=40, allow_none=True, metadata=_GROUP)
    region = fields.Text(max=40, allow_none=True, metadata=_REGION)
    fields_ = SaidIn(data_key="fields", attribute="fields", metadata=_OWN)


class OwnerIn(Strict):
    """The new salesperson; null takes the customer from everybody."""

    owner_id = fields.Text(max=64, required=True, allow_none=True, metadata=_OWNER)


class CustomerOut(Strict):
    """A customer."""

    id = fields.IdField()
    number = fields.Text(max=32)
    name = fields.Text(max=200)
    owner_id = fields.Text(max=64, allow_none=True)
    currency = fields.Text(max=3)
    country = fields.Text(max=80, allow_none=True)
    city = fields.Text(max=120, allow_none=True)
    address = fields.Text(max=2100, multiline=True, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    email = fields.Text(max=254, allow_none=True)
    active = fields.Flag()
    group = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    fields_ = SaidOut(data_key="fields", attribute="fields", metadata=_OWN)
    form_version = fields.CountField(
        metadata={"description": "Of the form, when its fields were last filled in."}
    )
    version = fields.CountField(least=1)


class CustomerFilter(FieldFilter):
    """What to look for."""

    search = fields.Text(max=100, metadata={"description": "How the name or the number begins."})
    number = fields.Text(max=32)
    owner_id = fields.Text(max=64)
    active = fields.Flag()
    group = fields.Text(max=40)
    region = fields.Text(max=40)


@customers.command(
    "POST",
    "/",
    body=CustomerIn,
    answer=CustomerOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/customers/{id}",
    summary="Register a customer",
)
def register(tx: Transaction, body: dict[str, Any]) -> Customer:
    """Register a customer; a salesperson's is their own, and at the prices for everybody."""
    filling = _filling(body.pop("fields", {}))
    chosen = {
        "owner_id": owner_of_new(registrar(), body.get("owner_id")),
        "currency": body.get("currency") or base_currency(),
    }
    new = register_customer(tx, RegisterCustomer(**body | chosen), by=registrar(), filling=filling)
    return seen(tx.connection, DOCUMENT, new)


@customers.query(
    "/", answer=CustomerOut, roles=ANY, filters=CustomerFilter, paged=True, summary="Find customers"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List customers by name."""
    own = OwnField(asked_in(filters), principal().roles)
    wanted = CustomerSearch(owners=seen_owners(connection), own=own, **filters)
    rows = list_customers(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(as_seen(connection, DOCUMENT, rows), page, key=position_of)


@customers.query("/<uuid:customer_id>", answer=CustomerOut, roles=ANY, summary="Look at a customer")
def show(connection: Connection, customer_id: str) -> Customer:
    """Show a customer."""
    return seen(connection, DOCUMENT, one_customer(connection, customer_id, owners=seen_owners(connection)))


@customers.command(
    "PATCH",
    "/<uuid:customer_id>",
    body=CustomerChange,
    answer=CustomerOut,
    roles=SELLERS,
    if_match="required",
    summary="Change details of a customer",
)
def change(tx: Transaction, body: dict[str, Any], customer_id: str) -> Customer:
    """Change details of a customer; group and region, which decide its prices, are for a sales manager."""
    filling = _filling(body.pop("fields")) if "fields" in body else None
    command = ChangeCustomer(customer_id, body, expected_version(), seen_owners(tx.connection), filling)
    return seen(tx.connection, DOCUMENT, change_customer(tx, command, by=registrar()))


@customers.command(
    "POST",
    "/<uuid:customer_id>/owner",
    body=OwnerIn,
    answer=CustomerOut,
    roles=ASSIGNERS,
    summary="Give a customer to another salesperson",
)
def assign(tx: Transaction, body: dict[str, Any], customer_id: str) -> Customer:
    """Give a customer to another salesperson."""
    given = change_owner(tx, ChangeOwner(customer_id, body["owner_id"], expected_version()))
    return seen(tx.connection, DOCUMENT, given)


def _filling(given: dict[str, Any]) -> Filling:
    return Filling(given, principal().roles, company_day())
