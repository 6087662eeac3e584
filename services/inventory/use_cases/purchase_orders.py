"""Purchase orders: written from approved requisitions, sent, confirmed, given up, closed short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from libs.common.approvals import Approval
from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.money import Price
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import purchase as rules
from services.inventory.domain import requisition as requisition_rules
from services.inventory.domain.approving import PURCHASE, facts_of_purchase
from services.inventory.domain.errors import LineNamedTwice
from services.inventory.domain.items import Item
from services.inventory.domain.purchase import (
    DayMissing,
    LineNotOnPurchaseOrder,
    OtherCurrency,
    OtherSupplier,
    OtherWarehouse,
    PriceMissing,
    PurchaseLine,
    PurchaseOrder,
    PurchaseOrderNotFound,
)
from services.inventory.domain.requisition import Requisition, UnknownRequisition
from services.inventory.domain.suppliers import Supplier
from services.inventory.domain.supply import SupplyPolicy, amount_of, price_for, total_of
from services.inventory.events import (
    PurchaseClosedLine,
    PurchasedLine,
    PurchaseOrderClosed,
    PurchaseOrderPlaced,
)
from services.inventory.store import items, purchase_orders, requisitions, suppliers, supply
from services.inventory.use_cases.approving import ask_if_needed, lapse_waiting, require_none_waits
from services.inventory.use_cases.cover_shortage import cover_shortage, tell_ended
from services.inventory.use_cases.set_supply import found_supplier
from services.inventory.use_cases.source_order import source_again

SERIES = "purchase_order"


@dataclass(frozen=True)
class DraftLine:
    """A requisition to order; without a price it is what the supplier asks for that quantity today."""

    requisition_id: str
    unit_price: Price | None = None


@dataclass(frozen=True)
class DraftPurchaseOrder:
    """What to order of a supplier; without ``expected_on`` each item comes after its lead time."""

    supplier_id: str
    lines: tuple[DraftLine, ...]
    today: date
    expected_on: date | None = None
    reference: str | None = None


@dataclass(frozen=True)
class SendPurchaseOrder:
    """Which draft is told to the supplier."""

    purchase_order_id: str
    today: date
    expected_version: int | None = None


@dataclass(frozen=True)
class ConfirmPurchaseOrder:
    """When the supplier says that it comes: lines (by line) that are not named come as was expected."""

    purchase_order_id: str
    days: tuple[tuple[str, date], ...]
    expected_version: int | None = None


@dataclass(frozen=True)
class EndPurchaseOrder:
    """Which order is given up or closed, and why."""

    purchase_order_id: str
    reason: str
    expected_version: int | None = None


def draft_purchase_order(tx: Transaction, command: DraftPurchaseOrder) -> PurchaseOrder:
    """Write an order from approved requisitions, one line each, at the supplier's prices; nobody is told yet.

    A supplier's quantities may be more than the need: what comes beyond it is not asked for by another requisition.
    """
    found_supplier(tx, command.supplier_id)
    wanted = _wanted(tx, command)
    order_id = tx.new_id()
    ordered = [
        requisition_rules.order(each, order_id, f"lines.{place}.requisition_id")
        for place, each in enumerate(wanted)
    ]
    lines = _priced_lines(tx, command, wanted)
    draft = PurchaseOrder(
        id=order_id,
        number=f"PO-{next_number(tx, SERIES):06d}",
        supplier_id=command.supplier_id,
        warehouse_id=wanted[0].warehouse_id,
        state="draft",
        total=total_of((line.amount for line in lines), lines[0].unit_price.currency),
        drafted_by=tx.cause.actor,
        reference=command.reference,
        lines=lines,
    )
    purchase_orders.add(tx, draft)
    requisitions.save(tx, ordered)
    cover_shortage(tx, draft.item_ids, may_grow=False)
    return draft


def send_purchase_order(tx: Transaction, command: SendPurchaseOrder) -> PurchaseOrder:
    """Tell the supplier, or ask for the yes that the company's flows want for the order.

    Where none applies, another must send it above the company's limit than who wrote it.
    """
    before = _found(tx, command.purchase_order_id, command.expected_version, lock=True)
    after = rules.send(before, tx.cause.actor, command.today)
    require_none_waits(tx, before.approval_id, before.number)
    known = items.known(tx.connection, before.item_ids)
    facts = facts_of_purchase(before, (known[item_id].category for item_id in before.item_ids))
    begun = ask_if_needed(tx, PURCHASE, before.id, before.number, facts, before.drafted_by)
    if begun is not None:
        waiting = replace(before, approval_id=begun.id)
        purchase_orders.save(tx, before, waiting)
        return waiting
    supply.rules(tx.connection).require_second_person(before.total, before.drafted_by, tx.cause.actor)
    return _place(tx, before, after, command.today)


def _place(tx: Transaction, before: PurchaseOrder, after: PurchaseOrder, today: date) -> PurchaseOrder:
    purchase_orders.save(tx, before, after)
    _tell_placed(tx, after, today)
    return after


def lock_purchase(tx: Transaction, purchase_order_id: str) -> PurchaseOrder:
    """Keep the purchase order to this transaction, as whoever sends it does."""
    return _found(tx, purchase_order_id, None, lock=True)


def purchase_approved(tx: Transaction, approval: Approval, today: date) -> None:
    """Tell the supplier: the last of those who were asked said yes."""
    before = lock_purchase(tx, approval.document_id)
    _place(tx, before, rules.send(before, approval.acts[-1].by, today), today)


def purchase_stays_draft(_tx: Transaction, _approval: Approval, _today: date) -> None:
    """Leave it a draft, to be given up, or asked about again."""


def confirm_purchase_order(tx: Transaction, command: ConfirmPurchaseOrder) -> PurchaseOrder:
    """Note what the supplier confirmed; what is promised to customers from now on counts with those days."""
    before = _found(tx, command.purchase_order_id, command.expected_version, lock=True)
    known, days = {line.id for line in before.lines}, dict(command.days)
    for place, (line_id, _) in enumerate(command.days):
        if line_id not in known:
            raise LineNotOnPurchaseOrder(
                "the purchase order has no such line",
                field=f"lines.{place}.line_id",
                cure="name a line of this purchase order",
            )
    after = rules.confirm(before, days)
    purchase_orders.save(tx, before, after)
    return after


def cancel_purchase_order(tx: Transaction, command: EndPurchaseOrder) -> PurchaseOrder:
    """Give an order up before anything came; its requisitions are approved still, and can be ordered elsewhere."""
    before, made_from = locked_purchase_order(tx, command.purchase_order_id, command.expected_version)
    after = rules.cancel(before, command.reason)
    lapse_waiting(tx, before.approval_id, command.reason)
    purchase_orders.save(tx, before, after)
    requisitions.save(tx, [requisition_rules.take_back(each) for each in made_from.values()])
    if before.state != "draft":
        _tell_closed(tx, after)
    cover_shortage(tx, before.item_ids, may_grow=True)
    return after


def close_purchase_order(tx: Transaction, command: EndPurchaseOrder) -> PurchaseOrder:
    """Expect no more of an order; what waiting orders lack because of it is asked for anew."""
    before, made_from = locked_purchase_order(tx, command.purchase_order_id, command.expected_version)
    after = rules.close(before, command.reason)
    purchase_orders.save(tx, before, after)
    close_requisitions(tx, made_from.values())
    _tell_closed(tx, after)
    source_again(tx, {each.order_id for each in made_from.values() if each.order_id is not None})
    cover_shortage(tx, before.item_ids, may_grow=True)
    return after


def close_requisitions(tx: Transaction, over: Iterable[Requisition]) -> None:
    """Close those of the locked requisitions that are still on order, and tell of each."""
    closed = [requisition_rules.close(each) for each in over if each.state == "ordered"]
    for each in requisitions.save(tx, closed):
        tell_ended(tx, each)


def locked_purchase_order(
    tx: Transaction, purchase_order_id: str, expected_version: int | None
) -> tuple[PurchaseOrder, dict[str, Requisition]]:
    """Return the order and the requisitions that it was made from, all of it kept to this transaction."""
    seen = _found(tx, purchase_order_id, None)
    items.lock(tx.connection, seen.item_ids)
    made_from = requisitions.of_purchase_order(tx.connection, purchase_order_id)
    return _found(tx, purchase_order_id, expected_version, lock=True), made_from


def _found(
    tx: Transaction, purchase_order_id: str, expected_version: int | None, *, lock: bool = False
) -> PurchaseOrder:
    found = purchase_orders.find(tx.connection, purchase_order_id, lock=lock)
    if found is None:
        raise PurchaseOrderNotFound("there is no such purchase order", field="purchase_order_id")
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"purchase order {found.number} is at version {found.version}")
    return found


def _wanted(tx: Transaction, command: DraftPurchaseOrder) -> list[Requisition]:
    """Return the requisitions in the order of the lines, locked; refuse those that do not go together."""
    asked = [line.requisition_id for line in command.lines]
    seen = requisitions.known(tx.connection, asked)
    items.lock(tx.connection, (each.item_id for each in seen.values()))
    known = requisitions.lock(tx.connection, asked)
    wanted: list[Requisition] = []
    for place, requisition_id in enumerate(asked):
        field = f"lines.{place}.requisition_id"
        if requisition_id not in known:
            raise UnknownRequisition(
                "there is no such requisition", field=field, cure="list the purchase requisitions"
            )
        if requisition_id in asked[:place]:
            raise LineNamedTwice("the requisition is named twice", field=field, cure="name it once")
        _require_fit(known[requisition_id], known[asked[0]], command.supplier_id, field)
        wanted.append(known[requisition_id])
    return wanted


def _require_fit(each: Requisition, first: Requisition, supplier_id: str, field: str) -> None:
    if each.supplier_id not in (None, supplier_id):
        raise OtherSupplier(
            f"requisition {each.number} is for another supplier",
            field=field,
            cure="order it of its own supplier, or cancel it and raise another",
        )
    if each.warehouse_id != first.warehouse_id:
        raise OtherWarehouse(
            f"requisition {each.number} is for another warehouse than {first.number}",
            field=field,
            cure="write a purchase order for each warehouse",
        )


def _priced_lines(
    tx: Transaction, command: DraftPurchaseOrder, wanted: Sequence[Requisition]
) -> tuple[PurchaseLine, ...]:
    item_ids = [each.item_id for each in wanted]
    prices = supply.prices(tx.connection, command.supplier_id, item_ids)
    policies = supply.policies(tx.connection, item_ids)
    known, company = items.known(tx.connection, item_ids), supply.rules(tx.connection)
    lines: list[PurchaseLine] = []
    for place, (given, each) in enumerate(zip(command.lines, wanted, strict=True)):
        field, item = f"lines.{place}.unit_price", known[each.item_id]
        asked = [price for price in prices if price.item_id == item.id]
        unit_price = given.unit_price or price_for(asked, each.quantity, command.today)
        if unit_price is None:
            raise PriceMissing(
                f"nobody said what the supplier asks for {item.sku}",
                field=field,
                cure="give a price here, or store the supplier's price first",
            )
        if lines and unit_price.currency != lines[0].unit_price.currency:
            raise OtherCurrency(
                f"{item.sku} costs {unit_price}, the first line is in {lines[0].unit_price.currency}",
                field=field,
                cure="write a purchase order for each currency",
            )
        lines.append(
            PurchaseLine(
                id=tx.new_id(),
                item_id=item.id,
                requisition_id=each.id,
                quantity=each.quantity,
                most=company.most_received(each.quantity, item.decimals),
                unit_price=unit_price,
                amount=amount_of(each.quantity, unit_price, field),
                expected_on=_expected_on(command, item, policies[item.id]),
                received=Quantity.zero(),
            )
        )
    return tuple(lines)


def _expected_on(command: DraftPurchaseOrder, item: Item, policy: SupplyPolicy) -> date:
    if command.expected_on is not None:
        if command.expected_on < command.today:
            raise DayMissing(
                f"{command.expected_on.isoformat()} is over",
                field="expected_on",
                cure=f"give a day from {command.today.isoformat()} on",
            )
        return command.expected_on
    if not policy.buys:
        raise DayMissing(
            f"nobody said how long {item.sku} takes",
            field="expected_on",
            cure="give a day, or set the lead time in the item's supply policy",
        )
    return command.today + timedelta(days=policy.lead_days)


def _supplier(tx: Transaction, supplier_id: str) -> Supplier:
    found = suppliers.find(tx.connection, supplier_id)
    assert found is not None, "a purchase order has a supplier"
    return found


def _tell_placed(tx: Transaction, placed: PurchaseOrder, ordered_on: date) -> None:
    supplier, known = _supplier(tx, placed.supplier_id), items.known(tx.connection, placed.item_ids)
    event = PurchaseOrderPlaced(
        purchase_order_id=placed.id,
        number=placed.number,
        supplier_id=supplier.id,
        supplier_number=supplier.number,
        supplier_name=supplier.name,
        warehouse_id=placed.warehouse_id,
        ordered_on=ordered_on,
        expected_on=placed.expected_on,
        total=placed.total,
        lines=tuple(
            PurchasedLine(
                line_id=line.id,
                requisition_id=line.requisition_id,
                item_id=line.item_id,
                sku=known[line.item_id].sku,
                quantity=line.quantity,
                unit_price=line.unit_price,
                amount=line.amount,
                expected_on=line.expected_on,
            )
            for line in placed.lines
        ),
        reference=placed.reference,
    )
    publish(tx, event)


def _tell_closed(tx: Transaction, over: PurchaseOrder) -> None:
    supplier = _supplier(tx, over.supplier_id)
    event = PurchaseOrderClosed(
        purchase_order_id=over.id,
        number=over.number,
        supplier_id=supplier.id,
        supplier_number=supplier.number,
        outcome=over.state,
        reason=over.reason or "",
        lines=tuple(
            PurchaseClosedLine(line.id, line.item_id, line.quantity, line.received) for line in over.lines
        ),
    )
    publish(tx, event)
