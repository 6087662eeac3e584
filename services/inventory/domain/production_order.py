"""Production orders: what is to be made and why, from the need to the last finished piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from libs.common.quantity import Quantity
from services.inventory.domain.bom import Bom, counted
from services.inventory.domain.items import Item
from services.inventory.domain.production_errors import (
    LessThanPlanned,
    MoreThanPlanned,
    NothingMade,
    ProductionStateRefuses,
    ScrapReasonMissing,
)
from services.inventory.domain.requisition import Origin

ProductionState = Literal["request", "waiting", "assigned", "running", "done", "cancelled"]
RELEASED: tuple[ProductionState, ...] = ("waiting", "assigned", "running")
"""States in which an order holds components, or waits for them, and its outcome is expected."""
_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class Component:
    """What an order takes of a component, all in quantities of its unit.

    ``required`` is its share of all that is to be made, ``used`` its share of what was made so far, both by the bill of
    materials; ``consumed`` is what was really used up, and ``held`` what is reserved for the rest.
    """

    item_id: str
    required: Quantity
    used: Quantity = _NOTHING
    consumed: Quantity = _NOTHING
    held: Quantity = _NOTHING

    @property
    def missing(self) -> int:
        """How many thousandths are still to be reserved."""
        return max(0, self.required.milli - self.used.milli - self.held.milli)

    @property
    def surplus(self) -> int:
        """How many thousandths are reserved and not needed any more."""
        return max(0, self.held.milli - (self.required.milli - self.used.milli))


@dataclass(frozen=True)
class ProductionOrder:
    """An order to make ``quantity`` of an item.

    *request*: nobody released it; one that came about by a shortage or a reorder point follows the need. *waiting*:
    released, components are missing. *assigned*: all components are reserved. *running*: being made. *done*: all was
    made, or no more will be. *cancelled*: given up before anything was made. ``need`` is what brought it about,
    ``quantity`` that in lots. ``queue_no`` is its place among all who wait for stock, from its release on.
    """

    id: str
    number: str
    item_id: str
    warehouse_id: str
    origin: Origin
    state: ProductionState
    need: Quantity
    quantity: Quantity
    most: Quantity = _NOTHING
    bom_version: int | None = None
    finished: Quantity = _NOTHING
    scrapped: Quantity = _NOTHING
    queue_no: int | None = None
    due_on: date | None = None
    released_on: date | None = None
    requested_by: str | None = None
    released_by: str | None = None
    note: str | None = None
    reason: str | None = None
    version: int = 1
    components: tuple[Component, ...] = ()

    @property
    def made(self) -> int:
        """How many thousandths were made, good or bad: so many used up components."""
        return self.finished.milli + self.scrapped.milli

    @property
    def outstanding(self) -> Quantity:
        """What is still to be finished of what was planned."""
        return max(self.quantity - self.finished, _NOTHING)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Its item and its components, in the order in which they are locked."""
        return tuple(sorted({self.item_id, *(each.item_id for each in self.components)}))

    @property
    def complete(self) -> bool:
        """Whether nothing is missing for the rest."""
        return not any(each.missing for each in self.components)


@dataclass(frozen=True)
class Release:
    """On which day, by whom, and at which place among those who wait an order is released."""

    day: date
    by: str | None
    queue_no: int


def release(order: ProductionOrder, bom: Bom, items: Mapping[str, Item], how: Release) -> ProductionOrder:
    """Return the order as it is to be made by ``bom``, with all components to be reserved."""
    require_state(order, ("request",), "released")
    components = tuple(
        Component(
            part.item_id,
            counted(
                bom.share(part, order.quantity.milli, items[part.item_id].decimals),
                items[part.item_id].sku,
                "production_order_id",
            ),
        )
        for part in bom.components
    )
    return replace(
        order,
        state="waiting",
        bom_version=bom.version,
        most=bom.most(order.quantity, items[order.item_id].decimals),
        queue_no=how.queue_no,
        due_on=order.due_on or how.day + timedelta(days=bom.lead_days(order.quantity.milli)),
        released_on=how.day,
        released_by=how.by,
        components=components,
    )


