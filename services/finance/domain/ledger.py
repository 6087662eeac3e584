"""Double entry: what each business event means to the ledger; an entry that does not balance cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.errors import MeridianError
from libs.common.money import Money

EntryKind = Literal[
    "invoice", "payment", "allocation", "credit", "goods_receipt", "supplier_invoice", "supplier_payment"
]
# What postings call the accounts: their roles in the chart (domain/chart.py).
BANK = "bank"
RECEIVABLES = "receivable"
ADVANCES = "advances"
REVENUE = "revenue"
STOCK = "stock"
GRNI = "grni"
PAYABLES = "payable"
INPUT_VAT = "input_vat"
PRICE_DIFFERENCE = "price_difference"


class Unbalanced(MeridianError):
    """Debits and credits differ: a fault in the program, never in the input."""

    code = "entry_unbalanced"


@dataclass(frozen=True)
class Posting:
    """One side of an entry, on the account of a role: ``debit`` or ``credit`` is positive, the other is zero."""

    account: str
    debit: Money
    credit: Money


@dataclass(frozen=True)
class Entry:
    """A journal entry for one document of one customer, or of one supplier."""

    kind: EntryKind
    document_id: str
    document_number: str
    customer_id: str | None
    posted_on: date
    postings: tuple[Posting, ...]
    supplier_id: str | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2 or any(not _is_one_sided(posting) for posting in self.postings):
            raise Unbalanced(f"{self.kind} {self.document_number}: each posting has one positive side")
        currency = self.postings[0].debit.currency
        debit = Money.total((posting.debit for posting in self.postings), currency)
        credit = Money.total((posting.credit for posting in self.postings), currency)
        if debit != credit:
            raise Unbalanced(f"{self.kind} {self.document_number}: debit {debit}, credit {credit}")


def _is_one_sided(posting: Posting) -> bool:
    low, high = sorted((posting.debit.minor, posting.credit.minor))
    return low == 0 < high


def _pair(debit: str, credit: str, amount: Money) -> tuple[Posting, ...]:
    nothing = Money.zero(amount.currency)
    return Posting(debit, amount, nothing), Posting(credit, nothing, amount)


def postings_of(*sides: tuple[str, Money]) -> tuple[Posting, ...]:
    """Return a posting for each amount that is not zero: a debit where it is positive, else a credit."""
    return tuple(_one_side(account, amount) for account, amount in sides if amount)


def _one_side(account: str, amount: Money) -> Posting:
    nothing = Money.zero(amount.currency)
    return Posting(account, amount, nothing) if amount > nothing else Posting(account, nothing, -amount)


def invoice_entry(
    invoice_id: str, number: str, customer_id: str, posted_on: date, total: Money
) -> Entry | None:
    """Return the entry of a posted invoice; ``None`` for one of nothing, which moves no money."""
    if not total:
        return None
    return Entry("invoice", invoice_id, number, customer_id, posted_on, _pair(RECEIVABLES, REVENUE, total))


def payment_entry(payment_id: str, number: str, customer_id: str, received_on: date, amount: Money) -> Entry:
    """Return the entry of money received: until it is allocated the company owes it to the customer."""
    return Entry("payment", payment_id, number, customer_id, received_on, _pair(BANK, ADVANCES, amount))


def allocation_entry(allocation_id: str, number: str, customer_id: str, on: date, amount: Money) -> Entry:
    """Return the entry of an allocation: what was owed to the customer pays what the customer owes."""
    return Entry("allocation", allocation_id, number, customer_id, on, _pair(ADVANCES, RECEIVABLES, amount))


def credit_note_entry(
    credit_note_id: str, number: str, customer_id: str, posted_on: date, settled: Money, left: Money
) -> Entry:
    """Return the entry of a credit note: revenue is taken back from what the customer owes.

    ``settled`` is what was open of the invoice; ``left``, which was paid already, the company owes to the customer.
    """
    nothing = Money.zero(settled.currency)
    taken_back = Posting(REVENUE, settled + left, nothing)
    given = ((RECEIVABLES, settled), (ADVANCES, left))
    returned = tuple(Posting(account, nothing, amount) for account, amount in given if amount)
    return Entry("credit", credit_note_id, number, customer_id, posted_on, (taken_back, *returned))
