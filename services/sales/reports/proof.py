"""Working every line out again: for whoever checks that documents and figures agree."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, select

from libs.common.db import Prepared
from services.sales.domain.proof import disagreements
from services.sales.domain.quotation_line import QuotationLine
from services.sales.store.lines import columns_of, priced
from services.sales.store.tables import quotation, quotation_line

AT_ONCE = 1000
_FIRST = "00000000-0000-0000-0000-000000000000"
_LINES = Prepared(
    select(*columns_of(quotation_line, "price_trace"), quotation.c.currency, quotation.c.tax_prices)
    .join(quotation, quotation.c.id == quotation_line.c.quotation_id)
    .where(quotation_line.c.id > bindparam("after"))
    .order_by(quotation_line.c.id)
    .limit(AT_ONCE)
)


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
