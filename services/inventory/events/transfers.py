"""Transfers between warehouses, as inventory tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class TransferredLine:
    """How much of an item, and lot, this is about."""

    line_no: int
    item_id: str
    sku: str
    quantity: Quantity
    lot: str | None = None


@event("inventory.transfer.requested.v1", key="transfer_id")
@dataclass(frozen=True)
class TransferRequested:
    """Goods shall go from one warehouse to another; nothing is held for it."""

    transfer_id: str
    number: str
    from_id: str
    to_id: str
    lines: tuple[TransferredLine, ...]


@event("inventory.transfer.shipped.v1", key="transfer_id")
@dataclass(frozen=True)
class TransferShipped:
    """The goods have left the one warehouse and are in neither."""

    transfer_id: str
    number: str
    from_id: str
    to_id: str
    shipped_on: date
    lines: tuple[TransferredLine, ...]


@event("inventory.transfer.received.v1", key="transfer_id")
@dataclass(frozen=True)
class TransferReceived:
    """What of it arrived, and what is lost; with ``complete`` nothing is under way any more."""

    transfer_id: str
    number: str
    to_id: str
    arrived: tuple[TransferredLine, ...]
    lost: tuple[TransferredLine, ...]
    complete: bool
    reason: str | None = None


@event("inventory.transfer.cancelled.v1", key="transfer_id")
@dataclass(frozen=True)
class TransferCancelled:
    """A transfer was given up before anything left."""

    transfer_id: str
    number: str
    reason: str
