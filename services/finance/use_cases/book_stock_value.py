"""Book what changed the value of stock and is neither a sale nor a purchase: counts, scrap, revaluation, production."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.finance.domain.stock_value import ValueChange, stock_value_entry
from services.finance.domain.terms import Terms
from services.finance.store import ledger, periods
from services.finance.use_cases.carry_stock import carry_pairs


@dataclass(frozen=True)
class ValuedLine:
    """What a move of ``kind`` made the stock worth more or less."""

    kind: str
    value: Money


@dataclass(frozen=True)
class StockValued:
    """A document that changed what stock is worth; ``change_id`` comes once."""

    change_id: str
    document_id: str
    number: str
    valued_on: date
    lines: tuple[ValuedLine, ...]


def book_stock_value(tx: Transaction, told: StockValued, terms: Terms) -> None:
    """Book the change, once; one of a closed period on the first open day."""
    if ledger.is_booked(tx.connection, "stock_value", told.change_id):
        return
    on = periods.lock_now(tx.connection).first_open(told.valued_on)
    changes = (ValueChange(line.kind, line.value) for line in told.lines)
    entry = stock_value_entry(told.change_id, told.number, on, changes)
    if entry is not None:
        ledger.book(tx, carry_pairs(tx, entry, terms), tx.cause.correlation_id or told.document_id)
