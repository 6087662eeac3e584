"""Credit notes: take back a part of an invoice, by hand or because goods came back, and use what is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, lock_series, next_number
from libs.common.errors import Later, Refused, VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.company_books import allocated, credited
from services.finance.domain.credit_notes import (
    CreditNote,
    CreditNoteNotFound,
    check_credit_allocation,
    require_not_before,
)
from services.finance.domain.crediting import (
    CreditableLine,
    CreditLine,
    CreditPart,
    draft_credit,
    parts_returned,
    require_something,
    total_of,
)
from services.finance.domain.down_payment import require_goods
from services.finance.domain.exchange import Carried
from services.finance.domain.invoicing import Invoice
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.ledger import allocation_entry, credit_note_entry, restock_entry
from services.finance.domain.roles import DOWN_PAYMENTS, REVENUE
from services.finance.domain.taxes import totals_by_rate
from services.finance.domain.terms import Terms, require_not_future
from services.finance.events import CreditedLine, CreditNoteAllocated, CreditNotePosted
from services.finance.store import accounts, credit_notes, invoices, ledger, periods, receivable_months
from services.finance.store.credit_notes import CreditAllocation
from services.finance.use_cases.accounts import lock_account
from services.finance.use_cases.carry_stock import carry_pairs
from services.finance.use_cases.cash_discounts import owe_discount_again
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.post_invoice import CREDIT_NOTE_SERIES, publish_paid

SERIES = CREDIT_NOTE_SERIES


class CreditOvertaken(Refused):
    """The credit note or the invoice was used up between looking and taking."""

    code = "credit_overtaken"
    usual_cure = "read both again and repeat"


@dataclass(frozen=True)
class PostCreditNote:
    """Take ``parts`` of an invoice back; ``posted_on`` defaults to today."""

    invoice_id: str
    parts: tuple[CreditPart, ...]
    reason: str
    posted_on: date | None = None


@dataclass(frozen=True)
class AllocateCredit:
    """Settle an invoice, or a part of it, from what is left of a credit note."""

    credit_note_id: str
    invoice_id: str
    amount: Money
    expected_version: int | None = None


@dataclass(frozen=True)
class ReturnedLine:
    """What came back of an order line, over all its lots; it is credited unless the inspection said no.

    ``cost`` is what the part of it that is stock again was worth when it left, where inventory knows it.
    """

    order_line_id: str
    quantity: Quantity
    credit: bool = True
    cost: Money | None = None


@dataclass(frozen=True)
class InspectedReturn:
    """A return whose every line was inspected."""

    return_id: str
    number: str
    delivery_id: str
    customer_id: str
    reason: str
    inspected_on: date
    lines: tuple[ReturnedLine, ...]
    order_id: str = ""


@dataclass(frozen=True)
class GivenUp:
    """How much of an order line will never be shipped."""

    order_line_id: str
    quantity: Quantity


@dataclass(frozen=True)
class EndedOrder:
    """An order that was cancelled, with all its lines, or of which a part was given up, which ``lines`` then name."""

    order_id: str
    number: str
    reason: str
    lines: tuple[GivenUp, ...] | None = None


@dataclass(frozen=True)
class CreditDraft:
    """A credit note before it gets a number, and the invoice that it corrects, locked.

    ``received`` is what a down payment that it takes back is carried at in the company's books.
    """

    invoice: Invoice
    before: tuple[CreditableLine, ...]
    lines: tuple[CreditLine, ...]
    reason: str
    posted_on: date
    return_id: str | None = None
    received: Money | None = None


def lock_numbers(tx: Transaction) -> None:
    """Keep the series of credit notes to this transaction, before it takes numbers of any other series."""
    lock_series(tx, SERIES)


def post_credit_note(tx: Transaction, command: PostCreditNote, terms: Terms) -> CreditNote:
    """Take a part of an invoice back; what was paid of it already becomes the customer's to use."""
    today = terms.today(tx.now)
    account, invoice = lock_credited(tx, command.invoice_id)
    posted_on = command.posted_on or today
    require_not_future(posted_on, today, "posted_on")
    require_not_before(invoice, posted_on)
    periods.lock_now(tx.connection).require_open(posted_on, "posted_on")
    require_goods(invoice)
    before = credit_notes.lines_of(tx.connection, invoice.invoice_id, invoice.total.currency)
    lines = draft_credit(before, command.parts, invoice.total.currency)
    require_something(lines, invoice.total.currency)
    return post_draft(tx, account, CreditDraft(invoice, before, lines, command.reason, posted_on), terms)


