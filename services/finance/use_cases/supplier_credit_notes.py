"""Suppliers' credit notes: entered and matched with what went back, and used to settle supplier invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.exchange import Carried
from services.finance.domain.roles import EXCHANGE, OPENING, PAYABLES
from services.finance.domain.supplier_credit import (
    SupplierCreditNote,
    SupplierCreditNoteInvalid,
    SupplierCreditNoteNotFound,
    SupplierCreditNoteTwice,
    check_credited,
    require_left,
    settled_entry,
    supplier_credit_entry,
)
from services.finance.domain.supplier_invoice import (
    SupplierInvoiceInvalid,
    SupplierNotFound,
    WrittenLine,
    check_line,
    check_written,
)
from services.finance.domain.supplier_payment import OwedInvoice, SupplierShare, check_share, total_of
from services.finance.domain.terms import Terms, require_not_future
from services.finance.events import SupplierCreditNotePosted
from services.finance.store import (
    bought,
    ledger,
    periods,
    sent_back,
    supplier_credit_notes,
    supplier_invoices,
    supplier_payments,
)
from services.finance.store.supplier_credit_notes import CreditAllocation
from services.finance.use_cases.carry_purchases import carried_of_line, carry_owed
from services.finance.use_cases.exchange import value_of
from services.finance.use_cases.supplier_invoices import MatchOvertaken
from services.finance.use_cases.supplier_payments import SupplierPaymentOvertaken

SERIES = "supplier_credit_note"


@dataclass(frozen=True)
class EnterSupplierCreditNote:
    """A supplier's credit note as it came; ``supplier_return_id``: what it credits, ``shares``: what it settles."""

    supplier_id: str
    reference: str
    credited_on: date
    lines: tuple[WrittenLine, ...]
    tax: Money | None = None
    supplier_return_id: str | None = None
    reason: str | None = None
    shares: tuple[SupplierShare, ...] = ()


@dataclass(frozen=True)
class SettleWithCredit:
    """Which invoices of its supplier a credit note settles from now on."""

    credit_note_id: str
    shares: tuple[SupplierShare, ...]


def enter_supplier_credit_note(tx: Transaction, command: EnterSupplierCreditNote, terms: Terms) -> str:
    """Enter, match and post a credit note, and let it settle invoices; return its id.

    What it credits must have been invoiced and not be here. Posted is it on its own day, or on the first open one.
    """
    require_not_future(command.credited_on, terms.today(tx.now), "credited_on")
    total = check_written(command.lines, command.tax, command.credited_on, command.credited_on)
    if not total:
        raise SupplierCreditNoteInvalid("nothing is credited", field="lines", cure="check the prices")
    if command.supplier_id not in bought.lock_suppliers(tx.connection, [command.supplier_id]):
        raise SupplierNotFound(
            f"nothing was ordered of a supplier {command.supplier_id}", field="supplier_id"
        )
    reference = _require_new(tx, command)
    _require_return(tx, command)
    posted_on = periods.lock_now(tx.connection).first_open(command.credited_on)
    note = SupplierCreditNote(
        credit_note_id=tx.new_id(),
        number=f"SCN-{next_number(tx, SERIES):06d}",
        supplier_id=command.supplier_id,
        reference=reference,
        total=total,
        tax=command.tax or Money.zero(total.currency),
        open=total,
        credited_on=command.credited_on,
        posted_on=posted_on,
        return_id=command.supplier_return_id,
        reason=command.reason,
        company=value_of(tx, total, posted_on, terms, "credited_on"),
    )
    cleared = _count(tx, command, posted_on, terms)
    values = [(line, value) for line, (value, _) in zip(command.lines, cleared, strict=True)]
    supplier_credit_notes.add(tx, note, values)
    entry = supplier_credit_entry(note, Money.total((value for value, _ in cleared), total.currency))
    carried = carry_owed(tx, entry, note.tax, note.company, cleared, terms, sign=-1)
    ledger.book(tx, carried, note.credit_note_id)
    _settle(tx, note, command.shares, posted_on)
    told = SupplierCreditNotePosted(
        supplier_credit_note_id=note.credit_note_id,
        number=note.number,
        supplier_id=note.supplier_id,
        reference=note.reference,
        posted_on=posted_on,
        total=note.total,
        supplier_return_id=note.return_id,
    )
    publish(tx, told, correlation_id=note.credit_note_id)
    return note.credit_note_id


def _require_new(tx: Transaction, command: EnterSupplierCreditNote) -> str:
    reference = " ".join(command.reference.split())
    known = supplier_credit_notes.number_of_reference(tx.connection, command.supplier_id, reference)
    if known is not None:
        raise SupplierCreditNoteTwice(
            f"credit note {reference} of this supplier is {known}",
            field="reference",
            cure="it is entered already; give its own number if it is another one",
            number=known,
        )
    return reference


