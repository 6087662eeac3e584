"""Register an item, and change what may change about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import NotFound, VersionMismatch
from libs.common.forms import Filled, Filling, fill_in, find_by_fields
from libs.common.outbox import publish
from services.inventory.domain.errors import SkuTaken
from services.inventory.domain.items import DOCUMENT, Item
from services.inventory.domain.serials import require_whole_units
from services.inventory.events import ItemDetailsChanged, ItemRegistered
from services.inventory.store import items


@dataclass(frozen=True)
class RegisterItem:
    """What a new item is; unit, decimals and tracking stay as they are for ever."""

    sku: str
    name: str
    uom: str
    decimals: int = 0
    category: str | None = None
    lot_tracked: bool = False
    active: bool = True
    serial_tracked: bool = False


@dataclass(frozen=True)
class ChangeItem:
    """What shall be different about an item; fields that are ``None`` stay (an empty category clears it)."""

    item_id: str
    name: str | None = None
    category: str | None = None
    active: bool | None = None
    expected_version: int | None = None
    filling: Filling | None = None


def register_item(tx: Transaction, command: RegisterItem, filling: Filling | None = None) -> Item:
    """Store a new item and tell of it; refuse a SKU that is taken."""
    require_whole_units(
        command.decimals, lot_tracked=command.lot_tracked, serial_tracked=command.serial_tracked
    )
    said = fill_in(tx, DOCUMENT, None, filling)
    item = Item(id=tx.new_id(), **asdict(command), fields=said.values, form_version=said.version)
    if not items.add(tx.connection, item, tx.now):
        raise SkuTaken(f"there is an item {item.sku} already", field="sku", cure="choose another SKU")
    find_by_fields(tx, DOCUMENT, item.id, None, said)
    publish(tx, ItemRegistered(**_fields(item)))
    return item


def change_item(tx: Transaction, command: ChangeItem) -> Item:
    """Change name, category or activity of an item and tell of it; changing nothing tells nothing."""
    item = items.lock(tx.connection, [command.item_id]).get(command.item_id)
    if item is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    if command.expected_version not in (None, item.version):
        raise VersionMismatch(
            f"item {item.sku} is at version {item.version}", cure="read it again and repeat"
        )
    was = Filled(item.fields, item.form_version)
    said = fill_in(tx, DOCUMENT, was, command.filling)
    changed = replace(
        item,
        name=item.name if command.name is None else command.name,
        category=item.category if command.category is None else command.category or None,
        active=item.active if command.active is None else command.active,
        fields=said.values,
    )
    if changed == item:
        return item
    saved = items.save(tx.connection, replace(changed, form_version=said.version), tx.now)
    find_by_fields(tx, DOCUMENT, saved.id, was, said)
    publish(tx, ItemDetailsChanged(**_fields(saved)))
    return saved


def _fields(item: Item) -> dict[str, Any]:
    return {
        "item_id": item.id,
        "sku": item.sku,
        "name": item.name,
        "category": item.category,
        "uom": item.uom,
        "decimals": item.decimals,
        "active": item.active,
        "lot_tracked": item.lot_tracked,
        "serial_tracked": item.serial_tracked,
        "fields": dict(item.fields),
    }
