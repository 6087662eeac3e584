"""A small trading company with names people remember, and the desk at which its people work in a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import select

from libs.common.db import Cause, Database
from libs.common.envelope import Message, encode
from libs.common.ids import derived_id
from libs.common.inbox import Receipt, Receiver
from libs.common.money import Money, Price
from libs.common.outbox import event_log
from libs.common.quantity import Quantity
from libs.common.saga import find, tell
from libs.common.settings import ServiceSettings
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.sales.app import create_app
from services.sales.domain.items import Customer, Item
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.order import Order
from services.sales.domain.policy import PolicyLine
from services.sales.domain.pricing import Occasion, PriceRule
from services.sales.domain.terms import Terms
from services.sales.jobs.wake_sagas import wake_sagas
from services.sales.sagas.ordering import accept_and_start, cancel_order
from services.sales.store import orders
from services.sales.use_cases.accept_quotation import AcceptQuotation
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.cancel_order import CancelOrder
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy
from services.sales.use_cases.issue_quotation import IssueQuotation, issue_quotation
from services.sales.use_cases.keep_replicas import keep_customer, keep_item
from services.sales.worker import SUBSCRIPTIONS

MIGRATIONS = Path(__file__).parents[1] / "migrations"
NANCY = "nancy.davolio"
JANET = "janet.leverling"
MIKE = "mike.manager"
UNKNOWN = "00000000-0000-7000-8000-00000000dead"
TERMS = Terms("USD", ZoneInfo("Asia/Shanghai"))


def an_id(name: str) -> str:
    """Return the id that ``name`` always has."""
    return derived_id("test", name)


CHAI = Item(an_id("chai"), "NW-001", "Chai", "piece", 0, active=True)
ROPE = Item(an_id("rope"), "NW-002", "Rope", "m", 2, active=True)
RELIC = Item(an_id("relic"), "NW-099", "Relic", "piece", 0, active=False)
HARBOR = Customer(an_id("harbor"), "C-000001", "Harbor Pumps", "USD", NANCY)
TOKYO = Customer(an_id("tokyo"), "C-000002", "Tokyo Traders", "JPY", JANET)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def price(amount: str, currency: str = "USD") -> Price:
    return Price.of(amount, currency)


def qty(text: str | int) -> Quantity:
    return Quantity.of(text)


def rule(unit_price: str = "18.00", currency: str = "USD", **changes: Any) -> PriceRule:
    """Return a rule for all customers from the first piece on, at any time."""
    plain = PriceRule(an_id("list"), "List", 1, price(unit_price, currency), qty(1))
    return replace(plain, **changes)


def occasion(**changes: Any) -> Occasion:
    """Return Harbor Pumps' purchase of 10 chai in March."""
    return replace(Occasion(CHAI.id, HARBOR.id, "USD", qty(10), date(2026, 3, 2)), **changes)


def chai_line(quantity: str | int = 10, **changes: Any) -> RequestedLine:
    return replace(RequestedLine(CHAI.id, qty(quantity)), **changes)


def settings() -> ServiceSettings:
    """Return what a fresh machine's environment says."""
    return ServiceSettings.from_environment("MERIDIAN_UNUSED_", service="sales")


