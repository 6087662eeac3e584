"""A customer, a shipped pump and tickets, and the service desk's application on a database of a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Table, func, select

from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.inbox import Receipt, Receiver
from libs.common.outbox import event_log
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.service_desk.app import create_app
from services.service_desk.domain.ticket import Ticket
from services.service_desk.worker import SUBSCRIPTIONS

MIGRATIONS = Path(__file__).parents[1] / "migrations"
NANCY = "nancy.davolio"
JANET = "janet.leverling"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def an_id(kind: str, count: int = 1) -> str:
    """Return an id that is the same in every run; ``kind`` is four hexadecimal digits."""
    return f"00000000-0000-7000-8000-{kind}{count:08d}"


HARBOR = an_id("c001")
OTHERS = an_id("c002")
PUMP = an_id("a001")
VALVE = an_id("a002")
ORDER = an_id("0d01")
DELIVERY = an_id("de01")
RETURN = an_id("4e01")
CONVERSATION = an_id("cc01")
UNKNOWN = an_id("dead")


def a_ticket(**changes: Any) -> Ticket:
    """Return a ticket that has just been opened."""
    ticket = Ticket(
        id=an_id("7101"),
        number="T-000001",
        customer_id=HARBOR,
        kind="technical",
        queue="technical_support",
        subject="It leaks",
        opened_by=NANCY,
        opened_on=NOW.date(),
        opened_at=NOW,
        correlation_id=an_id("7101"),
    )
    return replace(ticket, **changes)


def a_message(type_: str, key: str, sequence: int, data: Mapping[str, Any], **changes: Any) -> Message:
    """Return a message as its publisher would send it."""
    message = Message(
        id=f"{type_}-{key}-{sequence}",
        type=type_,
        kind="event",
        source=type_.partition(".")[0],
        time=NOW,
        recorded_time=NOW,
        partition_key=key,
        sequence=sequence,
        correlation_id=key,
        data=dict(data),
    )
    return replace(message, **changes)


def registered(customer_id: str = HARBOR, sequence: int = 1, **changes: Any) -> Message:
    """Return that Harbor Pumps, a customer of Nancy's, was registered."""
    data = {
        "customer_id": customer_id,
        "number": "C-000001",
        "name": "Harbor Pumps",
        "owner_id": NANCY,
    } | changes
    return a_message("crm.customer.registered.v1", customer_id, sequence, data)


def details_changed(sequence: int, **changes: Any) -> Message:
    """Return that details of Harbor Pumps changed."""
    return replace(
        registered(HARBOR, sequence, **changes), id=f"d{sequence}", type="crm.customer.details_changed.v1"
    )


def owner_changed(sequence: int, owner_id: str | None, customer_id: str = HARBOR) -> Message:
    """Return that a customer was given to ``owner_id``."""
    data = {"customer_id": customer_id, "owner_id": owner_id, "previous_owner_id": NANCY}
    return a_message("crm.customer.owner_changed.v1", customer_id, sequence, data)


def item_described(item_id: str, sku: str, name: str, sequence: int = 1) -> Message:
    """Return what an item is called."""
    type_ = "inventory.item.registered.v1" if sequence == 1 else "inventory.item.details_changed.v1"
    return a_message(type_, item_id, sequence, {"item_id": item_id, "sku": sku, "name": name})


def a_line(
    item_id: str = PUMP, quantity: str = "2", lot: str | None = "L-7", **changes: Any
) -> dict[str, Any]:
    """Return a line of a delivery note that left."""
    sku, name = ("P-1", "Pump") if item_id == PUMP else ("V-1", "Valve")
    line = {"order_line_id": an_id("0e01"), "item_id": item_id, "sku": sku, "item_name": name}
    return line | {"quantity": quantity, "lot": lot} | changes


def shipped(
    *lines: dict[str, Any],
    delivery_id: str = DELIVERY,
    customer_id: str = HARBOR,
    order_id: str = ORDER,
    sequence: int = 1,
    on: date = date(2026, 2, 10),
) -> Message:
    """Return that a delivery note left; without ``lines`` it held two pumps of lot L-7."""
    data = {
        "delivery_id": delivery_id,
        "number": f"D-{delivery_id[-2:]}",
        "order_id": order_id,
        "order_number": "S-000009",
        "customer_id": customer_id,
        "shipped_on": on.isoformat(),
        "lines": list(lines or (a_line(),)),
        "order_fully_shipped": True,
    }
    message = a_message("inventory.delivery.shipped.v1", order_id, sequence, data)
    return replace(message, correlation_id=CONVERSATION)


def came_back(*lines: dict[str, Any], sequence: int = 2, return_id: str = RETURN) -> Message:
    """Return that goods of the delivery came back and were inspected."""
    data = {
        "return_id": return_id,
        "number": "RMA-000001",
        "delivery_id": DELIVERY,
        "delivery_number": "D-01",
        "order_id": ORDER,
        "order_number": "S-000009",
        "customer_id": HARBOR,
        "reason": "It drips",
        "inspected_on": "2026-03-01",
        "lines": list(lines),
    }
    message = a_message("inventory.return.inspected.v1", ORDER, sequence, data)
    return replace(message, id=f"back-{sequence}", correlation_id=CONVERSATION)


@dataclass
class Desk:
    """The service desk as people use it: what it hears, a client per person, and a look at what is stored."""

    database: Database
    keys: SigningKeys = field(repr=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.database, self.keys.verifier())
        self.receiver = Receiver(self.database, SUBSCRIPTIONS)

    def hears(self, *messages: Message) -> Receipt:
        """Hand messages to the subscribers."""
        return self.receiver.receive(list(messages))

    def client(self, subject: str, *roles: str) -> FlaskClient:
        """Return a client that acts as ``subject``."""
        return api_client(self.app, self.keys, roles=roles, subject=subject)

    @property
    def nancy(self) -> FlaskClient:
        """The salesperson of Harbor Pumps."""
        return self.client(NANCY, "sales")

    @property
    def janet(self) -> FlaskClient:
        """Another salesperson."""
        return self.client(JANET, "sales")

    @property
    def sergei(self) -> FlaskClient:
        """Somebody of the service desk."""
        return self.client("sergei", "service")

    def messages(self) -> list[Message]:
        """Return all messages that were told so far, in order."""
        query = select(event_log.c.envelope).order_by(event_log.c.seq)
        raw = self.database.read(lambda connection: list(connection.execute(query).scalars()))
        return [Message.from_bytes(envelope.encode()) for envelope in raw]

    def told(self) -> list[str]:
        """Return the types of all messages that were told so far, in order."""
        return [message.type for message in self.messages()]

    def count(self, table: Table) -> int:
        """Return how many rows ``table`` has."""
        query = select(func.count()).select_from(table)
        return int(self.database.read(lambda connection: connection.execute(query).scalar_one()))


def open_ticket(client: FlaskClient, **details: Any) -> dict[str, Any]:
    """Open a ticket of Harbor Pumps over HTTP and return the answer."""
    body = {"customer_id": HARBOR, "kind": "technical", "subject": "It leaks"} | details
    answer = client.post("/api/v1/tickets", json=body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})
