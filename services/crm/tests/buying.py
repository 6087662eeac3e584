"""Purchases as tests play them: orders with lines of days past, as sales tells of them, and the jobs that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from libs.common.testing import ManualClock
from services.crm.jobs.learn_purchases import learn_purchases
from services.crm.jobs.refresh_recommendations import refresh_recommendations
from services.crm.tests.builders import a_customer
from services.crm.tests.pipeline import CABLE, PUMP, Pipeline, money

ZONE = ZoneInfo("Asia/Shanghai")
PATH = "/api/v1/recommendations"
PUMP_PLUS = "00000000-0000-7000-8000-0000000000a9"


def numbered(kind: str, count: int) -> str:
    """Return the id of the ``count``-th thing of a kind."""
    return f"00000000-0000-7000-8000-{kind}{count:011d}"


@dataclass
class Buying:
    """crm as it hears of orders and looks at customers."""

    pipeline: Pipeline
    orders: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.desk = self.pipeline.desk
        self.item(PUMP_PLUS, "P-2", category="pumps")
        self.item(PUMP, "P-1", category="pumps", sequence=2)

    @property
    def today(self) -> date:
        """The company's day."""
        return self.desk.database.clock.now().astimezone(ZONE).date()

    def item(self, item_id: str, sku: str, *, category: str | None = None, sequence: int = 1) -> str:
        """Let crm hear of an item."""
        data = {"item_id": item_id, "sku": sku, "name": f"Item {sku}", "uom": "piece", "decimals": 0}
        data |= {"active": True, "category": category}
        kind = "registered" if sequence == 1 else "details_changed"
        self.pipeline.hears(f"inventory.item.{kind}.v1", item_id, data, sequence=sequence)
        return item_id

    def customer(self) -> str:
        """Register a customer of Nancy's."""
        return str(a_customer(self.desk.nancy, currency="USD")["id"])

    def buys(self, customer: str, days_ago: int, *lines: tuple[str, int, str]) -> str:
        """Let a customer order lines of item, quantity and amount so many days ago; return the order's id."""
        self.orders += 1
        order = numbered("b", self.orders)
        day = (self.today - timedelta(days=days_ago)).isoformat()
        told = [
            {
                "order_line_id": self.line(order, place),
                "item_id": item,
                "quantity": f"{quantity}",
                "amount": money(amount),
                "net": money(amount),
            }
            for place, (item, quantity, amount) in enumerate(lines)
        ]
        data = {"order_id": order, "number": f"SO-{self.orders}", "customer_id": customer, "ordered_on": day}
        self.hears("sales.order.placed.v1", order, data | {"total": money("1.00"), "lines": told})
        return order

    def line(self, order: str, place: int = 0) -> str:
        """Return the id of a line of an order."""
        return order.replace("-8000-b", f"-800{place}-c")

    def hears(self, type_: str, key: str, data: dict[str, Any], sequence: int = 1) -> None:
        """Let crm hear a message, which it understands."""
        receipt = self.pipeline.hears(type_, key, data, sequence=sequence)
        assert (receipt.parked, receipt.dead) == (0, 0), receipt

    def regular(self, item: str = CABLE, *, every: int = 30, times: int = 4, since: int = 28) -> str:
        """Return a customer who buys ten of an item again and again, the last time ``since`` days ago."""
        who = self.customer()
        for place in range(times):
            self.buys(who, since + every * place, (item, 10, "100.00"))
        return who

    def wait(self, step: timedelta) -> None:
        """Let time pass."""
        clock = self.desk.database.clock
        assert isinstance(clock, ManualClock)
        clock.advance(step)

    def learn(self) -> int:
        """Learn from all purchases."""
        return learn_purchases(self.desk.database, "USD", ZONE)

    def look(self) -> int:
        """Look at the customers that are due."""
        return refresh_recommendations(self.desk.database, ZONE)

    def said(self, customer: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return what is recommended for a customer."""
        answer = self.desk.nancy.get(PATH, query_string={"customer_id": customer} | wanted)
        assert answer.status_code == 200, answer.json
        return list((answer.json or {})["items"])

    def only(self, customer: str) -> dict[str, Any]:
        """Look, and return the one thing that is recommended for a customer."""
        self.look()
        (found,) = self.said(customer)
        return found

    def act(self, found: dict[str, Any], act: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer to an act on a recommendation, by Nancy."""
        return self.desk.nancy.post(f"{PATH}/{found['id']}/{act}", json=body)
