"""What can become of one order, step by step, as a client lives through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.e2e.world import usd
from tests.faults.market import Market, register_customer
from tests.faults.people import Client, Tally, once_known, until

STORIES = (
    "plain",
    "in_parts",
    "cancelled_at_once",
    "cancelled_later",
    "short_of_stock",
    "over_limit",
    "over_limit_and_cancelled",
    "newcomer",
    "with_ticket",
)
WAIT_S = 3
SMALL_LIMIT = "5.00"
LARGE_LIMIT = "5000.00"


@dataclass(frozen=True)
class Plan:
    """One order: which story it has, whose it is, and what is ordered (item, quantity)."""

    number: int
    story: str
    customer: int
    lines: tuple[tuple[int, int], ...]


class Storyteller:
    """Plays plans through the gateway; every act has a key made of the run's name, the order and the act."""

    def __init__(self, name: str, people: Mapping[str, Client], market: Market, tally: Tally) -> None:
        self._name = name
        self._people = people
        self._market = market
        self._tally = tally
        self._stories: dict[str, Callable[[Plan], tuple[str, str]]] = {
            story: getattr(self, f"_{story}") for story in STORIES
        }

    def tell(self, plan: Plan) -> tuple[str, str]:
        """Play ``plan`` to its end; return the order's id and the state that it must be in."""
        return self._stories[plan.story](plan)

    def _plain(self, plan: Plan) -> tuple[str, str]:
        order = self._order(plan, self._market.customers[plan.customer])
        return self._to_cash(plan, order)

    def _newcomer(self, plan: Plan) -> tuple[str, str]:
        order = self._order(plan, self._customer(plan, LARGE_LIMIT))
        return self._to_cash(plan, order)

    def _with_ticket(self, plan: Plan) -> tuple[str, str]:
        ended = self._plain(plan)
        customer = self._market.customers[plan.customer]
        body = {"customer_id": customer, "kind": "quality", "subject": f"Valve {plan.number} leaks"}
        ticket = self._people["sid"].post("/tickets", body, key=self._key(plan, "ticket"))
        self._tally.was_answered("ticket", ticket["id"])
        self._people["sam"].get(f"/customers/{customer}/360")
        return ended

    def _in_parts(self, plan: Plan) -> tuple[str, str]:
        item, _ = plan.lines[0]
        order = self._order(
            plan, self._market.customers[plan.customer], lines=[(self._market.items[item], 5)]
        )
        first = self._delivery(order)
        line = first["lines"][0]["order_line_id"]
        self._ship(plan, first, [{"order_line_id": line, "quantity": "2"}])
        return self._to_cash(plan, order)

    def _cancelled_at_once(self, plan: Plan) -> tuple[str, str]:
        order = self._order(plan, self._market.customers[plan.customer], wait_s=0)
        return self._cancel(plan, order)

    def _cancelled_later(self, plan: Plan) -> tuple[str, str]:
        order = self._order(plan, self._market.customers[plan.customer])
        self._until_state(order, "confirmed", "processing")
        return self._cancel(plan, order)

    def _short_of_stock(self, plan: Plan) -> tuple[str, str]:
        scarce, quantity = self._market.scarce_item, plan.lines[0][1]
        order = self._order(plan, self._market.customers[plan.customer], lines=[(scarce, quantity)])
        lines = [{"item_id": scarce, "quantity": str(quantity)}]
        body = {"warehouse_id": self._market.warehouse, "lines": lines}
        self._people["wim"].post("/receipts", body, key=self._key(plan, "receipt"))
        return self._to_cash(plan, order)

    def _over_limit(self, plan: Plan) -> tuple[str, str]:
        customer = self._customer(plan, SMALL_LIMIT)
        order = self._order(plan, customer)
        self._until_held(order, "credit")
        self._people["fay"].put(f"/accounts/{customer}/credit-limit", {"limit": usd(LARGE_LIMIT)})
        return self._to_cash(plan, order)

    def _over_limit_and_cancelled(self, plan: Plan) -> tuple[str, str]:
        order = self._order(plan, self._customer(plan, SMALL_LIMIT))
        self._until_held(order, "credit")
        return self._cancel(plan, order)

    # --- acts ------------------------------------------------------------------------------------------------------

    def _key(self, plan: Plan, act: str) -> str:
        return f"{self._name}-{plan.number}-{act}"

    def _customer(self, plan: Plan, limit: str) -> str:
        customer = register_customer(self._people, f"{self._name}-N{plan.number}", limit)
        self._tally.was_answered("customer", customer)
        return customer

    def _order(
        self, plan: Plan, customer: str, *, lines: list[tuple[str, int]] | None = None, wait_s: int = WAIT_S
    ) -> Any:
        wanted = lines or [(self._market.items[item], quantity) for item, quantity in plan.lines]
        body = {
            "customer_id": customer,
            "lines": [{"item_id": item, "quantity": str(quantity)} for item, quantity in wanted],
        }
        sam = self._people["sam"]
        quotation = once_known(
            lambda: sam.post("/quotations", body, key=self._key(plan, "quote")), "the quotation"
        )
        self._tally.was_answered("quotation", quotation["id"])
        sam.post(f"/quotations/{quotation['id']}/send", {}, key=self._key(plan, "send"))
        path = f"/quotations/{quotation['id']}/accept"
        order = sam.post(path, {}, key=self._key(plan, "accept"), wait_s=wait_s)
        self._tally.was_answered("order", order["id"])
        return order

    def _cancel(self, plan: Plan, order: Any) -> tuple[str, str]:
        path = f"/orders/{order['id']}/cancel"
        self._people["sam"].post(path, {"reason": "changed plans"}, key=self._key(plan, "cancel"))
        self._until_state(order, "cancelled")
        return order["id"], "cancelled"

    def _to_cash(self, plan: Plan, order: Any) -> tuple[str, str]:
        """Ship each note that is ready and pay each invoice until the order is done.

        There may be several: what is short comes in parts, also of what others gave back or received meanwhile.
        """
        shipped: set[str] = set()
        paid: set[str] = set()

        def go_on() -> bool:
            for note in self._ready(order):
                if note["id"] not in shipped:
                    self._ship(plan, note)
                    shipped.add(note["id"])
            for invoice in self._people["fay"].every("/invoices", order_id=order["id"]):
                if invoice["id"] not in paid:
                    self._pay(plan, invoice)
                    paid.add(invoice["id"])
            return bool(self._people["mia"].get(f"/orders/{order['id']}")["state"] == "done")

        until(go_on, f"order {order['number']} done")
        return order["id"], "done"

    def _ready(self, order: Any) -> list[Any]:
        notes = self._people["wim"].every("/deliveries", order_id=order["id"])
        return [note for note in notes if note["state"] in ("ready", "picked")]

    def _delivery(self, order: Any) -> Any:
        return until(lambda: self._ready(order), f"the delivery note of order {order['number']}")[0]

    def _ship(self, plan: Plan, delivery: Any, lines: list[dict[str, str]] | None = None) -> None:
        body = {"lines": lines} if lines else {}
        key = self._key(plan, f"ship-{delivery['number']}")
        self._people["wim"].post(f"/deliveries/{delivery['id']}/ship", body, key=key)
        self._tally.was_answered("shipment", delivery["id"])

    def _pay(self, plan: Plan, invoice: Any) -> None:
        body = {
            "customer_id": invoice["customer_id"],
            "amount": invoice["open"],
            "reference": f"RE {self._name} {plan.number} {invoice['number']}",
            "allocations": [{"invoice_id": invoice["id"], "amount": invoice["open"]}],
        }
        payment = self._people["fay"].post("/payments", body, key=self._key(plan, f"pay-{invoice['number']}"))
        self._tally.was_answered("payment", payment["id"])

    def _until_state(self, order: Any, *states: str) -> None:
        until(
            lambda: self._people["mia"].get(f"/orders/{order['id']}")["state"] in states,
            f"order {order['number']} {' or '.join(states)}",
        )

    def _until_held(self, order: Any, code: str) -> None:
        def look() -> bool:
            holds = self._people["mia"].get(f"/orders/{order['id']}")["holds"]
            return any(hold["code"] == code and not hold.get("released_at") for hold in holds)

        until(look, f"the {code} hold of order {order['number']}")