@dataclass
class Desk:
    """Sales as its people use it, with items, customers and a price list in place."""

    database: Database
    keys: SigningKeys
    sequences: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.app = create_app(self.database, self.keys.verifier(), settings())
        self.receiver = Receiver(self.database, SUBSCRIPTIONS)
        self.database.transact(self._stock_the_desk)

    def _stock_the_desk(self, tx: Any) -> None:
        for item in (CHAI, ROPE, RELIC):
            keep_item(tx, item)
        for customer in (HARBOR, TOKYO):
            keep_customer(tx, customer)
        lines = (
            PolicyLine(CHAI.id, qty(1), price("18.00")),
            PolicyLine(CHAI.id, qty(100), price("16.50")),
            PolicyLine(ROPE.id, qty("0.01"), price("0.3333")),
        )
        define_price_policy(tx, DefinePricePolicy("List", "USD", lines, by=MIKE))
        yen = (PolicyLine(CHAI.id, qty(1), price("100.5", "JPY")),)
        define_price_policy(tx, DefinePricePolicy("List in yen", "JPY", yen, by=MIKE))

    def client(self, subject: str, *roles: str, superiors: tuple[str, ...] = ()) -> FlaskClient:
        """Return a client that acts as ``subject``."""
        return api_client(self.app, self.keys, roles=roles, subject=subject, superiors=superiors)

    @property
    def nancy(self) -> FlaskClient:
        """The salesperson of Harbor Pumps."""
        return self.client(NANCY, "sales")

    @property
    def janet(self) -> FlaskClient:
        """The salesperson of Tokyo Traders."""
        return self.client(JANET, "sales")

    @property
    def mike(self) -> FlaskClient:
        """The sales manager."""
        return self.client(MIKE, "sales_manager")

    def quote(self, *lines: RequestedLine, customer: Customer = HARBOR, **changes: Any) -> str:
        """Issue a quotation and return its id."""
        wanted = IssueQuotation(customer.id, lines or (chai_line(),), Pen(MIKE, may_override=True), **changes)
        return self.database.transact(lambda tx: issue_quotation(tx, wanted, TERMS)).id

    def order(self, *lines: RequestedLine, **changes: Any) -> Order:
        """Place an order from a fresh quotation, as ``POST /quotations/{id}/accept`` does."""
        about = AboutQuotation(self.quote(*lines, **changes))
        command = AcceptQuotation(about, MIKE)
        return self.database.transact(
            lambda tx: accept_and_start(tx, command, TERMS), cause=Cause(actor=MIKE)
        )

    def cancel(self, order: Order, reason: str = "changed my mind") -> Order:
        return self.database.transact(lambda tx: cancel_order(tx, CancelOrder(order.id, reason)))

    def look(self, order: Order) -> Order:
        """Return the order as it is now."""
        found = self.database.read(lambda connection: orders.find(connection, order.id))
        assert found is not None
        return found

    def wake(self) -> int:
        """Fire the saga's timers that are due."""
        return wake_sagas(self.database)

    def messages(self, *, kind: str | None = None) -> list[Message]:
        """Return everything that sales has said, in order."""
        rows = self.database.read(
            lambda connection: connection.execute(select(event_log).order_by(event_log.c.seq)).all()
        )
        found = [Message.from_bytes(row.envelope.encode()) for row in rows]
        return [message for message in found if kind is None or message.kind == kind]

    def said(self) -> list[str]:
        """Return the types of everything that sales has said, in order."""
        return [message.type for message in self.messages()]

    def last_command(self, type_: str) -> Message:
        return [message for message in self.messages(kind="command") if message.type == type_][-1]

    def message(self, type_: str, key: str, data: dict[str, Any], cause: Message | None = None) -> Message:
        """Return a message as its publisher would send it next about ``key``."""
        source = type_.partition(".")[0]
        self.sequences[source, key] += 1
        now = self.database.clock.now()
        n = self.sequences[source, key]
        return Message(
            id=derived_id("message", source, key, str(n)),
            type=type_,
            kind="event",
            source=source,
            time=now,
            partition_key=key,
            sequence=n,
            correlation_id=cause.correlation_id if cause else key,
            causation_id=cause.id if cause else None,
            data=encode(data),
            recorded_time=now,
        )

    def hear(self, *messages: Message) -> Receipt:
        """Hand messages to sales as its worker does; none may fail."""
        receipt = self.receiver.receive(messages)
        assert (receipt.parked, receipt.dead) == (0, 0), receipt
        return receipt

    def story(self, order: Order) -> str:
        """Return what the saga did, what became of the order and what was said about it, as text."""
        saga = self.database.read(lambda connection: find(connection, "order_to_cash", order.id))
        assert saga is not None
        now = self.look(order)
        lines = [tell(saga).replace(order.id, order.number).rstrip(), ""]
        lines.append(
            f"order {now.number}: {now.state}, delivery {now.delivery_status}, "
            f"billing {now.billing_status}, payment {now.payment_status}"
        )
        if now.cancel_reason:
            lines.append(f"cancel reason: {now.cancel_reason}; detail: {now.cancel_detail}")
        for hold in now.holds:
            figures = ", ".join(f"{name}={value}" for name, value in hold.figures.items())
            end = f"released by {hold.released_by}" if hold.released_by else f"open until {hold.deadline:%F}"
            lines.append(f"hold {hold.code} of {hold.owner} ({figures}): {end}")
        lines += ["", *(f"{message.kind:<7} {message.type}" for message in self.messages())]
        return "\n".join(lines) + "\n"


def lines_of(requests: Iterable[RequestedLine]) -> list[dict[str, Any]]:
    """Return requested lines as a caller writes them in JSON."""
    return [{"item_id": line.item_id, "quantity": str(line.quantity)} for line in requests]
