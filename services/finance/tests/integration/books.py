"""The truth recomputed from the documents, and small ways to do and to look."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy import inspect, select, text

from libs.common.db import Cause, Database
from libs.common.money import Money
from libs.common.outbox import event_log
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.crediting import CreditPart
from services.finance.store import accounts, holds
from services.finance.store.tables import (
    account,
)
from services.finance.tests.builders import (
    HARBOR,
    TERMS,
    a_confirmed_order,
    a_payment,
    a_request,
    a_shipment,
    an_id,
    usd,
)
from services.finance.use_cases.accounts import ChangeLimit, KeepCustomer, change_limit, keep_customer
from services.finance.use_cases.credit import ReleaseCredit, hold_credit, release_credit
from services.finance.use_cases.credit_notes import (
    AllocateCredit,
    PostCreditNote,
    allocate_credit,
    post_credit_note,
)
from services.finance.use_cases.keep_order import keep_order
from services.finance.use_cases.payments import (
    AllocatePayment,
    InvoiceShare,
    allocate_payment,
    receive_payment,
)
from services.finance.use_cases.post_invoice import post_invoice

T = TypeVar("T")


def said(database: Database, type_: str) -> list[dict[str, Any]]:
    """The data of every event of a type, in order; ``type_`` without the service and the version."""
    query = (
        select(event_log.c.envelope)
        .where(event_log.c.type == f"finance.{type_}.v1")
        .order_by(event_log.c.seq)
    )
    with database.reading() as connection:
        return [json.loads(text)["data"] for text in connection.execute(query).scalars()]


def envelopes(database: Database) -> list[dict[str, Any]]:
    with database.reading() as connection:
        query = select(event_log.c.envelope).order_by(event_log.c.seq)
        return [json.loads(text) for text in connection.execute(query).scalars()]


def open_unlimited(database: Database, customer: KeepCustomer) -> None:
    """Open the customer's account without a limit."""
    database.transact(lambda tx: keep_customer(tx, customer, TERMS))
    database.transact(lambda tx: change_limit(tx, ChangeLimit(customer.customer_id, None), TERMS))


def the_account(database: Database, customer_id: str = HARBOR) -> Account:
    with database.reading() as connection:
        row = connection.execute(select(account).where(account.c.customer_id == customer_id)).one()
    return accounts.to_account(row)


def state_of(database: Database, order: str) -> str:
    with database.reading() as connection:
        hold = holds.find(connection, an_id("order", order))
    assert hold is not None
    return hold.state


def ask(database: Database, order: str, amount: str, *, customer_id: str = HARBOR, terms=TERMS) -> None:
    cause = Cause(correlation_id=f"conversation-{order}", causation_id=an_id("command", order))
    database.transact(lambda tx: hold_credit(tx, a_request(order, amount, customer_id), terms), cause=cause)


def release(database: Database, order: str) -> None:
    command = ReleaseCredit(an_id("order", order), "order cancelled")
    database.transact(lambda tx: release_credit(tx, command, TERMS))


def confirm(database: Database, order: str, *lines: tuple[str, str], customer_id: str = HARBOR) -> None:
    cause = Cause(correlation_id=f"conversation-{order}")
    confirmed = a_confirmed_order(order, *lines, customer_id=customer_id)
    database.transact(lambda tx: keep_order(tx, confirmed), cause=cause)


def ship(database: Database, delivery: str, order: str, *parts: tuple[int, str], **more: Any):
    shipped = a_shipment(delivery, order, *parts, **more)
    return database.transact(lambda tx: post_invoice(tx, shipped, TERMS))


def an_invoice(database: Database, order: str, amount: str, *, customer_id: str = HARBOR, **more: Any):
    """Hold, confirm and ship an order of one line."""
    ask(database, order, amount, customer_id=customer_id)
    confirm(database, order, ("1", amount), customer_id=customer_id)
    return ship(database, f"DN-{order}", order, (1, "1"), customer_id=customer_id, **more)


def pay(database: Database, reference: str, amount: str, *shares: tuple[str, str], terms=TERMS, **more: Any):
    payment = a_payment(reference, amount, *shares, **more)
    return database.transact(lambda tx: receive_payment(tx, payment, terms))


def allocate(database: Database, payment_id: str, invoice_id: str, amount: str, *, terms=TERMS, **more: Any):
    command = AllocatePayment(payment_id, InvoiceShare(invoice_id, usd(amount)), **more)
    return database.transact(lambda tx: allocate_payment(tx, command, terms))


def credit(
    database: Database,
    invoice_id: str,
    *parts: tuple[int, str | None, str | None],
    terms=TERMS,
    reason: str = "Agreed",
    **more: Any,
):
    """Post a credit note; ``parts`` are (line number, quantity, amount), one of the two."""
    wanted = tuple(
        CreditPart(line_no, quantity and Quantity.of(quantity), amount and usd(amount))
        for line_no, quantity, amount in parts
    )
    command = PostCreditNote(invoice_id, wanted, reason, **more)
    return database.transact(lambda tx: post_credit_note(tx, command, terms))


def use_credit(database: Database, credit_note_id: str, invoice_id: str, amount: str, **more: Any):
    """Settle an invoice from what is left of a credit note."""
    command = AllocateCredit(credit_note_id, invoice_id, usd(amount), **more)
    return database.transact(lambda tx: allocate_credit(tx, command, TERMS))


_BOOKS = (
    "account", "credit_hold", "sales_order", "sales_order_line", "invoice", "invoice_line", "payment", "allocation",
    "journal_entry", "posting", "journal_seal", "number_series",
)  # fmt: skip


def copy_books(source: Database, target: Database) -> None:
    """Write what the books of ``source`` say into ``target``, which may be of before they had all their columns."""
    with source.reading() as connection:
        books = {
            table: connection.execute(text(f"SELECT * FROM {table}")).mappings().all() for table in _BOOKS
        }

    def write(tx: Any) -> None:
        for table, rows in books.items():
            known = {column["name"] for column in inspect(tx.connection).get_columns(table)}
            for row in rows:
                kept = {name: value for name, value in row.items() if name in known}
                names, places = ", ".join(kept), ", ".join(f":{name}" for name in kept)
                tx.connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), kept)

    target.transact(write)


def at_once(count: int, act: Callable[[int], T]) -> list[T | Exception]:
    """Run ``act(0..count-1)`` in as many threads behind one barrier; return answers and errors alike."""
    barrier = Barrier(count)

    def run(number: int) -> T | Exception:
        barrier.wait()
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def side_by_side(*acts: Callable[[], object]) -> list[object]:
    """Run all ``acts`` at once."""
    return at_once(len(acts), lambda number: acts[number]())


def money(data: dict[str, Any]) -> Money:
    return Money(data["minor"], data["currency"])
