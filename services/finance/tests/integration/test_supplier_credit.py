"""Goods that go back, suppliers' credit notes, and suppliers of another currency."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from libs.common.db import Database
from libs.common.errors import Later
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.exchange import NoExchangeRate
from services.finance.domain.periods import PeriodLocked
from services.finance.domain.supplier_credit import (
    CreditedTooCheap,
    CreditExceedsLeft,
    CreditExceedsReturned,
    SupplierCreditNoteTwice,
)
from services.finance.domain.supplier_invoice import WrittenLine
from services.finance.domain.supplier_payment import SupplierShare
from services.finance.reports.exchange_proof import accounts_that_disagree
from services.finance.reports.ledger import company_balance
from services.finance.store.revaluations import Revaluation
from services.finance.tests.builders import SHIPPED_ON, TERMS, an_id, usd
from services.finance.tests.integration.buying import (
    FOUNDRY,
    counted,
    enter,
    ledger_now,
    let_pass,
    line_of,
    order_goods,
    take_in,
)
from services.finance.tests.integration.test_interleavings import play
from services.finance.use_cases.exchange import RecordRate, record_rate
from services.finance.use_cases.keep_purchase import (
    CameIn,
    PlacedLine,
    PlacedPurchase,
    ReceivedPurchase,
    keep_purchase,
    receive_goods,
)
from services.finance.use_cases.periods import MoveLock, move_lock
from services.finance.use_cases.revalue_exchange import RevalueExchange, revalue_exchange
from services.finance.use_cases.sent_back import SentBack, SentBackLine, book_sent_back
from services.finance.use_cases.supplier_credit_notes import (
    EnterSupplierCreditNote,
    SettleWithCredit,
    enter_supplier_credit_note,
    settle_with_credit,
)
from services.finance.use_cases.supplier_invoices import EnterSupplierInvoice, enter_supplier_invoice
from services.finance.use_cases.supplier_payments import PaySupplier, pay_supplier

EARLY, LATER, LAST = date(2026, 2, 20), date(2026, 2, 25), date(2026, 2, 27)


def send_back(finance: Database, name: str, order: str, quantity: str, worth: str) -> None:
    line = SentBackLine(1, line_of(order), Quantity.of(quantity), usd(worth))
    told = SentBack(an_id("back", name), name, FOUNDRY, an_id("purchase", order), SHIPPED_ON, (line,))
    finance.transact(lambda tx: book_sent_back(tx, told, TERMS))


def credit(
    finance: Database, reference: str, order: str, quantity: str, price: str = "2.00", **more: object
) -> str:
    lines = (WrittenLine(line_of(order), Quantity.of(quantity), Price.of(price, "USD")),)
    command = EnterSupplierCreditNote(FOUNDRY, reference, SHIPPED_ON, lines, **more)  # type: ignore[arg-type]
    return finance.transact(lambda tx: enter_supplier_credit_note(tx, command, TERMS))


def test_r4_5_what_went_back_is_not_owed_and_its_credit_settles_the_invoice(finance: Database) -> None:
    order_goods(finance, "PO-1", ("10", "2.00"))
    with pytest.raises(Later):
        send_back(finance, "SR-0", "PO-1", "4", "9.00")
    take_in(finance, "GR-1", "PO-1", (1, "10"))
    invoice = enter(finance, "F-1", "PO-1", (1, "10", "2.00"))
    for _ in range(2):
        send_back(finance, "SR-1", "PO-1", "4", "9.00")
    assert ledger_now(finance) == {
        "Inventory": "11.00",
        "Trade payables": "-20.00",
        "Goods received, not invoiced": "8.00",
        "Purchase price differences": "1.00",
    }
    share = SupplierShare(invoice, usd("5.00"))
    note = credit(finance, "C-1", "PO-1", "4", tax=usd("0.40"), shares=(share,))
    assert ledger_now(finance) == {
        "Inventory": "11.00",
        "Trade payables": "-11.60",
        "Input tax (VAT)": "-0.40",
        "Purchase price differences": "1.00",
    }
    assert counted(finance, "PO-1")[:2] == ("6", "6")
    rest = SettleWithCredit(note, (SupplierShare(invoice, usd("3.40")),))
    finance.transact(lambda tx: settle_with_credit(tx, rest, TERMS))
    with pytest.raises(CreditExceedsLeft, match=r"has 0\.00 USD left"):
        finance.transact(lambda tx: settle_with_credit(tx, rest, TERMS))


def test_no_more_is_credited_than_was_invoiced_and_is_not_here(finance: Database) -> None:
    order_goods(finance, "PO-1", ("10", "2.00"))
    take_in(finance, "GR-1", "PO-1", (1, "10"))
    enter(finance, "F-1", "PO-1", (1, "10", "2.00"))
    with pytest.raises(CreditExceedsReturned, match="10 are invoiced and 10 here: 0 may be credited"):
        credit(finance, "C-1", "PO-1", "1")
    send_back(finance, "SR-1", "PO-1", "2", "4.00")
    with pytest.raises(CreditedTooCheap):
        credit(finance, "C-1", "PO-1", "2", "1.50")
    credit(finance, "C-1", "PO-1", "1", "1.50", reason="They deduct the repair")
    with pytest.raises(SupplierCreditNoteTwice):
        credit(finance, "C-1", "PO-1", "1")
    assert ledger_now(finance)["Purchase price differences"] == "0.50"


@pytest.mark.postgres
def test_two_who_credit_the_last_of_what_went_back_are_one_too_many(finance: Database) -> None:
    def pair(number: int):
        order = f"PO-{number}"
        order_goods(finance, order, ("10", "2.00"))
        take_in(finance, f"GR-{number}", order, (1, "10"))
        enter(finance, f"F-{number}", order, (1, "10", "2.00"))
        send_back(finance, f"SR-{number}", order, "5", "10.00")
        return tuple(
            partial(credit, finance, f"{side}-{number}", order, quantity)
            for side, quantity in (("A", "3"), ("B", "4"))
        )

    def check(number: int, one: object, other: object) -> None:
        assert sum(isinstance(each, CreditExceedsReturned) for each in (one, other)) == 1, (one, other)
        assert counted(finance, f"PO-{number}")[1] in ("7", "6")

    assert play(finance, pair, check) > 2


def rate(finance: Database, day: date, e10: int) -> None:
    finance.transact(lambda tx: record_rate(tx, RecordRate("EUR", "USD", day, e10, "The bank")))


def euros(finance: Database) -> None:
    """Order ten castings for 5.00 EUR of the foundry."""
    line = PlacedLine(
        line_of("PO-E"), an_id("item", "E"), "CAST-E", Quantity.of("10"), Price.of("5.00", "EUR")
    )
    placed = PlacedPurchase(an_id("purchase", "PO-E"), "PO-E", FOUNDRY, "S-1", "Foundry Ltd", EARLY, (line,))
    finance.transact(lambda tx: keep_purchase(tx, placed))


def came(finance: Database, name: str, quantity: str, on: date, value: Money | None = None) -> None:
    part = CameIn(line_of("PO-E"), Quantity.of(quantity), value)
    told = ReceivedPurchase(an_id("purchase", "PO-E"), FOUNDRY, an_id("receipt", name), name, on, (part,))
    finance.transact(lambda tx: receive_goods(tx, told, TERMS))


def invoiced(finance: Database, name: str, quantity: str, on: date, price: str = "5.00") -> str:
    lines = (WrittenLine(line_of("PO-E"), Quantity.of(quantity), Price.of(price, "EUR")),)
    command = EnterSupplierInvoice(FOUNDRY, name, on, lines)
    return finance.transact(lambda tx: enter_supplier_invoice(tx, command, TERMS))


def dollars(finance: Database) -> dict[str, str]:
    """Return the balances in the company's currency; what is carried is what documents come to."""
    with finance.reading() as connection:
        assert list(accounts_that_disagree(connection)) == []
    balance = finance.read(lambda connection: company_balance(connection, "USD"))
    assert balance.balanced
    return {each.code: each.balance.digits for each in balance.accounts if each.balance}


