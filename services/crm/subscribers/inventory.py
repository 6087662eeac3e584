"""What crm notes of inventory: what there is to ask for."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.crm.domain.item import Item
from services.crm.use_cases.keep_item import keep_item

subscriptions = Subscriptions("crm")


@dataclass(frozen=True)
class ItemDetails:
    """What crm reads of an item."""

    item_id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    category: str | None = None


@subscriptions.on("inventory.item.registered.v1", ItemDetails)
@subscriptions.on("inventory.item.details_changed.v1", ItemDetails)
def item_described(tx: Transaction, view: ItemDetails, message: Message) -> None:
    """Note the item as inventory describes it."""
    item = Item(view.item_id, view.sku, view.name, view.uom, view.decimals, view.active, view.category)
    keep_item(tx, item, message.sequence)
