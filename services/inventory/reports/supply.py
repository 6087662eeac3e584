"""How items are supplied, what suppliers ask for them, and from which stock on they are bought again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, literal, select, tuple_

from libs.common.errors import NotFound
from libs.common.money import Price
from libs.common.quantity import Quantity
from services.inventory.domain.purchasing_rules import PurchasingRules
from services.inventory.domain.supply import SupplierPrice, SupplyMethod, price_for
from services.inventory.store import items, reorder_points, suppliers, supply
from services.inventory.store.purchase_tables import reorder_point, supplier_price
from services.inventory.store.tables import item, supplier, warehouse


@dataclass(frozen=True)
class PolicyView:
    """The policy that applies to an item now, and what its supplier asks today for the least that is ordered."""

    item_id: str
    version: int
    method: SupplyMethod
    supplier_id: str | None
    supplier_number: str | None
    lead_days: int
    multiple: Quantity | None
    minimum: Quantity | None
    unit_price: Price | None
    source_id: str | None


@dataclass(frozen=True)
class PriceView:
    """What a supplier asks for an item."""

    id: str
    supplier_id: str
    item_id: str
    sku: str
    valid_from: date
    minimum: Quantity
    unit_price: Price


@dataclass(frozen=True)
class OfferView(PriceView):
    """What one of its suppliers asks for an item, with the supplier's names."""

    supplier_number: str
    supplier_name: str


@dataclass(frozen=True)
class ReorderPointView:
    """A reorder point with the names of what it is about."""

    item_id: str
    sku: str
    warehouse_id: str
    warehouse_code: str
    minimum: Quantity
    maximum: Quantity
    multiple: Quantity | None
    horizon_days: int
    version: int


def policy_now(connection: Connection, item_id: str, today: date) -> PolicyView:
    """Return how an item is supplied."""
    if items.find(connection, item_id) is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    found = supply.policy(connection, item_id)
    number, unit_price = None, None
    if found.supplier_id is not None:
        known = suppliers.find(connection, found.supplier_id)
        number = known.number if known else None
        prices = supply.prices(connection, found.supplier_id, [item_id])
        unit_price = price_for(prices, found.order_quantity(1), today)
    return PolicyView(
        item_id=item_id,
        version=found.version,
        method=found.method,
        supplier_id=found.supplier_id,
        supplier_number=number,
        lead_days=found.lead_days,
        multiple=found.multiple,
        minimum=found.minimum,
        unit_price=unit_price,
        source_id=found.source_id,
    )


def rules_now(connection: Connection) -> PurchasingRules:
    """Return the company's rules for buying."""
    return supply.rules(connection)


def price_view(connection: Connection, price: SupplierPrice) -> PriceView:
    """Return a price as it is shown."""
    return PriceView(**vars(price), sku=items.known(connection, [price.item_id])[price.item_id].sku)


def list_prices(
    connection: Connection, supplier_id: str, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[PriceView]:
    """Return what a supplier asks and asked, in the order in which it was written; ``filters``: item_id."""
    if suppliers.find(connection, supplier_id) is None:
        raise NotFound("there is no such supplier", field="supplier_id", cure="list the suppliers")
    query = (
        select(supplier_price, item.c.sku)
        .join(item, item.c.id == supplier_price.c.item_id)
        .where(supplier_price.c.supplier_id == supplier_id)
        .order_by(supplier_price.c.id)
        .limit(limit)
    )
    if filters.get("item_id") is not None:
        query = query.where(supplier_price.c.item_id == filters["item_id"])
    if after is not None:
        query = query.where(supplier_price.c.id > after)
    return [PriceView(**vars(supply.price_of(row)), sku=row.sku) for row in connection.execute(query)]


def list_offers(connection: Connection, item_id: str, *, after: str | None, limit: int) -> list[OfferView]:
    """Return what all suppliers ask and asked for an item, what was written last first."""
    if items.find(connection, item_id) is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    query = (
        select(supplier_price, item.c.sku, supplier.c.number, supplier.c.name)
        .join(item, item.c.id == supplier_price.c.item_id)
        .join(supplier, supplier.c.id == supplier_price.c.supplier_id)
        .where(supplier_price.c.item_id == item_id)
        .order_by(supplier_price.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(supplier_price.c.id < after)
    return [
        OfferView(
            **vars(supply.price_of(row)), sku=row.sku, supplier_number=row.number, supplier_name=row.name
        )
        for row in connection.execute(query)
    ]


def list_reorder_points(
    connection: Connection, filters: dict[str, Any], *, after: tuple[Any, ...] | None, limit: int
) -> list[ReorderPointView]:
    """Return reorder points in the order of their keys; ``filters``: item_id, warehouse_id."""
    key = (reorder_point.c.item_id, reorder_point.c.warehouse_id)
    query = (
        select(reorder_point, item.c.sku, warehouse.c.code)
        .join(item, item.c.id == reorder_point.c.item_id)
        .join(warehouse, warehouse.c.id == reorder_point.c.warehouse_id)
        .order_by(*key)
        .limit(limit)
    )
    for name in ("item_id", "warehouse_id"):
        if filters.get(name) is not None:
            query = query.where(reorder_point.c[name] == filters[name])
    if after is not None:
        place = (literal(value, column.type) for value, column in zip(after, key, strict=True))
        query = query.where(tuple_(*key) > tuple_(*place))
    return [
        ReorderPointView(**vars(reorder_points.of_row(row)), sku=row.sku, warehouse_code=row.code)
        for row in connection.execute(query)
    ]


def reorder_keys(
    connection: Connection, *, after: tuple[str, str] | None, limit: int
) -> list[tuple[str, str]]:
    """Return up to ``limit`` pairs of item and warehouse that have a reorder point, behind the pair ``after``."""
    found = list_reorder_points(connection, {}, after=after, limit=limit)
    return [(each.item_id, each.warehouse_id) for each in found]
