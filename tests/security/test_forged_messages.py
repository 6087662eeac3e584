"""What a service that was taken over can still send under its own name: kept with the reason, and nothing changes.

That the broker refuses everything else is shown in ``privilege/test_broker.py``. Here finance's real handlers read
from a real queue, at which messages arrive by the way that the broker allows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pika
import pytest
from sqlalchemy import MetaData, func, select

from libs.common.clock import SystemClock
from libs.common.contract.examples import fullest
from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.envelope.message import LIMIT_BYTES
from libs.common.ids import SystemIds, derived_id
from libs.common.inbox import Receiver
from libs.common.inbox.tables import parked
from libs.common.messaging import topology
from libs.common.testing.databases import TestDatabases
from libs.common.tests.messaging.broker import Broker, MakeBroker, make_broker, wait_until
from libs.common.tests.messaging.test_consumer import consuming
from meridian.topography import migrations_of
from meridian.wiring import PARTS
from services.finance.use_cases.accounts import KeepCustomer
from services.finance.use_cases.credit import HoldCredit
from services.finance.use_cases.keep_order import ConfirmedOrder

pytestmark = pytest.mark.rabbitmq
CONFIRMED, HOLD, REGISTERED = (
    "sales.order.confirmed.v1",
    "finance.hold_credit.v1",
    "crm.customer.registered.v1",
)
__all__ = ["make_broker"]
KEPT = {"parked", "inbox", "dead_letter_act"}
Document = dict[str, Any]


@dataclass
class Desk:
    """Finance, and the queue that it reads."""

    broker: Broker
    database: Database

    def send(self, key: str, *bodies: bytes) -> None:
        """Publish as the broker would let the owner of ``key`` publish."""
        with topology.open_channel(self.broker.url) as channel:
            channel.confirm_delivery()
            for body in bodies:
                about = pika.BasicProperties(delivery_mode=2)
                channel.basic_publish(self.broker.names.exchange_for(key), key, body, about, mandatory=True)

    def dead(self) -> list[str]:
        """Return why each dead letter is one."""
        rows = self.database.read(
            lambda c: c.execute(select(parked.c.state, parked.c.error).order_by(parked.c.id)).all()
        )
        return [str(row.error) for row in rows if row.state == "dead"]

    def rows(self) -> dict[str, Any]:
        """Return the rows of every table that a message may change."""
        metadata = MetaData()
        metadata.reflect(self.database.engine)
        tables = [table for table in metadata.tables.values() if table.name not in KEPT]

        def look(connection: Any) -> dict[str, Any]:
            return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}

        return self.database.read(look)


@pytest.fixture
def desk(make_broker: MakeBroker, sqlite_databases: TestDatabases) -> Iterator[Desk]:
    subscriptions = PARTS["finance"].subscriptions
    broker = make_broker({"finance": subscriptions.types()})
    database = sqlite_databases.make("finance", migrations_of("finance"), clock=SystemClock())
    found = Desk(broker, database)
    with consuming(broker, Receiver(database, subscriptions), queue=broker.names.queue("finance")):
        found.send(REGISTERED, _document(REGISTERED, "crm", fullest(KeepCustomer)))
        wait_until(lambda: len(found.rows()["account"]) == 1, "the account of the customer")
        yield found


def _message(type_: str, source: str, data: Document) -> Message:
    now = SystemClock().now()
    return Message(
        id=SystemIds().new(), type=type_, kind="command" if type_ == HOLD else "event", source=source, time=now,
        recorded_time=now, partition_key=SystemIds().new(), sequence=1, correlation_id=SystemIds().new(), data=data,
    )  # fmt: skip


def _document(type_: str, source: str, about: Document, **change: Any) -> bytes:
    return json.dumps(json.loads(_message(type_, source, about).to_bytes()) | change).encode()


def _order(**change: Any) -> Document:
    order = fullest(ConfirmedOrder)
    return order | {"lines": order["lines"][:1]} | change


def _hold(**change: Any) -> Document:
    return fullest(HoldCredit) | change


def _deep() -> bytes:
    whole = _document(CONFIRMED, "sales", _order(number="@"))
    return whole.replace(b'"@"', b"[" * 5_000 + b"]" * 5_000)


ENVELOPES: dict[str, Callable[[], bytes]] = {
    "another's fact inside": lambda: _document("crm.customer.registered.v1", "crm", fullest(KeepCustomer)),
    "an order inside": lambda: _document(HOLD, "sales", _hold()),
    "another's name inside": lambda: _document(CONFIRMED, "crm", _order()),
    "no JSON": lambda: b"\x80\x04\x95 pickled",
    "nothing": lambda: b"",
    "null": lambda: b"null",
    "a list": lambda: b"[]",
    "compressed": lambda: b"\x1f\x8b\x08\x00",
    "not UTF-8": lambda: _document(CONFIRMED, "sales", _order())[:-2] + b"\xff\xfe}}",
    "NaN": lambda: _document(CONFIRMED, "sales", _order(total=float("nan"))),
    "nested deep": _deep,
    "larger than any message": lambda: _document(CONFIRMED, "sales", _order(number="x" * (LIMIT_BYTES + 1))),
    "no id": lambda: _document(CONFIRMED, "sales", _order(), id=""),
    "an id that is a list": lambda: _document(CONFIRMED, "sales", _order(), id=["x"]),
    "no data": lambda: _document(CONFIRMED, "sales", _order(), data=None),
    "another specification": lambda: _document(CONFIRMED, "sales", _order(), specversion="0.3"),
    "a NUL in the id": lambda: _document(CONFIRMED, "sales", _order(), id="a\x00b"),
}
DATA: dict[str, Document] = {
    "money as text": {"total": "100.00"},
    "money as a fraction": {"total": {"minor": 1.5, "currency": "USD"}},
    "money that is true": {"total": {"minor": True, "currency": "USD"}},
    "money in no currency": {"total": {"minor": 1, "currency": "dollars"}},
    "no total": {"total": None},
    "lines that are text": {"lines": "all"},
    "a line that is null": {"lines": [None]},
    "an order id that is a number": {"order_id": 7},
}


def test_an_envelope_that_lies_or_cannot_be_read_is_a_dead_letter(desk: Desk) -> None:
    before = desk.rows()
    desk.send(CONFIRMED, *(make() for make in ENVELOPES.values()))
    wait_until(lambda: len(desk.dead()) >= len(ENVELOPES), f"{len(ENVELOPES)} dead letters", 30)
    assert all(desk.dead()), "each says why"
    assert desk.rows() == before


def test_data_that_do_not_fit_are_a_dead_letter(desk: Desk) -> None:
    before = desk.rows()
    desk.send(CONFIRMED, *(_document(CONFIRMED, "sales", _order(**change)) for change in DATA.values()))
    wait_until(lambda: len(desk.dead()) == len(DATA), f"{len(DATA)} dead letters", 30)
    assert desk.rows() == before


def test_credit_for_less_than_nothing_is_not_held(desk: Desk) -> None:
    customer = derived_id("example", "customer_id")
    for minor in (-1, -(10**12)):
        data = _hold(amount={"minor": minor, "currency": "USD"}, order_id=SystemIds().new())
        desk.send(HOLD, _document(HOLD, "sales", data))
    wait_until(lambda: _all_in(desk, 2), "both to be seen")
    held = _held(desk)
    assert held >= 0, f"{held} held for {customer}"


def _all_in(desk: Desk, count: int) -> bool:
    query = select(func.count()).select_from(parked)
    waiting = desk.database.read(lambda c: c.execute(query).scalar_one())
    return waiting + len(desk.rows().get("credit_hold", [])) >= count


def _held(desk: Desk) -> int:
    metadata = MetaData()
    metadata.reflect(desk.database.engine, only=["account"])
    account = metadata.tables["account"]
    column = next(column for column in account.c if column.name.startswith("held"))
    return int(desk.database.read(lambda c: c.execute(select(column)).scalars().first()) or 0)


def test_the_same_message_again_and_again_has_one_effect(desk: Desk) -> None:
    once = _document(CONFIRMED, "sales", _order())
    desk.send(CONFIRMED, once)
    wait_until(lambda: desk.database.read(_inbox) == 2, "the order")
    after_one = desk.rows()
    desk.send(CONFIRMED, *[once] * 20)
    wait_until(lambda: desk.broker.depth(desk.broker.names.queue("finance")) == 0, "an empty queue")
    assert desk.rows() == after_one
    assert desk.dead() == []


def _inbox(connection: Any) -> int:
    from libs.common.inbox.tables import inbox

    return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())
