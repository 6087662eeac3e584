"""Forms in their table, and the index of what documents say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, select

from libs.common.db import Prepared, Transaction, upsert_into
from libs.common.forms.definition import Form
from libs.common.forms.faults import FormNotFound, FormOutdated
from libs.common.forms.plain import field_data, field_from
from libs.common.forms.tables import field_value, form_version
from libs.common.forms.values import Values, ordinal, word

_CURRENT = Prepared(
    select(form_version)
    .where(form_version.c.document == bindparam("of_document"))
    .order_by(form_version.c.version.desc())
    .limit(1)
)


def current(connection: Connection, document: str) -> Form:
    """Return the form that applies to documents of a kind now; one without fields where nobody defined any."""
    row = connection.execute(_CURRENT, {"of_document": document}).one_or_none()
    return Form(document) if row is None else _of_row(row)


def one_version(connection: Connection, document: str, version: int | None) -> Form:
    """Return a version of a form, the last one with ``None``."""
    if version is None:
        return current(connection, document)
    this = (form_version.c.document == document) & (form_version.c.version == version)
    row = connection.execute(select(form_version).where(this)).one_or_none()
    if row is None:
        raise FormNotFound(f"the form of {document} has no version {version}", field="version")
    return _of_row(row)


def add(tx: Transaction, new: Form) -> Form:
    """Store the next version of a form; of two at once one is refused, for it did not see the other."""
    if not _put(tx, new):
        raise FormOutdated(
            f"the form of {new.document} has a version {new.version} already", field="based_on"
        )
    return new


def keep(tx: Transaction, told: Form) -> None:
    """Store a version of another service's form as that tells it; told again it is the same."""
    _put(tx, told)


def _put(tx: Transaction, form: Form) -> bool:
    statement = upsert_into(tx.connection, form_version).values(
        document=form.document,
        version=form.version,
        fields=[field_data(field) for field in form.fields],
        created_by=form.created_by,
        created_at=tx.now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["document", "version"])
    return tx.connection.execute(statement.returning(form_version.c.version)).one_or_none() is not None


def _of_row(row: Row[Any]) -> Form:
    return Form(row.document, row.version, tuple(field_from(each) for each in row.fields), row.created_by)


def index(tx: Transaction, form: Form, document_id: str, before: Values, after: Values) -> None:
    """Let a document be found by what it says now; whoever calls this holds the document's row."""
    gone = [key for key, said in before.items() if after.get(key) != said]
    if gone:
        _forget(tx, form.document, document_id, gone)
    types = {field.key: field.type for field in form.fields}
    rows = [
        {
            "document": form.document,
            "document_id": document_id,
            "key": key,
            "word": word(said),
            "ordinal": ordinal(types[key], said),
        }
        for key, said in after.items()
        if before.get(key) != said
    ]
    if rows:
        tx.connection.execute(insert(field_value), rows)


def _forget(tx: Transaction, document: str, document_id: str, keys: Sequence[str]) -> None:
    this = (field_value.c.document == document) & (field_value.c.document_id == document_id)
    tx.connection.execute(delete(field_value).where(this, field_value.c.key.in_(keys)))


def saying(document: str, document_ids: ColumnElement[str], wanted: Collection[Any]) -> ColumnElement[bool]:
    """Return the condition that a document is one that says what is ``wanted`` (conditions on ``field_value``)."""
    found = select(field_value.c.document_id).where(field_value.c.document == document, *wanted)
    return document_ids.in_(found)
