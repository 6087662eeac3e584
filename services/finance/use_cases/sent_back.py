"""Book goods that went back to their supplier: their value leaves stock, and they are not owed for any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.purchase_books import GoodsPart, goods_entry
from services.finance.domain.terms import Terms
from services.finance.store import bought, ledger, periods, sent_back
from services.finance.use_cases.carry_purchases import carried_of_line, carry_goods, with_carried


@dataclass(frozen=True)
class SentBackLine:
    """How much of a line of the purchase order went back; ``value`` is what the stock is worth less."""

    line_no: int
    line_id: str
    quantity: Quantity
    value: Money | None = None


@dataclass(frozen=True)
class SentBack:
    """Goods of a purchase order left on their way back."""

    supplier_return_id: str
    number: str
    supplier_id: str
    purchase_order_id: str
    shipped_on: date
    lines: tuple[SentBackLine, ...]


def book_sent_back(tx: Transaction, told: SentBack, terms: Terms) -> None:
    """Count and book what went back, once, at the order's price; of a closed period on the first open day.

    Where it was invoiced already, what the supplier has to credit stands in goods received, not invoiced, until then.
    """
    bought.lock_suppliers(tx.connection, [told.supplier_id])
    conversation = bought.conversation_of(tx.connection, told.purchase_order_id)
    if conversation is None:
        raise Later(f"purchase order {told.purchase_order_id} is not here yet")
    if sent_back.is_known(tx.connection, told.supplier_return_id):
        return
    on = periods.lock_now(tx.connection).first_open(told.shipped_on)
    lines = bought.lines(tx.connection, (line.line_id for line in told.lines))
    parts, owed, rows = [], [], []
    for line in told.lines:
        seen = lines.get(line.line_id)
        if seen is None or seen.received < line.quantity:
            raise Later(f"the receipt of {line.quantity} of line {line.line_id} is not here yet")
        after = seen.received - line.quantity
        value = seen.value_between(after, seen.received)
        carried = carried_of_line(tx, seen, -value, on, terms)
        lines[line.line_id] = with_carried(replace(seen, received=after), carried)
        worth = line.value or Money.zero(value.currency)
        parts.append(GoodsPart(-value, -worth))
        owed.append((-value, carried))
        rows.append(sent_back.Row(line.line_no, line.line_id, line.quantity, value, carried))
    head = {
        "return_id": told.supplier_return_id,
        "number": told.number,
        "supplier_id": told.supplier_id,
        "purchase_order_id": told.purchase_order_id,
        "shipped_on": told.shipped_on,
        "booked_on": on,
    }
    sent_back.add(tx, head, rows)
    document = (told.supplier_return_id, told.number)
    entry = goods_entry("supplier_return", document, told.supplier_id, on, parts)
    if entry is not None:
        ledger.book(tx, carry_goods(tx, entry, owed, terms), conversation)
