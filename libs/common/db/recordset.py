"""Many rows as one value: an insert of hundreds of rows is one short text with one parameter.

As rows of parameters, a thousand lines are ten thousand values that the driver writes one by one, in Python, into a
text that the server plans anew; as one JSON text they are written by C code, and the plan is kept. PostgreSQL only:
SQLite runs the statement for each row in its own process, which costs less than reading JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Dialect,
    Insert,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)

from libs.common.db.form import Form

Rows = Sequence[Mapping[str, Any]]
ROWS = "rows"


def can_be_one_value(statement: Any, dialect: Dialect) -> bool:
    """Tell whether ``statement`` is an insert of given rows into PostgreSQL that answers nothing."""
    plain = isinstance(statement, Insert) and not (statement._returning or statement._values)  # noqa: SLF001
    return plain and dialect.name == "postgresql"


def from_recordset(statement: Any, names: Sequence[str]) -> Insert:
    """Return the insert of ``names`` out of the parameter ``rows``, a JSON text; what a conflict leads to stays."""
    chosen = select(*recordset([statement.table.c[name] for name in names]).c)
    taken: Insert = statement.from_select(list(names), chosen, include_defaults=False)
    return taken


def recordset(columns: Sequence[Column[Any]]) -> TableValuedAlias:
    """Return the rows in the parameter ``rows`` as a table of ``columns``, for a statement to select from."""
    return (
        func.json_to_recordset(cast(bindparam(ROWS, type_=Text), JSON))
        .table_valued(*(column(each.name, each.type) for each in columns))
        .render_derived(name="given", with_types=True)
    )


def as_one_value(
    statement: Any, columns: Mapping[str, Column[Any]], names: Sequence[str], dialect: Dialect
) -> Form:
    """Return the form of a statement that selects from ``recordset``; it runs with all rows as its one value."""
    write = writer(columns, names, dialect)
    return Form(statement.compile(dialect=dialect), dialect, {ROWS: ""}, {ROWS: write})


def writer(
    columns: Mapping[str, Column[Any]], names: Sequence[str], dialect: Dialect
) -> Callable[[Rows], str]:
    """Return what makes the JSON text of rows; values are converted as they are for the driver."""
    cells = [(name, _into(columns[name], dialect)) for name in names]

    def write(rows: Rows) -> str:
        found = [{name: into(row[name]) if into else row[name] for name, into in cells} for row in rows]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"), default=_text)

    return write


def _into(target: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    impl = target.type.dialect_impl(dialect)
    return None if isinstance(impl, JSON) else impl.bind_processor(dialect)


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored this way")
