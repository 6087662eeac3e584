"""Double entry: what each business event means to the ledger; an entry that does not balance cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.errors import MeridianError
from libs.common.money import Money
from services.finance.domain.roles import (
    ADVANCES,
    BAD_DEBT,
    BANK,
    COST_OF_SALES,
    DOWN_PAYMENTS,
    OUTPUT_TAX,
    RECEIVABLES,
    REVENUE,
    STOCK,
)
from services.finance.domain.taxes import TaxTotal

EntryKind = Literal[
    "invoice",
    "payment",
    "allocation",
    "credit",
    "cost",
    "write_off",
    "write_back",
    "refund",
    "goods_receipt",
    "supplier_invoice",
    "supplier_payment",
    "arrival",
    "discount",
    "discount_back",
    "stock_value",
    "supplier_return",
    "supplier_credit",
    "supplier_settled",
    "revaluation",
]


class Unbalanced(MeridianError):
    """Debits and credits differ: a fault in the program, never in the input."""

    code = "entry_unbalanced"


@dataclass(frozen=True)
class Posting:
    """One side of an entry, on the account of a role: ``debit`` or ``credit`` is positive, the other is zero.

    On the account of the output tax ``tax_code`` and ``tax_ppm`` say which rate it is of.
    """

    account: str
    debit: Money
    credit: Money
    tax_code: str | None = None
    tax_ppm: int | None = None


@dataclass(frozen=True)
class Entry:
    """A journal entry for one document of one customer, or of one supplier.

    ``company``: the same in the company's own currency, where the document is of another one.
    """

    kind: EntryKind
    document_id: str
    document_number: str
    customer_id: str | None
    posted_on: date
    postings: tuple[Posting, ...]
    company: tuple[Posting, ...] = ()
    supplier_id: str | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2 or any(not _is_one_sided(posting) for posting in self.postings):
            raise Unbalanced(f"{self.kind} {self.document_number}: each posting has one positive side")
        for postings in (self.postings, self.company):
            self._require_balance(postings)

    def _require_balance(self, postings: tuple[Posting, ...]) -> None:
        for currency in sorted({posting.debit.currency for posting in postings}):
            sides = [posting for posting in postings if posting.debit.currency == currency]
            debit = Money.total((posting.debit for posting in sides), currency)
            credit = Money.total((posting.credit for posting in sides), currency)
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
    invoice_id: str,
    number: str,
    customer_id: str,
    posted_on: date,
    total: Money,
    taxes: Iterable[TaxTotal] = (),
    *,
    earns: str = REVENUE,
    deducted: Money | None = None,
) -> Entry | None:
    """Return the entry of a posted invoice; ``None`` for one of nothing, which moves no money.

    The customer owes the ``total``; what it holds of ``taxes`` the company owes to the tax office, and the rest is
    earned, or for a down payment owed to the customer (``earns``). ``deducted``, without tax, was invoiced before.
    """
    nothing = Money.zero(total.currency)
    due_before = deducted or nothing
    if not total + due_before:
        return None
    owed = ((RECEIVABLES, total), (DOWN_PAYMENTS, due_before))
    debits = tuple(Posting(account, amount, nothing) for account, amount in owed if amount)
    earned = [
        Posting(account, nothing, amount, code, ppm)
        for account, amount, code, ppm in _without_tax(total + due_before, taxes, earns)
    ]
    return Entry("invoice", invoice_id, number, customer_id, posted_on, (*debits, *earned))


def _without_tax(
    total: Money, taxes: Iterable[TaxTotal], earns: str = REVENUE
) -> Iterable[tuple[str, Money, str | None, int | None]]:
    """Give what is earned and the tax of each rate as (account, amount, code, ppm), but for what is nothing."""
    due = [each for each in taxes if each.tax]
    revenue = total - Money.total((each.tax for each in due), total.currency)
    if revenue:
        yield earns, revenue, None, None
    for each in due:
        yield OUTPUT_TAX, each.tax, each.code, each.ppm


def payment_entry(payment_id: str, number: str, customer_id: str, received_on: date, amount: Money) -> Entry:
    """Return the entry of money received: until it is allocated the company owes it to the customer."""
    return Entry("payment", payment_id, number, customer_id, received_on, _pair(BANK, ADVANCES, amount))


def allocation_entry(allocation_id: str, number: str, customer_id: str, on: date, amount: Money) -> Entry:
    """Return the entry of an allocation: what was owed to the customer pays what the customer owes."""
    return Entry("allocation", allocation_id, number, customer_id, on, _pair(ADVANCES, RECEIVABLES, amount))


def credit_note_entry(
    credit_note_id: str,
    number: str,
    customer_id: str,
    posted_on: date,
    settled: Money,
    left: Money,
    taxes: Iterable[TaxTotal] = (),
    *,
    earns: str = REVENUE,
) -> Entry:
    """Return the entry of a credit note: revenue, and the ``taxes`` on it, are taken back from what the customer owes.

    ``settled`` is what was open of the invoice; ``left``, which was paid already, the company owes to the customer.
    A down payment's ``earns`` is not revenue.
    """
    nothing = Money.zero(settled.currency)
    taken_back = tuple(
        Posting(account, amount, nothing, code, ppm)
        for account, amount, code, ppm in _without_tax(settled + left, taxes, earns)
    )
    given = ((RECEIVABLES, settled), (ADVANCES, left))
    returned = tuple(Posting(account, nothing, amount) for account, amount in given if amount)
    return Entry("credit", credit_note_id, number, customer_id, posted_on, (*taken_back, *returned))


def cost_entry(
    delivery_id: str,
    number: str,
    customer_id: str,
    on: date,
    costs: Iterable[Money | None],
    to: str = COST_OF_SALES,
) -> Entry | None:
    """Return the entry of goods that left: what they were worth is stock no more; ``None`` where nobody knows it.

    ``costs`` are those of the lines; items may be valued in several currencies, and each balances by itself. ``to``
    is where the worth goes: what is invoiced as it arrives is in transit until then.
    """
    return _moved_stock(delivery_id, number, customer_id, on, (to, STOCK), costs)


def restock_entry(
    return_id: str, number: str, customer_id: str, on: date, costs: Iterable[Money | None]
) -> Entry | None:
    """Return the entry of goods that came back and are stock again, at what they cost when they left."""
    return _moved_stock(return_id, number, customer_id, on, (STOCK, COST_OF_SALES), costs)


def _moved_stock(
    document_id: str,
    number: str,
    customer_id: str,
    on: date,
    accounts: tuple[str, str],
    costs: Iterable[Money | None],
) -> Entry | None:
    sums: dict[str, Money] = {}
    for cost in costs:
        if cost:
            sums[cost.currency] = sums.get(cost.currency, Money.zero(cost.currency)) + cost
    pairs = [posting for _, cost in sorted(sums.items()) for posting in _pair(*accounts, cost)]
    return Entry("cost", document_id, number, customer_id, on, tuple(pairs)) if pairs else None


def write_off_entry(write_off_id: str, number: str, customer_id: str, on: date, amount: Money) -> Entry:
    """Return the entry of what is given up of an invoice: a loss instead of a claim."""
    return Entry("write_off", write_off_id, number, customer_id, on, _pair(BAD_DEBT, RECEIVABLES, amount))


def write_back_entry(write_off_id: str, number: str, customer_id: str, on: date, amount: Money) -> Entry:
    """Return the counter-entry of a write-off: the claim lives again."""
    return Entry("write_back", write_off_id, number, customer_id, on, _pair(RECEIVABLES, BAD_DEBT, amount))


def refund_entry(refund_id: str, number: str, customer_id: str, on: date, amount: Money) -> Entry:
    """Return the entry of money that goes back: the company does not owe it to the customer any more."""
    return Entry("refund", refund_id, number, customer_id, on, _pair(ADVANCES, BANK, amount))
