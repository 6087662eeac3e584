"""Picking as tests say it."""

from __future__ import annotations

from datetime import date

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.picking import PickedPart, ShortPart, ShortReason
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.use_cases.miss_stock import SettleDiscrepancy, settle_discrepancy
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery


def part(line: str, quantity: str | int, lot: str | None = None, reason: str | None = None) -> PickedPart:
    """Return what was taken of an order line."""
    return PickedPart(line, q(quantity), lot, reason)


def lack(
    line: str, quantity: str | int, lot: str | None = None, reason: ShortReason = "not_found"
) -> ShortPart:
    """Return what was not found of an order line."""
    return ShortPart(line, q(quantity), reason, lot)


def pick(shop: Shop, note: Delivery, *parts: PickedPart | ShortPart, today: date = TODAY) -> Delivery:
    """Pick a note: all of it, or parts, but for what is short."""
    taken = tuple(each for each in parts if isinstance(each, PickedPart))
    short = tuple(each for each in parts if isinstance(each, ShortPart))
    command = PickDelivery(note.id, today, taken, short)
    picked: Delivery = shop.do(lambda tx: pick_delivery(tx, command))
    return picked


def settle(shop: Shop, discrepancy_id: str, found: str | int) -> None:
    """End a discrepancy."""
    shop.do(lambda tx: settle_discrepancy(tx, SettleDiscrepancy(discrepancy_id, TODAY, q(found))))


def lots(note: Delivery) -> list[tuple[str, str]]:
    """Return the lots of a note and how much of each is on it."""
    return [(line.key.lot, str(line.quantity)) for line in note.lines]