def _require_return(tx: Transaction, command: EnterSupplierCreditNote) -> None:
    if command.supplier_return_id is None:
        return
    if sent_back.supplier_of(tx.connection, command.supplier_return_id) != command.supplier_id:
        raise SupplierCreditNoteInvalid(
            "nothing of this supplier went back with that return",
            field="supplier_return_id",
            cure="name a return to the supplier that was shipped, or none",
        )


def _count(
    tx: Transaction, command: EnterSupplierCreditNote, on: date, terms: Terms
) -> list[tuple[Money, Money | None]]:
    """Match the lines and take them off what is invoiced; return their goods, and what that changes in the books."""
    lines = bought.lines(tx.connection, (line.line_id for line in command.lines))
    found = []
    for place, line in enumerate(command.lines):
        if line.line_id in (each.line_id for each in command.lines[:place]):
            raise SupplierInvoiceInvalid(
                "the line of the purchase order is named twice",
                field=f"lines.{place}.line_id",
                cure="name it once, with all of its quantity",
            )
        seen = lines.get(line.line_id)
        check_line(line, seen, command.supplier_id, place)
        assert seen is not None, "a line that is not there is refused"
        over, value = check_credited(line, seen, place, command.reason)
        if not supplier_credit_notes.count_credit(tx.connection, seen, line.quantity, over, value):
            raise MatchOvertaken(f"{seen.sku} of {seen.order_number} changed meanwhile")
        carried = carried_of_line(tx, seen, value, on, terms)
        bought.carry(tx.connection, line.line_id, carried)
        found.append((value, carried))
    return found


def settle_with_credit(tx: Transaction, command: SettleWithCredit, terms: Terms) -> None:
    """Let what is left of a credit note settle invoices of its supplier, today or on the first open day."""
    seen = _found(tx, command.credit_note_id)
    bought.lock_suppliers(tx.connection, [seen.supplier_id])
    _settle(tx, _found(tx, command.credit_note_id), command.shares, terms.today(tx.now))


def _found(tx: Transaction, credit_note_id: str) -> SupplierCreditNote:
    found = supplier_credit_notes.find(tx.connection, credit_note_id)
    if found is None:
        raise SupplierCreditNoteNotFound(f"there is no credit note {credit_note_id} of a supplier")
    return found


def _settle(tx: Transaction, note: SupplierCreditNote, shares: Sequence[SupplierShare], on: date) -> None:
    """Take each share off the invoice and off the credit note by one conditional update each, and book the rates."""
    if not shares:
        return
    total_of(shares)
    require_left(note, shares)
    owed = supplier_payments.owed(tx.connection, shares)
    lock, left, allocations = periods.lock_now(tx.connection), note.open, []
    for place, share in enumerate(shares):
        invoice = check_share(share, owed.get(share.supplier_invoice_id), note.supplier_id, place)
        taken = supplier_invoices.pay(
            tx.connection, share.supplier_invoice_id, note.supplier_id, share.amount
        )
        if not taken or not supplier_credit_notes.use(tx.connection, note.credit_note_id, share.amount):
            raise SupplierPaymentOvertaken(f"{invoice.number} or {note.number} changed meanwhile")
        day = lock.first_open(max(on, note.posted_on, invoice.posted_on or on))
        allocation = CreditAllocation(
            tx.new_id(), note.credit_note_id, share.supplier_invoice_id, share.amount, day
        )
        allocations.append(allocation)
        _book_rates(tx, replace(note, open=left), invoice, allocation)
        left -= share.amount
    supplier_credit_notes.add_allocations(tx, allocations)


def _book_rates(
    tx: Transaction, note: SupplierCreditNote, invoice: OwedInvoice, allocation: CreditAllocation
) -> None:
    """Book what the rates of both documents differ by; nothing where both are of the company's own currency."""
    amount = allocation.amount
    credit = Carried(note.total, note.company).part(note.open, amount)
    if credit is None:
        return
    claim = Carried(invoice.total, invoice.company).part(invoice.open, amount)
    sides = (
        (OPENING if claim is None else PAYABLES, credit if claim is None else claim),
        (PAYABLES, -credit),
        (EXCHANGE, Money.zero(credit.currency) if claim is None else credit - claim),
    )
    number = f"{note.number} / {invoice.number}"
    entry = settled_entry(
        allocation.allocation_id, number, note.supplier_id, allocation.allocated_on, amount, sides
    )
    ledger.book(tx, entry, note.credit_note_id)
