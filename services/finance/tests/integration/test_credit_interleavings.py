"""Acts upon a customer's credit in every order of their statements: the limit of a group reaches all its customers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from libs.common.approvals import AboutApproval, DecideApproval, ShownApproval, Sight, Voice, decide_approval
from libs.common.approvals.faults import ApprovalSettled
from libs.common.db import Database
from services.finance.domain.payment import Payment
from services.finance.domain.settlement import RefundExceedsFree, WriteOff, WriteOffNotPosted
from services.finance.store import overrides
from services.finance.tests.builders import HARBOR, TERMS, an_id, harbor_pumps, usd
from services.finance.tests.integration.books import (
    allocate,
    an_invoice,
    ask,
    pay,
    release,
    state_of,
    the_account,
)
from services.finance.tests.integration.settling import ask_refund, claim_again, give_up, say_yes, tolerate
from services.finance.tests.integration.test_interleavings import Pair, play
from services.finance.use_cases.accounts import KeepCustomer, keep_customer
from services.finance.use_cases.credit_overrides import RequestOverride, request_override
from services.finance.use_cases.credit_policy import SetGroupLimit, set_group_limit
from services.finance.use_cases.decide_approval import REACTIONS

EXPIRES = date(2026, 3, 2) + timedelta(days=20)
pytestmark = pytest.mark.postgres


def test_a_customer_joins_a_group_whose_limit_changes(finance: Database) -> None:
    def join(group: str | None) -> None:
        customer = KeepCustomer(**vars(harbor_pumps()) | {"group": group})
        finance.transact(lambda tx: keep_customer(tx, customer, TERMS))

    def set_limit(amount: str) -> None:
        finance.transact(
            lambda tx: set_group_limit(tx, SetGroupLimit("wholesale", "USD", usd(amount)), TERMS)
        )

    def pair(number: int) -> Pair:
        join(None)
        return partial(join, "wholesale"), partial(set_limit, f"{2000 + number}.00")

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        now = the_account(finance)
        assert (now.limit_source, now.limit) == ("group", usd(f"{2000 + number}.00"))

    assert play(finance, pair, check) > 10


def test_an_override_is_approved_as_the_order_gives_up(finance: Database) -> None:
    """Whoever comes first: no credit is held for an order that gave up, and the override is not left to be used."""

    def pair(number: int) -> Pair:
        ask(finance, f"SO-{number}", "1500.00")
        command = RequestOverride(an_id("order", f"SO-{number}"), "Trusted", EXPIRES, "sam")
        made = finance.transact(lambda tx: request_override(tx, command, TERMS))
        sight = Sight((Voice("fay", frozenset({"finance"})),), tuple(REACTIONS))
        about = AboutApproval(made.approval_id, sight)
        yes = DecideApproval(about, "approved")
        approve = partial(finance.transact, lambda tx: decide_approval(tx, yes, REACTIONS, TERMS))
        return approve, partial(release, finance, f"SO-{number}")

    def check(number: int, approved: object, released: object) -> None:
        assert released is None
        assert isinstance(approved, ShownApproval | ApprovalSettled), approved
        assert state_of(finance, f"SO-{number}") == "released"
        assert the_account(finance).held == usd("0")
        with finance.reading() as connection:
            assert overrides.alive_of(connection, HARBOR) == {}

    assert play(finance, pair, check) > 10


def test_money_goes_back_or_pays_an_invoice_never_both(finance: Database) -> None:
    def pair(number: int) -> Pair:
        invoice = an_invoice(finance, f"SO-{number}", "60.00")
        payment = pay(finance, f"BANK-{number}", "100.00")
        asked = ask_refund(finance, "60.00", payment_id=payment.payment_id)
        return (
            partial(say_yes, finance, asked.approval_id),
            partial(allocate, finance, payment.payment_id, invoice.invoice_id, "60.00"),
        )

    def check(number: int, refunded: object, paid: object) -> None:
        assert [isinstance(refunded, ShownApproval), isinstance(paid, Payment)].count(True) == 1
        assert isinstance(refunded, ShownApproval | RefundExceedsFree), refunded
        if isinstance(refunded, ShownApproval):
            (left,) = _open_invoices(finance)
            pay(finance, f"REST-{number}", "60.00", (left, "60.00"))

    assert play(finance, pair, check) > 10


def test_an_invoice_is_written_off_as_it_is_paid(finance: Database) -> None:
    tolerate(finance, "1000.00")

    def pair(number: int) -> Pair:
        invoice = an_invoice(finance, f"SO-{number}", "60.00")
        payment = pay(finance, f"BANK-{number}", "60.00")
        return (
            partial(give_up, finance, invoice.invoice_id, "60.00"),
            partial(allocate, finance, payment.payment_id, invoice.invoice_id, "60.00"),
        )

    def check(_number: int, lost: object, paid: object) -> None:
        assert [isinstance(lost, WriteOff), isinstance(paid, Payment)].count(True) == 1
        assert _open_invoices(finance) == []

    assert play(finance, pair, check) > 10


def test_two_take_a_write_off_back(finance: Database) -> None:
    tolerate(finance, "1000.00")

    def pair(number: int) -> Pair:
        lost = give_up(finance, an_invoice(finance, f"SO-{number}", "60.00").invoice_id)
        back = partial(claim_again, finance, lost.write_off_id)
        return back, back

    def check(number: int, *outcomes: object) -> None:
        assert [isinstance(each, WriteOff) for each in outcomes].count(True) == 1
        assert [isinstance(each, WriteOffNotPosted) for each in outcomes].count(True) == 1
        (left,) = _open_invoices(finance)
        pay(finance, f"REST-{number}", "60.00", (left, "60.00"))

    assert play(finance, pair, check) > 5


def _open_invoices(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM invoice WHERE open_minor > 0").scalars())
