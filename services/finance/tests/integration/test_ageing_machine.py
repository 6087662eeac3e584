"""Whatever was invoiced, paid, credited and allocated on whatever days: each day's ageing is what the ledger says."""

from __future__ import annotations

from datetime import date, timedelta
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
from sqlalchemy import Connection, func, select

from libs.common.money import Money
from libs.common.testing.machines import machine_settings
from services.finance.domain.ageing import bucket_of
from services.finance.domain.payment_terms import instalments
from services.finance.reports.ageing import AgeingSearch, ageing, customers_ageing, open_documents
from services.finance.reports.period import Period
from services.finance.reports.statements import statement
from services.finance.store.month_tables import receivable_month
from services.finance.tests.builders import HARBOR, QUAY, harbor_pumps, quay_marine
from services.finance.tests.integration.billing import end, invoices_of, let_off, send, take_in
from services.finance.tests.integration.books import (
    allocate,
    an_invoice,
    credit,
    open_unlimited,
    pay,
    said,
    use_credit,
)
from services.finance.tests.integration.conftest import MIGRATIONS
from services.finance.tests.integration.settling import (
    ask_refund,
    claim_again,
    give_up,
    in_parts,
    say_yes,
    tolerate,
)

TODAY = date(2026, 3, 2)
LOOKS = tuple(TODAY - timedelta(days=days) for days in (0, 1, 45, 100, 220))
cents = st.integers(1, 50_000)
days_ago = st.sampled_from((0, 1, 30, 31, 46, 75, 99, 130, 200))
customers = st.sampled_from((HARBOR, QUAY))


def written(minor: int) -> str:
    return str(Money(minor, "USD").decimal)


