"""Templates of quotations, each with its revisions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.options import WantedOption
from services.sales.domain.template import QuotationTemplate
from services.sales.store.paper_tables import quotation_template
from services.sales.store.papers import texts_from

_HEAD = ("id", "name", "revision", "validity_days", "superseded_by", "version")
COLUMNS = (
    *(quotation_template.c[name] for name in _HEAD),
    quotation_template.c.lines,
    quotation_template.c.texts,
)


def add(tx: Transaction, new: QuotationTemplate, by: str) -> None:
    """Store a template; the one of the same name that was current until now is superseded by it."""
    current = (quotation_template.c.name == new.name) & quotation_template.c.superseded_by.is_(None)
    bumped = {"superseded_by": new.id, "version": quotation_template.c.version + 1}
    tx.connection.execute(update(quotation_template).where(current).values(**bumped))
    row = {name: getattr(new, name) for name in _HEAD}
    row |= {"lines": [_line_data(line) for line in new.lines], "texts": asdict(new.texts)}
    tx.connection.execute(insert(quotation_template).values(**row, created_by=by, created_at=tx.now))


def find(connection: Connection, template_id: str) -> QuotationTemplate | None:
    """Return a template, or nothing."""
    query = select(*COLUMNS).where(quotation_template.c.id == template_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else from_row(row)


def from_row(row: Row[Any]) -> QuotationTemplate:
    """Return the template in a row of ``COLUMNS``."""
    head = {name: getattr(row, name) for name in _HEAD}
    lines = tuple(_line(data) for data in row.lines)
    return QuotationTemplate(**head, lines=lines, texts=texts_from(row.texts))


def _line_data(line: RequestedLine) -> dict[str, Any]:
    data = {"item_id": line.item_id, "quantity_milli": line.quantity.milli, "discount_bp": line.discount_bp}
    return data | {"option": asdict(line.option)}


def _line(data: dict[str, Any]) -> RequestedLine:
    quantity, option = Quantity(data["quantity_milli"]), WantedOption(**data["option"])
    return RequestedLine(data["item_id"], quantity, data["discount_bp"], option=option)
