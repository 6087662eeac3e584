"""Work out the tax on lines that are priced: by the setting of the day, the customer's code and the items'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.sales.domain.errors import AmountTooLarge
from services.sales.domain.items import Customer, Item
from services.sales.domain.taxes import LineTax, TaxedAmount, TaxRule, line_taxes
from services.sales.store import taxes


@dataclass(frozen=True)
class WorkedOut:
    """The tax of each line, in their sequence, and the rule that it was worked out by."""

    lines: list[LineTax | None]
    rule: TaxRule


def tax_lines(
    tx: Transaction,
    customer: Customer,
    on: date,
    amounts: Sequence[tuple[Item, Money, bool]],
    field: str = "issued_on",
) -> WorkedOut:
    """Return the tax on what a customer pays for items on a day; nothing as long as no setting holds on it.

    Each amount comes with its item and whether it counts (``TaxedAmount``). ``field`` is what the caller gave the
    day by.
    """
    terms = taxes.terms_on(tx.connection, on)
    lines = []
    for item, amount, counts in amounts:
        code = terms.code_for(item.tax_code, customer.tax_code)
        lines.append(TaxedAmount(amount, code, terms.rate_for(code, on, field), counts))
    try:
        return WorkedOut(line_taxes(lines, terms.setting.rule), terms.setting.rule)
    except ValueError:
        raise AmountTooLarge("the tax on the lines cannot be booked", field="lines") from None
