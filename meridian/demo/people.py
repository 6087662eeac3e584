"""The three people of the replay: a salesperson takes the order, a warehouse clerk ships it, a finance clerk is paid.

Each decides by what the system shows at that moment, so a replay that was cut off can simply be started again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from libs.common.clock import pause
from meridian.demo.gateway import Person
from meridian.demo.history import PastOrder

LOT_SIZE = 120
CENT = Decimal("0.01")
PATIENCE_S = 60.0
RELEASE_PATIENCE_S = 2.0
SAGA_WAIT_S = 10


class Stuck(RuntimeError):
    """Something that should happen by itself did not."""


def look_for(find: Callable[[], Any], patience_s: float) -> Any:
    """Return what ``find`` gives as soon as it gives anything, and its last answer when patience ends."""
    until = time.monotonic() + patience_s
    delay = 0.01
    found = find()
    while not found and time.monotonic() < until:
        pause(delay)
        delay = min(delay * 1.6, 0.5)
        found = find()
    return found


def wait_for(find: Callable[[], Any], what: str) -> Any:
    """Return what ``find`` gives as soon as it gives anything; ``Stuck`` when it never does."""
    found = look_for(find, PATIENCE_S)
    if not found:
        raise Stuck(f"{what} did not happen within {PATIENCE_S:.0f} s")
    return found


@dataclass(frozen=True)
class Catalogue:
    """What the people know by heart: customers by number, items by code."""

    customers: dict[str, Any]
    items: dict[str, str]
    warehouse_id: str

    @classmethod
    def learn(cls, person: Person) -> Catalogue:
        """Look everything up once."""
        customers = {row["number"]: row for row in person.every("/customers")}
        items = {row["sku"]: row["id"] for row in person.every("/items")}
        return cls(customers, items, person.every("/warehouses")[0]["id"])


class Salesperson:
    """Quotes from the price policies, sends, and turns the accepted quotation into an order."""

    def __init__(self, people: dict[str, Person], catalogue: Catalogue, today: date) -> None:
        self._people = people
        self._catalogue = catalogue
        self._valid_until = (today + timedelta(days=30)).isoformat()

    def take(self, past: PastOrder) -> str:
        """Enter ``past`` and return the order's id; its prices must come out of the policies as they were."""
        customer = self._catalogue.customers[past.customer]
        person = self._people[customer["owner_id"]]
        quotation = person.post(
            "/quotations", self._request(past, customer["id"]), key=f"replay-{past.number}-quote"
        )
        self._compare(past, quotation)
        person.post(f"/quotations/{quotation['id']}/send", {}, key=f"replay-{past.number}-send")
        order = person.post(
            f"/quotations/{quotation['id']}/accept",
            {"ordered_on": past.ordered_on.isoformat()},
            key=f"replay-{past.number}-accept",
            wait_s=SAGA_WAIT_S,
        )
        order_id: str = order["id"]
        return order_id

    def _request(self, past: PastOrder, customer_id: str) -> dict[str, Any]:
        return {
            "customer_id": customer_id,
            "issued_on": past.ordered_on.isoformat(),
            "valid_until": self._valid_until,
            "promised_on": past.promised_on.isoformat(),
            "lines": [
                {
                    "item_id": self._catalogue.items[line.sku],
                    "quantity": line.quantity,
                    "discount_percent": format(line.discount_percent, "f"),
                }
                for line in past.lines
            ],
        }

    def _compare(self, past: PastOrder, quotation: dict[str, Any]) -> None:
        for line, quoted in zip(past.lines, quotation["lines"], strict=True):
            if Decimal(quoted["unit_price"]["amount"]) != line.unit_price:
                raise Stuck(f"order {past.number}, {line.sku}: the policy gives {quoted['unit_price']}")
            given = Decimal(quoted["promotion"]["amount"])
            offered = Decimal(line.quantity) * line.unit_price * line.offer_percent / 100
            if abs(given - offered) >= CENT:
                raise Stuck(f"order {past.number}, {line.sku}: an offer takes {given} off, not {offered}")


