"""Carry stock that is valued in another currency in the company's books: what comes in at the rate of its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.finance.domain.exchange import NoExchangeRate, Position
from services.finance.domain.ledger import Entry, Posting
from services.finance.domain.roles import STOCK, WIP
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
            carried = at_rate(minor) if credit.account != WIP else -used.change(-minor, at_rate)
            now = Position(now.open + minor, now.carried + carried)
            if credit.account == WIP:
                used = Position(used.open - minor, used.carried - carried)
        else:
            continue
        found += pair(debit.account, credit.account, Money(carried, terms.currency))
    made = any((debit.account, credit.account) == (STOCK, WIP) for debit, credit in pairs)
    found += rest_of_wip(used.carried, terms.currency, made=made)
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
