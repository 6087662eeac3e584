"""Two acts upon one account, in every order of their statements: no limit is passed, no money is spent twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from libs.common.db import Database, Transaction
from libs.common.envelope import Message
from libs.common.errors import MeridianError
from libs.common.quantity import Quantity
from libs.common.testing.interleaving import every_order, interleaved
from services.finance.domain.credit_notes import CreditNote
from services.finance.domain.crediting import CreditExceedsInvoice
from services.finance.domain.payment import AllocationExceedsInvoice, Payment
from services.finance.store import travelling
from services.finance.subscribers.ahead import look_ahead
from services.finance.tests.builders import HARBOR, QUAY, TERMS, a_shipment, an_id, harbor_pumps, usd
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.billing import bring_back, send, sign, take_in
from services.finance.tests.integration.books import (
    allocate,
    an_invoice,
    ask,
    confirm,
    credit,
    open_unlimited,
    pay,
    release,
    state_of,
    the_account,
)
from services.finance.tests.integration.test_messages import Post
from services.finance.use_cases.accounts import ChangeLimit, change_limit
from services.finance.use_cases.arrive import return_called_off
from services.finance.use_cases.credit_notes import InspectedReturn, ReturnedLine, credit_return
from services.finance.use_cases.post_invoice import post_invoice

SHIPPED = "inventory.delivery.shipped.v1"
INSPECTED = "inventory.return.inspected.v1"
pytestmark = pytest.mark.postgres
Pair = tuple[Callable[[], object], Callable[[], object]]


def play(
    database: Database, pair: Callable[[int], Pair], check: Callable[[int, object, object], None]
) -> int:
    """Play ``pair(n)``, fresh for each order, and check what came of it; return how many orders there were."""
    if database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(10_000))

    def one(at: int, swapped: bool) -> bool:
        number = next(rounds)
        first, second = pair(number)
        front, back = (second, first) if swapped else (first, second)
        in_front, behind, stopped = interleaved(database, front, back, at)
        check(number, *((behind, in_front) if swapped else (in_front, behind)))
        assert_books_agree(database)
        return stopped

    return every_order(one)


def test_two_orders_for_the_last_of_the_limit(finance: Database) -> None:
    def pair(number: int) -> Pair:
        return partial(ask, finance, f"a-{number}", "600.00"), partial(ask, finance, f"b-{number}", "600.00")

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        assert sorted(state_of(finance, f"{side}-{number}") for side in "ab") == ["granted", "waiting"]
        for side in "ab":
            release(finance, f"{side}-{number}")

    assert play(finance, pair, check) > 10


def test_an_order_and_a_lower_limit(finance: Database) -> None:
    def set_limit(amount: str) -> None:
        finance.transact(lambda tx: change_limit(tx, ChangeLimit(HARBOR, usd(amount)), TERMS))

    def pair(number: int) -> Pair:
        set_limit("1000.00")
        return partial(ask, finance, f"SO-{number}", "600.00"), partial(set_limit, "500.00")

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        held = the_account(finance).held
        assert held == (usd("600.00") if state_of(finance, f"SO-{number}") == "granted" else usd("0"))
        release(finance, f"SO-{number}")

    assert play(finance, pair, check) > 10


def test_one_payment_for_two_invoices(finance: Database) -> None:
    def pair(number: int) -> Pair:
        invoices = [an_invoice(finance, f"{side}-{number}", "60.00") for side in "ab"]
        payment = pay(finance, f"BANK-{number}", "100.00")
        one, other = (
            partial(allocate, finance, payment.payment_id, invoice.invoice_id, "60.00")
            for invoice in invoices
        )
        return one, other

    def check(number: int, *outcomes: object) -> None:
        assert sorted(isinstance(outcome, Payment) for outcome in outcomes) == [False, True]
        assert any(isinstance(outcome, MeridianError) for outcome in outcomes)
        pay(finance, f"REST-{number}", "60.00", (_open_invoice(finance), "60.00"))

    assert play(finance, pair, check) > 10


def _open_invoice(database: Database) -> str:
    with database.reading() as connection:
        query = "SELECT id FROM invoice WHERE open_minor > 0"
        return str(connection.exec_driver_sql(query).scalar_one())


def test_two_credit_notes_for_one_invoice_line(finance: Database) -> None:
    def pair(number: int) -> Pair:
        invoice = an_invoice(finance, f"SO-{number}", "60.00")
        one = partial(credit, finance, invoice.invoice_id, (1, "1", None))
        return one, one

    def check(number: int, *outcomes: object) -> None:
        made, refused = sorted(outcomes, key=lambda outcome: isinstance(outcome, Exception))
        assert isinstance(made, CreditNote)
        assert isinstance(refused, CreditExceedsInvoice)
        assert made.number == f"CN-{number + 1:06d}"
        assert the_account(finance).exposure == usd("0.00")

    assert play(finance, pair, check) > 10


def test_a_credit_note_and_a_payment_of_one_invoice(finance: Database) -> None:
    """Whoever is second finds nothing open: the credit stays the customer's, the allocation is refused."""
    invoices: dict[int, str] = {}

    def pair(number: int) -> Pair:
        invoice = an_invoice(finance, f"SO-{number}", "60.00")
        invoices[number] = invoice.invoice_id
        paid = partial(pay, finance, f"BANK-{number}", "60.00", (invoice.invoice_id, "60.00"))
        return partial(credit, finance, invoice.invoice_id, (1, "1", None)), paid

    def check(number: int, note: object, payment: object) -> None:
        assert isinstance(note, CreditNote)
        if isinstance(payment, Payment):
            assert note.unallocated == usd("60.00")
        else:
            assert isinstance(payment, AllocationExceedsInvoice)
            assert note.unallocated == usd("0.00")
        assert the_account(finance).receivable == usd("0.00")

    assert play(finance, pair, check) > 10


