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


@dataclass
class Others:
    """Inventory and finance, answering as they would; each answer bears the command that it answers."""

    desk: Desk
    order: Order

    def _answer(self, type_: str, command: str | None, **data: Any) -> Message:
        cause = self.desk.last_command(command) if command else None
        return self.desk.message(type_, self.order.id, {"order_id": self.order.id} | data, cause)

    def reserved(self, *, by_receipt: bool = False) -> Message:
        lines = [
            {"order_line_id": line.id, "item_id": line.item_id, "quantity": line.quantity}
            for line in self.order.lines
        ]
        return self._answer(
            "inventory.reservation.reserved.v1",
            None if by_receipt else "inventory.reserve_stock.v1",
            reservation_id=an_id("reservation"),
            order_number=self.order.number,
            lines=lines,
        )

    def short(self, missing: str | int = 4, position: int = 1) -> Message:
        line = self.order.lines[0]
        waiting = {
            "order_line_id": line.id,
            "item_id": line.item_id,
            "sku": line.sku,
            "requested": line.quantity,
            "reserved": qty(0),
            "missing": qty(missing),
        }
        return self._answer(
            "inventory.reservation.waiting.v1",
            "inventory.reserve_stock.v1",
            reservation_id=an_id("reservation"),
            order_number=self.order.number,
            queue_position=position,
            lines=[waiting],
            releases_by="inventory.stock.received",
        )

    def stock_rejected(
        self, reason: str = "item_inactive", detail: str = "NW-001 is not sold any more"
    ) -> Message:
        return self._answer(
            "inventory.reservation.rejected.v1", "inventory.reserve_stock.v1", reason=reason, detail=detail
        )

    def stock_released(self, *, had_effect: bool = True) -> Message:
        return self._answer(
            "inventory.reservation.released.v1",
            "inventory.release_stock.v1",
            reason="order cancelled",
            had_effect=had_effect,
        )

    def granted(self, *, by_payment: bool = False) -> Message:
        return self._answer(
            "finance.credit_hold.granted.v1",
            None if by_payment else "finance.hold_credit.v1",
            customer_id=self.order.customer_id,
            amount=self.order.total,
            exposure=self.order.total,
            limit=usd("1000.00"),
        )

    def refused(self, *, waits: bool = True, shortfall: str = "80.00") -> Message:
        return self._answer(
            "finance.credit_hold.refused.v1",
            "finance.hold_credit.v1",
            customer_id=self.order.customer_id,
            amount=self.order.total,
            exposure=usd("900.00"),
            limit=usd("1000.00"),
            shortfall=usd(shortfall),
            status="hold",
            waits=waits,
        )

    def credit_rejected(
        self, reason: str = "currency_mismatch", detail: str = "the account is in EUR"
    ) -> Message:
        return self._answer(
            "finance.credit_hold.rejected.v1", "finance.hold_credit.v1", reason=reason, detail=detail
        )

    def credit_released(self, *, had_effect: bool = True) -> Message:
        return self._answer(
            "finance.credit_hold.released.v1",
            "finance.release_credit.v1",
            reason="order cancelled",
            had_effect=had_effect,
        )

    def shipped(self, quantity: str | int | None = None, *, full: bool = True) -> Message:
        lines = [
            {
                "order_line_id": line.id,
                "item_id": line.item_id,
                "sku": line.sku,
                "item_name": line.name,
                "quantity": line.quantity if quantity is None else qty(quantity),
                "lot": None,
            }
            for line in self.order.lines
        ]
        return self._answer(
            "inventory.delivery.shipped.v1",
            None,
            delivery_id=an_id("delivery"),
            number="DN-000001",
            order_number=self.order.number,
            customer_id=self.order.customer_id,
            shipped_on=date(2026, 3, 3),
            lines=lines,
            order_fully_shipped=full,
        )

    def invoiced(
        self, quantity: str | int | None = None, total: Money | None = None, *, full: bool = True
    ) -> Message:
        lines = [
            {
                "order_line_id": line.id,
                "item_id": line.item_id,
                "quantity": line.quantity if quantity is None else qty(quantity),
                "amount": line.amount,
            }
            for line in self.order.lines
        ]
        return self._answer(
            "finance.invoice.posted.v1",
            None,
            invoice_id=an_id("invoice"),
            number="INV-000001",
            delivery_id=an_id("delivery"),
            customer_id=self.order.customer_id,
            posted_on=date(2026, 3, 3),
            due_on=date(2026, 4, 2),
            total=total or self.order.total,
            lines=lines,
            order_fully_invoiced=full,
        )

    def paid(self, amount: Money | None = None, payment: str = "payment") -> Message:
        data = {
            "payment_id": an_id(payment),
            "invoice_id": an_id("invoice"),
            "order_id": self.order.id,
            "customer_id": self.order.customer_id,
            "amount": amount or self.order.total,
        }
        return self.desk.message("finance.payment.allocated.v1", an_id(payment), data)

    def credited(self, amount: Money, note: str = "credit note") -> Message:
        data = {
            "credit_note_id": an_id(note),
            "invoice_id": an_id("invoice"),
            "order_id": self.order.id,
            "customer_id": self.order.customer_id,
            "amount": amount,
        }
        return self.desk.message("finance.credit_note.allocated.v1", self.order.id, data)

    def completed(self) -> Message:
        """Return sales' own word that the order is complete, as its relay hands it back."""
        found = [message for message in self.desk.messages() if message.type == "sales.order.completed.v1"]
        return found[-1]

    def play(self, *names: str) -> None:
        """Let the others say these things one after the other, and sales hear each."""
        for name in names:
            self.desk.hear(getattr(self, name)())


def lines_of(requests: Iterable[RequestedLine]) -> list[dict[str, Any]]:
    """Return requested lines as a caller writes them in JSON."""
    return [{"item_id": line.item_id, "quantity": str(line.quantity)} for line in requests]
