"""Goods that go back to their supplier: asked for, allowed, shipped, and credited by the supplier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.errors import Forbidden, Invalid, NotFound, Refused
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.items import Item, require_quantity
from services.inventory.domain.serials import require_once, require_serials

SupplierReturnState = Literal["requested", "approved", "shipped", "credited", "rejected", "cancelled"]


class SupplierReturnNotFound(NotFound):
    """There is no such return to a supplier."""

    code = "supplier_return_not_found"
    usual_cure = "choose one from GET /api/v1/supplier-returns"


class SupplierReturnStateRefuses(Refused):
    """The return is past the point where this could be done, or not there yet."""

    code = "supplier_return_state"
    usual_cure = "read the return again and go on from its present state"


class ReceiptPartUnknown(Invalid):
    """The purchase order has no receipt with such a part."""

    code = "receipt_part_unknown"
    usual_cure = "choose one from GET /api/v1/returnable-receipts"


class ReceiptPartNamedTwice(Invalid):
    """The same part of a receipt is named by two lines that come from the same place."""

    code = "receipt_part_named_twice"
    usual_cure = "name it once, with the whole quantity"


class ReturnExceedsReceived(Refused):
    """More was to go back than came in and did not go back before."""

    code = "return_exceeds_received"


class NotInQuarantine(Refused):
    """The goods do not wait in quarantine, or are not the ones that came in with this receipt."""

    code = "not_in_quarantine"


class SerialNotOfReceipt(Refused):
    """A unit was to go back that did not come in with this receipt, or has left since and come in otherwise."""

    code = "serial_not_of_receipt"
    usual_cure = "name a unit that GET /api/v1/returnable-receipts shows for the receipt"


class OwnReturnApproved(Forbidden):
    """Who asked for a return may not allow it as well."""

    code = "own_supplier_return"
    usual_cure = "let somebody else allow it"


@dataclass(frozen=True)
class ReceiptPart:
    """A part of a receipt of a purchase order: how much of which line, and lot, came in with it."""

    receipt_id: str
    position: int
    purchase_order_line_id: str
    item_id: str
    lot: str
    received: Quantity
    unit_price: Price


@dataclass(frozen=True)
class WantedBack:
    """How much of a part of a receipt is to go back; from quarantine, where a customer's return has brought it."""

    receipt_id: str
    position: int
    quantity: Quantity
    goods_return_id: str | None = None
    goods_return_line: int | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class SupplierReturnLine:
    """A line of a return; ``value`` is what the stock was worth less without it, known once it has left.

    ``serials`` are the units that go back, of an item that is kept by serial number.
    """

    line_no: int
    part: ReceiptPart
    quantity: Quantity
    goods_return_id: str | None = None
    goods_return_line: int | None = None
    value: Money | None = None
    serials: tuple[str, ...] = ()

    @property
    def from_quarantine(self) -> bool:
        """Whether it lies in quarantine, worth nothing, instead of on the shelf."""
        return self.goods_return_id is not None


@dataclass(frozen=True)
class SupplierReturn:
    """Goods of one purchase order that go back.

    *requested*, then *approved* or *rejected*; *cancelled* before anything left. *shipped*: they left stock or
    quarantine. *credited*: the supplier's credit note is posted.
    """

    id: str
    number: str
    supplier_id: str
    purchase_order_id: str
    purchase_order_number: str
    warehouse_id: str
    state: SupplierReturnState
    reason: str
    lines: tuple[SupplierReturnLine, ...]
    requested_by: str | None = None
    answer: str | None = None
    shipped_on: date | None = None
    credit_note: str | None = None
    version: int = 1

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items on it, in the order in which they are locked."""
        return tuple(sorted({line.part.item_id for line in self.lines}))


def draft(
    wanted: Sequence[WantedBack], parts: Mapping[tuple[str, int], ReceiptPart], known: Mapping[str, Item]
) -> tuple[SupplierReturnLine, ...]:
    """Return the lines of a return; ``parts`` are those of the purchase order's receipts, ``known`` their items."""
    lines: list[SupplierReturnLine] = []
    named: set[tuple[object, ...]] = set()
    units: dict[str, list[str]] = {}
    for place, each in enumerate(wanted):
        field = f"lines.{place}"
        part = parts.get((each.receipt_id, each.position))
        if part is None:
            raise ReceiptPartUnknown("the purchase order has no such part of a receipt", field=field)
        key = (each.receipt_id, each.position, each.goods_return_id, each.goods_return_line)
        if key in named:
            raise ReceiptPartNamedTwice("the part of the receipt is named twice", field=field)
        named.add(key)
        require_quantity(known[part.item_id], each.quantity, f"{field}.quantity")
        names = require_serials(known[part.item_id], each.quantity, each.serials, f"{field}.serials")
        require_once(names, f"{field}.serials", units.setdefault(part.item_id, []))
        units[part.item_id] += names
        lines.append(_line(place + 1, part, each, names))
    return tuple(lines)


def _line(line_no: int, part: ReceiptPart, each: WantedBack, names: tuple[str, ...]) -> SupplierReturnLine:
    return SupplierReturnLine(
        line_no, part, each.quantity, each.goods_return_id, each.goods_return_line, serials=names
    )


def approve(asked: SupplierReturn, by: str | None, answer: str | None) -> SupplierReturn:
    """Return it allowed; not by the one who asked for it."""
    require_state(asked, ("requested",), "approved")
    if asked.requested_by is not None and asked.requested_by == by:
        raise OwnReturnApproved(f"you have asked for {asked.number} yourself")
    return replace(asked, state="approved", answer=answer)


def reject(asked: SupplierReturn, answer: str) -> SupplierReturn:
    """Return it refused."""
    require_state(asked, ("requested",), "rejected")
    return replace(asked, state="rejected", answer=answer)


def cancel(asked: SupplierReturn, answer: str) -> SupplierReturn:
    """Return it given up, before anything left."""
    require_state(asked, ("requested", "approved"), "cancelled")
    return replace(asked, state="cancelled", answer=answer)


def ship(allowed: SupplierReturn, on: date) -> SupplierReturn:
    """Return it on its way."""
    require_state(allowed, ("approved",), "shipped")
    return replace(allowed, state="shipped", shipped_on=on)


def require_state(of: SupplierReturn, states: Sequence[SupplierReturnState], verb: str) -> None:
    """Refuse what cannot be done in the present state."""
    if of.state not in states:
        raise SupplierReturnStateRefuses(
            f"return {of.number} is {of.state} and cannot be {verb}", state=of.state
        )
