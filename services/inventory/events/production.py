"""What is to be made, what is being made, and what was made of what, as inventory tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.quantity import Quantity


@event("inventory.production_order.raised.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderRaised:
    """Somebody, or the shortage of an item, asks for something to be made.

    ``origin``: ``shortage`` (those who wait lack ``need`` of it), ``reorder_point`` (the stock fell to its lower bound)
    or ``manual``. ``quantity`` is the need in the lots in which the item is made.
    """

    production_order_id: str
    number: str
    item_id: str
    sku: str
    warehouse_id: str
    origin: str
    need: Quantity
    quantity: Quantity


@event("inventory.production_order.changed.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderChanged:
    """The need behind an order that is not released yet grew or shrank; all fields carry the present values."""

    production_order_id: str
    number: str
    item_id: str
    sku: str
    warehouse_id: str
    origin: str
    need: Quantity
    quantity: Quantity


@dataclass(frozen=True)
class RequiredComponent:
    """A component of a released order: what it takes of it by the bill of materials, and what of that is reserved."""

    item_id: str
    sku: str
    required: Quantity
    reserved: Quantity


@event("inventory.production_order.released.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderReleased:
    """An order is to be made by version ``bom_version`` of its bill; what is not reserved of a component is missing."""

    production_order_id: str
    number: str
    item_id: str
    sku: str
    warehouse_id: str
    quantity: Quantity
    bom_version: int
    released_on: date
    due_on: date
    components: tuple[RequiredComponent, ...]


@event("inventory.production_order.assigned.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderAssigned:
    """All components of a released order are reserved: it can be made from beginning to end."""

    production_order_id: str
    number: str
    item_id: str
    warehouse_id: str
    quantity: Quantity


@event("inventory.production_order.started.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderStarted:
    """Somebody began to make it."""

    production_order_id: str
    number: str
    item_id: str
    warehouse_id: str
    quantity: Quantity


@dataclass(frozen=True)
class ConsumedLine:
    """What was used up of a component (``quantity``), and what would have been by the bill of materials."""

    item_id: str
    sku: str
    planned: Quantity
    quantity: Quantity


@event("inventory.production_order.finished.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionFinished:
    """Some of an order was made: ``finished`` lies in stock, ``scrapped`` nowhere; both used up the components.

    ``report_id`` is the document of the stock moves; ``..._so_far`` counts with this report.
    """

    production_order_id: str
    number: str
    report_id: str
    item_id: str
    sku: str
    warehouse_id: str
    reported_on: date
    finished: Quantity
    scrapped: Quantity
    finished_so_far: Quantity
    scrapped_so_far: Quantity
    fully_finished: bool
    consumed: tuple[ConsumedLine, ...]
    lot: str | None = None
    reason: str | None = None


@event("inventory.production_order.closed.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderClosed:
    """No more will be made by an order: all of it was, or somebody closed it with a ``reason``."""

    production_order_id: str
    number: str
    item_id: str
    warehouse_id: str
    planned: Quantity
    finished: Quantity
    scrapped: Quantity
    reason: str | None = None


@event("inventory.production_order.cancelled.v1", key="production_order_id")
@dataclass(frozen=True)
class ProductionOrderCancelled:
    """An order was given up before anything was made: by somebody, or because its need is gone."""

    production_order_id: str
    number: str
    item_id: str
    warehouse_id: str
    reason: str