def test_two_invoices_take_two_numbers(finance: Database) -> None:
    def ship(order: str) -> object:
        shipped = a_shipment(f"DN-{order}", order, (1, "1"))
        return finance.transact(lambda tx: post_invoice(tx, shipped, TERMS))

    def pair(number: int) -> Pair:
        for side in "ab":
            confirm(finance, f"{side}-{number}", ("1", "1.00"))
        return partial(ship, f"a-{number}"), partial(ship, f"b-{number}")

    def check(number: int, *outcomes: object) -> None:
        numbers = {getattr(invoice, "number", invoice) for invoice in outcomes}
        assert numbers == {f"INV-{2 * number + n:06d}" for n in (1, 2)}

    assert play(finance, pair, check) > 10


def test_two_groups_of_shipments_wait_for_one_another_in_one_order(finance: Database) -> None:
    """Neither is undone: without locking ahead the second account is waited for with the number series in hand."""
    now, attempts = finance.clock.now(), []

    def group(*orders: tuple[str, str]) -> object:
        shipped = [
            a_shipment(f"DN-{order}", order, (1, "1"), customer_id=customer) for order, customer in orders
        ]
        messages = [Post(now).message(SHIPPED, each.order_id, each) for each in shipped]

        def work(tx: Transaction) -> None:
            attempts.append(1)
            look_ahead(tx, messages)
            for each in shipped:
                post_invoice(tx, each, TERMS)

        return finance.transact(work)

    def pair(number: int) -> Pair:
        attempts.clear()
        orders = [(f"{side}-{number}", HARBOR if side in "ad" else QUAY) for side in "abcd"]
        for order, customer in orders:
            confirm(finance, order, ("1", "1.00"), customer_id=customer)
        return partial(group, *orders[:2]), partial(group, *orders[2:])

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        assert len(attempts) == 2

    assert play(finance, pair, check) > 10


def test_two_groups_number_invoices_and_credit_notes_in_one_order(finance: Database) -> None:
    """Neither is undone, though one ships and takes back, and the other takes back and ships."""
    now, attempts = finance.clock.now(), []

    def group(*acts: tuple[Message, Callable[[Transaction], object]]) -> object:
        def work(tx: Transaction) -> None:
            attempts.append(1)
            look_ahead(tx, [message for message, _ in acts])
            for _, act in acts:
                act(tx)

        return finance.transact(work)

    def shipment(order: str, customer: str) -> tuple[Message, Callable[[Transaction], object]]:
        confirm(finance, order, ("1", "1.00"), customer_id=customer)
        told = a_shipment(f"DN-{order}", order, (1, "1"), customer_id=customer)
        return Post(now).message(SHIPPED, told.order_id, told), lambda tx: post_invoice(tx, told, TERMS)

    def comes_back(order: str, customer: str) -> tuple[Message, Callable[[Transaction], object]]:
        an_invoice(finance, order, "1.00", customer_id=customer)
        lines = (ReturnedLine(an_id("line", order, "1"), Quantity.of("1")),)
        delivery_id, return_id = an_id("delivery", f"DN-{order}"), an_id("return", order)
        told = InspectedReturn(return_id, "RMA", delivery_id, customer, "Leaks", date(2026, 3, 2), lines)
        return Post(now).message(INSPECTED, order, told), lambda tx: credit_return(tx, told, TERMS)

    def pair(number: int) -> Pair:
        one = (shipment(f"a-{number}", HARBOR), comes_back(f"b-{number}", HARBOR))
        other = (comes_back(f"c-{number}", QUAY), shipment(f"d-{number}", QUAY))
        attempts.clear()
        return partial(group, *one), partial(group, *other)

    def check(_number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        assert len(attempts) == 2

    assert play(finance, pair, check) > 10


def test_a_return_at_the_door_is_called_off_as_another_one_comes_in(finance: Database) -> None:
    """Calling off locks no account: it is one statement, so the other return finds it done, or to be done."""
    open_unlimited(finance, harbor_pumps())
    outcomes = set()

    def pair(number: int) -> Pair:
        order, delivery = f"SO-{number}", f"DN-{number}"
        take_in(finance, order, ("10", "100.00", "7.00", "7"), invoice_on="delivery")
        send(finance, delivery, order, (1, "10", "60.00"))
        sign(finance, delivery, order, (1, "10", "2"))
        call_off = partial(return_called_off, order_id=an_id("order", order), number=f"RMA-{delivery}")
        other = partial(bring_back, finance, delivery, order, (1, "2", "12.00"), number=f"RMA-other-{number}")
        return partial(finance.transact, call_off), other

    def check(number: int, called_off: object, note: object) -> None:
        assert called_off is None
        assert note is None or (isinstance(note, CreditNote) and note.total == usd("21.40")), note
        outcomes.add(type(note))
        kept = finance.read(
            lambda connection: travelling.arrival_of(connection, an_id("delivery", f"DN-{number}"))
        )
        assert kept is not None
        assert kept.return_number is None

    assert play(finance, pair, check) > 10
    assert outcomes == {CreditNote, type(None)}
