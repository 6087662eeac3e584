"""The period lock: nothing comes into a closed period, by any way, whoever is quicker."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused, MeridianError
from libs.common.testing.interleaving import every_order, interleaved
from services.finance.domain.history import PastPayment, PastShare
from services.finance.store.tables import journal_entry
from services.finance.tests.builders import HARBOR, TERMS
from services.finance.tests.builders import usd as dollars
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.books import allocate, an_invoice, credit, pay
from services.finance.tests.integration.test_api import Clients, usd
from services.finance.use_cases.bring_in_payments import bring_in_payments
from services.finance.use_cases.periods import MoveLock, move_lock

URL = "/api/v1/period-lock"
MONTH_END = date(2026, 2, 28)


@pytest.fixture
def clients(finance):
    return Clients(finance)


def close(clients, until: str | None = "2026-02-28", **more):
    return clients.finance.put(URL, json={"locked_until": until, "reason": "February is reported"}, **more)


def booked(finance) -> int:
    query = select(func.count()).select_from(journal_entry).where(journal_entry.c.posted_on <= MONTH_END)
    return finance.read(lambda connection: int(connection.execute(query).scalar_one()))


def test_r4_5_nothing_is_booked_into_a_closed_period(finance, clients):
    before = an_invoice(finance, "SO-1", "100.00", on=date(2026, 2, 20))
    paid = pay(finance, "BANK-1", "100.00", on=date(2026, 2, 25))
    assert close(clients).json["version"] == 1
    entries = booked(finance)

    money = {"customer_id": HARBOR, "amount": usd("5.00"), "reference": "BANK-2", "received_on": "2026-02-28"}
    refused = clients.finance.post("/api/v1/payments", json=money)
    assert (refused.status_code, refused.json["code"]) == (409, "period_locked")
    assert (refused.json["errors"][0]["field"], "2026-03-01" in refused.json["errors"][0]["cure"]) == (
        "received_on",
        True,
    )
    late = an_invoice(finance, "SO-2", "50.00", on=date(2026, 2, 27))
    assert (late.posted_on, late.due_on) == (date(2026, 3, 1), date(2026, 3, 29))
    allocate(finance, paid.payment_id, before.invoice_id, "100.00")
    shown = clients.finance.get(f"/api/v1/invoices/{before.invoice_id}").json
    assert (shown["paid_on"], shown["payments"][0]["allocated_on"]) == ("2026-03-01", "2026-03-01")
    past = PastPayment("RE 1", HARBOR, date(2026, 2, 1), "R", (PastShare(dollars("9.00")),))
    with pytest.raises(EntriesRefused, match="closed up to"):
        finance.transact(lambda tx: bring_in_payments(tx, [past], TERMS))
    assert booked(finance) == entries
    as_of = clients.finance.get("/api/v1/ageing?as_of=2026-02-28&controls=true").json["currencies"][0]
    assert [each["difference"]["amount"] for each in as_of["controls"]] == ["0.00", "0.00"]


def test_the_database_itself_keeps_the_period_closed(finance, clients):
    an_invoice(finance, "SO-1", "100.00", on=date(2026, 2, 20))
    close(clients)
    forged = text(
        "INSERT INTO journal_entry (id, number, kind, document_id, document_number, customer_id, posted_on,"
        " correlation_id, recorded_by, created_at) SELECT :id, 'JE-999999', kind, :id, document_number, customer_id,"
        " posted_on, correlation_id, recorded_by, created_at FROM journal_entry LIMIT 1"
    )
    unknown = {"id": "00000000-0000-7000-8000-00000000beef"}
    with pytest.raises(DBAPIError, match="period is locked"):
        finance.transact(lambda tx: tx.connection.execute(forged, unknown))
    for change in ("UPDATE period_lock SET locked_until = NULL", "DELETE FROM period_lock"):
        with pytest.raises(DBAPIError):
            finance.transact(lambda tx, change=change: tx.connection.execute(text(change)))


def test_the_books_are_opened_again_by_finance_and_every_change_is_kept(finance, clients):
    assert clients.finance.get(URL).json == {"locked_until": None, "reason": None, "version": 0}
    close(clients)
    assert close(clients, "2026-03-31").status_code == 422, "tomorrow is not over"
    assert close(clients, None, headers={"If-Match": '"0"'}).status_code == 412
    assert close(clients, None, headers={"If-Match": '"1"'}).json["version"] == 2
    pay(finance, "BANK-1", "10.00", on=date(2026, 2, 25))
    assert clients.lin.put(URL, json={"locked_until": None}).status_code == 403
    count = text("SELECT count(*) FROM period_lock")
    assert finance.read(lambda connection: connection.execute(count).scalar_one()) == 2


def _paying(finance, number: int):
    return partial(pay, finance, f"BANK-{number}", "1.00", on=date(2026, 2, 25))


def _crediting(finance, number: int):
    invoice = an_invoice(finance, f"SO-{number}", "2.00", on=date(2026, 2, 20))
    return partial(credit, finance, invoice.invoice_id, (1, None, "1.00"), posted_on=date(2026, 2, 25))


@pytest.mark.postgres
@pytest.mark.parametrize("act", [_paying, _crediting])
def test_whoever_books_is_before_the_lock_or_refused(finance, act):
    if finance.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(1000))

    def lock(seen: list[int], tx: Transaction) -> None:
        move_lock(tx, MoveLock(MONTH_END), TERMS)
        query = select(func.count()).select_from(journal_entry).where(journal_entry.c.posted_on <= MONTH_END)
        seen.append(int(tx.connection.execute(query).scalar_one()))

    def one(at: int, swapped: bool) -> bool:
        number, seen = next(rounds), list[int]()
        finance.transact(lambda tx: move_lock(tx, MoveLock(None), TERMS))
        closing = partial(finance.transact, partial(lock, seen))
        booking = act(finance, number)
        front, back = (closing, booking) if swapped else (booking, closing)
        in_front, behind, stopped = interleaved(finance, front, back, at)
        outcome = behind if swapped else in_front
        assert outcome is not None
        assert not isinstance(outcome, Exception) or isinstance(outcome, MeridianError | DBAPIError), outcome
        assert seen[-1:] == [booked(finance)], "something came in after the books were closed"
        assert_books_agree(finance)
        return stopped

    assert every_order(one) > 4
