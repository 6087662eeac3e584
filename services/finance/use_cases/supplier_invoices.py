"""Supplier invoices: entered once, matched with orders and receipts, and posted, released, or rejected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import Refused, VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.bought import BoughtLine
from services.finance.domain.supplier_invoice import (
    SupplierInvoice,
    SupplierInvoiceInvalid,
    SupplierInvoiceNotFound,
    SupplierInvoiceTwice,
    SupplierNotFound,
    WrittenLine,
    check_line,
    check_written,
    require_another_person,
    require_on_hold,
    supplier_invoice_entry,
)
from services.finance.domain.terms import Terms, require_not_future
from services.finance.domain.three_way import LineMatch, MatchPolicy, match_line
from services.finance.events import SupplierInvoiceHeld, SupplierInvoicePosted, SupplierInvoiceRejected
from services.finance.store import bought, ledger, periods, supplier_invoices
from services.finance.use_cases.carry_purchases import carried_of_line, carry_owed
from services.finance.use_cases.exchange import value_of

SERIES = "supplier_invoice"


class MatchOvertaken(Refused):
    """What came in or was invoiced changed between looking and counting."""

    code = "match_overtaken"
    usual_cure = "repeat the request"


@dataclass(frozen=True)
class EnterSupplierInvoice:
    """A supplier's invoice as it came; without ``due_on`` it is due by the company's own terms."""

    supplier_id: str
    reference: str
    invoiced_on: date
    lines: tuple[WrittenLine, ...]
    tax: Money | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class DecideSupplierInvoice:
    """What a person decides about an invoice on hold, and why."""

    invoice_id: str
    reason: str
    expected_version: int | None = None


def enter_supplier_invoice(tx: Transaction, command: EnterSupplierInvoice, terms: Terms) -> str:
    """Enter an invoice and match it: it is posted if it is as it should be, else it is on hold. Return its id.

    Posted is it on its own day, or on the first open one.
    """
    require_not_future(command.invoiced_on, terms.today(tx.now), "invoiced_on")
    due_on = command.due_on or terms.due_on(command.invoiced_on)
    total = check_written(command.lines, command.tax, command.invoiced_on, due_on)
    _lock_supplier(tx, command.supplier_id)
    reference = " ".join(command.reference.split())
    _require_new(tx, command.supplier_id, reference)
    _require_bought(tx, command)
    invoice = SupplierInvoice(
        invoice_id=tx.new_id(),
        number=f"SI-{next_number(tx, SERIES):06d}",
        supplier_id=command.supplier_id,
        reference=reference,
        currency=total.currency,
        total=total,
        tax=command.tax or Money.zero(total.currency),
        invoiced_on=command.invoiced_on,
        due_on=due_on,
        state="on_hold",
        entered_by=tx.cause.actor,
        lines=command.lines,
    )
    matches = _match(tx, invoice, bought.policy_now(tx.connection))
    supplier_invoices.add(tx, invoice)
    supplier_invoices.keep_match(tx.connection, invoice.invoice_id, matches)
    if any(match.mismatches for match in matches):
        _tell_held(tx, invoice, matches)
    else:
        _post(tx, invoice, matches, command.invoiced_on, None, terms)
        match_held(tx, invoice.supplier_id, [line.line_id for line in invoice.lines], terms)
    return invoice.invoice_id


def release_supplier_invoice(tx: Transaction, command: DecideSupplierInvoice, terms: Terms) -> None:
    """Post an invoice in spite of its differences, by somebody else than who entered it."""
    invoice = _to_decide(tx, command)
    require_another_person(invoice, tx.cause.actor)
    matches = _match(tx, invoice, bought.policy_now(tx.connection))
    supplier_invoices.keep_match(tx.connection, invoice.invoice_id, matches)
    _post(tx, invoice, matches, terms.today(tx.now), command.reason, terms)
    match_held(tx, invoice.supplier_id, [line.line_id for line in invoice.lines], terms)


def reject_supplier_invoice(tx: Transaction, command: DecideSupplierInvoice) -> None:
    """Refuse to owe an invoice that is on hold; its number may come again."""
    invoice = _to_decide(tx, command)
    if not supplier_invoices.reject(tx, invoice, command.reason):
        raise MatchOvertaken(f"{invoice.number} changed meanwhile")
    rejected = SupplierInvoiceRejected(
        invoice.invoice_id,
        invoice.number,
        invoice.supplier_id,
        invoice.reference,
        invoice.total,
        command.reason,
    )
    publish(tx, rejected, correlation_id=invoice.invoice_id)


def match_held(tx: Transaction, supplier_id: str, line_ids: Iterable[str], terms: Terms) -> None:
    """Look again at the invoices on hold that have one of these lines, whose supplier is locked.

    What is as it should be now is posted, by itself, on the day on which that is so.
    """
    policy = bought.policy_now(tx.connection)
    for invoice in supplier_invoices.held_for(tx.connection, supplier_id, line_ids):
        matches = _match(tx, invoice, policy)
        supplier_invoices.keep_match(tx.connection, invoice.invoice_id, matches)
        if not any(match.mismatches for match in matches):
            _post(tx, invoice, matches, terms.today(tx.now), None, terms)


def _lock_supplier(tx: Transaction, supplier_id: str) -> None:
    if supplier_id not in bought.lock_suppliers(tx.connection, [supplier_id]):
        raise SupplierNotFound(f"nothing was ordered of a supplier {supplier_id}", field="supplier_id")


def _require_new(tx: Transaction, supplier_id: str, reference: str) -> None:
    known = supplier_invoices.find_by_reference(tx.connection, supplier_id, reference)
    if known is not None:
        raise SupplierInvoiceTwice(
            f"invoice {reference} of this supplier is {known.number}, {known.total}, {known.state}",
            field="reference",
            cure="it is entered already; give its own number if it is another one",
            supplier_invoice_id=known.invoice_id,
            number=known.number,
        )


def _require_bought(tx: Transaction, command: EnterSupplierInvoice) -> None:
    lines = bought.lines(tx.connection, (line.line_id for line in command.lines))
    for place, line in enumerate(command.lines):
        if line.line_id in (each.line_id for each in command.lines[:place]):
            raise SupplierInvoiceInvalid(
                "the line of the purchase order is named twice",
                field=f"lines.{place}.line_id",
                cure="name it once, with all of its quantity",
            )
        check_line(line, lines.get(line.line_id), command.supplier_id, place)


def _match(tx: Transaction, invoice: SupplierInvoice, policy: MatchPolicy) -> list[LineMatch]:
    lines = bought.lines(tx.connection, (line.line_id for line in invoice.lines))
    cleared = Money.zero(invoice.currency)
    found = []
    for place, line in enumerate(invoice.lines):
        try:
            match = match_line(lines[line.line_id], line.quantity, line.unit_price, policy)
            cleared += match.cleared
        except ValueError:
            raise SupplierInvoiceInvalid(
                f"{line.quantity} is more than can be reckoned at the order's price",
                field=f"lines.{place}.quantity",
                cure="check the quantity",
                ordered=lines[line.line_id].ordered,
            ) from None
        found.append(match)
    return found


def _to_decide(tx: Transaction, command: DecideSupplierInvoice) -> SupplierInvoice:
    """Return the invoice, its supplier locked; refuse one that is decided, or was changed since it was read."""
    seen = _found(tx, command.invoice_id)
    bought.lock_suppliers(tx.connection, [seen.supplier_id])
    invoice = _found(tx, command.invoice_id)
    if command.expected_version not in (None, invoice.version):
        raise VersionMismatch(f"{invoice.number} is at version {invoice.version}")
    require_on_hold(invoice)
    return invoice


def _found(tx: Transaction, invoice_id: str) -> SupplierInvoice:
    found = supplier_invoices.find(tx.connection, invoice_id)
    if found is None:
        raise SupplierInvoiceNotFound(f"there is no supplier invoice {invoice_id}")
    return found


def _post(
    tx: Transaction,
    found: SupplierInvoice,
    matches: Sequence[LineMatch],
    on: date,
    reason: str | None,
    terms: Terms,
) -> None:
    """Count the lines, let the invoice be owed, and book it."""
    posted_on = periods.lock_now(tx.connection).first_open(on)
    company = value_of(tx, found.total, posted_on, terms, "invoiced_on")
    invoice = replace(found, company=company)
    lines = bought.lines(tx.connection, (line.line_id for line in invoice.lines))
    cleared = []
    for line, match in zip(invoice.lines, matches, strict=True):
        seen = lines[line.line_id]
        _count(tx, seen, line, match)
        carried = carried_of_line(tx, seen, -match.cleared, posted_on, terms)
        bought.carry(tx.connection, line.line_id, carried)
        cleared.append((match.cleared, carried))
    if not supplier_invoices.post(tx, invoice, posted_on, reason):
        raise MatchOvertaken(f"{invoice.number} changed meanwhile")
    entry = supplier_invoice_entry(invoice, matches, posted_on)
    if entry is not None:
        ledger.book(tx, carry_owed(tx, entry, invoice.tax, company, cleared, terms), invoice.invoice_id)
    posted = SupplierInvoicePosted(
        supplier_invoice_id=invoice.invoice_id,
        number=invoice.number,
        supplier_id=invoice.supplier_id,
        reference=invoice.reference,
        posted_on=posted_on,
        due_on=invoice.due_on,
        total=invoice.total,
        reason=reason,
    )
    publish(tx, posted, correlation_id=invoice.invoice_id)


def _count(tx: Transaction, seen: BoughtLine, line: WrittenLine, match: LineMatch) -> None:
    if not bought.count_invoice(tx.connection, seen, line.quantity, match.over, match.cleared):
        raise MatchOvertaken(f"{seen.sku} of {seen.order_number} changed meanwhile")


def _tell_held(tx: Transaction, invoice: SupplierInvoice, matches: Sequence[LineMatch]) -> None:
    held = SupplierInvoiceHeld(
        supplier_invoice_id=invoice.invoice_id,
        number=invoice.number,
        supplier_id=invoice.supplier_id,
        reference=invoice.reference,
        total=invoice.total,
        mismatches=tuple(sorted({each for match in matches for each in match.mismatches})),
    )
    publish(tx, held, correlation_id=invoice.invoice_id)
