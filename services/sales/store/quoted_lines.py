"""The lines that were quoted last, each with its quotation: what a new rule is tried on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.sales.domain.quotation_line import QuotationLine
from services.sales.store import quotation_options
from services.sales.store.lines import columns_of
from services.sales.store.option_tables import quotation_option
from services.sales.store.quotations import line_from_row
from services.sales.store.tables import quotation, quotation_line


@dataclass(frozen=True)
class QuotedLine:
    """A line with its trace, and whose quotation it is on."""

    quotation_id: str
    number: str
    customer_id: str
    line: QuotationLine


def last_quoted(
    connection: Connection, currency: str, item_ids: Collection[str], last: int
) -> list[QuotedLine]:
    """Return the lines of ``item_ids`` on the ``last`` quotations in the currency, the newest quotation first."""
    newest = (
        select(quotation.c.id)
        .where(quotation.c.currency == currency)
        .order_by(quotation.c.id.desc())
        .limit(last)
        .subquery()
    )
    query = (
        select(
            quotation.c.number,
            quotation.c.customer_id,
            quotation.c.currency,
            quotation.c.tax_prices,
            quotation_line.c.quotation_id,
            *columns_of(quotation_line, "price_trace"),
            *quotation_options.COLUMNS,
        )
        .join(newest, newest.c.id == quotation.c.id)
        .join(quotation_line, quotation_line.c.quotation_id == quotation.c.id)
        .outerjoin(quotation_option, quotation_option.c.line_id == quotation_line.c.id)
        .order_by(quotation.c.id.desc(), quotation_line.c.line_no)
    )
    wanted = frozenset(item_ids)
    return [
        QuotedLine(row.quotation_id, row.number, row.customer_id, line_from_row(row))
        for row in connection.execute(query)
        if row.item_id in wanted
    ]
