"""What the services beside sales say to it in a test, in place of inventory and finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from libs.common.envelope import Message
from libs.common.money import Money
from services.sales.domain.order import Order
from services.sales.tests.builders import Desk, an_id, qty, usd


@dataclass
class Others:
    """Inventory and finance, answering as they would; each answer bears the command that it answers."""

    desk: Desk
    order: Order

    def _answer(self, type_: str, command: str | None, **data: Any) -> Message:
        cause = self.desk.last_command(command) if command else None
        return self.desk.message(type_, self.order.id, {"order_id": self.order.id} | data, cause)

    def reserved(self, *, by_receipt: bool = False) -> Message:
        lines = [
            {"order_line_id": line.id, "item_id": line.item_id, "quantity": line.quantity}
            for line in self.order.lines
        ]
        return self._answer(
            "inventory.reservation.reserved.v1",
            None if by_receipt else "inventory.reserve_stock.v1",
            reservation_id=an_id("reservation"),
            order_number=self.order.number,
            lines=lines,
        )

    def short(self, missing: str | int = 4, position: int = 1) -> Message:
        line = self.order.lines[0]
        waiting = {
            "order_line_id": line.id,
            "item_id": line.item_id,
            "sku": line.sku,
            "requested": line.quantity,
            "reserved": qty(0),
            "missing": qty(missing),
        }
        return self._answer(
            "inventory.reservation.waiting.v1",
            "inventory.reserve_stock.v1",
            reservation_id=an_id("reservation"),
            order_number=self.order.number,
            queue_position=position,
            lines=[waiting],
            releases_by="inventory.stock.received",
        )

    def stock_rejected(
        self, reason: str = "item_inactive", detail: str = "NW-001 is not sold any more"
    ) -> Message:
        return self._answer(
            "inventory.reservation.rejected.v1", "inventory.reserve_stock.v1", reason=reason, detail=detail
        )

    def stock_released(self, *, had_effect: bool = True) -> Message:
        return self._answer(
            "inventory.reservation.released.v1",
            "inventory.release_stock.v1",
            reason="order cancelled",
            had_effect=had_effect,
        )

    def granted(self, *, by_payment: bool = False) -> Message:
        return self._answer(
            "finance.credit_hold.granted.v1",
            None if by_payment else "finance.hold_credit.v1",
            customer_id=self.order.customer_id,
            amount=self.order.total,
            exposure=self.order.total,
            limit=usd("1000.00"),
        )

    def refused(self, *, waits: bool = True, shortfall: str = "80.00") -> Message:
        return self._answer(
            "finance.credit_hold.refused.v1",
            "finance.hold_credit.v1",
            customer_id=self.order.customer_id,
            amount=self.order.total,
            exposure=usd("900.00"),
            limit=usd("1000.00"),
            shortfall=usd(shortfall),
            status="hold",
            waits=waits,
        )

    def credit_rejected(
        self, reason: str = "currency_mismatch", detail: str = "the account is in EUR"
    ) -> Message:
        return self._answer(
            "finance.credit_hold.rejected.v1", "finance.hold_credit.v1", reason=reason, detail=detail
        )

    def credit_released(self, *, had_effect: bool = True) -> Message:
        return self._answer(
            "finance.credit_hold.released.v1",
            "finance.release_credit.v1",
            reason="order cancelled",
            had_effect=had_effect,
        )

    def shipped(self, quantity: str | int | None = None, *, full: bool = True) -> Message:
        lines = [
            {
                "order_line_id": line.id,
                "item_id": line.item_id,
                "sku": line.sku,
                "item_name": line.name,
                "quantity": line.quantity if quantity is None else qty(quantity),
                "lot": None,
            }
            for line in self.order.lines
        ]
        return self._answer(
            "inventory.delivery.shipped.v1",
            None,
            delivery_id=an_id("delivery"),
            number="DN-000001",
            order_number=self.order.number,
            customer_id=self.order.customer_id,
            shipped_on=date(2026, 3, 3),
            lines=lines,
            order_fully_shipped=full,
        )

    def invoiced(
        self, quantity: str | int | None = None, total: Money | None = None, *, full: bool = True
    ) -> Message:
        lines = [
            {
                "order_line_id": line.id,
                "item_id": line.item_id,
                "quantity": line.quantity if quantity is None else qty(quantity),
                "amount": line.amount,
            }
            for line in self.order.lines
        ]
        return self._answer(
            "finance.invoice.posted.v1",
            None,
            invoice_id=an_id("invoice"),
            number="INV-000001",
            delivery_id=an_id("delivery"),
            customer_id=self.order.customer_id,
            posted_on=date(2026, 3, 3),
            due_on=date(2026, 4, 2),
            total=total or self.order.total,
            lines=lines,
            order_fully_invoiced=full,
        )

    def paid(self, amount: Money | None = None, payment: str = "payment") -> Message:
        data = {
            "payment_id": an_id(payment),
            "invoice_id": an_id("invoice"),
            "order_id": self.order.id,
            "customer_id": self.order.customer_id,
            "amount": amount or self.order.total,
        }
        return self.desk.message("finance.payment.allocated.v1", an_id(payment), data)

    def credited(self, amount: Money, note: str = "credit note") -> Message:
        data = {
            "credit_note_id": an_id(note),
            "invoice_id": an_id("invoice"),
            "order_id": self.order.id,
            "customer_id": self.order.customer_id,
            "amount": amount,
        }
        return self.desk.message("finance.credit_note.allocated.v1", self.order.id, data)

    def completed(self) -> Message:
        """Return sales' own word that the order is complete, as its relay hands it back."""
        found = [message for message in self.desk.messages() if message.type == "sales.order.completed.v1"]
        return found[-1]

    def play(self, *names: str) -> None:
        """Let the others say these things one after the other, and sales hear each."""
        for name in names:
            self.desk.hear(getattr(self, name)())
