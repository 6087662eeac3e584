"""Price what a customer wants: look up what may price it, try it all, and say why; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from services.sales.domain import line_pricing as rules
from services.sales.domain.audience import Buyer
from services.sales.domain.errors import UnknownCustomer
from services.sales.domain.items import Customer, Item
from services.sales.domain.line_pricing import Pen, RequestedLine, TriedLine
from services.sales.domain.pricing import PriceTrace, find_price, occasion_for
from services.sales.domain.quotation import QuotationLine
from services.sales.store import customers, items, policies
from services.sales.store.policies import NO_RULES


@dataclass(frozen=True)
class Wish:
    """What a customer wants priced, as of which day, by whom, and by which channel."""

    customer: Customer
    lines: tuple[RequestedLine, ...]
    on: date
    pen: Pen
    channel: str | None = None


def customer_shown(tx: Transaction, customer_id: str, only_owner: str | None) -> Customer:
    """Return the customer, if a salesperson who sees ``only_owner``'s customers may serve him."""
    found = customers.find_shown(tx.connection, customer_id, only_owner)
    if found is None:
        raise UnknownCustomer(f"there is no customer {customer_id}", field="customer_id")
    return found


def price_lines(tx: Transaction, wish: Wish) -> tuple[QuotationLine, ...]:
    """Return every line with its price; a line without one is refused by its place."""
    return tuple(
        rules.price_line(
            tx.new_id(), index, line, item, rules.settle_price(index, line.unit_price, trace, wish.pen)
        )
        for index, (line, item, trace) in enumerate(_traced(tx, wish))
    )


def try_lines(tx: Transaction, wish: Wish) -> tuple[TriedLine, ...]:
    """Return how every line would be priced; one that nothing prices has its trace all the same."""
    return tuple(
        rules.try_line(index, line, item, trace)
        for index, (line, item, trace) in enumerate(_traced(tx, wish))
    )


def _traced(tx: Transaction, wish: Wish) -> Iterator[tuple[RequestedLine, Item, PriceTrace]]:
    customer, item_ids = wish.customer, [line.item_id for line in wish.lines]
    known = items.known(tx.connection, item_ids)
    buyer = Buyer(customer.id, customer.group, wish.channel, customer.region)
    found = policies.rules_for(tx.connection, item_ids, buyer)
    for index, line in enumerate(wish.lines):
        item = rules.check_line(index, line, known.get(line.item_id), customer.currency)
        occasion = occasion_for(buyer, item.id, customer.currency, line.quantity, wish.on)
        yield line, item, find_price(occasion, *found.get(item.id, NO_RULES))
