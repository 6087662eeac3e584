"""How items are supplied: the versions of their policies, suppliers' prices, and the company's rules for buying."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from libs.common.db import Transaction
from libs.common.money import Money, Price
from services.inventory.domain.purchasing_rules import PurchasingRules
from services.inventory.domain.supply import SupplierPrice, SupplyPolicy
from services.inventory.store.purchase_tables import purchasing_rule, supplier_price, supply_policy


def policies(connection: Connection, item_ids: Collection[str]) -> dict[str, SupplyPolicy]:
    """Return the policy that applies now to each of ``item_ids``; an item without one has version 0."""
    newest = supply_policy.alias()
    last = select(func.max(newest.c.version)).where(newest.c.item_id == supply_policy.c.item_id)
    query = select(supply_policy).where(
        supply_policy.c.item_id.in_(sorted(set(item_ids))), supply_policy.c.version == last.scalar_subquery()
    )
    found = {item_id: SupplyPolicy(item_id) for item_id in item_ids}
    return found | {row.item_id: _policy(row) for row in connection.execute(query)}


def policy(connection: Connection, item_id: str) -> SupplyPolicy:
    """Return the policy that applies now to one item."""
    return policies(connection, [item_id])[item_id]


def _policy(row: Row[Any]) -> SupplyPolicy:
    return SupplyPolicy(
        item_id=row.item_id,
        version=row.version,
        method=row.method,
        supplier_id=row.supplier_id,
        lead_days=row.lead_days,
        multiple=row.multiple_milli,
        minimum=row.minimum_milli,
        source_id=row.source_id,
    )


def add_policy(tx: Transaction, new: SupplyPolicy) -> None:
    """Store the next version of a locked item's policy."""
    tx.connection.execute(
        insert(supply_policy).values(
            item_id=new.item_id,
            version=new.version,
            method=new.method,
            supplier_id=new.supplier_id,
            lead_days=new.lead_days,
            multiple_milli=new.multiple,
            minimum_milli=new.minimum,
            source_id=new.source_id,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )


def add_price(tx: Transaction, new: SupplierPrice) -> None:
    """Store a price; older ones stay, and count where this one does not hold."""
    tx.connection.execute(
        insert(supplier_price).values(
            id=new.id,
            supplier_id=new.supplier_id,
            item_id=new.item_id,
            valid_from=new.valid_from,
            minimum_milli=new.minimum,
            unit_price_e4=new.unit_price.e4,
            currency=new.unit_price.currency,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )


def prices(connection: Connection, supplier_id: str, item_ids: Collection[str]) -> list[SupplierPrice]:
    """Return every price that a supplier ever asked for any of ``item_ids``."""
    query = select(supplier_price).where(
        supplier_price.c.supplier_id == supplier_id, supplier_price.c.item_id.in_(sorted(set(item_ids)))
    )
    return [price_of(row) for row in connection.execute(query)]


def price_of(row: Row[Any]) -> SupplierPrice:
    """Return the price that stands in a row of its table."""
    return SupplierPrice(
        id=row.id,
        supplier_id=row.supplier_id,
        item_id=row.item_id,
        valid_from=row.valid_from,
        minimum=row.minimum_milli,
        unit_price=Price(row.unit_price_e4, row.currency),
    )


def rules(connection: Connection) -> PurchasingRules:
    """Return the company's rules for buying that apply now."""
    query = select(purchasing_rule).order_by(purchasing_rule.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return PurchasingRules()
    limit = None if row.currency is None else Money(row.approval_limit_minor, row.currency)
    return PurchasingRules(row.version, limit, row.over_receipt_bp)


def add_rules(tx: Transaction, new: PurchasingRules) -> None:
    """Store the next version; one that another has stored meanwhile breaks the key."""
    limit = new.approval_limit
    tx.connection.execute(
        insert(purchasing_rule).values(
            version=new.version,
            approval_limit_minor=None if limit is None else limit.minor,
            currency=None if limit is None else limit.currency,
            over_receipt_bp=new.over_receipt_bp,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )
