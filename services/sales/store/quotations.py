"""Quotations with their lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from libs.common.db import Prepared, Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from services.sales.domain.quotation import OPEN, Quotation
from services.sales.domain.quotation_line import QuotationLine
from services.sales.store import quotation_options
from services.sales.store.customers import SHOWN
from services.sales.store.lines import (
    columns_of,
    cost_values,
    head_tax,
    head_tax_columns,
    head_tax_values,
    priced,
    tax_values,
    ticket_columns,
    ticket_of,
)
from services.sales.store.option_tables import quotation_option
from services.sales.store.tables import customer, quotation, quotation_line

_HEAD = (
    "id",
    "number",
    "state",
    "customer_id",
    "currency",
    "issued_on",
    "valid_until",
    "promised_on",
    "rounding_e11",
    "lines_rounded",
    "order_id",
    "decline_reason",
    "created_by",
    "revision",
    "revises",
    "superseded_by",
    "channel",
    "coupon",
    "approval_id",
    "version",
    "order_type",
    "order_type_version",
    "opportunity_id",
)
COLUMNS = (
    *(quotation.c[name] for name in _HEAD),
    quotation.c.total_minor,
    *head_tax_columns(quotation),
    *ticket_columns(quotation),
)
_THIS = quotation.c.id == bindparam("of_id")
# Lines never change, so they may be read beside the row that is locked; there is no quotation without any.
_PRICED = (
    select(*COLUMNS, *columns_of(quotation_line), *quotation_options.COLUMNS)
    .join(customer, customer.c.id == quotation.c.customer_id)
    .join(quotation_line, quotation_line.c.quotation_id == quotation.c.id)
    .outerjoin(quotation_option, quotation_option.c.line_id == quotation_line.c.id)
    .where(_THIS, SHOWN)
    .order_by(quotation_line.c.line_no)
)
_SHOWN = _PRICED.add_columns(quotation_line.c.price_trace)
_FIND = Prepared(_SHOWN)
_LOCK = Prepared(_SHOWN.with_for_update(of=quotation))
_LOCK_PRICED = Prepared(_PRICED.with_for_update(of=quotation))
_ADD = Prepared(insert(quotation))
_ADD_LINES = Prepared(insert(quotation_line))
_SAVE = Prepared(update(quotation).where(_THIS, quotation.c.version == bindparam("of_version")))


def add(tx: Transaction, new: Quotation) -> None:
    """Store a new quotation with its lines."""
    head = {name: getattr(new, name) for name in _HEAD} | {"total_minor": new.total.minor}
    head |= head_tax_values(new) | vars(new.ticket)
    tx.connection.execute(_ADD, head | {"created_at": tx.now, "updated_at": tx.now})
    tx.connection.execute(_ADD_LINES, [_line_values(new.id, line) for line in new.lines])
    quotation_options.add(tx, new)


def _line_values(quotation_id: str, line: QuotationLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "quotation_id": quotation_id,
        "line_no": line.line_no,
        "item_id": line.item_id,
        "sku": line.sku,
        "name": line.name,
        "uom": line.uom,
        "quantity_milli": line.quantity,
        "unit_price_e4": line.unit_price.e4,
        "discount_bp": line.discount_bp,
        "amount_minor": line.amount.minor,
        "price_trace": line.trace_data,
        "promotion_minor": line.promotion.minor,
        **cost_values(line),
        **tax_values(line.tax),
    }


def find(connection: Connection, quotation_id: str, only_owner: str | None = None) -> Quotation | None:
    """Return a quotation with its lines, or nothing.

    One of a customer whom a salesperson who sees ``only_owner``'s customers may not know of is not found.
    """
    return _one(connection, _FIND, quotation_id, only_owner)


def find_by_number(connection: Connection, number: str) -> Quotation | None:
    """Return a quotation with its lines by its number, or nothing."""
    query = select(quotation.c.id).where(quotation.c.number == number)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else find(connection, found)


def lock(connection: Connection, quotation_id: str, only_owner: str | None = None) -> Quotation | None:
    """Return a quotation as ``find`` does, kept to this transaction until it ends."""
    return _one(connection, _LOCK, quotation_id, only_owner)


def lock_priced(connection: Connection, quotation_id: str, only_owner: str | None = None) -> Quotation | None:
    """Return a quotation as ``lock`` does, but without how its lines came to their prices."""
    return _one(connection, _LOCK_PRICED, quotation_id, only_owner)


def _one(
    connection: Connection, statement: Prepared, quotation_id: str, only_owner: str | None
) -> Quotation | None:
    rows = connection.execute(statement, {"of_id": quotation_id, "only_owner": only_owner}).all()
    return from_row(rows[0], tuple(line_from_row(row) for row in rows)) if rows else None


def from_row(row: Row[Any], lines: tuple[QuotationLine, ...] = ()) -> Quotation:
    """Return the quotation in a row of ``COLUMNS``."""
    head = {name: getattr(row, name) for name in _HEAD}
    total = Money(row.total_minor, row.currency)
    return Quotation(total=total, lines=lines, ticket=ticket_of(row), **head, **head_tax(row))


def line_from_row(row: Row[Any]) -> QuotationLine:
    """Return the line in a row that has its columns, with its trace where that was asked for."""
    data, option = getattr(row, "price_trace", None), quotation_options.of_row(row)
    return QuotationLine(**priced(row, row.currency, row.tax_prices), trace_data=data, option=option)


def save(tx: Transaction, changed: Quotation) -> Quotation:
    """Store the head of a changed quotation as its next version, and return that."""
    values = {
        "of_id": changed.id,
        "of_version": changed.version,
        "state": changed.state,
        "order_id": changed.order_id,
        "decline_reason": changed.decline_reason,
        "superseded_by": changed.superseded_by,
        "approval_id": changed.approval_id,
        "version": changed.version + 1,
        "updated_at": tx.now,
    }
    if tx.connection.execute(_SAVE, values).rowcount != 1:
        raise VersionMismatch(f"{changed.number} was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def overdue(connection: Connection, today: date, limit: int) -> list[str]:
    """Return the ids of open quotations whose last day has passed, the oldest first."""
    statement = (
        select(quotation.c.id)
        .where(quotation.c.state.in_(OPEN), quotation.c.valid_until < today)
        .order_by(quotation.c.valid_until, quotation.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())
