"""The supply desk: what the system asks to be bought and made by itself is approved, ordered, made and taken in."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import date
from typing import Any

from meridian.demo.gateway import ActFailed, Person
from meridian.demo.history import PastOrder

_MOST_LINES = 200
_MOST_ROUNDS = 50
_CONFLICT = 409


class SupplyDesk:
    """A buyer of the warehouse who writes, takes in and lets things be made, and somebody of finance who approves."""

    def __init__(self, buyer: Person, decider: Person) -> None:
        self._buyer = buyer
        self._decider = decider
        self._one_at_a_time = threading.Lock()

    def bring(self, past: PastOrder, turn: int, on: date) -> None:
        """Work through all that is asked for; what ``past`` lacks is among it."""
        self.work(on)

    def work(self, on: date) -> None:
        """Buy and make all that is asked for, and what that asks for in turn, until nothing is left."""
        with self._one_at_a_time:
            for _ in range(_MOST_ROUNDS):
                if not self._make(on) + self._buy(on):
                    return

    def _make(self, on: date) -> int:
        """Release what is asked for, and make what has its components; return how much was done."""
        acts = 0
        for asked in self._buyer.every("/production-orders", state="request"):
            self._post(
                self._buyer, f"/production-orders/{asked['id']}/release", {}, f"release-{asked['number']}"
            )
            acts += 1
        for order in self._buyer.every("/production-orders", state="assigned"):
            path, number = f"/production-orders/{order['id']}", order["number"]
            self._post(self._buyer, f"{path}/start", {}, f"start-{number}")
            made = {"finished": order["outstanding"], "reported_on": on.isoformat()}
            self._post(self._buyer, f"{path}/reports", made, f"report-{number}")
            acts += 1
        return acts

    def _buy(self, on: date) -> int:
        acts = 0
        for asked in self._buyer.every("/purchase-requisitions", state="open"):
            path = f"/purchase-requisitions/{asked['id']}/approve"
            self._post(self._decider, path, {}, f"approve-{asked['number']}")
        by_supplier: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for wanted in self._buyer.every("/purchase-requisitions", state="approved"):
            by_supplier[wanted["supplier_id"]].append(wanted)
        for supplier_id, wanted in by_supplier.items():
            for start in range(0, len(wanted), _MOST_LINES):
                self._write(supplier_id, wanted[start : start + _MOST_LINES])
                acts += 1
        for draft in self._buyer.every("/purchase-orders", state="draft"):
            self._post(self._decider, f"/purchase-orders/{draft['id']}/send", {}, f"send-{draft['number']}")
        for state in ("sent", "partially_received"):
            for order in self._buyer.every("/purchase-orders", state=state):
                self._take_in(order, on)
                acts += 1
        return acts

    def _write(self, supplier_id: str, wanted: list[dict[str, Any]]) -> None:
        body = {"supplier_id": supplier_id, "lines": [{"requisition_id": each["id"]} for each in wanted]}
        first, last = wanted[0]["number"], wanted[-1]["number"]
        self._post(self._buyer, "/purchase-orders", body, f"buy-{first}-{last}-{len(wanted)}")

    def _take_in(self, order: dict[str, Any], on: date) -> None:
        lines = [
            {"line_id": line["id"], "quantity": line["outstanding"]}
            for line in order["lines"]
            if line["outstanding"] != "0"
        ]
        body = {"received_on": on.isoformat(), "reference": f"supplier's note of {on}", "lines": lines}
        path = f"/purchase-orders/{order['id']}/receipts"
        self._post(self._buyer, path, body, f"take-in-{order['number']}-{order['version']}")

    @staticmethod
    def _post(who: Person, path: str, body: dict[str, Any], name: str) -> None:
        """Do something unless it was done meanwhile: what is asked for follows the need, and may be gone by now."""
        try:
            who.post(path, body, key=f"replay-{name}")
        except ActFailed as refusal:
            if refusal.status != _CONFLICT:
                raise
