"""Entries of another currency in the company's own: at the rate of each document, with what the rates made between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from libs.common.money import Money
from services.finance.domain.ledger import Entry, Posting, postings_of
from services.finance.domain.roles import (
    ADVANCES,
    BANK,
    DOWN_PAYMENTS,
    EXCHANGE,
    GRNI,
    INPUT_VAT,
    OPENING,
    PAYABLES,
    PRICE_DIFFERENCE,
    RECEIVABLES,
)


def at_value(entry: Entry, company: Money | None) -> Entry:
    """Return ``entry`` with its postings in the company's currency, each side of which is worth ``company``.

    Each side is divided by running sums, so that both are ``company`` exactly, whatever is rounded. ``None``: the
    entry stands in its own currency alone.
    """
    if company is None:
        return entry
    debits = _divided((each for each in entry.postings if each.debit), company, debit=True)
    owed = _divided((each for each in entry.postings if each.credit), company, debit=False)
    return replace(entry, company=(*debits, *owed))


def billed(entry: Entry, claim: Money | None, before: Money | None) -> Entry:
    """Return an invoice's entry with its postings in the company's currency.

    ``claim`` is what the customer owes, ``before`` what the down payment that it deducts is carried at: of its own day,
    for what was received ahead is earned at the rate at which it was received.
    """
    if claim is None or before is None:
        return at_value(entry, claim)
    nothing = Money.zero(claim.currency)
    debits = [
        Posting(each.account, claim if each.account == RECEIVABLES else before, nothing)
        for each in entry.postings
        if each.debit
    ]
    whole = Money.total((each.debit for each in debits), claim.currency)
    earned = _divided((each for each in entry.postings if each.credit), whole, debit=False)
    return replace(entry, company=(*debits, *earned))


def _divided(postings: Iterable[Posting], company: Money, *, debit: bool) -> Iterator[Posting]:
    side = [(each, each.debit if debit else each.credit) for each in postings]
    whole = sum(amount.minor for _, amount in side)
    reached, nothing = 0, Money.zero(company.currency)
    for each, amount in side:
        before = company.share(reached, whole)
        reached += amount.minor
        value = company.share(reached, whole) - before
        sides = (value, nothing) if debit else (nothing, value)
        yield Posting(each.account, *sides, each.tax_code, each.tax_ppm)


def credited(entry: Entry, settled: Money | None, left: Money | None, received: Money | None = None) -> Entry:
    """Return a credit note's entry with its postings in the company's currency.

    ``settled`` is what goes out of the receivables, ``left`` what the customer may still use, both as carried.
    ``received`` is what a down payment that is credited is carried at; the tax bears the rest, or without tax what is
    realised, for parts that are carried by themselves may come to a cent more or less than the whole.
    """
    if settled is None or left is None:
        return entry
    nothing = Money.zero(settled.currency)
    owed = [each for each in entry.postings if each.account == DOWN_PAYMENTS and received]
    others = [each for each in entry.postings if each.debit and each not in owed]
    rest = settled + left - (received if owed and received else nothing)
    taken_back = (
        *(Posting(each.account, received or nothing, nothing) for each in owed),
        *(_divided(others, rest, debit=True) if others and rest > nothing else postings_of((EXCHANGE, rest))),
    )
    given = [
        Posting(each.account, nothing, settled if each.account == RECEIVABLES else left)
        for each in entry.postings
        if each.credit
    ]
    return replace(entry, company=(*taken_back, *given))


def allocated(entry: Entry, advance: Money | None, claim: Money | None) -> Entry:
    """Return an allocation's entry with its postings in the company's currency, and what was realised.

    ``advance`` is what the used money was carried at, ``claim`` what the settled receivable was; more money is a
    gain, less a loss. What is ``None`` was never in the company's books: its counterpart is an opening balance.
    """
    carried = advance if advance is not None else claim
    if carried is None:
        return entry
    nothing = Money.zero(carried.currency)
    debit = Posting(
        OPENING if advance is None else ADVANCES, carried if advance is None else advance, nothing
    )
    credit = Posting(OPENING if claim is None else RECEIVABLES, nothing, carried if claim is None else claim)
    realised = debit.debit - credit.credit
    difference: tuple[Posting, ...] = ()
    if realised.minor > 0:
        difference = (Posting(EXCHANGE, nothing, realised),)
    elif realised:
        difference = (Posting(EXCHANGE, -realised, nothing),)
    return replace(entry, company=(debit, credit, *difference))


def owed_to_supplier(
    entry: Entry, sign: int, owed: Money, tax: Money, goods: Money, carried: Money, before: Money
) -> Entry:
    """Return the entry of a supplier's invoice (``sign`` 1) or credit note (-1) in the company's currency.

    ``owed``, ``tax`` and ``goods`` are the total, the tax and the goods at the order's price, all at the document's
    rate; ``carried`` is what goes out of goods received, not invoiced, ``before`` what those are at that rate that were
    never in the company's books. What the rates differ by is realised; what is left of the price is a difference of it.
    """
    sides = [
        (GRNI, carried),
        (OPENING, before),
        (EXCHANGE, goods - carried - before),
        (INPUT_VAT, tax),
        (PRICE_DIFFERENCE, owed - tax - goods),
        (PAYABLES, -owed),
    ]
    return replace(
        entry, company=postings_of(*((account, amount if sign > 0 else -amount) for account, amount in sides))
    )


def paid_to_supplier(entry: Entry, money: Money, claims: Money, before: Money) -> Entry:
    """Return the entry of a payment in the company's currency.

    ``claims`` are what the paid invoices were carried at, ``before`` what the others, which were never in the
    company's books, are at the rate of the payment; ``money`` is the payment at that rate.
    """
    sides = ((PAYABLES, claims), (OPENING, before), (BANK, -money), (EXCHANGE, money - claims - before))
    return replace(entry, company=postings_of(*sides))
