"""Change what may change about a customer, and whose customer it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.forms import Filled, Filling, fill_in, find_by_fields
from libs.common.outbox import publish
from services.crm.domain.customer import DOCUMENT, Customer, visible_to, with_changes
from services.crm.domain.ownership import Registrar, check_pricing
from services.crm.domain.sight import Owners
from services.crm.events import CustomerDetailsChanged, CustomerOwnerChanged, OpportunityOwnerChanged
from services.crm.store import customers, opportunities


@dataclass(frozen=True)
class ChangeCustomer:
    """The fields to change and their new values; ``owners`` as in ``visible_to``, ``filling`` is of its own form."""

    customer_id: str
    changes: Mapping[str, str | bool | None]
    expected_version: int | None = None
    owners: Owners = None
    filling: Filling | None = None


@dataclass(frozen=True)
class ChangeOwner:
    """The customer's new salesperson; ``None`` takes it from everybody."""

    customer_id: str
    owner_id: str | None
    expected_version: int | None = None


def change_customer(tx: Transaction, command: ChangeCustomer, *, by: Registrar) -> Customer:
    """Change details of a customer and tell of it; changing nothing tells nothing."""
    customer = visible_to(customers.lock(tx.connection, command.customer_id), command.owners)
    _require_version(customer, command.expected_version)
    was = Filled(customer.fields, customer.form_version)
    said = fill_in(tx, DOCUMENT, was, command.filling)
    changed = replace(with_changes(customer, command.changes), fields=said.values)
    check_pricing(by, customer, changed)
    if changed == customer:
        return customer
    saved = customers.save(tx.connection, replace(changed, form_version=said.version), tx.now)
    find_by_fields(tx, DOCUMENT, saved.id, was, said)
    publish(
        tx,
        CustomerDetailsChanged(
            customer_id=saved.id,
            number=saved.number,
            name=saved.name,
            owner_id=saved.owner_id,
            currency=saved.currency,
            country=saved.country,
            city=saved.city,
            active=saved.active,
            group=saved.group,
            region=saved.region,
            fields=dict(saved.fields),
        ),
    )
    return saved


def change_owner(tx: Transaction, command: ChangeOwner) -> Customer:
    """Give a customer and its open opportunities to another salesperson and tell of it; the same one tells nothing."""
    customer = visible_to(customers.lock(tx.connection, command.customer_id), None)
    _require_version(customer, command.expected_version)
    if customer.owner_id == command.owner_id:
        return customer
    give_customer(tx, customer, command.owner_id)
    return replace(customer, owner_id=command.owner_id, version=customer.version + 1)


def give_customer(tx: Transaction, locked: Customer, owner_id: str | None) -> int:
    """Give a customer that this transaction holds to another salesperson, tell of it and of its open opportunities.

    Returned is how many opportunities went with it.
    """
    saved = customers.save(tx.connection, replace(locked, owner_id=owner_id), tx.now)
    moved = opportunities.hand_over(tx.connection, saved.id, owner_id, tx.now)
    publish(tx, CustomerOwnerChanged(saved.id, owner_id, previous_owner_id=locked.owner_id))
    tell_opportunities(tx, moved, owner_id)
    return len(moved)


def tell_opportunities(
    tx: Transaction, moved: Sequence[tuple[str, str, str | None]], owner_id: str | None
) -> None:
    """Tell of opportunities that went to another salesperson: id, number, and whose each was."""
    for opportunity_id, number, previous in moved:
        publish(tx, OpportunityOwnerChanged(opportunity_id, number, owner_id, previous))


def _require_version(customer: Customer, expected: int | None) -> None:
    if expected not in (None, customer.version):
        raise VersionMismatch(
            f"customer {customer.number} is at version {customer.version}", cure="read it again and repeat"
        )
