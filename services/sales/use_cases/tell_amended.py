"""How a changed order is told of: what each line that changed was before and is after."""

from __future__ import annotations

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.kept import Kept
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.order_change import LineChange, OrderChange
from services.sales.events import AmendedLine, LineTerms, OrderAmended


def amended_event(order: Order, change: OrderChange) -> OrderAmended:
    """Return what is told of ``order``, which reads as ``change`` says."""
    return OrderAmended(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        change_id=change.id,
        change_no=change.no,
        reason=change.reason,
        total_before=change.total_before,
        total=order.total,
        tax=order.tax,
        lines=tuple(_line(each) for each in change.lines),
        promised_on=order.promised_on,
    )


def _line(each: LineChange) -> AmendedLine:
    line = each.line
    return AmendedLine(
        order_line_id=line.id,
        line_no=line.line_no,
        item_id=line.item_id,
        sku=line.sku,
        name=line.name,
        before=None if each.before is None else line_terms(each.before),
        after=None if each.after is None else line_terms(each.after),
    )


def line_terms(line: OrderLine) -> LineTerms:
    """Return what a line says, as others are told it."""
    nothing = Money.zero(line.amount.currency)
    kept = line.kept or Kept(Quantity.zero(), nothing, nothing)
    return LineTerms(
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        amount=line.amount,
        net=line.net,
        tax=line.tax_amount,
        tax_code=line.tax.code if line.tax else None,
        tax_percent=line.tax.percent if line.tax else None,
        kept=kept.quantity,
        kept_net=kept.net,
        kept_tax=kept.tax,
    )
