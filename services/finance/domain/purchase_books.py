"""Goods that come in from suppliers and go back to them, as the ledger sees them; in the company's currency, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.money import Money
from services.finance.domain.ledger import Entry, EntryKind, postings_of
from services.finance.domain.roles import CONVERSION, GRNI, PRICE_DIFFERENCE, STOCK


@dataclass(frozen=True)
class GoodsPart:
    """What came in (or, negative, went back) of a line: at the order's ``price``, and what the stock says it is worth.

    Both are in their own currencies: what was ordered in one may be valued in another.
    """

    price: Money
    worth: Money


def goods_entry(
    kind: EntryKind, document: tuple[str, str], supplier_id: str, on: date, parts: Iterable[GoodsPart]
) -> Entry | None:
    """Return the entry of goods of a ``document`` (id, number): stock at its worth, owed for at the order's price.

    What both differ by is a difference of prices. Where they are of different currencies each is balanced by the
    account of currency clearing. ``None`` where nothing is worth or owed anything.
    """
    sums: dict[tuple[str, str], Money] = {}
    for part in parts:
        price, worth = part.price, part.worth
        sides = [(STOCK, worth), (GRNI, -price)]
        if price.currency == worth.currency:
            sides.append((PRICE_DIFFERENCE, price - worth))
        else:
            sides += [(CONVERSION, price), (CONVERSION, -worth)]
        for account, amount in sides:
            key = (account, amount.currency)
            sums[key] = sums.get(key, Money.zero(amount.currency)) + amount
    postings = postings_of(*((account, amount) for (account, _), amount in sums.items()))
    return Entry(kind, *document, None, on, postings, supplier_id=supplier_id) if postings else None


def carried(entry: Entry, values: Sequence[tuple[str, Money]], currency: str, rest: str) -> Entry:
    """Return ``entry`` with what its postings of other currencies are carried at in the company's ``currency``.

    ``values`` are those of its accounts, signed; currency clearing comes out at nothing there, and what the rates
    make of it goes to the account ``rest``.
    """
    cleared = Money.total(
        (
            each.debit - each.credit
            for each in entry.postings
            if each.account == CONVERSION and each.debit.currency == currency
        ),
        currency,
    )
    sides = [*values, (CONVERSION, -cleared)]
    left = Money.total((amount for _, amount in sides), currency)
    return replace(entry, company=postings_of(*sides, (rest, -left)))
