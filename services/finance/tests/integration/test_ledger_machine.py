"""Whatever is invoiced, paid and allocated in whatever order: the ledger balances, and nothing posted ever changes.

The model knows invoices and payments by what is open of them; what the ledger must say follows from it.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from libs.common.errors import MeridianError
from libs.common.money import Money
from libs.common.testing.machines import machine_settings
from services.finance.store.tables import journal_entry, journal_seal, posting
from services.finance.tests.builders import harbor_pumps
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.books import allocate, an_invoice, open_unlimited, pay, the_account
from services.finance.tests.integration.conftest import MIGRATIONS

cents = st.integers(1, 50_000)
_FORGERIES = (
    "UPDATE posting SET debit_minor = debit_minor + 1",
    "DELETE FROM posting",
    "UPDATE journal_entry SET number = 'JE-999999'",
    "DELETE FROM journal_entry",
    "DELETE FROM journal_seal",
)


def written(minor: int) -> str:
    return str(Money(minor, "USD").decimal)


class LedgerMachine(RuleBasedStateMachine):
    """Drives the real use cases; ``history`` is every row of the ledger that was ever seen."""

    make: Any = None
    drop: Any = None

    @initialize()
    def open_books(self) -> None:
        self.database = type(self).make()
        open_unlimited(self.database, harbor_pumps())
        self.invoices: list[tuple[str, int]] = []
        self.payments: list[tuple[str, int]] = []
        self.invoiced = self.received = self.allocated = 0
        self.history: dict[tuple[Any, ...], None] = {}

    @rule(amount=cents)
    def invoice(self, amount: int) -> None:
        made = an_invoice(self.database, f"SO-{len(self.invoices)}", written(amount))
        self.invoices.append((made.invoice_id, amount))
        self.invoiced += amount

    @rule(amount=cents)
    def receive(self, amount: int) -> None:
        made = pay(self.database, f"BANK-{len(self.payments)}", written(amount))
        self.payments.append((made.payment_id, amount))
        self.received += amount

    @precondition(lambda self: self.invoices)
    @rule(data=st.data(), amount=cents, share=cents)
    def receive_for_an_invoice(self, data: Any, amount: int, share: int) -> None:
        number = data.draw(st.integers(0, len(self.invoices) - 1), label="invoice")
        invoice, open_ = self.invoices[number]
        reference = f"BANK-{len(self.payments)}"
        if share > min(amount, open_):
            with pytest.raises(MeridianError):
                pay(self.database, reference, written(amount), (invoice, written(share)))
            return
        made = pay(self.database, reference, written(amount), (invoice, written(share)))
        self.payments.append((made.payment_id, amount - share))
        self.received += amount
        self._pay_off(number, share)

    @precondition(lambda self: self.payments)
    @rule(amount=cents)
    def the_bank_tells_twice(self, amount: int) -> None:
        with pytest.raises(MeridianError):
            pay(self.database, f"BANK-{len(self.payments) - 1}", written(amount))

    @precondition(lambda self: self.invoices and self.payments)
    @rule(data=st.data(), amount=cents)
    def allocate(self, data: Any, amount: int) -> None:
        number = data.draw(st.integers(0, len(self.invoices) - 1), label="invoice")
        payer = data.draw(st.integers(0, len(self.payments) - 1), label="payment")
        (invoice, open_), (payment, left) = self.invoices[number], self.payments[payer]
        if data.draw(st.booleans(), label="as much as fits"):
            amount = min(open_, left)
        if not 0 < amount <= min(open_, left):
            with pytest.raises(MeridianError):
                allocate(self.database, payment, invoice, written(amount))
            return
        allocate(self.database, payment, invoice, written(amount))
        self.payments[payer] = (payment, left - amount)
        self._pay_off(number, amount)

    def _pay_off(self, number: int, amount: int) -> None:
        invoice, open_ = self.invoices[number]
        self.invoices[number] = (invoice, open_ - amount)
        self.allocated += amount

    @precondition(lambda self: self.history)
    @rule(forgery=st.sampled_from(_FORGERIES))
    def somebody_changes_the_books(self, forgery: str) -> None:
        with pytest.raises(DBAPIError):
            self.database.transact(lambda tx: tx.connection.execute(text(forgery)))

    @invariant()
    def nothing_posted_has_changed(self) -> None:
        if not hasattr(self, "history"):
            return
        with self.database.reading() as connection:
            rows = {
                (table.name, *row): None
                for table in (journal_entry, journal_seal, posting)
                for row in connection.execute(select(table))
            }
        assert self.history.keys() <= rows.keys(), "a row of the ledger is gone or different"
        self.history = rows

    @invariant()
    def the_books_are_the_models(self) -> None:
        if not hasattr(self, "history"):
            return
        now = the_account(self.database)
        assert now.receivable.minor == self.invoiced - self.allocated
        assert now.unallocated.minor == self.received - self.allocated
        assert_books_agree(self.database)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            type(self).drop()


def test_the_ledger_is_as_the_model_says(databases, clock):
    LedgerMachine.make = lambda: databases.make("finance", MIGRATIONS, clock=clock, pool_size=1)
    LedgerMachine.drop = databases.drop_copies
    run_state_machine_as_test(LedgerMachine, settings=machine_settings(databases.engine))
