"""Register a customer, under a number of its own or the next of the house's series."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction, next_number
from libs.common.forms import Filled, Filling, fill_in, find_by_fields
from libs.common.outbox import publish
from services.crm.domain.customer import DOCUMENT, Customer, require_currency, series_number
from services.crm.domain.errors import NumberTaken
from services.crm.domain.ownership import Registrar, check_pricing
from services.crm.events import CustomerRegistered
from services.crm.store import customers, overviews


@dataclass(frozen=True)
class RegisterCustomer:
    """What is known of a new customer; without a ``number`` it gets the next of the series."""

    name: str
    currency: str
    owner_id: str | None = None
    number: str | None = None
    country: str | None = None
    city: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    active: bool = True
    group: str | None = None
    region: str | None = None


def register_customer(
    tx: Transaction, command: RegisterCustomer, *, by: Registrar, filling: Filling | None = None
) -> Customer:
    """Store a new customer and tell of it; refuse an unknown currency and a number that is taken."""
    require_currency(command.currency)
    said = fill_in(tx, DOCUMENT, None, filling)
    known = {"id": tx.new_id(), "number": command.number or ""}
    draft = Customer(**vars(command) | known, fields=said.values, form_version=said.version)
    check_pricing(by, None, draft)
    customer = _add_as_given(tx, draft) if command.number else _add_as_next(tx, draft)
    find_by_fields(tx, DOCUMENT, customer.id, None, Filled(customer.fields, customer.form_version))
    overviews.look_again(tx, [customer.id])
    publish(
        tx,
        CustomerRegistered(
            customer_id=customer.id,
            number=customer.number,
            name=customer.name,
            owner_id=customer.owner_id,
            currency=customer.currency,
            country=customer.country,
            city=customer.city,
            active=customer.active,
            group=customer.group,
            region=customer.region,
            fields=dict(customer.fields),
        ),
    )
    return customer


def _add_as_given(tx: Transaction, customer: Customer) -> Customer:
    if not customers.add(tx.connection, customer, tx.now):
        raise NumberTaken(
            f"there is a customer {customer.number} already",
            field="number",
            cure="choose another number, or leave it out to get the next one",
        )
    return customer


def _add_as_next(tx: Transaction, draft: Customer) -> Customer:
    """Take numbers until one is free: somebody may have given a number of the series by hand."""
    while True:
        customer = replace(draft, number=series_number(next_number(tx, "customer")))
        if customers.add(tx.connection, customer, tx.now):
            return customer
