"""A line of a quotation: what it costs and how it came to that, its tax, and how it may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import LineAmount, exact_text, line_amount, percent
from services.sales.domain.margins import LineMargin
from services.sales.domain.options import Choice, Option
from services.sales.domain.pricing import PriceTrace
from services.sales.domain.taxes import LineTax
from services.sales.domain.traces import from_data


@dataclass(frozen=True)
class QuotationLine(LineMargin):
    """A priced line; sku, name and unit are those of the day, whatever becomes of the item.

    ``promotion`` is what promotions took off it. ``trace_data`` is how it came to its price, as plain data, for it is
    shown more often than looked into; ``None`` where it was not asked for. Without an ``option`` it is ordered
    whatever the customer chooses.
    """

    id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Quantity
    unit_price: Price
    discount_bp: int
    amount: Money
    promotion: Money
    trace_data: Mapping[str, Any] | None
    unit_cost: Price | None = None
    option: Option | None = None
    tax: LineTax | None = None

    @property
    def choice(self) -> Choice:
        """How it is chosen."""
        return "required" if self.option is None else self.option.kind

    @property
    def group(self) -> str | None:
        """The group of which it is an alternative."""
        return None if self.option is None else self.option.group

    @property
    def included(self) -> bool:
        """Whether it counts: it is required, or part of the choice that is offered."""
        return self.option is None or self.option.included

    @property
    def price_trace(self) -> PriceTrace:
        """How the line came to its price."""
        if self.trace_data is None:
            raise LookupError(f"line {self.line_no} was read without its trace")
        return from_data(self.trace_data)

    @property
    def worth(self) -> LineAmount:
        """The amount together with the exact one."""
        return line_amount(self.unit_price, self.quantity, self.discount_bp).less(self.promotion)

    @property
    def exact_amount(self) -> str:
        """The amount before rounding, as plain digits."""
        return exact_text(self.worth.exact_e11, self.unit_price.currency)

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a percentage."""
        return percent(self.discount_bp)