def test_r4_5_a_supplier_of_another_currency_is_in_the_companys_books(finance: Database) -> None:
    euros(finance)
    with pytest.raises(NoExchangeRate):
        came(finance, "GR-1", "4", EARLY)
    rate(finance, EARLY, 11_000_000_000)
    rate(finance, LATER, 12_000_000_000)
    came(finance, "GR-1", "4", EARLY)
    came(finance, "GR-2", "6", LATER, Money.of("40.00", "USD"))
    assert dollars(finance) == {"1300": "62.00", "2050": "-58.00", "5100": "-4.00"}
    first = invoiced(finance, "F-1", "10", LATER)
    assert dollars(finance) == {"1300": "62.00", "2000": "-60.00", "5100": "-4.00", "7000": "2.00"}

    rate(finance, LAST, 13_000_000_000)
    share = (SupplierShare(first, Money.of("50.00", "EUR")),)
    paying = PaySupplier(FOUNDRY, "T-1", share, LAST)
    finance.transact(lambda tx: pay_supplier(tx, paying, TERMS))
    assert dollars(finance) == {"1000": "-65.00", "1300": "62.00", "5100": "-4.00", "7000": "7.00"}


def test_an_invoice_ahead_of_its_goods_leaves_nothing_carried(finance: Database) -> None:
    euros(finance)
    rate(finance, EARLY, 11_000_000_000)
    rate(finance, LATER, 12_000_000_000)
    came(finance, "GR-1", "4", EARLY)
    let_pass(finance, invoiced(finance, "F-1", "10", LATER))
    came(finance, "GR-2", "6", LATER)
    assert "2050" not in dollars(finance)


