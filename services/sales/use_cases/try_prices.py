"""Try prices: what these items would cost this customer on a day, and why, with nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.sales.domain.items import Customer
from services.sales.domain.line_pricing import Pen, RequestedLine, TriedLine
from services.sales.domain.quotation import check_line_count, total_of
from services.sales.domain.terms import Terms
from services.sales.use_cases.price_lines import Wish, customer_shown, try_lines


@dataclass(frozen=True)
class TryPrices:
    """What is asked: any day, also one to come (``None``: today); ``only_owner`` as in ``IssueQuotation``."""

    customer_id: str
    lines: tuple[RequestedLine, ...]
    pen: Pen
    only_owner: str | None = None
    on: date | None = None
    channel: str | None = None
    coupon: str | None = None


@dataclass(frozen=True)
class TriedPrices:
    """What a quotation of that day would say; total and tax, which it contains, are of the lines that have a price."""

    customer: Customer
    on: date
    channel: str | None
    lines: tuple[TriedLine, ...]
    total: Money
    tax: Money


def try_prices(tx: Transaction, command: TryPrices, terms: Terms) -> TriedPrices:
    """Price the lines as a quotation would, and refuse what it would refuse, but for a missing price."""
    check_line_count(len(command.lines))
    customer = customer_shown(tx, command.customer_id, command.only_owner)
    on = command.on or terms.today(tx.now)
    wish = Wish(customer, command.lines, on, command.pen, command.channel, command.coupon)
    tried = try_lines(tx, wish)
    priced = [line.amount for line in tried.lines if line.amount is not None]
    taxes = [line.tax.amount for line in tried.lines if line.tax is not None]
    on_top = [] if tried.tax_rule.inclusive else taxes
    return TriedPrices(
        customer=customer,
        on=on,
        channel=command.channel,
        lines=tried.lines,
        total=total_of((*priced, *on_top), customer.currency),
        tax=total_of(taxes, customer.currency),
    )
