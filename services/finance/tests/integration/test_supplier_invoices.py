"""Supplier invoices: three-way matched, held with figures, freed by a receipt or a person, and never matched twice."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.errors import Later
from services.finance.domain.supplier_invoice import (
    BoughtLineUnknown,
    OwnInvoiceReleased,
    SupplierInvoiceDecided,
    SupplierInvoiceTwice,
    SupplierNotFound,
)
from services.finance.domain.three_way import Tolerance
from services.finance.reports.supplier_invoices import one_supplier_invoice
from services.finance.tests.builders import SHIPPED_ON, TERMS, an_id, usd
from services.finance.tests.integration.books import said
from services.finance.tests.integration.buying import (
    FEI,
    MINT,
    a_receipt,
    bear,
    counted,
    enter,
    ledger_now,
    let_pass,
    order_goods,
    take_in,
)
from services.finance.tests.integration.test_interleavings import play
from services.finance.use_cases.keep_purchase import EndedPurchase, end_purchase, receive_goods
from services.finance.use_cases.periods import MoveLock, move_lock
from services.finance.use_cases.supplier_invoices import DecideSupplierInvoice, reject_supplier_invoice

STOCK, GRNI, PAYABLES = "Inventory", "Goods received, not invoiced", "Trade payables"


def shown(database, invoice_id):
    return database.read(lambda connection: one_supplier_invoice(connection, invoice_id))


def test_r4_2_goods_that_came_in_are_booked_and_an_invoice_of_them_is_posted_by_itself(finance):
    order_goods(finance, "PO-1", ("10", "2.5050"), ("4", "1.00"))
    take_in(finance, "R-1", "PO-1", (1, "6"), (2, "4"))
    assert ledger_now(finance) == {STOCK: "19.03", GRNI: "-19.03"}
    invoice = shown(
        finance,
        enter(
            finance,
            "F  7",
            "PO-1",
            (1, "6", "2.5050"),
            (2, "4", "1.00"),
            tax=usd("2.00"),
            on=date(2026, 3, 1),
        ),
    )
    assert (invoice.number, invoice.reference, invoice.state) == ("SI-000001", "F 7", "posted")
    assert (invoice.total, invoice.open) == (usd("21.03"), usd("21.03"))
    assert (invoice.posted_on, invoice.due_on) == (date(2026, 3, 1), date(2026, 3, 31))
    assert ledger_now(finance) == {STOCK: "19.03", "Input tax (VAT)": "2.00", PAYABLES: "-21.03"}
    (posted,) = said(finance, "supplier_invoice.posted")
    assert (posted["reference"], posted["reason"], posted["total"]["minor"]) == ("F 7", None, 2103)


def test_r4_2_what_did_not_come_in_yet_waits_and_its_receipt_frees_it(finance):
    order_goods(finance, "PO-1", ("10", "2.50"))
    take_in(finance, "R-1", "PO-1", (1, "6"))
    held = enter(finance, "F-1", "PO-1", (1, "8", "2.50"), on=date(2026, 3, 1))
    (line,) = shown(finance, held).lines
    assert (line.mismatches, str(line.received), str(line.over)) == (("quantity",), "6", "2")
    assert ledger_now(finance) == {STOCK: "15.00", GRNI: "-15.00"}
    take_in(finance, "R-2", "PO-1", (1, "1"))
    assert str(shown(finance, held).lines[0].over) == "1"
    take_in(finance, "R-3", "PO-1", (1, "3"))
    invoice = shown(finance, held)
    assert (invoice.state, invoice.decided_by, invoice.posted_on) == ("posted", None, SHIPPED_ON)
    assert ledger_now(finance) == {STOCK: "25.00", GRNI: "-5.00", PAYABLES: "-20.00"}
    take_in(finance, "R-3", "PO-1", (1, "3"))  # said again
    assert counted(finance, "PO-1") == ("10", "8", usd("25.00"), usd("20.00"))


def test_r4_2_a_dearer_price_is_held_until_another_person_releases_it_with_a_reason(finance):
    order_goods(finance, "PO-1", ("10", "2.50"))
    take_in(finance, "R-1", "PO-1", (1, "10"))
    held = enter(finance, "F-1", "PO-1", (1, "10", "2.80"))
    (line,) = shown(finance, held).lines
    assert (line.mismatches, line.dearer) == (("price",), usd("3.00"))
    (told,) = said(finance, "supplier_invoice.held")
    assert told["mismatches"] == ["price"]
    with pytest.raises(OwnInvoiceReleased):
        let_pass(finance, held, cause=FEI)
    let_pass(finance, held, "the price of copper rose")
    invoice = shown(finance, held)
    assert (invoice.state, invoice.decided_by, invoice.reason) == (
        "posted",
        "guo",
        "the price of copper rose",
    )
    assert ledger_now(finance) == {STOCK: "25.00", "Purchase price differences": "3.00", PAYABLES: "-28.00"}
    with pytest.raises(SupplierInvoiceDecided, match="posted"):
        let_pass(finance, held)


def test_what_is_released_ahead_of_its_receipt_is_even_once_it_comes(finance):
    order_goods(finance, "PO-1", ("3", "0.3350"))
    let_pass(finance, enter(finance, "F-1", "PO-1", (1, "2", "0.3350")))
    assert ledger_now(finance) == {GRNI: "0.67", PAYABLES: "-0.67"}
    take_in(finance, "R-1", "PO-1", (1, "1"))
    take_in(finance, "R-2", "PO-1", (1, "2"))
    assert ledger_now(finance) == {STOCK: "1.01", GRNI: "-0.34", PAYABLES: "-0.67"}
    assert shown(finance, enter(finance, "F-2", "PO-1", (1, "1", "0.3350"))).state == "posted"
    assert ledger_now(finance) == {STOCK: "1.01", PAYABLES: "-1.01"}


def test_r4_2_a_rejected_invoice_may_come_again_and_no_other_twice(finance):
    order_goods(finance, "PO-1", ("10", "2.50"))
    order_goods(finance, "PO-2", ("10", "2.50"), supplier_id=MINT)
    first = enter(finance, "F-1", "PO-1", (1, "1", "2.50"))
    with pytest.raises(SupplierInvoiceTwice, match="SI-000001"):
        enter(finance, " F-1 ", "PO-1", (1, "1", "2.50"))
    enter(finance, "F-1", "PO-2", (1, "1", "2.50"), supplier_id=MINT)
    finance.transact(lambda tx: reject_supplier_invoice(tx, DecideSupplierInvoice(first, "never ordered")))
    assert shown(finance, enter(finance, "F-1", "PO-1", (1, "1", "2.50"))).number == "SI-000003"
    with pytest.raises(BoughtLineUnknown):
        enter(finance, "F-2", "PO-2", (1, "1", "2.50"))
    with pytest.raises(SupplierNotFound):
        enter(finance, "F-2", "PO-2", (1, "1", "2.50"), supplier_id=an_id("nobody"))


def test_tolerances_are_data(finance):
    order_goods(finance, "PO-1", ("10", "2.50"))
    take_in(finance, "R-1", "PO-1", (1, "5"))
    bear(finance, Tolerance(amount=usd("0.10")), Tolerance(bp=2000))
    assert shown(finance, enter(finance, "F-1", "PO-1", (1, "6", "2.51"))).state == "posted"
    assert shown(finance, enter(finance, "F-2", "PO-1", (1, "0.001", "2.50"))).state == "on_hold"
    assert ledger_now(finance) == {
        STOCK: "12.50",
        GRNI: "2.50",
        "Purchase price differences": "0.06",
        PAYABLES: "-15.06",
    }


def test_a_receipt_waits_for_its_order_and_a_closed_order_can_be_invoiced(finance):
    came = a_receipt("R-1", "PO-1", (1, "2"))
    with pytest.raises(Later):
        finance.transact(lambda tx: receive_goods(tx, came, TERMS))
    order_goods(finance, "PO-1", ("10", "2.50"))
    finance.transact(lambda tx: receive_goods(tx, came, TERMS))
    ended = EndedPurchase(an_id("purchase", "PO-1"), "closed")
    finance.transact(lambda tx: end_purchase(tx, ended))
    assert shown(finance, enter(finance, "F-1", "PO-1", (1, "2", "2.50"))).state == "posted"


def test_a_closed_period_takes_neither_receipts_nor_invoices(finance):
    order_goods(finance, "PO-1", ("10", "2.50"))
    finance.transact(lambda tx: move_lock(tx, MoveLock(SHIPPED_ON), TERMS))
    take_in(finance, "R-1", "PO-1", (1, "2"), on=date(2026, 2, 20))
    invoice = shown(finance, enter(finance, "F-1", "PO-1", (1, "2", "2.50"), on=date(2026, 2, 20)))
    assert (invoice.posted_on, invoice.due_on) == (date(2026, 3, 3), date(2026, 3, 22))
    assert ledger_now(finance) == {STOCK: "5.00", PAYABLES: "-5.00"}


def test_what_is_posted_stays(finance, subtests):
    order_goods(finance, "PO-1", ("10", "2.50"))
    take_in(finance, "R-1", "PO-1", (1, "2"))
    enter(finance, "F-1", "PO-1", (1, "2", "2.50"))
    acts = (
        "UPDATE supplier_invoice SET total_minor = 1, open_minor = 1",
        "UPDATE supplier_invoice SET state = 'rejected', reason = 'x'",
        "DELETE FROM supplier_invoice",
        "UPDATE supplier_invoice_line SET amount_minor = 1",
        "DELETE FROM goods_receipt_line",
    )
    for act in acts:
        with subtests.test(act), pytest.raises(DBAPIError, match=r"may not be changed|append-only"):
            finance.transact(lambda tx, act=act: tx.connection.execute(text(act)))
    with pytest.raises(DBAPIError, match="bought_line_invoiced_is_received"):
        finance.transact(
            lambda tx: tx.connection.execute(text("UPDATE bought_line SET invoiced_milli = 2001"))
        )


@pytest.mark.postgres
def test_r4_2_two_invoices_for_the_same_receipt_never_both_match(finance):
    def pair(number: int):
        order_goods(finance, f"PO-{number}", ("10", "2.50"))
        take_in(finance, f"R-{number}", f"PO-{number}", (1, "5"))
        return tuple(
            partial(enter, finance, f"F-{number}-{side}", f"PO-{number}", (1, "5", "2.50")) for side in "ab"
        )

    def check(number: int, *outcomes: object) -> None:
        states = sorted(shown(finance, outcome).state for outcome in outcomes)  # both were entered
        assert states == ["on_hold", "posted"]
        assert counted(finance, f"PO-{number}")[:2] == ("5", "5")

    assert play(finance, pair, check) > 10


@pytest.mark.postgres
def test_a_receipt_and_the_invoice_that_waits_for_it_never_miss_each_other(finance):
    def pair(number: int):
        order_goods(finance, f"PO-{number}", ("10", "2.50"))
        came = a_receipt(f"R-{number}", f"PO-{number}", (1, "5"))
        entered = partial(enter, finance, f"F-{number}", f"PO-{number}", (1, "5", "2.50"))
        return entered, partial(finance.transact, lambda tx: receive_goods(tx, came, TERMS))

    def check(_number: int, entered: object, received: object) -> None:
        assert received is None
        assert shown(finance, entered).state == "posted"

    assert play(finance, pair, check) > 10
