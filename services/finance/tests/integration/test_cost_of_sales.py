"""What goods were worth goes from stock to the cost of sales with the invoice, and comes back with a return."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.store.tables import journal_entry, posting
from services.finance.tests.builders import (
    HARBOR,
    TERMS,
    a_confirmed_order,
    a_shipment,
    an_id,
    harbor_pumps,
    usd,
)
from services.finance.tests.integration.books import confirm, open_unlimited, ship
from services.finance.use_cases.bill import bill_delivery, take_order_in
from services.finance.use_cases.credit_notes import InspectedReturn, ReturnedLine, credit_return
from services.finance.use_cases.post_invoice import post_invoice


def booked(finance, kind: str = "cost") -> list[tuple[str, str, str, int]]:
    """Document, account, currency and debit less credit of each posting, in order."""
    query = (
        select(journal_entry.c.document_number, posting)
        .join(posting, posting.c.entry_id == journal_entry.c.id)
        .where(journal_entry.c.kind == kind)
        .order_by(journal_entry.c.number, posting.c.line_no)
    )
    with finance.reading() as connection:
        return [
            (row.document_number, row.account, row.currency, row.debit_minor - row.credit_minor)
            for row in connection.execute(query)
        ]


def shipped(finance, order: str, *costs: Money | None):
    """Ship an order of as many lines as there are costs."""
    confirm(finance, order, *(("2", "100.00") for _ in costs))
    plain = a_shipment(f"DN-{order}", order, *((number, "2") for number in range(1, len(costs) + 1)))
    lines = tuple(replace(line, cost=cost) for line, cost in zip(plain.lines, costs, strict=True))
    return finance.transact(lambda tx: post_invoice(tx, replace(plain, lines=lines), TERMS))


def came_back(finance, order: str, cost: Money | None, *, credit: bool, number: str = "RMA-000001") -> object:
    line = ReturnedLine(an_id("line", order, "1"), Quantity.of("1"), credit, cost)
    returned = InspectedReturn(
        an_id("return", number),
        number,
        an_id("delivery", f"DN-{order}"),
        HARBOR,
        "Leaks",
        date(2026, 3, 2),
        (line,),
    )
    return finance.transact(lambda tx: credit_return(tx, returned, TERMS))


def test_r1_3_a_shipment_books_its_cost_beside_its_invoice_each_currency_by_itself(finance):
    open_unlimited(finance, harbor_pumps())
    shipped(finance, "SO-1", usd("60.05"), Money.of("7.00", "EUR"), usd("1.00"))
    shipped(finance, "SO-2", None, usd("0.00"))

    assert booked(finance) == [
        ("DN-SO-1", "5000", "EUR", 700),
        ("DN-SO-1", "1300", "EUR", -700),
        ("DN-SO-1", "5000", "USD", 6105),
        ("DN-SO-1", "1300", "USD", -6105),
    ]
    assert len(booked(finance, "invoice")) == 4


def test_what_is_restocked_is_stock_again_once_also_where_the_customer_gets_nothing(finance):
    open_unlimited(finance, harbor_pumps())
    shipped(finance, "SO-1", usd("60.00"))

    assert came_back(finance, "SO-1", usd("30.00"), credit=False) is None
    assert came_back(finance, "SO-1", usd("30.00"), credit=False) is None
    note = came_back(finance, "SO-1", usd("30.00"), credit=True, number="RMA-000002")
    assert came_back(finance, "SO-1", None, credit=True, number="RMA-000003") is not None

    assert note is not None
    assert booked(finance)[2:] == [
        (number, account, "USD", minor)
        for number in ("RMA-000001", "RMA-000002")
        for account, minor in (("1300", 3000), ("5000", -3000))
    ]


def test_a_shipment_without_costs_is_invoiced_as_ever(finance):
    open_unlimited(finance, harbor_pumps())
    confirm(finance, "SO-1", ("1", "10.00"))
    assert ship(finance, "DN-SO-1", "SO-1", (1, "1")) is not None
    assert booked(finance) == []


def test_r1_3_what_leaves_for_an_order_that_was_invoiced_whole_is_a_cost_once_as_well(finance):
    open_unlimited(finance, harbor_pumps())
    order = replace(a_confirmed_order("SO-1", ("2", "100.00")), invoice_on="order")
    finance.transact(lambda tx: take_order_in(tx, order, TERMS))
    plain = a_shipment("DN-SO-1", "SO-1", (1, "2"))
    delivery = replace(plain, lines=(replace(plain.lines[0], cost=usd("60.00")),))
    for _ in range(2):
        finance.transact(lambda tx: bill_delivery(tx, delivery, TERMS))

    assert booked(finance) == [("DN-SO-1", "5000", "USD", 6000), ("DN-SO-1", "1300", "USD", -6000)]
    assert len(booked(finance, "invoice")) == 2
