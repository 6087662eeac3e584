"""Things that finance's tests talk about, with names that people remember: Harbor Pumps buys A+ valves."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from libs.common.ids import derived_id
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.invoicing import Order, OrderLine
from services.finance.domain.terms import Terms
from services.finance.use_cases.accounts import KeepCustomer
from services.finance.use_cases.credit import HoldCredit
from services.finance.use_cases.keep_order import ConfirmedLine, ConfirmedOrder
from services.finance.use_cases.payments import InvoiceShare, ReceivePayment
from services.finance.use_cases.post_invoice import ShippedDelivery, ShippedLine

HARBOR = derived_id("customer", "Harbor Pumps")
QUAY = derived_id("customer", "Quay Marine")
LIN = derived_id("user", "Lin, salesperson")
SHIPPED_ON = date(2026, 3, 2)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def an_id(*parts: str) -> str:
    return derived_id("test", *parts)


def the_terms(limit: str | None = "1000.00", *, grace: int | None = None) -> Terms:
    default = None if limit is None else usd(limit)
    return Terms("USD", default, payment_days=30, overdue_grace_days=grace, zone=ZoneInfo("Asia/Shanghai"))


TERMS = the_terms()


def harbor_pumps(currency: str = "USD", owner_id: str | None = LIN) -> KeepCustomer:
    return KeepCustomer(HARBOR, "C-000001", "Harbor Pumps", currency, owner_id)


def quay_marine() -> KeepCustomer:
    return KeepCustomer(QUAY, "C-000002", "Quay Marine", "USD", None)


def an_account(
    limit: str | None = "1000.00",
    held: str = "0",
    receivable: str = "0",
    unallocated: str = "0",
    **more: object,
) -> Account:
    return Account(
        customer_id=HARBOR,
        number="C-000001",
        name="Harbor Pumps",
        owner_id=LIN,
        currency="USD",
        limit=None if limit is None else usd(limit),
        held=usd(held),
        receivable=usd(receivable),
        unallocated=usd(unallocated),
        **more,  # type: ignore[arg-type]
    )


def a_request(order: str, amount: str, customer_id: str = HARBOR) -> HoldCredit:
    return HoldCredit(an_id("order", order), order, customer_id, usd(amount))


def a_confirmed_order(order: str, *lines: tuple[str, str], customer_id: str = HARBOR) -> ConfirmedOrder:
    """``lines`` are (quantity, amount)."""
    built = tuple(
        ConfirmedLine(
            order_line_id=an_id("line", order, str(number)),
            line_no=number,
            item_id=an_id("item", str(number)),
            sku=f"VALVE-{number}",
            name=f"A+ valve {number}",
            quantity=Quantity.of(quantity),
            amount=usd(amount),
        )
        for number, (quantity, amount) in enumerate(lines, 1)
    )
    total = Money.total((line.amount for line in built), "USD")
    return ConfirmedOrder(an_id("order", order), order, customer_id, total, built)


def a_shipment(
    delivery: str, order: str, *parts: tuple[int, str], customer_id: str = HARBOR, on: date = SHIPPED_ON
) -> ShippedDelivery:
    """``parts`` are (line number, quantity); a line may come in several."""
    lines = tuple(ShippedLine(an_id("line", order, str(no)), Quantity.of(quantity)) for no, quantity in parts)
    return ShippedDelivery(
        an_id("delivery", delivery), delivery, an_id("order", order), customer_id, on, lines
    )


def a_payment(
    reference: str, amount: str, *shares: tuple[str, str], customer_id: str = HARBOR, on: date | None = None
) -> ReceivePayment:
    """``shares`` are (invoice id, amount)."""
    allocations = tuple(InvoiceShare(invoice_id, usd(part)) for invoice_id, part in shares)
    return ReceivePayment(customer_id, usd(amount), reference, on, allocations)


def an_order_line(quantity: str, amount: str, *, invoiced: str = "0", billed: str = "0") -> OrderLine:
    return OrderLine(
        order_line_id=an_id("line", "SO-1", "1"),
        line_no=1,
        item_id=an_id("item", "1"),
        sku="VALVE-1",
        name="A+ valve 1",
        quantity=Quantity.of(quantity),
        amount=usd(amount),
        invoiced_quantity=Quantity.of(invoiced),
        invoiced_amount=usd(billed),
    )


def an_order(*lines: OrderLine) -> Order:
    total = Money.total((line.amount for line in lines), "USD")
    return Order(an_id("order", "SO-1"), "SO-1", HARBOR, "USD", total, an_id("order", "SO-1"), lines)
