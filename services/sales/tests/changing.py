"""Changes of orders at the desk of a test, with inventory and finance that answer as they would."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from libs.common.envelope import Message
from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.order import Order
from services.sales.tests.answering import Others
from services.sales.tests.builders import Desk, an_id, qty, usd

ORDERS = "/api/v1/orders"


def confirmed(desk: Desk, *lines: RequestedLine, **changes: Any) -> Order:
    """Return an order that stock and credit were found for."""
    order = desk.order(*lines, **changes)
    Others(desk, order).play("reserved", "granted")
    return desk.look(order)


def propose(desk: Desk, order: Order, *, by: FlaskClient | None = None, **body: Any) -> Any:
    """Propose a change and return the answer of the API."""
    wanted = {"reason": "the customer called"} | body
    return (by or desk.nancy).post(f"{ORDERS}/{order.id}/changes", json=wanted)


def proposed(desk: Desk, order: Order, **body: Any) -> Any:
    """Propose a change that is taken in."""
    answer = propose(desk, order, **body)
    assert answer.status_code == 201, answer.json
    return answer.json


def shown(desk: Desk, change: Any) -> Any:
    """Return the change as it is now."""
    return desk.mike.get(f"{ORDERS}/{change['order_id']}/changes/{change['no']}").json


def line(number: int, **what: Any) -> dict[str, Any]:
    return {"line_no": number} | what


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


class Elsewhere:
    """Inventory and finance, asked about a change."""

    def __init__(self, desk: Desk, change: Any) -> None:
        self.desk, self.change = desk, change

    def _about_change(self, type_: str, command: str, **data: Any) -> Message:
        cause = self.desk.last_command(command)
        assert cause.partition_key == self.change["id"], "another was asked last"
        return self.desk.message(type_, self.change["id"], {"order_id": self.change["id"]} | data, cause)

    def _about_order(self, type_: str, command: str | None, **data: Any) -> Message:
        order_id = self.change["order_id"]
        about = {"order_id": order_id, "change_id": self.change["id"], "change_no": self.change["no"]}
        cause = self.desk.last_command(command) if command else None
        return self.desk.message(type_, order_id, about | data, cause)

    def reserved(self) -> Message:
        return self._about_change("inventory.reservation.reserved.v1", "inventory.reserve_stock.v1")

    def short(self) -> Message:
        lines = [
            {
                "order_line_id": an_id("line"),
                "sku": "NW-001",
                "requested": qty(4),
                "reserved": qty(0),
                "missing": qty(4),
            }
        ]
        return self._about_change(
            "inventory.reservation.waiting.v1", "inventory.reserve_stock.v1", queue_position=1, lines=lines
        )

    def out_of_stock(self) -> Message:
        return self._about_change(
            "inventory.reservation.rejected.v1",
            "inventory.reserve_stock.v1",
            reason="out_of_stock",
            detail="not all of it is there: NW-001",
        )

    def released(self) -> Message:
        return self._about_change("inventory.reservation.released.v1", "inventory.release_stock.v1")

    def granted(self) -> Message:
        return self._about_change("finance.credit_hold.granted.v1", "finance.hold_credit.v1")

    def refused(self, *, waits: bool = True) -> Message:
        return self._about_change(
            "finance.credit_hold.refused.v1",
            "finance.hold_credit.v1",
            amount=usd("90.00"),
            exposure=usd("950.00"),
            limit=usd("1000.00"),
            shortfall=usd("40.00"),
            status="ok",
            waits=waits,
        )

    def credit_released(self) -> Message:
        return self._about_change("finance.credit_hold.released.v1", "finance.release_credit.v1")

    def amended(self, *, full: bool = False) -> Message:
        return self._about_order(
            "inventory.reservation.amended.v1", "inventory.amend_reservation.v1", order_fully_shipped=full
        )

    def shipped_meanwhile(self) -> Message:
        return self._about_order(
            "inventory.reservation.amend_refused.v1",
            "inventory.amend_reservation.v1",
            reason="shipped_meanwhile",
            detail="2 have left",
        )

    def billed(self, *, full: bool = False) -> Message:
        return self._about_order(
            "finance.order.amended.v1", None, total=usd("1.00"), order_fully_invoiced=full
        )

    def play(self, *names: str) -> None:
        """Let the others say these things one after the other, and sales hear each."""
        for name in names:
            self.desk.hear(getattr(self, name)())
