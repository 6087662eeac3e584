"""The buyers of the shop that tests remember by name: wang asks and writes, li decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from libs.common.db import Cause, Transaction
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.purchase import PurchaseOrder
from services.inventory.domain.purchasing_rules import PurchasingRules
from services.inventory.domain.requisition import Requisition
from services.inventory.domain.suppliers import Supplier
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.reports.availability import AvailabilityView, availability
from services.inventory.reports.requisitions import RequisitionView, list_requisitions
from services.inventory.store import purchase_orders
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.use_cases.book_stock import StockDocument
from services.inventory.use_cases.propose_reorders import SetReorderPoint, propose_reorder, set_reorder_point
from services.inventory.use_cases.purchase_orders import (
    ConfirmPurchaseOrder,
    DraftLine,
    DraftPurchaseOrder,
    EndPurchaseOrder,
    SendPurchaseOrder,
    cancel_purchase_order,
    close_purchase_order,
    confirm_purchase_order,
    draft_purchase_order,
    send_purchase_order,
)
from services.inventory.use_cases.receive_purchase import ReceivedLine, ReceivePurchase, receive_purchase
from services.inventory.use_cases.register_supplier import RegisterSupplier, register_supplier
from services.inventory.use_cases.requisitions import (
    ApproveRequisition,
    EndRequisition,
    RaiseRequisition,
    approve_requisition,
    cancel_requisition,
    raise_by_hand,
    reject_requisition,
)
from services.inventory.use_cases.set_supply import (
    AddSupplierPrice,
    SetPurchasingRules,
    SetSupplyPolicy,
    add_supplier_price,
    set_purchasing_rules,
    set_supply_policy,
)

WANG, LI = "wang", "li"


class Buying:
    """Buying for a shop, through its use cases."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def do(self, work: Callable[[Transaction], Any], by: str = WANG) -> Any:
        """Run ``work`` in one transaction, as somebody's act."""
        return self.shop.database.transact(work, cause=Cause(actor=by))

    def supplier(self, number: str = "S-1") -> Supplier:
        """Register a supplier."""
        return self.do(lambda tx: register_supplier(tx, RegisterSupplier(number, f"Foundry {number}")))

    def buys(
        self, item: Item, supplier: Supplier, price: str | None = "2.50", **details: Any
    ) -> SupplyPolicy:
        """Let an item be bought of a supplier, and store what that asks."""
        if price is not None:
            self.price(item, supplier, price)
        command = SetSupplyPolicy(item.id, "buy", supplier.id, **({"lead_days": 5} | details))
        return self.do(lambda tx: set_supply_policy(tx, command))

    def price(self, item: Item, supplier: Supplier, price: str, **details: Any) -> None:
        """Store what a supplier asks from the first day of the year on."""
        usual = {"valid_from": date(2026, 1, 1), "minimum": Quantity.zero()}
        command = AddSupplierPrice(supplier.id, item.id, Price.of(price, "USD"), **(usual | details))
        self.do(lambda tx: add_supplier_price(tx, command))

    def rules(self, limit: str | None = None, over_receipt_bp: int = 0) -> PurchasingRules:
        """Set the company's rules for buying."""
        command = SetPurchasingRules(Money.of(limit, "USD") if limit else None, over_receipt_bp)
        return self.do(lambda tx: set_purchasing_rules(tx, command))

    def requisitions(self, item: Item | None = None, **filters: Any) -> list[RequisitionView]:
        """Return the requisitions, oldest first."""
        wanted = filters | ({"item_id": item.id} if item else {})
        return self.shop.database.read(
            lambda connection: list_requisitions(connection, wanted, after=None, limit=100)
        )

    def asked(self, item: Item | None = None) -> list[tuple[str, str, str]]:
        """Return state, need and quantity of each requisition, oldest first."""
        return [(each.state, str(each.need), str(each.quantity)) for each in self.requisitions(item)]

    def ask(self, item: Item, warehouse: Warehouse, quantity: str | int, **details: Any) -> Requisition:
        """Raise a requisition by hand."""
        command = RaiseRequisition(item.id, warehouse.id, q(quantity), **details)
        return self.do(lambda tx: raise_by_hand(tx, command))

    def approve(self, requisition_id: str, by: str = LI) -> Requisition:
        """Approve a requisition."""
        return self.do(lambda tx: approve_requisition(tx, ApproveRequisition(requisition_id, TODAY)), by)

    def reject(self, requisition_id: str) -> Requisition:
        """Turn a requisition down."""
        return self.do(lambda tx: reject_requisition(tx, EndRequisition(requisition_id, "too dear")), LI)

    def cancel(self, requisition_id: str) -> Requisition:
        """Give a requisition up."""
        return self.do(lambda tx: cancel_requisition(tx, EndRequisition(requisition_id, "not needed")))

    def draft(
        self, supplier: Supplier, *requisition_ids: str, prices: Sequence[str] = (), **details: Any
    ) -> PurchaseOrder:
        """Write a purchase order."""
        given: list[Price | None] = [Price.of(price, "USD") for price in prices]
        given = given or [None] * len(requisition_ids)
        lines = tuple(DraftLine(*pair) for pair in zip(requisition_ids, given, strict=True))
        command = DraftPurchaseOrder(supplier.id, lines, TODAY, **details)
        return self.do(lambda tx: draft_purchase_order(tx, command))

    def send(self, order: PurchaseOrder, by: str = LI) -> PurchaseOrder:
        """Send a purchase order."""
        return self.do(lambda tx: send_purchase_order(tx, SendPurchaseOrder(order.id, TODAY)), by)

    def confirm(self, order: PurchaseOrder, *days: tuple[str, date]) -> PurchaseOrder:
        """Note when the supplier says that lines come."""
        return self.do(lambda tx: confirm_purchase_order(tx, ConfirmPurchaseOrder(order.id, days)))

    def give_up(self, order: PurchaseOrder) -> PurchaseOrder:
        """Cancel a purchase order."""
        return self.do(lambda tx: cancel_purchase_order(tx, EndPurchaseOrder(order.id, "they are shut")))

    def close(self, order: PurchaseOrder) -> PurchaseOrder:
        """Expect no more of a purchase order."""
        return self.do(lambda tx: close_purchase_order(tx, EndPurchaseOrder(order.id, "sold out")))

    def receive(self, order: PurchaseOrder, *came: tuple[Any, ...], **details: Any) -> StockDocument:
        """Take in (line, quantity) or (line, quantity, lot); lines count from 0."""
        lines = tuple(ReceivedLine(order.lines[part[0]].id, q(part[1]), *part[2:]) for part in came)
        command = ReceivePurchase(order.id, lines, TODAY, **details)
        return self.do(lambda tx: receive_purchase(tx, command))

    def order_now(self, order: PurchaseOrder) -> PurchaseOrder:
        """Return a purchase order as it is stored."""
        found = self.shop.database.read(lambda connection: purchase_orders.find(connection, order.id))
        assert found is not None
        return found

    def ordered(self, item: Item, supplier: Supplier, warehouse: Warehouse, quantity: int) -> PurchaseOrder:
        """Ask for, approve, write and send."""
        wanted = self.ask(item, warehouse, quantity, supplier_id=supplier.id)
        self.approve(wanted.id)
        return self.send(self.draft(supplier, wanted.id))

    def availability(self, item: Item, quantity: str | int = 1) -> AvailabilityView:
        """Return when a quantity can be had."""
        return self.shop.database.read(
            lambda connection: availability(connection, item.id, q(quantity), TODAY)
        )

    def reorder(self, item: Item, warehouse: Warehouse, minimum: int, maximum: int, **details: Any) -> None:
        """Set a reorder point."""
        command = SetReorderPoint(item.id, warehouse.id, q(minimum), q(maximum), TODAY, **details)
        self.do(lambda tx: set_reorder_point(tx, command))

    def propose(self, item: Item, warehouse: Warehouse) -> None:
        """Look at a reorder point, as the job does."""
        self.do(lambda tx: propose_reorder(tx, item.id, warehouse.id, TODAY))
