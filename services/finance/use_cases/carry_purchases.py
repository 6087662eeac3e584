"""Carry what is owed to suppliers in another currency in the company's books: at the rate of each document's day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.finance.domain.bought import BoughtLine
from services.finance.domain.company_books import owed_to_supplier
from services.finance.domain.exchange import Position
from services.finance.domain.ledger import Entry
from services.finance.domain.purchase_books import carried
from services.finance.domain.roles import EXCHANGE, GRNI, OPENING, PRICE_DIFFERENCE, STOCK
from services.finance.domain.terms import Terms
from services.finance.use_cases.carry_stock import carry
from services.finance.use_cases.exchange import converter


def carried_of_line(tx: Transaction, line: BoughtLine, value: Money, on: date, terms: Terms) -> Money | None:
    """Return by how much a signed ``value`` changes what is carried of a line of another currency.

    ``None``: it is in the company's own, or was never in its books. ``NoExchangeRate`` when there is no rate.
    """
    currency = line.unit_price.currency
    if currency == terms.currency or line.carried is None:
        return None
    at_rate = converter(tx, currency, on, terms)
    at_rate(value.minor)  # without a rate nothing is booked, also where none is needed
    position = Position(line.uninvoiced.minor, line.carried)
    return Money(position.change(value.minor, at_rate), terms.currency)


def with_carried(line: BoughtLine, more: Money | None) -> BoughtLine:
    """Return a line of which ``more`` is carried."""
    return line if more is None or line.carried is None else replace(line, carried=line.carried + more.minor)


def carry_goods(
    tx: Transaction, entry: Entry, owed: Sequence[tuple[Money, Money | None]], terms: Terms
) -> Entry:
    """Return the entry of goods that came in or went back with what it is carried at.

    ``owed`` are the values of the lines at the order's price beside what is carried of them. What was never in the
    company's books is an opening balance there.
    """
    own = terms.currency
    if {posting.debit.currency for posting in entry.postings} == {own}:
        return entry
    sides: list[tuple[str, Money]] = []
    for value, known in owed:
        if value.currency == own:
            continue
        if known is None:
            sides.append((OPENING, -_at_rate(tx, value, entry.posted_on, terms)))
        else:
            sides.append((GRNI, -known))
    worth = {
        posting.debit.currency: posting.debit - posting.credit
        for posting in entry.postings
        if posting.account == STOCK
    }
    sides += [
        (STOCK, carry(tx, amount, entry.posted_on, terms))
        for currency, amount in sorted(worth.items())
        if currency != own
    ]
    sides += [
        (PRICE_DIFFERENCE, _at_rate(tx, posting.debit - posting.credit, entry.posted_on, terms))
        for posting in entry.postings
        if posting.account == PRICE_DIFFERENCE and posting.debit.currency != own
    ]
    whole = {value.currency for value, _ in owed}
    return carried(entry, sides, own, EXCHANGE if worth.keys() <= whole else PRICE_DIFFERENCE)


def carry_owed(
    tx: Transaction,
    entry: Entry,
    tax: Money,
    owed: Money | None,
    cleared: Sequence[tuple[Money, Money | None]],
    terms: Terms,
    sign: int = 1,
) -> Entry:
    """Return the entry of a supplier's invoice, or with ``sign`` -1 credit note, with what it is carried at.

    ``owed`` is the document at its rate, ``None`` where it is of the company's own currency; ``cleared`` are the goods
    of its lines at the order's price, and by how much that changes what is carried of each.
    """
    if owed is None:
        return entry
    on, currency = entry.posted_on, tax.currency
    goods = Money.total((value for value, _ in cleared), currency)
    carried = Money.total(
        (each if sign < 0 else -each for _, each in cleared if each is not None), terms.currency
    )
    never = Money.total((value for value, each in cleared if each is None), currency)
    tax_at, goods_at, never_at = (_at_rate(tx, amount, on, terms) for amount in (tax, goods, never))
    return owed_to_supplier(entry, sign, owed, tax_at, goods_at, carried, never_at)


def _at_rate(tx: Transaction, amount: Money, on: date, terms: Terms) -> Money:
    return Money(converter(tx, amount.currency, on, terms)(amount.minor), terms.currency)
