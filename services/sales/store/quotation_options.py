"""Which lines of a quotation may be chosen, and which were."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from libs.common.db import Prepared, Transaction
from services.sales.domain.options import Option
from services.sales.domain.quotation import Quotation
from services.sales.store.option_tables import quotation_choice, quotation_option

COLUMNS: tuple[ColumnElement[Any], ...] = (
    quotation_option.c.kind.label("option_kind"),
    quotation_option.c.choice_group,
    quotation_option.c.included.label("option_included"),
)
"""What ``of_row`` reads: from an outer join, for most lines are required."""

_ADD = Prepared(insert(quotation_option))
_CHOOSE = Prepared(insert(quotation_choice))


def add(tx: Transaction, new: Quotation) -> None:
    """Store which lines of a new quotation may be chosen."""
    rows = [
        {
            "line_id": line.id,
            "quotation_id": new.id,
            "kind": line.option.kind,
            "choice_group": line.option.group,
            "included": line.option.included,
        }
        for line in new.lines
        if line.option is not None
    ]
    if rows:
        tx.connection.execute(_ADD, rows)


def chosen(connection: Connection, quotation_id: str) -> tuple[int, ...]:
    """Return the ``line_no`` of each line that could be left and was ordered."""
    query = select(quotation_choice.c.line_no).where(quotation_choice.c.quotation_id == quotation_id)
    return tuple(connection.execute(query.order_by(quotation_choice.c.line_no)).scalars())


def of_row(row: Row[Any]) -> Option | None:
    """Return how the line of a row is chosen; nothing where it is required."""
    if row.option_kind is None:
        return None
    return Option(row.option_kind, row.choice_group, row.option_included)


def keep_choice(tx: Transaction, ordered: Quotation) -> None:
    """Note for good which of the lines that could be left are ordered."""
    rows = [
        {"quotation_id": ordered.id, "line_no": line.line_no, "line_id": line.id}
        for line in ordered.lines
        if line.option is not None
    ]
    if rows:
        tx.connection.execute(_CHOOSE, rows)
