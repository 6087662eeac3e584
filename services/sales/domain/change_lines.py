"""An order line as plain data, as a change keeps it: what was agreed, not how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.kept import Kept
from services.sales.domain.order import OrderLine
from services.sales.domain.taxes import LineTax

_PLAIN = ("id", "line_no", "item_id", "sku", "name", "uom", "discount_bp")


def to_data(line: OrderLine) -> dict[str, Any]:
    """Return what was agreed on a line."""
    kept = line.kept
    return {name: getattr(line, name) for name in _PLAIN} | {
        "quantity": line.quantity.milli,
        "unit_price": line.unit_price.e4,
        "currency": line.unit_price.currency,
        "amount": line.amount.minor,
        "promotion": line.promotion.minor,
        "unit_cost": None if line.unit_cost is None else [line.unit_cost.e4, line.unit_cost.currency],
        "tax": None
        if line.tax is None
        else [line.tax.code, line.tax.ppm, line.tax.amount.minor, line.tax.included],
        "kept": None if kept is None else [kept.quantity.milli, kept.net.minor, kept.tax.minor],
    }


def from_data(data: Mapping[str, Any]) -> OrderLine:
    """Return the line in ``data``, of which nothing is shipped or invoiced."""
    currency, nothing = str(data["currency"]), Quantity.zero()
    return OrderLine(
        **{name: data[name] for name in _PLAIN},
        quantity=Quantity(data["quantity"]),
        unit_price=Price(data["unit_price"], currency),
        amount=Money(data["amount"], currency),
        promotion=Money(data["promotion"], currency),
        unit_cost=None if data["unit_cost"] is None else Price(*data["unit_cost"]),
        tax=_tax(data["tax"], currency),
        kept=_kept(data["kept"], currency),
        shipped=nothing,
        invoiced=nothing,
        given_up=nothing,
    )


def _tax(data: list[Any] | None, currency: str) -> LineTax | None:
    if data is None:
        return None
    code, ppm, minor, included = data
    return LineTax(code, ppm, Money(minor, currency), included)


def _kept(data: list[int] | None, currency: str) -> Kept | None:
    if data is None:
        return None
    milli, net, tax = data
    return Kept(Quantity(milli), Money(net, currency), Money(tax, currency))


def as_agreed(line: OrderLine) -> OrderLine:
    """Return the line without how far it has come, for comparing what was agreed."""
    return from_data(to_data(line))
