"""Foundry Ltd delivers castings: what finance hears of it, and ways to enter and pay its invoices."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from libs.common.db import Cause, Database
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.supplier_invoice import WrittenLine
from services.finance.domain.supplier_payment import SupplierShare
from services.finance.domain.three_way import Tolerance
from services.finance.reports.ledger import trial_balance
from services.finance.store.payables_tables import bought_line
from services.finance.tests.builders import SHIPPED_ON, TERMS, an_id, usd
from services.finance.use_cases.keep_purchase import (
    CameIn,
    PlacedLine,
    PlacedPurchase,
    ReceivedPurchase,
    keep_purchase,
    receive_goods,
)
from services.finance.use_cases.match_policy import SetMatchPolicy, set_match_policy
from services.finance.use_cases.supplier_invoices import (
    DecideSupplierInvoice,
    EnterSupplierInvoice,
    enter_supplier_invoice,
    release_supplier_invoice,
)
from services.finance.use_cases.supplier_payments import PaySupplier, pay_supplier

FOUNDRY = an_id("supplier", "Foundry")
MINT = an_id("supplier", "Mint")
FEI, GUO = Cause(actor="fei"), Cause(actor="guo")


def line_of(order: str, number: int = 1) -> str:
    return an_id("bought", order, str(number))


def order_goods(database: Database, order: str, *lines: tuple[str, str], supplier_id: str = FOUNDRY) -> None:
    """Place a purchase order; ``lines`` are (quantity, price)."""
    placed = PlacedPurchase(
        purchase_order_id=an_id("purchase", order),
        number=order,
        supplier_id=supplier_id,
        supplier_number="S-1" if supplier_id == FOUNDRY else "S-2",
        supplier_name="Foundry Ltd" if supplier_id == FOUNDRY else "Mint Ltd",
        ordered_on=SHIPPED_ON,
        lines=tuple(
            PlacedLine(
                line_of(order, number),
                an_id("item", str(number)),
                f"CAST-{number}",
                Quantity.of(quantity),
                Price.of(price, "USD"),
            )
            for number, (quantity, price) in enumerate(lines, 1)
        ),
    )
    database.transact(lambda tx: keep_purchase(tx, placed))


def a_receipt(
    receipt: str, order: str, *parts: tuple[int, str], supplier_id: str = FOUNDRY, on: date = SHIPPED_ON
) -> ReceivedPurchase:
    """``parts`` are (line number, quantity); a line may come in several."""
    return ReceivedPurchase(
        purchase_order_id=an_id("purchase", order),
        supplier_id=supplier_id,
        receipt_id=an_id("receipt", receipt),
        receipt_number=receipt,
        received_on=on,
        lines=tuple(CameIn(line_of(order, number), Quantity.of(quantity)) for number, quantity in parts),
    )


def take_in(database: Database, receipt: str, order: str, *parts: tuple[int, str], **more: Any) -> None:
    came = a_receipt(receipt, order, *parts, **more)
    database.transact(lambda tx: receive_goods(tx, came, TERMS))


def enter(
    database: Database,
    reference: str,
    order: str,
    *parts: tuple[int, str, str],
    supplier_id: str = FOUNDRY,
    on: date = SHIPPED_ON,
    cause: Cause = FEI,
    **more: Any,
) -> str:
    """Enter an invoice; ``parts`` are (line number, quantity, price). Return its id."""
    lines = tuple(
        WrittenLine(line_of(order, number), Quantity.of(quantity), Price.of(price, "USD"))
        for number, quantity, price in parts
    )
    command = EnterSupplierInvoice(supplier_id, reference, on, lines, **more)
    return database.transact(lambda tx: enter_supplier_invoice(tx, command, TERMS), cause=cause)


def let_pass(database: Database, invoice_id: str, reason: str = "agreed", cause: Cause = GUO) -> None:
    command = DecideSupplierInvoice(invoice_id, reason)
    database.transact(lambda tx: release_supplier_invoice(tx, command, TERMS), cause=cause)


def bear(database: Database, price: Tolerance = Tolerance(), quantity: Tolerance = Tolerance()) -> None:  # noqa: B008
    database.transact(lambda tx: set_match_policy(tx, SetMatchPolicy(price, quantity)))


def pay_out(database: Database, reference: str, *shares: tuple[str, str], **more: Any) -> str:
    """Pay a supplier; ``shares`` are (invoice id, amount). Return the payment's id."""
    parts = tuple(SupplierShare(invoice_id, usd(amount)) for invoice_id, amount in shares)
    command = PaySupplier(more.pop("supplier_id", FOUNDRY), reference, parts, **more)
    return database.transact(lambda tx: pay_supplier(tx, command, TERMS))


def ledger_now(database: Database) -> dict[str, str]:
    """Return the balance of each account that has one, by its name; fail when a sub-ledger differs from it."""
    books = database.read(trial_balance)
    assert [each for each in books.controls if each.difference] == []
    return {row.name: row.balance.digits for each in books.currencies for row in each.accounts if row.balance}


def counted(database: Database, order: str, number: int = 1) -> tuple[str, str, Money, Money]:
    """Return what is received and invoiced of a line, and what both are worth."""
    with database.reading() as connection:
        row = connection.execute(
            select(bought_line).where(bought_line.c.line_id == line_of(order, number))
        ).one()
    return (
        str(row.received_milli),
        str(row.invoiced_milli),
        Money(row.received_minor, "USD"),
        Money(row.invoiced_minor, "USD"),
    )
