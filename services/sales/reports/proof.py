"""Working every line out again: for whoever checks that documents and figures agree."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, or_, select

from libs.common.db import Prepared
from services.sales.domain.promotion_traces import gave
from services.sales.domain.proof import disagreements
from services.sales.domain.quotation_line import QuotationLine
from services.sales.store.lines import columns_of, priced
from services.sales.store.option_tables import quotation_choice, quotation_option
from services.sales.store.tables import coupon_use, quotation, quotation_line, sales_order

AT_ONCE = 1000
_FIRST = "00000000-0000-0000-0000-000000000000"
_LINES = Prepared(
    select(*columns_of(quotation_line, "price_trace"), quotation.c.currency, quotation.c.tax_prices)
    .join(quotation, quotation.c.id == quotation_line.c.quotation_id)
    .where(quotation_line.c.id > bindparam("after"))
    .order_by(quotation_line.c.id)
    .limit(AT_ONCE)
)


def coupons_that_disagree(connection: Connection) -> Iterator[str]:
    """Give the number of each order whose coupon is used though it took nothing off it, or took something unused."""
    ordered = (
        select(sales_order.c.number, quotation.c.coupon, coupon_use.c.order_id, quotation_line.c.price_trace)
        .join(quotation, quotation.c.id == sales_order.c.quotation_id)
        .join(quotation_line, quotation_line.c.quotation_id == quotation.c.id)
        .outerjoin(quotation_option, quotation_option.c.line_id == quotation_line.c.id)
        .outerjoin(quotation_choice, quotation_choice.c.line_id == quotation_line.c.id)
        .outerjoin(coupon_use, coupon_use.c.order_id == sales_order.c.id)
        .where(
            quotation.c.coupon.is_not(None),
            or_(quotation_option.c.line_id.is_(None), quotation_choice.c.line_id.is_not(None)),
        )
    )
    took: dict[str, bool] = {}
    used: dict[str, bool] = {}
    for row in connection.execute(ordered):
        took[row.number] = took.get(row.number, False) or gave(row.price_trace, row.coupon)
        used[row.number] = row.order_id is not None
    return (number for number in sorted(took) if took[number] != used[number])


def lines_that_disagree(connection: Connection) -> Iterator[str]:
    """Give each quotation line that is not what its trace says, with the names of what differs."""
    after = _FIRST
    while rows := connection.execute(_LINES, {"after": after}).all():
        for row in rows:
            line = QuotationLine(**priced(row, row.currency, row.tax_prices), trace_data=row.price_trace)
            wrong = list(disagreements(line))
            if wrong:
                yield f"{line.id} ({', '.join(wrong)})"
        after = rows[-1].line_id