class AgeingMachine(RuleBasedStateMachine):
    """Drives the real use cases; the model knows every document, and what was allocated on which day."""

    make: Any = None
    drop: Any = None

    @initialize()
    def open_books(self) -> None:
        self.database = type(self).make()
        for customer in (harbor_pumps(), quay_marine()):
            open_unlimited(self.database, customer)
        self.invoices: dict[str, tuple[str, date, date, int]] = {}
        self.payments: dict[str, tuple[str, date, int]] = {}
        self.notes: dict[str, tuple[str, date, int]] = {}
        self.credited: dict[str, int] = {}
        self.allocated: list[tuple[str, str, date, int]] = []
        self.moved: list[tuple[str, date, int]] = []
        self.ahead: set[str] = set()
        self.paid_ahead = 0
        self.deducting: set[str] = set()
        self.offers: dict[str, tuple[int, date]] = {}
        self.received: dict[str, list[date]] = {}
        self.let_off: set[str] = set()
        let_off(self.database, 300, 30)
        tolerate(self.database, "1000.00")
        self.terms = in_parts(self.database, QUAY)

    @rule(customer_id=customers, amount=cents, ago=days_ago)
    def invoice(self, customer_id: str, amount: int, ago: int) -> None:
        day = TODAY - timedelta(days=ago)
        made = an_invoice(
            self.database, f"SO-{len(self.invoices)}", written(amount), customer_id=customer_id, on=day
        )
        self.invoices[made.invoice_id] = (customer_id, day, made.due_on, amount)
        if made.discount and made.discount_until:
            self.offers[made.invoice_id] = (made.discount.minor, made.discount_until)

    @rule(customer_id=customers, amount=st.integers(100, 50_000), bp=st.integers(1, 9999), data=st.data())
    def pay_ahead(self, customer_id: str, amount: int, bp: int, data: Any) -> None:
        """Confirm an order with a down payment; deliver some of it, and give the rest up."""
        # Such a small part of it may be asked for that no invoice comes of it: the number is of its own count.
        self.paid_ahead += 1
        order = f"AH-{self.paid_ahead}"
        worth = written(amount)
        take_in(self.database, order, ("10", worth, "0", "0"), customer_id=customer_id, down_payment_bp=bp)
        pieces = data.draw(st.integers(0, 10), label="pieces")
        if pieces:
            send(self.database, f"DN-{order}", order, (1, str(pieces)), on=TODAY, customer_id=customer_id)
        if pieces < 10:
            end(self.database, order, *([(1, str(10 - pieces))] if pieces else []))
        for made in invoices_of(self.database, order):
            self.invoices[made.invoice_id] = (customer_id, made.posted_on, made.due_on, made.total.minor)
            if made.kind == "down_payment":
                self.ahead.add(made.invoice_id)
            elif made.total:
                self.deducting.add(made.invoice_id)
        for note in said(self.database, "credit_note.posted"):
            if note["invoice_id"] in self.ahead and note["credit_note_id"] not in self.notes:
                total, settled = note["total"]["minor"], note["settled"]["minor"]
                self.notes[note["credit_note_id"]] = (customer_id, TODAY, total)
                self.allocated.append((note["credit_note_id"], note["invoice_id"], TODAY, settled))

    @rule(customer_id=customers, amount=cents, ago=days_ago)
    def receive(self, customer_id: str, amount: int, ago: int) -> None:
        day = TODAY - timedelta(days=ago)
        made = pay(
            self.database, f"BANK-{len(self.payments)}", written(amount), customer_id=customer_id, on=day
        )
        self.payments[made.payment_id] = (customer_id, day, amount)

    @precondition(lambda self: self.invoices and self.payments)
    @rule(data=st.data())
    def allocate(self, data: Any) -> None:
        invoice_id = data.draw(st.sampled_from(sorted(self.invoices)), label="invoice")
        customer_id, posted_on, _, _ = self.invoices[invoice_id]
        payers = sorted(each for each, (payer, _, _) in self.payments.items() if payer == customer_id)
        if not payers:
            return
        payment_id = data.draw(st.sampled_from(payers), label="payment")
        most = min(self._open(invoice_id, TODAY), self._left(payment_id, TODAY))
        if most == 0:
            return
        amount = data.draw(st.integers(1, most), label="amount")
        off = self._left_out(invoice_id, payment_id, amount)
        allocate(self.database, payment_id, invoice_id, written(amount))
        day = max(posted_on, self.payments[payment_id][1])
        self.allocated.append((payment_id, invoice_id, day, amount))
        self.received.setdefault(invoice_id, []).append(self.payments[payment_id][1])
        if off:
            self.let_off.add(invoice_id)
            self.allocated.append(("discount", invoice_id, day, off))
            self.moved.append((customer_id, day, -off))

    @precondition(lambda self: self.offers and self.payments)
    @rule(data=st.data())
    def pay_early(self, data: Any) -> None:
        """Pay an invoice that lets something off but for that, on the last day or the day after."""
        invoice_id = data.draw(st.sampled_from(sorted(self.offers)), label="invoice")
        customer_id, posted_on, _, _ = self.invoices[invoice_id]
        offer, until = self.offers[invoice_id]
        amount = self._open(invoice_id, TODAY) - offer
        day = min(until + timedelta(days=data.draw(st.integers(-1, 1), label="days")), TODAY)
        if amount <= 0 or day < posted_on:
            return
        made = pay(
            self.database, f"BANK-{len(self.payments)}", written(amount), customer_id=customer_id, on=day
        )
        self.payments[made.payment_id] = (customer_id, day, amount)
        off = self._left_out(invoice_id, made.payment_id, amount)
        allocate(self.database, made.payment_id, invoice_id, written(amount))
        self.allocated.append((made.payment_id, invoice_id, day, amount))
        self.received.setdefault(invoice_id, []).append(day)
        if off:
            self.let_off.add(invoice_id)
            self.allocated.append(("discount", invoice_id, day, off))
            self.moved.append((customer_id, day, -off))

    def _left_out(self, invoice_id: str, payment_id: str, amount: int) -> int:
        """Return what the model lets a payment leave out."""
        offer, until = self.offers.get(invoice_id, (0, TODAY))
        days = [*self.received.get(invoice_id, ()), self.payments[payment_id][1]]
        if invoice_id in self.let_off or max(days) > until or not offer:
            return 0
        total = self.invoices[invoice_id][3]
        allowed = Money(offer, "USD").share(total - self.credited.get(invoice_id, 0), total).minor
        missing = self._open(invoice_id, TODAY) - amount
        return missing if 0 < missing <= allowed else 0

    @precondition(lambda self: self.invoices)
    @rule(data=st.data(), ago=days_ago)
    def take_back(self, data: Any, ago: int) -> None:
        """Credit a part of an invoice on a day since it was posted; what is not open any more is left over."""
        invoice_id = data.draw(st.sampled_from(sorted(self.invoices)), label="invoice")
        customer_id, posted_on, _, total = self.invoices[invoice_id]
        most = total - self.credited.get(invoice_id, 0)
        if most == 0 or invoice_id in self.ahead | self.deducting:
            return
        amount = data.draw(st.integers(1, most), label="amount")
        day = max(posted_on, TODAY - timedelta(days=ago))
        before = len(said(self.database, "cash_discount.reversed"))
        still_open = self._open(invoice_id, TODAY)
        made = credit(self.database, invoice_id, (1, None, written(amount)), posted_on=day)
        self.notes[made.credit_note_id] = (customer_id, day, amount)
        self.credited[invoice_id] = self.credited.get(invoice_id, 0) + amount
        for again in said(self.database, "cash_discount.reversed")[before:]:
            minor, on = again["amount"]["minor"], date.fromisoformat(again["posted_on"])
            still_open += minor
            self.allocated.append(("discount", invoice_id, on, -minor))
            self.moved.append((customer_id, on, minor))
        settled = min(amount, still_open)
        assert made.unallocated.minor == amount - settled
        self.allocated.append((made.credit_note_id, invoice_id, day, settled))

    @precondition(lambda self: self.notes)
    @rule(data=st.data())
    def use_what_is_left(self, data: Any) -> None:
        note_id = data.draw(st.sampled_from(sorted(self.notes)), label="credit note")
        customer_id, day, _ = self.notes[note_id]
        own = sorted(each for each, (whose, *_) in self.invoices.items() if whose == customer_id)
        invoice_id = data.draw(st.sampled_from(own), label="invoice")
        most = min(self._open(invoice_id, TODAY), self._left(note_id, TODAY))
        if most == 0:
            return
        amount = data.draw(st.integers(1, most), label="amount")
        use_credit(self.database, note_id, invoice_id, written(amount))
        self.allocated.append((note_id, invoice_id, max(day, self.invoices[invoice_id][1]), amount))

    @precondition(lambda self: self.invoices)
    @rule(data=st.data(), take_back=st.booleans())
    def give_up(self, data: Any, take_back: bool) -> None:
        """Write a part of an invoice off today, and maybe let the claim live again."""
        invoice_id = data.draw(st.sampled_from(sorted(self.invoices)), label="invoice")
        most = self._open(invoice_id, TODAY)
        if most == 0:
            return
        amount = data.draw(st.integers(1, most), label="amount")
        made = give_up(self.database, invoice_id, written(amount))
        if take_back:
            claim_again(self.database, made.write_off_id)
            return
        self.allocated.append((made.write_off_id, invoice_id, TODAY, amount))
        self.moved.append((self.invoices[invoice_id][0], TODAY, -amount))

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def give_back(self, data: Any) -> None:
        """Give a part of what a payment has left back today."""
        payment_id = data.draw(st.sampled_from(sorted(self.payments)), label="payment")
        most = self._left(payment_id, TODAY)
        if most == 0:
            return
        amount = data.draw(st.integers(1, most), label="amount")
        asked = ask_refund(self.database, written(amount), payment_id=payment_id)
        say_yes(self.database, asked.approval_id)
        self.allocated.append((payment_id, "", TODAY, amount))
        self.moved.append((self.payments[payment_id][0], TODAY, amount))

    def _open(self, invoice_id: str, day: date) -> int:
        paid = sum(amount for _, paid, on, amount in self.allocated if paid == invoice_id and on <= day)
        return self.invoices[invoice_id][3] - paid

    def _dues(self, invoice_id: str, open_minor: int) -> list[tuple[date, int]]:
        """Give what is open of an invoice by due day: one customer pays in parts, what is due first first."""
        whose, posted_on, due_on, total = self.invoices[invoice_id]
        if whose != QUAY:
            return [(due_on, open_minor)]
        paid, found = total - open_minor, []
        for part in instalments(self.terms, Money(total, "USD"), posted_on, posted_on):
            settled = min(paid, part.amount.minor)
            paid -= settled
            found.append((part.due_on, part.amount.minor - settled))
        return found

    def _left(self, document_id: str, day: date) -> int:
        used = sum(amount for payer, _, on, amount in self.allocated if payer == document_id and on <= day)
        return (self.payments | self.notes)[document_id][2] - used

    def _buckets(self, customer_id: str, day: date) -> dict[str, int]:
        found: dict[str, int] = {}
        for invoice_id, (whose, posted_on, _, _) in self.invoices.items():
            if whose == customer_id and posted_on <= day:
                for due_on, amount in self._dues(invoice_id, self._open(invoice_id, day)):
                    name = bucket_of(due_on, day).name
                    found[name] = found.get(name, 0) + amount
        for document_id, (whose, on, _) in (self.payments | self.notes).items():
            if whose == customer_id and on <= day:
                found["unallocated"] = found.get("unallocated", 0) + self._left(document_id, day)
        return {name: amount for name, amount in found.items() if amount}

    @invariant()
    def every_day_is_as_the_model_and_the_ledger_say(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.reading() as connection:
            for day in LOOKS:
                self._check_sums(connection, day)
                self._check_customers(connection, day)
            self._check_months(connection)

    def _check_months(self, connection: Connection) -> None:
        """What moved receivables month by month comes to what is open."""
        sums = func.sum(receivable_month.c.invoiced_minor - receivable_month.c.settled_minor)
        owed = connection.execute(select(func.coalesce(sums, 0))).scalar_one()
        assert int(owed) == sum(self._open(invoice_id, TODAY) for invoice_id in self.invoices)

    def _check_sums(self, connection: Connection, day: date) -> None:
        for currency in ageing(connection, AgeingSearch(day), with_controls=True).currencies:
            assert [control.difference.minor for control in currency.controls] == [0, 0]
            assert currency.amounts.balance.minor == sum(
                self._balance(customer_id, day) for customer_id in (HARBOR, QUAY)
            )

    def _balance(self, customer_id: str, day: date) -> int:
        charged = sum(each[3] for each in self.invoices.values() if each[0] == customer_id and each[1] <= day)
        charged += sum(amount for whose, on, amount in self.moved if whose == customer_id and on <= day)
        credited = (self.payments | self.notes).values()
        return charged - sum(each[2] for each in credited if each[0] == customer_id and each[1] <= day)

    def _check_customers(self, connection: Connection, day: date) -> None:
        rows = customers_ageing(connection, AgeingSearch(day), after=None, limit=10)
        names = (
            [bucket for bucket in vars(rows[0].amounts) if bucket.startswith(("not", "days", "over_"))]
            if rows
            else []
        )
        shown = {
            row.customer_id: {
                name: getattr(row.amounts, name).minor
                for name in (*names, "unallocated")
                if getattr(row.amounts, name)
            }
            for row in rows
        }
        for customer_id in (HARBOR, QUAY):
            assert shown.get(customer_id, {}) == self._buckets(customer_id, day)
            documents = open_documents(connection, AgeingSearch(day, customer_id=customer_id))
            balance = self._balance(customer_id, day)
            assert sum(each.open.minor - each.unallocated.minor for each in documents) == balance
            told = statement(connection, customer_id, "USD", Period(day - timedelta(days=60), day))
            assert told.closing.minor == balance
            assert [line.balance.minor for line in told.lines][-1:] in ([], [balance])

    def teardown(self) -> None:
        if hasattr(self, "database"):
            type(self).drop()


def test_the_ageing_of_any_day_is_what_the_ledger_says(databases, clock):
    AgeingMachine.make = lambda: databases.make("finance", MIGRATIONS, clock=clock, pool_size=1)
    AgeingMachine.drop = databases.drop_copies
    run_state_machine_as_test(AgeingMachine, settings=machine_settings(databases.engine))