def test_r4_5_open_items_are_valued_once_a_day_and_taken_back_on_the_next(finance: Database) -> None:
    euros(finance)
    rate(finance, EARLY, 11_000_000_000)
    came(finance, "GR-1", "10", EARLY)
    invoiced(finance, "F-1", "10", EARLY)
    rate(finance, LATER, 12_000_000_000)

    def revalue() -> list[Revaluation]:
        return finance.transact(lambda tx: revalue_exchange(tx, RevalueExchange(LATER), TERMS))

    (done,) = revalue()
    assert revalue() == [done]
    (part,) = done.parts
    assert (part.items.role, str(part.difference), done.number) == ("payable", "-5.00 USD", "XR-000001")
    on_the_day = finance.read(lambda connection: company_balance(connection, "USD", LATER))
    found = {each.code: each.balance.digits for each in on_the_day.accounts if each.balance}
    assert found == {"1300": "55.00", "2000": "-55.00", "2010": "-5.00", "7010": "5.00"}
    assert dollars(finance) == {"1300": "55.00", "2000": "-55.00"}
    finance.transact(lambda tx: move_lock(tx, MoveLock(LATER), TERMS))
    with pytest.raises(PeriodLocked):
        revalue()


@pytest.mark.postgres
def test_two_who_value_a_day_at_once_value_it_once(finance: Database) -> None:
    euros(finance)
    rate(finance, EARLY, 11_000_000_000)
    came(finance, "GR-1", "10", EARLY)
    invoiced(finance, "F-1", "10", EARLY)
    days = [date(2026, 2, 21 + number % 8) for number in range(60)]

    def pair(number: int):
        act = partial(finance.transact, lambda tx: revalue_exchange(tx, RevalueExchange(days[number]), TERMS))
        return act, act

    def check(_number: int, one: object, other: object) -> None:
        assert one == other
        assert isinstance(one, list), one

    play(finance, pair, check)