def start(order: ProductionOrder) -> ProductionOrder:
    """Return the order as being made: with some components missing, as many pieces as the others allow."""
    require_state(order, ("waiting", "assigned"), "started")
    return replace(order, state="running")


def report(
    order: ProductionOrder, bom: Bom, items: Mapping[str, Item], finished: Quantity, scrapped: Quantity
) -> ProductionOrder:
    """Return the order after so much was ``finished`` and ``scrapped``: its components used by their shares.

    What was scrapped has to be made once more, so its components are required again.
    """
    after = replace(order, finished=order.finished + finished, scrapped=order.scrapped + scrapped)
    in_all = max(order.quantity.milli + after.scrapped.milli, after.made)
    if not after.outstanding:
        after, in_all = replace(after, state="done"), after.made
    decimals = {part.item_id: items[part.item_id].decimals for part in bom.components}
    field = "scrapped" if scrapped else "finished"
    shares = {
        part.item_id: (
            counted(bom.share(part, after.made, decimals[part.item_id]), items[part.item_id].sku, field),
            counted(bom.share(part, in_all, decimals[part.item_id]), items[part.item_id].sku, field),
        )
        for part in bom.components
    }
    components = tuple(
        replace(each, used=shares[each.item_id][0], required=shares[each.item_id][1])
        for each in order.components
    )
    return replace(after, components=components)


def require_report(
    order: ProductionOrder, finished: Quantity, scrapped: Quantity, reason: str | None
) -> None:
    """Refuse, of a running order, a report of nothing, of scrap without a reason, or of more than may be made."""
    if not finished and not scrapped:
        raise NothingMade(
            "nothing was finished and nothing scrapped", field="finished", cure="say what was made"
        )
    if scrapped and reason is None:
        raise ScrapReasonMissing(
            f"{scrapped} were scrapped, and nobody said why",
            field="reason",
            cure="give the reason of the scrap",
        )
    counted(scrapped.milli + order.made + order.quantity.milli, "the item itself", "scrapped")
    if order.finished.milli + finished.milli > order.most.milli:
        left = order.most - order.finished
        raise MoreThanPlanned(
            f"{order.quantity} planned, {order.finished} finished: at most {left} more may be",
            field="finished",
            cure="report at most that, and make the rest by another order",
            planned=order.quantity,
            finished=order.finished,
            most=order.most,
            left=left,
        )


def close(
    order: ProductionOrder, bom: Bom, item: Item, reason: str, *, accept_shortfall: bool
) -> ProductionOrder:
    """Return the running order with no more to come; less than its tolerance allows is to be accepted expressly."""
    if not order.made:
        raise NothingMade(
            f"nothing was made by {order.number} yet", field="production_order_id", cure="cancel it instead"
        )
    least = bom.least(order.quantity, item.decimals)
    if order.finished < least and not accept_shortfall:
        raise LessThanPlanned(
            f"{order.finished} of {order.quantity} were finished; without a word at least {least} are",
            field="accept_shortfall",
            cure="finish more, or send accept_shortfall: true",
            planned=order.quantity,
            finished=order.finished,
            least=least,
        )
    return replace(order, state="done", reason=reason, components=_no_more(order))


def cancel(order: ProductionOrder, reason: str) -> ProductionOrder:
    """Return the order given up before anything was made."""
    require_state(order, ("request", *RELEASED), "cancelled")
    if order.made:
        raise ProductionStateRefuses(
            f"{order.finished} were finished and {order.scrapped} scrapped by {order.number}",
            cure="close it instead",
            state=order.state,
        )
    return replace(order, state="cancelled", reason=reason, components=_no_more(order))


def _no_more(order: ProductionOrder) -> tuple[Component, ...]:
    return tuple(replace(each, required=each.used) for each in order.components)


def require_state(order: ProductionOrder, states: Sequence[ProductionState], verb: str) -> None:
    """Refuse what cannot be done in the order's present state."""
    if order.state not in states:
        raise ProductionStateRefuses(
            f"production order {order.number} is {order.state} and cannot be {verb}",
            cure="read the production order again and go on from its present state",
            state=order.state,
        )
