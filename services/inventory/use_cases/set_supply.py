"""Say how an item is supplied, what a supplier asks for it, and what the company lets happen when it buys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import NotFound, VersionMismatch
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.errors import UnknownItem, UnknownSupplier
from services.inventory.domain.items import Item, require_granularity, require_quantity
from services.inventory.domain.production_errors import BomMissing
from services.inventory.domain.purchasing_rules import PurchasingRules
from services.inventory.domain.suppliers import Supplier
from services.inventory.domain.supply import SupplierPrice, SupplyMethod, SupplyPolicy
from services.inventory.store import boms, items, suppliers, supply
from services.inventory.use_cases.cover_shortage import cover_shortage


@dataclass(frozen=True)
class SetSupplyPolicy:
    """How an item is supplied from now on."""

    item_id: str
    method: SupplyMethod
    supplier_id: str | None = None
    lead_days: int = 0
    multiple: Quantity | None = None
    minimum: Quantity | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class AddSupplierPrice:
    """What a supplier asks for a unit from ``valid_from`` on, when at least ``minimum`` is ordered."""

    supplier_id: str
    item_id: str
    unit_price: Price
    valid_from: date
    minimum: Quantity


@dataclass(frozen=True)
class SetPurchasingRules:
    """The company's rules for buying from now on."""

    approval_limit: Money | None
    over_receipt_bp: int
    expected_version: int | None = None


def set_supply_policy(tx: Transaction, command: SetSupplyPolicy) -> SupplyPolicy:
    """Store the next version of an item's policy; what waiting orders lack is then asked for by it at once."""
    item = items.lock(tx.connection, [command.item_id]).get(command.item_id)
    if item is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    before = supply.policy(tx.connection, item.id)
    _require_version("the policy", before.version, command.expected_version)
    _require_quantities(item, command)
    after = SupplyPolicy(
        item_id=item.id,
        version=before.version + 1,
        method=command.method,
        supplier_id=command.supplier_id,
        lead_days=command.lead_days,
        multiple=command.multiple,
        minimum=command.minimum,
    )
    if command.supplier_id is not None:
        found_supplier(tx, command.supplier_id)
    if after.makes and not boms.newest_version(tx.connection, item.id):
        raise BomMissing(f"{item.sku} has no bill of materials", field="method")
    if replace(after, version=before.version) == before:
        return before
    supply.add_policy(tx, after)
    if after.supplier_id is not None:
        suppliers.supply(tx.connection, item.id, after.supplier_id)
    cover_shortage(tx, [item.id], may_grow=True)
    return after


def add_supplier_price(tx: Transaction, command: AddSupplierPrice) -> SupplierPrice:
    """Store what a supplier asks for an item; what was ordered before keeps its price."""
    found_supplier(tx, command.supplier_id, field=None)
    item = items.find(tx.connection, command.item_id)
    if item is None:
        raise UnknownItem("there is no such item", field="item_id", cure="register the item first")
    require_granularity(item, command.minimum, "minimum")
    price = SupplierPrice(tx.new_id(), **vars(command))
    supply.add_price(tx, price)
    return price


def set_purchasing_rules(tx: Transaction, command: SetPurchasingRules) -> PurchasingRules:
    """Store the next version of the company's rules for buying; orders that were written keep their tolerance."""
    before = supply.rules(tx.connection)
    _require_version("the rules", before.version, command.expected_version)
    after = PurchasingRules(before.version + 1, command.approval_limit, command.over_receipt_bp)
    if replace(after, version=before.version) == before:
        return before
    supply.add_rules(tx, after)
    return after


def found_supplier(tx: Transaction, supplier_id: str, field: str | None = "supplier_id") -> Supplier:
    """Return the supplier; refuse an id that none has, in the body's ``field`` or in the address."""
    supplier = suppliers.find(tx.connection, supplier_id)
    if supplier is not None:
        return supplier
    message, cure = "there is no such supplier", "list the suppliers"
    if field is None:
        raise NotFound(message, field="supplier_id", cure=cure)
    raise UnknownSupplier(message, field=field, cure=cure)


def _require_version(what: str, present: int, expected: int | None) -> None:
    if expected not in (None, present):
        raise VersionMismatch(f"{what} is at version {present}", cure="read it again and repeat the change")


def _require_quantities(item: Item, command: SetSupplyPolicy) -> None:
    for name in ("multiple", "minimum"):
        quantity = getattr(command, name)
        if quantity is not None:
            require_quantity(item, quantity, name)
