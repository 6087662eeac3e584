"""Customers with names people remember, and crm's application on a database of a test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.outbox import event_log
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.crm.app import create_app
from services.crm.domain.customer import Customer
from services.crm.domain.ownership import Registrar
from services.crm.store.tables import contact, customer
from services.crm.use_cases.register_customer import RegisterCustomer

MIGRATIONS = Path(__file__).parents[1] / "migrations"
NANCY = "nancy.davolio"
JANET = "janet.leverling"
MANAGER = Registrar("steven.buchanan", assigns=True)
UNKNOWN = "00000000-0000-7000-8000-00000000dead"


def harbor_pumps(**changes: Any) -> Customer:
    """Return Harbor Pumps, a customer of Nancy's."""
    return replace(
        Customer("00000000-0000-7000-8000-000000000001", "C-000001", "Harbor Pumps", NANCY, "USD"), **changes
    )


def registration(name: str = "Harbor Pumps", **changes: Any) -> RegisterCustomer:
    """Return the order to register a customer of Nancy's."""
    return replace(RegisterCustomer(name=name, currency="USD", owner_id=NANCY), **changes)


@dataclass
class Desk:
    """crm as people use it: a client per person, and a look at what was told and stored."""

    database: Database
    keys: SigningKeys

    def __post_init__(self) -> None:
        self.app = create_app(self.database, self.keys.verifier())

    def client(self, subject: str, *roles: str) -> FlaskClient:
        """Return a client that acts as ``subject``."""
        return api_client(self.app, self.keys, roles=roles, subject=subject)

    @property
    def nancy(self) -> FlaskClient:
        """A salesperson."""
        return self.client(NANCY, "sales")

    @property
    def janet(self) -> FlaskClient:
        """Another salesperson."""
        return self.client(JANET, "sales")

    @property
    def steven(self) -> FlaskClient:
        """The sales manager."""
        return self.client("steven.buchanan", "sales_manager")

    def told(self) -> list[str]:
        """Return the types of all messages so far, in order."""
        return list(self._read(select(event_log.c.type).order_by(event_log.c.seq)))

    def messages(self) -> list[Message]:
        """Return all messages so far, in order."""
        return [
            Message.from_bytes(envelope.encode())
            for envelope in self._read(select(event_log.c.envelope).order_by(event_log.c.seq))
        ]

    def stored(self) -> tuple[int, int, int]:
        """Return how many customers, contacts and messages there are."""
        customers, contacts, messages = (
            next(iter(self._read(select(func.count()).select_from(table))))
            for table in (customer, contact, event_log)
        )
        return customers, contacts, messages

    def _read(self, query: Any) -> Iterable[Any]:
        return self.database.read(lambda connection: list(connection.execute(query).scalars()))


def a_customer(client: FlaskClient, name: str = "Harbor Pumps", **details: Any) -> dict[str, Any]:
    """Register a customer over HTTP and return the answer."""
    answer = client.post("/api/v1/customers", json={"name": name, **details})
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})
