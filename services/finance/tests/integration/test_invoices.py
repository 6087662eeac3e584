"""Invoices post themselves: one per delivery, by share, numbered without gaps, fixed once posted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from libs.common.errors import Later
from services.finance.domain.invoicing_errors import (
    ShippedMoreThanOrdered,
    ShippedToAnother,
    ShippedUnknownLine,
)
from services.finance.store.tables import invoice, journal_entry
from services.finance.tests.builders import HARBOR, QUAY, SHIPPED_ON, TERMS, a_shipment, an_id, usd
from services.finance.tests.integration.books import (
    an_invoice,
    ask,
    at_once,
    confirm,
    money,
    pay,
    said,
    ship,
    the_account,
)
from services.finance.use_cases.post_invoice import post_invoice


def numbers(database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(invoice.c.number).order_by(invoice.c.number)).scalars())


def test_a_shipment_before_its_order_comes_back_later(finance):
    with pytest.raises(Later):
        ship(finance, "DN-1", "SO-1", (1, "1"))
    confirm(finance, "SO-1", ("1", "10.00"))
    assert ship(finance, "DN-1", "SO-1", (1, "1")).number == "INV-000001"


def test_a_shipment_is_invoiced_once_however_often_it_is_told(finance):
    confirm(finance, "SO-1", ("3", "10.00"))
    first = ship(finance, "DN-1", "SO-1", (1, "3"))
    assert ship(finance, "DN-1", "SO-1", (1, "3")) is None
    assert ship(finance, "DN-1", "SO-1", (1, "3")) is None
    assert len(said(finance, "invoice.posted")) == 1
    assert the_account(finance).receivable == first.total == usd("10.00")


def test_a_shipment_told_three_times_at_once_is_invoiced_once(finance):
    confirm(finance, "SO-1", ("3", "10.00"))
    answers = at_once(3, lambda _: ship(finance, "DN-1", "SO-1", (1, "3")))
    assert sum(answer is None for answer in answers) == 2
    assert numbers(finance) == ["INV-000001"]


def test_parts_sum_to_the_order_line_to_the_cent(finance):
    confirm(finance, "SO-1", ("3", "100.00"), ("7", "0.05"))
    parts = [ship(finance, f"DN-{n}", "SO-1", (1, "1"), (2, "1")) for n in range(3)]
    rest = ship(finance, "DN-rest", "SO-1", (2, "4"))
    assert [part.total for part in parts] == [usd("33.34"), usd("33.34"), usd("33.34")]
    assert sum((part.total for part in parts), rest.total) == usd("100.05")
    assert [each["order_fully_invoiced"] for each in said(finance, "invoice.posted")] == [
        False,
        False,
        False,
        True,
    ]


def test_an_invoice_says_all_that_others_need(finance):
    invoice_ = an_invoice(finance, "SO-1", "12.34")
    posted = said(finance, "invoice.posted")[0]
    assert posted["invoice_id"] == invoice_.invoice_id
    assert (posted["order_id"], posted["delivery_id"]) == (
        an_id("order", "SO-1"),
        an_id("delivery", "DN-SO-1"),
    )
    assert posted["posted_on"] == SHIPPED_ON.isoformat()
    assert date.fromisoformat(posted["due_on"]) == SHIPPED_ON + timedelta(days=30)
    line = posted["lines"][0]
    assert (line["quantity"], money(line["amount"])) == ("1", usd("12.34"))
    assert invoice_.correlation_id == "conversation-SO-1"


def test_one_line_from_two_lots_is_one_invoice_line(finance):
    confirm(finance, "SO-1", ("3", "10.00"))
    assert ship(finance, "DN-1", "SO-1", (1, "1"), (1, "2")).total == usd("10.00")
    assert len(said(finance, "invoice.posted")[0]["lines"]) == 1


def test_more_than_was_ordered_is_refused_even_in_parts_of_one_shipment(finance):
    confirm(finance, "SO-1", ("3", "10.00"))
    with pytest.raises(ShippedMoreThanOrdered):
        ship(finance, "DN-1", "SO-1", (1, "2"), (1, "2"))
    with pytest.raises(ShippedUnknownLine):
        ship(finance, "DN-1", "SO-1", (2, "1"))
    with pytest.raises(ShippedToAnother):
        ship(finance, "DN-1", "SO-1", (1, "1"), customer_id=QUAY)
    assert numbers(finance) == []


def test_an_invoice_of_nothing_is_posted_and_paid_at_once(finance):
    ask(finance, "SO-1", "0")
    confirm(finance, "SO-1", ("5", "0"))
    free = ship(finance, "DN-1", "SO-1", (1, "5"))
    assert (free.number, free.payment_state) == ("INV-000001", "paid")
    assert len(said(finance, "invoice.paid")) == 1
    with finance.reading() as connection:
        assert connection.execute(select(journal_entry)).all() == []


def test_goods_that_left_without_a_credit_hold_are_owed_all_the_same(finance):
    confirm(finance, "SO-1", ("1", "5000.00"))
    ship(finance, "DN-1", "SO-1", (1, "1"))
    assert the_account(finance).room == usd("-4000.00")


def test_numbers_have_no_gap_under_concurrency_and_rollback(finance):
    for n in range(24):
        confirm(finance, f"SO-{n}", ("1", "1.00"), customer_id=QUAY if n % 2 else HARBOR)

    def post(n: int):
        def work(tx):
            customer = QUAY if n % 2 else HARBOR
            posted = post_invoice(tx, a_shipment(f"DN-{n}", f"SO-{n}", (1, "1"), customer_id=customer), TERMS)
            if n % 3 == 0:
                raise RuntimeError("the process died before the commit")
            return posted

        return finance.transact(work)

    answers = at_once(24, post)
    assert sum(isinstance(answer, RuntimeError) for answer in answers) == 8
    assert numbers(finance) == [f"INV-{n:06d}" for n in range(1, 17)]


CHANGES = (
    "UPDATE invoice SET total_minor = total_minor + 1",
    "UPDATE invoice SET number = 'INV-000009'",
    "UPDATE invoice SET posted_on = '2020-01-01'",
    "UPDATE invoice SET state = 'draft'",
    "DELETE FROM invoice",
    "UPDATE invoice_line SET amount_minor = 1",
    "DELETE FROM invoice_line",
    "UPDATE invoice SET open_minor = total_minor + 1",
    "UPDATE invoice SET open_minor = -1",
    "UPDATE payment SET amount_minor = 1",
    "UPDATE payment SET reference = 'another'",
    "DELETE FROM payment",
    "UPDATE payment SET unallocated_minor = amount_minor + 1",
    "UPDATE allocation SET amount_minor = 1",
    "DELETE FROM allocation",
    "UPDATE account SET held_minor = -1",
)


def test_the_database_refuses_to_change_what_is_posted(finance, subtests):
    posted = an_invoice(finance, "SO-1", "100.00")
    pay(finance, "BANK-1", "50.00", (posted.invoice_id, "50.00"))
    for change in CHANGES:
        with subtests.test(change), pytest.raises(DBAPIError):
            finance.transact(lambda tx, change=change: tx.connection.execute(text(change)))
