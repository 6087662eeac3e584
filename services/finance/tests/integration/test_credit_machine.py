"""Any sequence of requests, releases, shipments, payments and limits leaves the credit as a simple model says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from libs.common.money import Money
from libs.common.testing.machines import machine_settings
from services.finance.store import holds
from services.finance.tests.builders import HARBOR, TERMS, harbor_pumps
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.books import (
    allocate,
    ask,
    confirm,
    pay,
    release,
    ship,
    state_of,
    the_account,
)
from services.finance.tests.integration.conftest import MIGRATIONS
from services.finance.use_cases.accounts import (
    ChangeLimit,
    ChangeStop,
    change_limit,
    change_stop,
    keep_customer,
)

amounts = st.integers(0, 60000)
LIMIT = 100000


@dataclass
class Asked:
    """A request in the model; its order has one line of 3 pieces."""

    order: str
    amount: int
    state: str = "waiting"
    held: int = 0
    shipped: int = 0
    invoiced: int = 0


@dataclass
class Model:
    """Credit in a few lines: who asked first is served first, as long as it fits."""

    limit: int | None = LIMIT
    stopped: bool = False
    receivable: int = 0
    unallocated: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def exposure(self) -> int:
        return sum(each.held for each in self.asked) + self.receivable - self.unallocated

    def grant(self) -> None:
        for each in self.asked:
            if each.state != "waiting":
                continue
            over = self.limit is not None and each.amount and self.exposure + each.amount > self.limit
            if self.stopped or over:
                return
            each.state, each.held = "granted", each.amount


class CreditMachine(RuleBasedStateMachine):
    """Drives the real use cases and the model side by side."""

    make: Any = None
    drop: Any = None

    @initialize()
    def open_account(self) -> None:
        self.database = type(self).make()
        self.database.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
        self.model = Model()
        self.open_invoices: list[tuple[str, int]] = []
        self.payments: list[tuple[str, int]] = []

    @rule(amount=amounts)
    def ask(self, amount: int) -> None:
        order = f"SO-{len(self.model.asked)}"
        ask(self.database, order, str(Money(amount, "USD").decimal))
        self.model.asked.append(Asked(order, amount))
        self.model.grant()

    @precondition(lambda self: self.model.asked)
    @rule(data=st.data())
    def ask_again(self, data: Any) -> None:
        one = data.draw(st.sampled_from(self.model.asked))
        ask(self.database, one.order, str(Money(one.amount, "USD").decimal))

    @precondition(lambda self: self.model.asked)
    @rule(data=st.data())
    def release(self, data: Any) -> None:
        one = data.draw(st.sampled_from(self.model.asked))
        release(self.database, one.order)
        if one.state in ("waiting", "granted"):
            one.state, one.held = "released", 0
            self.model.grant()

    @precondition(lambda self: any(one.state == "granted" for one in self.model.asked))
    @rule(data=st.data(), pieces=st.integers(1, 3))
    def ship(self, data: Any, pieces: int) -> None:
        one = data.draw(st.sampled_from([each for each in self.model.asked if each.state == "granted"]))
        pieces = min(pieces, 3 - one.shipped)
        confirm(self.database, one.order, ("3", str(Money(one.amount, "USD").decimal)))
        invoice = ship(self.database, f"DN-{one.order}-{one.shipped}", one.order, (1, str(pieces)))
        one.shipped += pieces
        reached = (2 * one.amount * one.shipped + 3) // 6
        assert invoice.total.minor == reached - one.invoiced
        one.held -= reached - one.invoiced
        one.invoiced = reached
        self.model.receivable += invoice.total.minor
        if invoice.total:
            self.open_invoices.append((invoice.invoice_id, invoice.total.minor))
        if one.shipped == 3:
            one.state = "used"
            assert one.held == 0
        self.model.grant()

    @rule(amount=st.integers(1, 80000))
    def receive(self, amount: int) -> None:
        payment = pay(self.database, f"BANK-{len(self.payments)}", str(Money(amount, "USD").decimal))
        self.payments.append((payment.payment_id, amount))
        self.model.unallocated += amount
        self.model.grant()

    @precondition(lambda self: self.open_invoices and self.payments)
    @rule(data=st.data())
    def allocate(self, data: Any) -> None:
        paid = data.draw(st.sampled_from(range(len(self.open_invoices))))
        payer = data.draw(st.sampled_from(range(len(self.payments))))
        (invoice_id, open_), (payment_id, left) = self.open_invoices[paid], self.payments[payer]
        if not min(open_, left):
            return
        amount = data.draw(st.integers(1, min(open_, left)))
        allocate(self.database, payment_id, invoice_id, str(Money(amount, "USD").decimal))
        self.open_invoices[paid] = (invoice_id, open_ - amount)
        self.payments[payer] = (payment_id, left - amount)
        self.model.receivable -= amount
        self.model.unallocated -= amount

    @rule(limit=st.none() | st.integers(0, 200000))
    def change_limit(self, limit: int | None) -> None:
        command = ChangeLimit(HARBOR, None if limit is None else Money(limit, "USD"))
        self.database.transact(lambda tx: change_limit(tx, command, TERMS))
        if self.model.limit != limit:
            self.model.limit = limit
            self.model.grant()

    @rule(stopped=st.booleans())
    def change_stop(self, stopped: bool) -> None:
        self.database.transact(lambda tx: change_stop(tx, ChangeStop(HARBOR, stopped), TERMS))
        self.model.stopped = stopped
        self.model.grant()

    @invariant()
    def figures_are_the_models(self) -> None:
        now = the_account(self.database)
        assert (now.receivable.minor, now.unallocated.minor) == (
            self.model.receivable,
            self.model.unallocated,
        )
        assert now.exposure.minor == self.model.exposure
        for one in self.model.asked:
            assert state_of(self.database, one.order) == one.state

    @invariant()
    def nobody_waits_who_could_be_served(self) -> None:
        with self.database.reading() as connection:
            queue = holds.waiting(connection, HARBOR)
        if queue:
            assert not the_account(self.database).fits(queue[0].amount)

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        assert_books_agree(self.database)
        type(self).drop()


def test_credit_is_as_the_model_says(databases, clock):
    CreditMachine.make = lambda: databases.make("finance", MIGRATIONS, clock=clock, pool_size=1)
    CreditMachine.drop = databases.drop_copies
    run_state_machine_as_test(CreditMachine, settings=machine_settings(databases.engine))
