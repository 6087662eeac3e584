"""Working every quotation's tax out again by the rule that it keeps: for whoever checks that documents agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, true

from libs.common.db import Prepared
from libs.common.money import Money
from services.sales.domain.taxes import TaxedAmount, TaxRule, tax_amounts
from services.sales.store.option_tables import quotation_option
from services.sales.store.tables import quotation, quotation_line

AT_ONCE = 500
_FIRST = "00000000-0000-0000-0000-000000000000"
_HEADS = Prepared(
    select(
        quotation.c.id,
        quotation.c.number,
        quotation.c.currency,
        quotation.c.total_minor,
        quotation.c.tax_minor,
        quotation.c.tax_prices,
        quotation.c.tax_rounding,
    )
    .where(quotation.c.id > bindparam("after"))
    .order_by(quotation.c.id)
    .limit(AT_ONCE)
)
_LINES = Prepared(
    select(
        quotation_line.c.quotation_id,
        quotation_line.c.amount_minor,
        quotation_line.c.tax_code,
        quotation_line.c.tax_ppm,
        quotation_line.c.tax_minor,
        func.coalesce(quotation_option.c.included, true()).label("counts"),
    )
    .select_from(
        quotation_line.outerjoin(quotation_option, quotation_option.c.line_id == quotation_line.c.id)
    )
    .where(quotation_line.c.quotation_id.in_(bindparam("ids", expanding=True)))
    .order_by(quotation_line.c.quotation_id, quotation_line.c.line_no)
)


def documents_whose_tax_disagrees(connection: Connection) -> Iterator[str]:
    """Give the number of each quotation whose tax, or total with it, comes out otherwise."""
    after = _FIRST
    while heads := connection.execute(_HEADS, {"after": after}).all():
        lines: dict[str, list[Row[Any]]] = defaultdict(list)
        for line in connection.execute(_LINES, {"ids": [head.id for head in heads]}):
            lines[line.quotation_id].append(line)
        yield from (head.number for head in heads if not _agrees(head, lines[head.id]))
        after = heads[-1].id


def _agrees(head: Row[Any], lines: list[Row[Any]]) -> bool:
    rule = TaxRule(head.tax_prices, head.tax_rounding)
    taxed = [line for line in lines if line.tax_code is not None]
    again = tax_amounts(
        [
            TaxedAmount(
                Money(line.amount_minor, head.currency), line.tax_code, line.tax_ppm, bool(line.counts)
            )
            for line in taxed
        ],
        rule,
    )
    tax = sum(each.minor for each, line in zip(again, taxed, strict=True) if line.counts)
    priced = sum(line.amount_minor for line in lines if line.counts)
    return (
        [each.minor for each in again] == [line.tax_minor for line in taxed]
        and not any(line.tax_minor for line in lines if line.tax_code is None)
        and (head.tax_minor, head.total_minor) == (tax, priced + (0 if rule.inclusive else tax))
    )
