"""Purchase requisitions: what should be bought and why, from the need to the purchase order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.supply import SupplyPolicy

RequisitionState = Literal["open", "approved", "ordered", "closed", "cancelled", "rejected"]
Origin = Literal["shortage", "reorder_point", "manual", "order"]
UNORDERED: tuple[RequisitionState, ...] = ("open", "approved")


class RequisitionNotFound(NotFound):
    """There is no such requisition."""

    code = "requisition_not_found"
    usual_cure = "choose one from GET /api/v1/purchase-requisitions"


class UnknownRequisition(Invalid):
    """A purchase order names a requisition that there is not."""

    code = "unknown_requisition"


class RequisitionStateRefuses(Refused):
    """The requisition is past the point where this could be done."""

    code = "requisition_state"


@dataclass(frozen=True)
class Requisition:
    """A wish to buy ``quantity`` of an item for a warehouse.

    ``need`` is what brought it about; ``quantity`` is that in the quantities which the supplier sells. *shortage*
    ones follow what waiting orders lack, *reorder_point* ones the stock, until they are ordered; *manual* ones stay
    as they were written, and so do *order* ones, which are for one line of one order alone. ``requested_by`` is nobody
    where it came about by itself; ``approval_id`` is the approval that it waits for, or ended by.
    """

    id: str
    number: str
    item_id: str
    warehouse_id: str
    origin: Origin
    state: RequisitionState
    need: Quantity
    quantity: Quantity
    supplier_id: str | None = None
    requested_by: str | None = None
    approved_by: str | None = None
    purchase_order_id: str | None = None
    note: str | None = None
    reason: str | None = None
    version: int = 1
    order_id: str | None = None
    order_line_id: str | None = None
    approval_id: str | None = None


def approve(requisition: Requisition, by: str | None) -> Requisition:
    """Return the requisition ready to be ordered."""
    _require(requisition, ("open",), "approved")
    return replace(requisition, state="approved", approved_by=by)


def reject(requisition: Requisition, reason: str) -> Requisition:
    """Return the requisition turned down; a need that is still there is raised again with the next shortage."""
    _require(requisition, ("open",), "rejected")
    return replace(requisition, state="rejected", reason=reason)


def cancel(requisition: Requisition, reason: str) -> Requisition:
    """Return the requisition given up before it was ordered."""
    _require(requisition, UNORDERED, "cancelled")
    return replace(requisition, state="cancelled", reason=reason)


def order(requisition: Requisition, purchase_order_id: str, field: str | None = None) -> Requisition:
    """Return the requisition as part of a purchase order; a refusal names the ``field`` that asked for it."""
    _require(requisition, ("approved",), "ordered", field)
    return replace(requisition, state="ordered", purchase_order_id=purchase_order_id)


def take_back(requisition: Requisition) -> Requisition:
    """Return the requisition free for another purchase order, because the one it was part of is cancelled."""
    _require(requisition, ("ordered",), "taken back")
    return replace(requisition, state="approved", purchase_order_id=None)


def close(requisition: Requisition) -> Requisition:
    """Return the requisition done: what was ordered for it came in, or no more of it will."""
    _require(requisition, ("ordered",), "closed")
    return replace(requisition, state="closed")


def resize(requisition: Requisition, need: int, quantity: Quantity) -> Requisition:
    """Return the requisition for another need; for none at all, cancelled."""
    if not need:
        return cancel(requisition, "the need is gone")
    return replace(requisition, need=Quantity(need), quantity=quantity)


def _require(
    requisition: Requisition, states: Sequence[RequisitionState], verb: str, field: str | None = None
) -> None:
    if requisition.state not in states:
        raise RequisitionStateRefuses(
            f"requisition {requisition.number} is {requisition.state} and cannot be {verb}",
            field=field,
            cure="read the requisition again and go on from its present state",
            state=requisition.state,
        )


@dataclass(frozen=True)
class Lack:
    """What decides how much of an item is missing, in thousandths: what those who wait want of it, what is
    available, and what is coming anyway.
    """

    wanted: int = 0
    available: int = 0
    coming: int = 0

    @property
    def milli(self) -> int:
        """What still has to be bought or made so that everybody who waits can be served."""
        return min(max(0, self.wanted - self.available - self.coming), LIMIT_MILLI)


def cover(
    lack: Lack, standing: Sequence[Requisition], policy: SupplyPolicy, *, may_grow: bool
) -> tuple[list[Requisition], int]:
    """Return how the ``standing`` shortage requisitions change, and how much need is left for a new one.

    Approved ones may only shrink: more than was approved is another decision. The open one follows the need both
    ways, down only unless ``may_grow``. Together they never ask for more than what is lacking.
    """
    rest, changed = lack.milli, []
    for each in sorted(standing, key=lambda one: (one.state == "open", one.id)):
        grows = may_grow and each.state == "open"
        need = rest if grows else min(rest, each.need.milli)
        after = each
        if grows:
            after = replace(resize(each, need, policy.order_quantity(need)), supplier_id=policy.supplier_id)
        elif need != each.need.milli:
            after = resize(each, need, min(policy.order_quantity(need), each.quantity))
        if after != each:
            changed.append(after)
        rest = max(0, rest - (after.quantity.milli if need else 0))
    return changed, rest
