"""Whether a line is what its trace says: price, promotions and amount worked out once more from the trace alone."""

from __future__ import annotations

from collections.abc import Iterator

from libs.common.money import Money
from services.sales.domain.amounts import line_amount
from services.sales.domain.pricing import PriceTrace, recompute
from services.sales.domain.promoting import Promoted, promote_again
from services.sales.domain.promotion_traces import promoted_of
from services.sales.domain.quotation_line import QuotationLine


def disagreements(line: QuotationLine) -> Iterator[str]:
    """Give the names of what the line says otherwise than its trace, worked out again, does."""
    trace = line.price_trace
    promoted = promoted_of(line.trace_data or {}, trace)
    if recompute(trace) != trace:
        yield "price_trace"
    if promoted is not None and promote_again(promoted, promoted.sale.unit_price) != promoted:
        yield "promotions"
    for name, said in _told(line, trace, promoted).items():
        if getattr(line, name) != said:
            yield name


def _told(line: QuotationLine, trace: PriceTrace, promoted: Promoted | None) -> dict[str, object]:
    """Return what the trace says about the figures of the line; one of before the promotions knows no discount."""
    told: dict[str, object] = {
        "item_id": trace.occasion.item_id,
        "quantity": trace.occasion.quantity,
        "unit_price": trace.price,
    }
    cost = trace.occasion.unit_cost
    if cost is not None and cost.currency == line.unit_price.currency:
        told["unit_cost"] = cost
    if promoted is not None:
        worth, off = promoted.worth, promoted.off
        return told | {"discount_bp": promoted.sale.discount_bp, "promotion": off, "amount": worth.amount}
    plain = line_amount(line.unit_price, line.quantity, line.discount_bp)
    return told | {"promotion": Money.zero(line.amount.currency), "amount": plain.amount}
