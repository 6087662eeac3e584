"""Invoices and payments of another system: the same books as if they had been made here, with their own numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from libs.common.db import Database, Transaction
from libs.common.errors import EntriesRefused
from libs.common.quantity import Quantity
from services.finance.domain.history import PastInvoice, PastPayment, PastShare
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import Payment
from services.finance.reports.natural_keys import invoices_by_number, payment_numbers, recorded_deliveries
from services.finance.store.recorded_tables import recorded_delivery_line
from services.finance.store.tables import sales_order, sales_order_line
from services.finance.tests.builders import HARBOR, QUAY, TERMS, a_confirmed_order, an_id, usd
from services.finance.tests.integration.books import (
    an_invoice,
    ask,
    confirm,
    pay,
    said,
    state_of,
    the_account,
)
from services.finance.use_cases.bring_in_invoices import PastShipment, bring_in_invoices, keep_delivery
from services.finance.use_cases.bring_in_payments import bring_in_payments
from services.finance.use_cases.keep_order import ConfirmedOrder, keep_past_order
from services.finance.use_cases.post_invoice import ShippedLine

POSTED, DUE = date(2025, 11, 18), date(2025, 12, 18)


def left(database: Database, number: str, order: str, *parts: tuple[int, str]) -> None:
    """Let inventory tell of a past delivery."""
    lines = tuple(
        ShippedLine(an_id("line", order, str(line)), Quantity.of(quantity)) for line, quantity in parts
    )
    shipment = PastShipment(an_id("delivery", number), number, an_id("order", order), HARBOR, POSTED, lines)
    database.transact(lambda tx: keep_delivery(tx, shipment))


def test_orders_of_one_transaction_are_each_kept_once(finance: Database) -> None:
    keep(finance, a_confirmed_order("P-1", ("10", "100.00")))
    several = [("P-2", "1.00"), ("P-1", "7.00"), ("P-2", "9.00")]
    keep(finance, *(a_confirmed_order(order, ("10", amount)) for order, amount in several))
    query = select(sales_order.c.number, sales_order_line.c.amount_minor).join(
        sales_order_line, sales_order_line.c.order_id == sales_order.c.order_id
    )
    found = finance.read(lambda c: sorted(tuple(row) for row in c.execute(query)))
    assert [amount for _, amount in found] == [10000, 100]


def keep(database: Database, *orders: ConfirmedOrder) -> None:
    """Let sales tell of orders of the past, all in one transaction."""

    def work(tx: Transaction) -> None:
        for order in orders:
            keep_past_order(tx, order)

    database.transact(work)


def past(number: str, delivery: str) -> PastInvoice:
    return PastInvoice(number, an_id("delivery", delivery), POSTED, DUE)


def post(database: Database, *invoices: PastInvoice) -> list[Invoice]:
    return database.transact(lambda tx: bring_in_invoices(tx, invoices, TERMS))


def money(
    number: str, *shares: tuple[str, str | None], reference: str = "", customer: str = HARBOR
) -> PastPayment:
    parts = tuple(PastShare(usd(amount), invoice_id) for amount, invoice_id in shares)
    return PastPayment(number, customer, date(2025, 12, 10), reference or f"ref {number}", parts)


def receive(database: Database, *payments: PastPayment) -> list[Payment]:
    return database.transact(lambda tx: bring_in_payments(tx, payments, TERMS))


def faults(act: object, database: Database, *entries: object) -> list[tuple[int, str, str | None]]:
    """Return place, code and field of everything that was refused."""
    with pytest.raises(EntriesRefused) as caught:
        act(database, *entries)  # type: ignore[operator]
    return [(place, fault.code, fault.field) for place, fault in caught.value.refusals]


def test_a_past_delivery_is_kept_and_not_invoiced_by_itself(finance: Database) -> None:
    left(finance, "L-1", "P-1", (1, "1"), (1, "2"))
    left(finance, "L-1", "P-1", (1, "5"))
    query = select(recorded_delivery_line.c.quantity_milli)
    assert finance.read(lambda c: c.execute(query).scalars().all()) == [Quantity.of("3")]
    assert finance.read(lambda c: recorded_deliveries(c, ["L-1", "none"])) == {
        "L-1": an_id("delivery", "L-1")
    }
    assert finance.read(lambda c: invoices_by_number(c, ["R-1", "INV-2025/2", "none"])) == {}


def test_parts_of_an_order_are_billed_to_the_cent_beyond_any_limit(finance: Database) -> None:
    confirm(finance, "P-1", ("3", "100.01"), ("1", "5000.00"))
    left(finance, "L-1", "P-1", (1, "1"))
    left(finance, "L-2", "P-1", (1, "2"), (2, "1"))
    one, two = post(finance, past("R-1", "L-1"), past("INV-2025/2", "L-2"))
    assert (one.total, two.total) == (usd("33.34"), usd("5066.67"))
    assert (two.number, two.posted_on, two.due_on) == ("INV-2025/2", POSTED, DUE)
    assert the_account(finance).receivable == usd("5100.01")
    told = said(finance, "invoice.posted")
    assert [event["order_fully_invoiced"] for event in told] == [False, True]
    assert finance.read(lambda c: invoices_by_number(c, ["R-1", "INV-2025/2", "none"])) == {
        "R-1": one.invoice_id,
        "INV-2025/2": two.invoice_id,
    }


def test_the_series_of_new_invoices_has_no_gap(finance: Database) -> None:
    confirm(finance, "P-1", ("1", "10.00"))
    left(finance, "L-1", "P-1", (1, "1"))
    first = an_invoice(finance, "A", "10.00")
    post(finance, past("R-1", "L-1"))
    second = an_invoice(finance, "B", "10.00")
    assert (first.number, second.number) == ("INV-000001", "INV-000002")


def test_every_bad_invoice_is_named_and_none_is_posted(finance: Database) -> None:
    confirm(finance, "P-1", ("3", "30.00"))
    for number in ("L-1", "L-2", "L-3"):
        left(finance, number, "P-1", (1, "2" if number == "L-3" else "1"))
    left(finance, "L-9", "UNKNOWN", (1, "1"))
    good = past("R-1", "L-1")
    assert faults(
        post,
        finance,
        good,
        past("R-1", "L-2"),
        past("R-3", "L-1"),
        past("R-4", "L-8"),
        past("R-5", "L-9"),
        past("INV-000001", "L-3"),
    ) == [
        (1, "number_taken", "number"),
        (2, "delivery_invoiced", "delivery_id"),
        (3, "delivery_not_recorded", "delivery_id"),
        (4, "delivery_not_recorded", "delivery_id"),
        (5, "number_of_series", "number"),
    ]
    late, future = replace(good, due_on=date(2025, 1, 1)), replace(good, posted_on=date(2999, 1, 1))
    assert faults(post, finance, late) == [(0, "due_before_posted", "due_on")]
    assert faults(post, finance, future)[-1] == (0, "date_in_future", "posted_on")
    assert finance.read(lambda c: invoices_by_number(c, ["R-1", "INV-2025/2", "none"])) == {}


def test_more_shipped_than_ordered_cannot_be_billed(finance: Database) -> None:
    confirm(finance, "P-1", ("1", "30.00"))
    left(finance, "L-1", "P-1", (1, "2"))
    assert faults(post, finance, past("R-1", "L-1")) == [(0, "shipped_more_than_ordered", "delivery_id")]


def test_an_invoice_of_nothing_is_paid_at_once(finance: Database) -> None:
    confirm(finance, "P-1", ("1", "0.00"))
    left(finance, "L-1", "P-1", (1, "1"))
    post(finance, past("R-1", "L-1"))
    assert [event["number"] for event in said(finance, "invoice.paid")] == ["R-1"]


def test_payments_pay_what_they_paid_and_keep_the_rest(finance: Database) -> None:
    one, two = (an_invoice(finance, order, "40.00") for order in ("A", "B"))
    paid, kept = receive(
        finance,
        money("Z-1", ("40.00", one.invoice_id), ("15.00", two.invoice_id)),
        money("Z-2", ("25.00", two.invoice_id), ("7.00", None)),
    )
    assert (paid.number, paid.unallocated, kept.unallocated) == ("Z-1", usd("0"), usd("7.00"))
    account = the_account(finance)
    assert (account.receivable, account.unallocated) == (usd("0"), usd("7.00"))
    assert [event["number"] for event in said(finance, "invoice.paid")] == [one.number, two.number]
    assert len(said(finance, "payment.allocated")) == 3
    assert finance.read(lambda c: payment_numbers(c, ["Z-1", "Z-2", "Z-3", "PAY-000001"])) == {"Z-1", "Z-2"}


def test_money_of_the_past_makes_room_for_orders_that_wait(finance: Database) -> None:
    open_invoice = an_invoice(finance, "A", "900.00")
    ask(finance, "B", "500.00")
    assert state_of(finance, "B") == "waiting"
    receive(finance, money("Z-1", ("900.00", open_invoice.invoice_id)))
    assert state_of(finance, "B") == "granted"


def test_every_bad_payment_is_named_and_none_is_booked(finance: Database) -> None:
    bill = an_invoice(finance, "A", "40.00").invoice_id
    pay(finance, "known", "1.00")
    good = money("Z-1", ("30.00", bill))
    assert faults(
        receive,
        finance,
        good,
        money("Z-1", ("1.00", None), reference="another"),
        money("Z-3", ("1.00", None), reference=" known "),
        money("Z-4", ("1.00", None), ("11.00", bill)),
        money("Z-5", ("1.00", bill), customer=QUAY),
        money("Z-6", ("1.00", an_id("invoice", "none"))),
        money("Z-7", ("0.00", None)),
        money("PAY-000009", ("1.00", None)),
        money("Z-9", ("1.00", None), customer=an_id("customer", "none")),
        replace(money("Z-10", ("1.00", None)), received_on=date(2999, 1, 1)),
        money("Z-11"),
    ) == [
        (1, "number_taken", "number"),
        (2, "reference_used", "reference"),
        (3, "allocation_exceeds_invoice", "shares.1.amount"),
        (4, "invoice_of_another_customer", "shares.0.invoice_id"),
        (5, "invoice_not_found", "shares.0.invoice_id"),
        (6, "payment_invalid", "shares.0.amount.amount"),
        (7, "number_of_series", "number"),
        (8, "account_not_found", "customer_id"),
        (9, "date_in_future", "received_on"),
        (10, "payment_without_shares", "number"),
    ]
    assert finance.read(lambda c: payment_numbers(c, ["Z-1", "Z-2", "Z-3", "PAY-000001"])) == {"PAY-000001"}