class Finance:
    """Collects what is due and, when a customer has outgrown the limit, raises it."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def collect(self, order_id: str, received_on: date) -> None:
        """Book the payment of each open invoice of an order."""
        invoices = wait_for(
            lambda: self._person.every("/invoices", order_id=order_id), f"the invoice of {order_id}"
        )
        for invoice in invoices:
            self._pay(invoice, received_on)

    def make_room(self, customer_id: str, received_on: date) -> None:
        """Free credit for a waiting order: collect what is open, else raise the limit by a quarter."""
        unpaid = [
            invoice
            for invoice in self._person.every("/invoices", customer_id=customer_id)
            if invoice["payment_state"] != "paid"
        ]
        for invoice in unpaid:
            self._pay(invoice, received_on)
        if not unpaid:
            account = self._person.get(f"/accounts/{customer_id}")
            raised = (Decimal(account["limit"]["amount"]) * Decimal("1.25")).quantize(Decimal("0.01"))
            limit = {"amount": format(raised, "f"), "currency": account["limit"]["currency"]}
            self._person.put(f"/accounts/{customer_id}/credit-limit", {"limit": limit})

    def _pay(self, invoice: dict[str, Any], received_on: date) -> None:
        if invoice["payment_state"] == "paid":
            return
        amount = invoice["open"]
        body = {
            "customer_id": invoice["customer_id"],
            "amount": amount,
            "reference": f"RE {invoice['number']}",
            "received_on": received_on.isoformat(),
            "allocations": [{"invoice_id": invoice["id"], "amount": amount}],
        }
        self._person.post("/payments", body, key=f"replay-pay-{invoice['number']}")


class Supply(Protocol):
    """Brings what an order lacks."""

    def bring(self, past: PastOrder, turn: int, on: date) -> None:
        """Bring at least what ``past`` lacks on a day; ``turn`` says how often that was asked before, from 1."""


class Receiving:
    """Books in what is missing, whoever sent it: for a company of which nobody said how it buys."""

    def __init__(self, person: Person, catalogue: Catalogue) -> None:
        self._person = person
        self._catalogue = catalogue
        self._receiving = threading.Lock()

    def bring(self, past: PastOrder, turn: int, on: date) -> None:
        """Book in a lot of each item of the order, a larger one each time."""
        with self._receiving:
            lines = [
                {"item_id": self._catalogue.items[line.sku], "quantity": str(LOT_SIZE * turn)}
                for line in past.lines
            ]
            body = {
                "warehouse_id": self._catalogue.warehouse_id,
                "received_on": on.isoformat(),
                "reference": f"supply for {past.number}",
                "lines": lines,
            }
            self._person.post("/receipts", body, key=f"replay-supply-{past.number}-{turn}")


class Warehouse:
    """Sees to it that what is missing comes, picks and ships."""

    def __init__(self, person: Person, finance: Finance, catalogue: Catalogue, supply: Supply) -> None:
        self._person = person
        self._finance = finance
        self._catalogue = catalogue
        self._supply = supply

    def ship(self, order_id: str, past: PastOrder) -> None:
        """Ship ``past`` in full on its day, once stock and credit allow it."""
        assert past.shipped_on is not None
        self._free(order_id, past, past.shipped_on)
        for delivery in wait_for(
            lambda: self._deliveries(order_id), f"the delivery note of order {past.number}"
        ):
            if delivery["state"] == "ready":
                self._person.post(
                    f"/deliveries/{delivery['id']}/pick", {}, key=f"replay-pick-{delivery['number']}"
                )
            if delivery["state"] in ("ready", "picked"):
                body = {"shipped_on": past.shipped_on.isoformat()}
                self._person.post(
                    f"/deliveries/{delivery['id']}/ship", body, key=f"replay-ship-{delivery['number']}"
                )

    def _deliveries(self, order_id: str) -> list[dict[str, Any]]:
        return self._person.every("/deliveries", order_id=order_id)

    def _free(self, order_id: str, past: PastOrder, on: date) -> None:
        for turn in range(1, 40):
            held = wait_for(lambda: self._decided(order_id), f"the decision on order {past.number}")
            if held["state"] != "pending":
                return
            codes = {hold["code"] for hold in held["holds"]}
            if "stock" in codes:
                self._supply.bring(past, turn, on)
            if "credit" in codes:
                self._finance.make_room(self._catalogue.customers[past.customer]["id"], on)
            look_for(partial(self._moved_on, order_id, codes), RELEASE_PATIENCE_S)
        raise Stuck(f"order {past.number} stays on hold")

    def _decided(self, order_id: str) -> dict[str, Any] | None:
        order: dict[str, Any] = self._person.get(f"/orders/{order_id}")
        return order if order["state"] != "pending" or _open_holds(order) else None

    def _moved_on(self, order_id: str, codes: set[str]) -> bool:
        order = self._person.get(f"/orders/{order_id}")
        return order["state"] != "pending" or _open_holds(order) != codes


def _open_holds(order: dict[str, Any]) -> set[str]:
    return {hold["code"] for hold in order["holds"] if not hold.get("released_at")}
