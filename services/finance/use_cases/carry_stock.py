"""Carry stock that is valued in another currency in the company's books: what comes in at the rate of its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.finance.domain.exchange import NoExchangeRate, Position
from services.finance.domain.ledger import Entry, Posting, postings_of
from services.finance.domain.roles import COST_OF_SALES, IN_TRANSIT, STOCK, WIP
from services.finance.domain.stock_value import pair, rest_of_wip
from services.finance.domain.terms import Terms
from services.finance.store import carried_stock
from services.finance.use_cases.exchange import converter


def carry_pairs(tx: Transaction, entry: Entry, terms: Terms) -> Entry:
    """Return an entry whose postings come in pairs with what those of other currencies are carried at.

    What goes out of stock takes its share of what all stock of that currency is carried at. A currency without a rate
    that one would need stays out of the company's books.
    """
    pairs = list(zip(entry.postings[::2], entry.postings[1::2], strict=True))
    foreign = sorted({debit.debit.currency for debit, _ in pairs} - {terms.currency})
    found: list[Posting] = []
    for currency in foreign:
        of_it = [each for each in pairs if each[0].debit.currency == currency]
        try:
            found += list(_carried(tx, of_it, currency, entry.posted_on, terms))
        except NoExchangeRate:
            continue
    return replace(entry, company=(*entry.company, *found))


def _carried(
    tx: Transaction, pairs: Sequence[tuple[Posting, Posting]], currency: str, day: date, terms: Terms
) -> Iterator[Posting]:
    at_rate = converter(tx, currency, day, terms)
    before = now = carried_stock.lock(tx, currency, terms.currency)
    used = Position(0, 0)
    found: list[Posting] = []
    for debit, credit in pairs:
        minor = debit.debit.minor
        if credit.account == STOCK:
            carried = -now.change(-minor, at_rate)
            now = Position(now.open - minor, now.carried - carried)
            if debit.account == WIP:
                used = Position(used.open + minor, used.carried + carried)
        elif debit.account == STOCK:
            made = credit.account == WIP and now.open >= 0
            carried = -used.change(-minor, at_rate) if made else now.change(minor, at_rate)
            now = Position(now.open + minor, now.carried + carried)
            if credit.account == WIP:
                used = Position(used.open - minor, used.carried - carried)
        else:
            continue
        found += pair(debit.account, credit.account, Money(carried, terms.currency))
    anything_made = any((debit.account, credit.account) == (STOCK, WIP) for debit, credit in pairs)
    found += rest_of_wip(used.carried, terms.currency, made=anything_made)
    if now != before:
        carried_stock.save(tx, currency, terms.currency, now)
    return iter(found)


def carry(tx: Transaction, amount: Money, day: date, terms: Terms) -> Money:
    """Add a signed ``amount`` of stock of another currency to what is carried; return by how much that changes.

    ``NoExchangeRate`` when a rate is needed that there is not.
    """
    before = carried_stock.lock(tx, amount.currency, terms.currency)
    change = before.change(amount.minor, converter(tx, amount.currency, day, terms))
    after = Position(before.open + amount.minor, before.carried + change)
    carried_stock.save(tx, amount.currency, terms.currency, after)
    return Money(change, terms.currency)


def carry_off_the_way(
    tx: Transaction, entry: Entry, delivery_id: str, left: Mapping[str, Money], terms: Terms
) -> Entry:
    """Return the entry of goods that arrived or came back with what those of other currencies are carried at.

    What was on the way with the delivery goes at its share of what it was carried at when it left; ``left`` is what of
    its worth was on the way until now, by currency. What of that is stock again stays carried at it; what is stock
    again and was invoiced before comes in at the rate of the day.
    """
    foreign = sorted({each.debit.currency for each in entry.postings} - {terms.currency})
    sent = carried_stock.sent_off(tx.connection, delivery_id, terms.currency) if foreign else {}
    found: list[Posting] = []
    for currency in foreign:
        stock, gone = (_net(entry, role, currency) for role in (STOCK, IN_TRANSIT))
        whole, nothing = sent.get(currency), Money.zero(currency)
        out = whole.part(left.get(currency, nothing), -gone) if whole else None
        try:
            value = _came_in(tx, stock, -gone, out, entry.posted_on, terms)
        except NoExchangeRate:
            value = Money.zero(terms.currency)
        off = out or Money.zero(terms.currency)
        found += postings_of((STOCK, value), (IN_TRANSIT, -off), (COST_OF_SALES, off - value))
    return replace(entry, company=(*entry.company, *found))


def _net(entry: Entry, role: str, currency: str) -> Money:
    found = [each for each in entry.postings if each.account == role and each.debit.currency == currency]
    return Money.total((each.debit - each.credit for each in found), currency)


def _came_in(tx: Transaction, stock: Money, gone: Money, out: Money | None, day: date, terms: Terms) -> Money:
    """Add what is stock again to what is carried; return at what. ``out``: at what all that is ``gone`` was carried."""
    unsold = min(stock, gone)
    sold = stock - unsold
    value = Money.zero(terms.currency)
    if unsold and out is not None:
        value = _add(tx, unsold, out.share(unsold.minor, gone.minor), day, terms)
    return value + carry(tx, sold, day, terms) if sold else value


def _add(tx: Transaction, amount: Money, value: Money, day: date, terms: Terms) -> Money:
    before = carried_stock.lock(tx, amount.currency, terms.currency)
    if before.open < 0:  # what left is heard of first: it takes that back
        return carry(tx, amount, day, terms)
    after = Position(before.open + amount.minor, before.carried + value.minor)
    carried_stock.save(tx, amount.currency, terms.currency, after)
    return value
