"""The pipeline as tests play it: items that are known, opportunities, and what sales and finance say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient

from libs.common.envelope import Message
from libs.common.inbox import Receipt, Receiver
from services.crm.tests.builders import Desk, a_customer
from services.crm.worker import SUBSCRIPTIONS

PATH = "/api/v1/opportunities"
PUMP = "00000000-0000-7000-8000-0000000000a1"
CABLE = "00000000-0000-7000-8000-0000000000a2"
OLD = "00000000-0000-7000-8000-0000000000a3"
ORDER = "00000000-0000-7000-8000-0000000000b1"
QUOTATION = "00000000-0000-7000-8000-0000000000c1"
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def usd(amount: str) -> dict[str, str]:
    """Return an amount as the API takes it."""
    return {"amount": amount, "currency": "USD"}


def money(amount: str) -> dict[str, Any]:
    """Return an amount as messages bear it."""
    return {"minor": int(amount.replace(".", "")), "currency": "USD"}


@dataclass
class Pipeline:
    """crm with items that it has heard of, and the ears by which it hears more."""

    desk: Desk
    _heard: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.receiver = Receiver(self.desk.database, SUBSCRIPTIONS)
        for item_id, sku, decimals, active in (
            (PUMP, "P-1", 0, True),
            (CABLE, "C-1", 2, True),
            (OLD, "O-1", 0, False),
        ):
            data = {"item_id": item_id, "sku": sku, "name": f"Item {sku}", "uom": "piece"}
            self.hears(
                "inventory.item.registered.v1", item_id, data | {"decimals": decimals, "active": active}
            )

    def hears(self, type_: str, key: str, data: dict[str, Any], *, sequence: int = 1) -> Receipt:
        """Let crm hear a message that it has not heard before."""
        return self.receiver.receive([self.message(type_, key, data, sequence=sequence)])

    def message(self, type_: str, key: str, data: dict[str, Any], *, sequence: int = 1) -> Message:
        """Return a message about ``key``, with an id of its own."""
        self._heard += 1
        return Message(
            id=f"m-{self._heard}",
            type=type_,
            kind="event",
            source=type_.partition(".")[0],
            time=AT,
            recorded_time=AT,
            partition_key=key,
            sequence=sequence,
            correlation_id=key,
            data=data,
        )

    def opened(self, client: FlaskClient | None = None, **details: Any) -> dict[str, Any]:
        """Open an opportunity of a new customer of Nancy's over HTTP and return the answer."""
        who = client or self.desk.nancy
        body = {"title": "Forty pumps", "value": usd("4000.00")} | details
        if "customer_id" not in body:
            body["customer_id"] = a_customer(self.desk.nancy, currency="USD")["id"]
        answer = who.post(PATH, json=body)
        assert answer.status_code == 201, answer.json
        return dict(answer.json or {})

    def now(self, opportunity: dict[str, Any]) -> dict[str, Any]:
        """Return the opportunity as it stands."""
        return dict(self.desk.steven.get(f"{PATH}/{opportunity['id']}").json or {})

    def act(self, opportunity: dict[str, Any], act: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer to an act on the opportunity, by Nancy."""
        return self.desk.nancy.post(f"{PATH}/{opportunity['id']}/{act}", json=body)

    def quoted(
        self, opportunity: dict[str, Any], quotation_id: str = QUOTATION, number: str = "Q-000001"
    ) -> None:
        """Let sales say that it drew up a quotation."""
        data = {"quotation_id": quotation_id, "opportunity_id": opportunity["id"], "number": number}
        data |= {"customer_id": opportunity["customer_id"], "total": money("3900.00")}
        self.hears("sales.opportunity.quoted.v1", quotation_id, data)

    def ordered(self, opportunity: dict[str, Any], order_id: str = ORDER, number: str = "SO-000001") -> None:
        """Let sales say that the customer ordered."""
        data = {"order_id": order_id, "number": number, "customer_id": opportunity["customer_id"]}
        data |= {
            "ordered_on": "2026-03-02",
            "total": money("3900.00"),
            "quotation_id": QUOTATION,
            "lines": [],
        }
        self.hears("sales.order.placed.v1", order_id, data | {"opportunity_id": opportunity["id"]})