def credit_return(tx: Transaction, returned: InspectedReturn, terms: Terms) -> CreditNote | None:
    """Credit goods that came back, once; ``None`` when they are credited already, or there is nothing to credit.

    What a person credited of them before is not credited again. What was restocked is stock again at its cost, also
    where the customer gets nothing for it. In a locked period both are posted on the first open day.
    """
    account = accounts.lock(tx.connection, returned.customer_id)
    found = invoices.of_delivery(tx.connection, returned.delivery_id) or invoices.of_order(
        tx.connection, returned.order_id
    )
    if account is None or found is None:
        raise Later(f"the invoice of delivery {returned.delivery_id} is not here yet")
    if credit_notes.is_credited(tx.connection, returned.return_id):
        return None
    invoice = invoices.lock_many(tx.connection, [found])[found]
    before = credit_notes.lines_of(tx.connection, invoice.invoice_id, invoice.total.currency)
    parts = parts_returned(before, _quantities(returned.lines))
    lines = draft_credit(before, parts, invoice.total.currency) if parts else ()
    day = max(returned.inspected_on, invoice.posted_on)
    posted_on = periods.lock_now(tx.connection).first_open(day)
    note = None
    if total_of(lines, invoice.total.currency):
        reason = f"{returned.number}: {returned.reason}"
        draft = CreditDraft(invoice, before, lines, reason, posted_on, returned.return_id)
        note = post_draft(tx, account, draft, terms)
    _book_restock(tx, returned, invoice, posted_on, terms)
    return note


def _book_restock(
    tx: Transaction, returned: InspectedReturn, invoice: Invoice, on: date, terms: Terms
) -> None:
    """Book what came back as stock again, once; the number is taken last, as that of the credit note's entry."""
    costs = (line.cost for line in returned.lines)
    entry = restock_entry(returned.return_id, returned.number, returned.customer_id, on, costs)
    if entry is not None and not ledger.is_booked(tx.connection, "cost", returned.return_id):
        ledger.book(tx, carry_pairs(tx, entry, terms), invoice.correlation_id)


def credit_given_up(tx: Transaction, ended: EndedOrder, terms: Terms) -> CreditNote | None:
    """Credit what an order that was invoiced as a whole will never ship; ``None`` where nothing was invoiced so."""
    found = invoices.of_order(tx.connection, ended.order_id)
    if found is None:
        return None
    account, invoice = lock_credited(tx, found)
    before = credit_notes.lines_of(tx.connection, found, invoice.total.currency)
    given_up = {
        line.order_line_id: line.quantity for line in (before if ended.lines is None else ended.lines)
    }
    parts = parts_returned(before, given_up)
    lines = draft_credit(before, parts, invoice.total.currency) if parts else ()
    if not total_of(lines, invoice.total.currency):
        return None
    day = max(terms.today(tx.now), invoice.posted_on)
    posted_on = periods.lock_now(tx.connection).first_open(day)
    reason = f"{ended.number}: {ended.reason}"
    return post_draft(tx, account, CreditDraft(invoice, before, lines, reason, posted_on), terms)


def _quantities(lines: Sequence[ReturnedLine]) -> dict[str, Quantity]:
    sums: dict[str, Quantity] = {}
    for line in lines:
        if line.credit:
            sums[line.order_line_id] = sums.get(line.order_line_id, Quantity.zero()) + line.quantity
    return sums


def lock_credited(tx: Transaction, invoice_id: str) -> tuple[Account, Invoice]:
    """Lock the account, then the invoice: the same order as everybody, so nobody waits in a ring."""
    seen = invoices.find(tx.connection, invoice_id)
    if seen is None:
        raise InvoiceNotFound(
            f"there is no invoice {invoice_id}",
            field="invoice_id",
            cure="choose one from GET /api/v1/invoices",
        )
    account = lock_account(tx, seen.customer_id)
    return account, invoices.lock_many(tx.connection, [invoice_id])[invoice_id]


def post_draft(tx: Transaction, account: Account, draft: CreditDraft, terms: Terms) -> CreditNote:
    """Count, settle and book a credit note; its number is taken last, for its series stays locked until the commit."""
    total = total_of(draft.lines, draft.invoice.total.currency)
    invoice = owe_discount_again(tx, draft.invoice, total, draft.posted_on)
    settled = min(total, invoice.open)
    left = total - settled
    claim = Carried(invoice.total, invoice.company)
    left_at = claim.of(left)
    credit_notes.count(tx.connection, invoice.invoice_id, draft.before, draft.lines)
    after = _settle(tx, invoice, settled, draft.posted_on)
    moved = accounts.move(
        tx.connection, account.customer_id, receivable=-settled.minor, unallocated=left.minor
    )
    note = CreditNote(
        credit_note_id=tx.new_id(),
        number=f"CN-{next_number(tx, SERIES):06d}",
        invoice_id=invoice.invoice_id,
        customer_id=invoice.customer_id,
        posted_on=draft.posted_on,
        total=total,
        unallocated=left,
        reason=draft.reason,
        return_id=draft.return_id,
        tax_minor=sum(line.tax_amount.minor for line in draft.lines),
        left=left,
        company=left_at,
    )
    credit_notes.add(tx, note, draft.lines, invoice.correlation_id)
    entry = credit_note_entry(
        note.credit_note_id,
        note.number,
        note.customer_id,
        note.posted_on,
        settled,
        left,
        totals_by_rate(draft.lines),
        earns=REVENUE if invoice.kind == "goods" else DOWN_PAYMENTS,
    )
    booked = credited(entry, claim.part(invoice.open, settled), left_at, draft.received)
    ledger.book(tx, booked, invoice.correlation_id)
    _tell_posted(tx, note, draft, settled)
    if settled:
        used = CreditAllocation(tx.new_id(), note.credit_note_id, invoice.invoice_id, settled, note.posted_on)
        credit_notes.add_allocation(tx, used)
        _tell_allocated(tx, used, after)
    grant_waiting(tx, moved, terms)
    return note


