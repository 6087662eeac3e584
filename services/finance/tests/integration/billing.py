"""Small ways to confirm orders paid ahead or invoiced as they arrive, to ship, to sign and to bring back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from libs.common.db import Cause, Database
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.payment_terms import PaymentTerms, TermsPart
from services.finance.store.billing_tables import down_payment
from services.finance.store.invoices import to_invoice
from services.finance.store.tables import invoice
from services.finance.tests.builders import HARBOR, SHIPPED_ON, TERMS, a_confirmed_order, an_id
from services.finance.use_cases.arrive import (
    ArrivedDelivery,
    ArrivedLine,
    arrive,
    goods_came_back,
    order_ended,
)
from services.finance.use_cases.bill import bill_delivery, take_order_in
from services.finance.use_cases.credit import HoldCredit, hold_credit
from services.finance.use_cases.credit_notes import EndedOrder, GivenUp, InspectedReturn, ReturnedLine
from services.finance.use_cases.payment_terms import AssignTerms, DefineTerms, assign_terms, define_terms
from services.finance.use_cases.post_invoice import ShippedDelivery, ShippedLine


def take_in(
    database: Database,
    order: str,
    *lines: tuple[str, str, str, str],
    currency: str = "USD",
    customer_id: str = HARBOR,
    credit: bool = True,
    **terms: Any,
) -> Money:
    """Hold and confirm an order of lines of (quantity, net, tax, percent); return its total."""
    plain = a_confirmed_order(order, *((quantity, "1") for quantity, *_ in lines), customer_id=customer_id)
    taxed = tuple(
        replace(
            line,
            amount=Money.of(net, currency),
            net=Money.of(net, currency),
            tax=Money.of(tax, currency),
            tax_code=f"VAT{percent}",
            tax_percent=Decimal(percent),
        )
        for line, (_, net, tax, percent) in zip(plain.lines, lines, strict=True)
    )
    total = Money.total((line.amount + (line.tax or Money.zero(currency)) for line in taxed), currency)
    confirmed = replace(plain, total=total, lines=taxed, **terms)
    if credit:
        asked = HoldCredit(confirmed.order_id, order, customer_id, total)
        database.transact(lambda tx: hold_credit(tx, asked, TERMS))
    cause = Cause(correlation_id=f"conversation-{order}")
    database.transact(lambda tx: take_order_in(tx, confirmed, TERMS), cause=cause)
    return total


def send(
    database: Database,
    delivery: str,
    order: str,
    *parts: tuple[Any, ...],
    on: date = SHIPPED_ON,
    customer_id: str = HARBOR,
) -> None:
    """Let goods leave; ``parts`` are (line number, quantity) or (line number, quantity, cost)."""
    lines = tuple(
        ShippedLine(an_id("line", order, str(part[0])), Quantity.of(part[1]), *map(_usd, part[2:]))
        for part in parts
    )
    of = (an_id("delivery", delivery), delivery, an_id("order", order), customer_id, on, lines)
    database.transact(lambda tx: bill_delivery(tx, ShippedDelivery(*of), TERMS))


def _usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def sign(
    database: Database, delivery: str, order: str, *parts: tuple[int, str, str], on: date = SHIPPED_ON
) -> None:
    """Let the customer sign for (line number, quantity, of which refused)."""
    lines = tuple(
        ArrivedLine(an_id("line", order, str(no)), Quantity.of(quantity), Quantity.of(refused))
        for no, quantity, refused in parts
    )
    number = f"RMA-{delivery}" if any(line.refused for line in lines) else None
    of = (an_id("delivery", delivery), delivery, an_id("order", order), HARBOR, on, lines, number)
    database.transact(lambda tx: arrive(tx, ArrivedDelivery(*of), TERMS))


def bring_back(
    database: Database, delivery: str, order: str, *parts: tuple[int, str, str | None], number: str = ""
) -> Any:
    """Let (line number, quantity, cost of what is restocked) come back, be inspected and be credited."""
    lines = tuple(
        ReturnedLine(an_id("line", order, str(no)), Quantity.of(quantity), cost=cost and _usd(cost))  # type: ignore[arg-type]
        for no, quantity, cost in parts
    )
    number = number or f"RMA-{delivery}"
    returned = InspectedReturn(
        return_id=an_id("return", number),
        number=number,
        delivery_id=an_id("delivery", delivery),
        customer_id=HARBOR,
        reason="Not wanted",
        inspected_on=SHIPPED_ON,
        lines=lines,
        order_id=an_id("order", order),
    )
    return database.transact(lambda tx: goods_came_back(tx, returned, TERMS))


def end(database: Database, order: str, *given_up: tuple[int, str]) -> None:
    """Cancel the order, or close it short of (line number, quantity)."""
    lines = tuple(GivenUp(an_id("line", order, str(no)), Quantity.of(quantity)) for no, quantity in given_up)
    ended = EndedOrder(an_id("order", order), order, "changed my mind", lines or None)
    database.transact(lambda tx: order_ended(tx, ended, TERMS))


def let_off(
    database: Database, bp: int = 200, days: int = 10, *, customer_id: str = HARBOR, name: str = "skonto"
) -> PaymentTerms:
    """Let a customer leave a share out who pays within so many days."""
    wanted = DefineTerms(name, (TermsPart(10_000, 30),), discount_bp=bp, discount_days=days)
    terms = database.transact(lambda tx: define_terms(tx, wanted))
    database.transact(lambda tx: assign_terms(tx, AssignTerms(customer_id, terms.name)))
    return terms


def invoices_of(database: Database, order: str) -> list[Any]:
    """The order's invoices by their numbers."""
    query = select(invoice).where(invoice.c.order_id == an_id("order", order)).order_by(invoice.c.number)
    with database.reading() as connection:
        return [to_invoice(row) for row in connection.execute(query).all()]


def paid_ahead(database: Database, order: str) -> tuple[int, int]:
    """What is left of the order's down payment, without tax and in tax."""
    query = select(down_payment.c.left_net_minor, down_payment.c.left_tax_minor)
    with database.reading() as connection:
        row = connection.execute(query.where(down_payment.c.order_id == an_id("order", order))).one()
    return row.left_net_minor, row.left_tax_minor