def _settle(tx: Transaction, invoice: Invoice, amount: Money, on: date) -> Invoice:
    """Take ``amount`` off what is open of a locked invoice; return it as it stands then."""
    if not amount:
        return invoice
    after = invoices.pay(tx.connection, invoice.invoice_id, invoice.customer_id, amount, on)
    if after is None:
        raise CreditOvertaken(f"{invoice.number} changed meanwhile")
    return after


def _tell_posted(tx: Transaction, note: CreditNote, draft: CreditDraft, settled: Money) -> None:
    posted = CreditNotePosted(
        credit_note_id=note.credit_note_id,
        number=note.number,
        invoice_id=note.invoice_id,
        invoice_number=draft.invoice.number,
        order_id=draft.invoice.order_id,
        customer_id=note.customer_id,
        posted_on=note.posted_on,
        total=note.total,
        settled=settled,
        unallocated=note.unallocated,
        reason=note.reason,
        lines=tuple(
            CreditedLine(line.order_line_id, line.item_id, line.quantity, line.amount, line.tax_amount)
            for line in draft.lines
        ),
        return_id=note.return_id,
        tax=Money(note.tax_minor, note.total.currency),
    )
    publish(tx, posted, correlation_id=draft.invoice.correlation_id)
    net = Money(note.total.minor - note.tax_minor, note.total.currency)
    revenue = net if draft.invoice.kind == "goods" else Money.zero(net.currency)
    receivable_months.credited(tx, note.customer_id, note.posted_on, note.total, revenue)


def _tell_allocated(tx: Transaction, used: CreditAllocation, after: Invoice) -> None:
    """Say, in the invoice's conversation, what a credit note settled of it, and whether that is the last of it."""
    allocated = CreditNoteAllocated(
        used.credit_note_id, after.invoice_id, after.order_id, after.customer_id, used.amount
    )
    publish(tx, allocated, correlation_id=after.correlation_id)
    receivable_months.settled(tx, after.customer_id, used.allocated_on, used.amount)
    if after.payment_state == "paid":
        publish_paid(tx, after)


def allocate_credit(tx: Transaction, command: AllocateCredit, terms: Terms) -> CreditNote:
    """Settle an invoice of the same customer from what is left of a credit note; return the credit note after it."""
    note = _find(tx, command.credit_note_id)
    lock_account(tx, note.customer_id)
    note = _find(tx, command.credit_note_id)
    if command.expected_version not in (None, note.version):
        raise VersionMismatch(f"{note.number} is at version {note.version}")
    invoice = invoices.find(tx.connection, command.invoice_id)
    if invoice is None:
        raise InvoiceNotFound(
            f"there is no invoice {command.invoice_id}",
            field="invoice_id",
            cure="choose one from GET /api/v1/invoices",
        )
    check_credit_allocation(note, invoice, command.amount)
    day = periods.lock_now(tx.connection).first_open(max(note.posted_on, invoice.posted_on))
    after = _settle(tx, invoice, command.amount, day)
    taken = credit_notes.take(tx.connection, note.credit_note_id, command.amount)
    if taken is None:
        raise CreditOvertaken(f"{note.number} changed meanwhile")
    used = CreditAllocation(tx.new_id(), note.credit_note_id, invoice.invoice_id, command.amount, day)
    credit_notes.add_allocation(tx, used)
    minor = command.amount.minor
    account = accounts.move(tx.connection, note.customer_id, receivable=-minor, unallocated=-minor)
    number = f"{note.number} / {invoice.number}"
    entry = allocation_entry(used.allocation_id, number, note.customer_id, day, command.amount)
    money = Carried(note.left or note.unallocated, note.company)
    claim = Carried(invoice.total, invoice.company)
    part = command.amount
    carried = allocated(entry, money.part(note.unallocated, part), claim.part(invoice.open, part))
    ledger.book(tx, carried, invoice.correlation_id)
    _tell_allocated(tx, used, after)
    grant_waiting(tx, account, terms)
    return taken


def _find(tx: Transaction, credit_note_id: str) -> CreditNote:
    note = credit_notes.find(tx.connection, credit_note_id)
    if note is None:
        raise CreditNoteNotFound(f"there is no credit note {credit_note_id}", field="credit_note_id")
    return note
