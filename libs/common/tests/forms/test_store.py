"""Forms in their table: one version follows another, never two, and none is rewritten."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from libs.common.db import Database
from libs.common.forms import Field, Form, FormKind, Words, current, define_form, index, keep
from libs.common.forms.asking import Asked, asked_for
from libs.common.forms.faults import FieldInvalid, FormNotFound, FormOutdated
from libs.common.forms.store import one_version
from libs.common.forms.tables import field_value, form_version
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.interleaving import every_order, interleaved

W = Words("x", "某")
KIND = FormKind("parcel", W, frozenset(), lambda _connection, _most: ())
ONE = "00000000-0000-7000-8000-000000000001"
SIZE, NOTE = Field("size", W, "number", scale=1), Field("note", W, "text")


def define(database: Database, based_on: int, *fields: Field) -> Form:
    wanted = Form("parcel", 0, fields, "mia")
    return database.transact(lambda tx: define_form(tx, KIND, wanted, based_on, ("sales",)))


def test_a_version_reads_back_and_is_kept(database: Database) -> None:
    assert database.read(lambda connection: current(connection, "parcel")) == Form("parcel")
    first = define(database, 0, SIZE)
    second = define(database, 1, SIZE, NOTE)
    assert database.read(lambda connection: current(connection, "parcel")) == second
    assert database.read(lambda connection: one_version(connection, "parcel", 1)) == first
    with pytest.raises(FormNotFound):
        database.read(lambda connection: one_version(connection, "parcel", 3))
    database.transact(lambda tx: keep(tx, second))  # told again it is the same


def test_a_version_is_never_rewritten(database: Database) -> None:
    define(database, 0, SIZE)
    for statement in (update(form_version).values(created_by="x"), delete(form_version)):
        with pytest.raises(DBAPIError, match="append-only"):
            database.transact(lambda tx, act=statement: tx.connection.execute(act))


@pytest.mark.postgres
def test_of_two_authors_at_once_one_is_told(databases: TestDatabases) -> None:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    database = databases.make("sample", None, clock=ManualClock())

    def one(at: int, swapped: bool) -> bool:
        before = database.read(lambda connection: current(connection, "parcel"))
        fields = [(*before.fields, Field(f"{who}{before.version}", W, "text")) for who in "ab"]
        acts = [partial(define, database, before.version, *each) for each in fields]
        first, second = reversed(acts) if swapped else acts
        *outcomes, stopped = interleaved(database, first, second, at)
        made = [each for each in outcomes if isinstance(each, Form)]
        told = [each for each in outcomes if isinstance(each, FormOutdated)]
        assert (len(made), len(told)) == (1, 1), outcomes
        assert database.read(lambda connection: current(connection, "parcel")) == made[0]
        return stopped

    assert every_order(one) > 2


def test_what_is_asked_for_is_found_and_what_is_unsaid_is_not(database: Database) -> None:
    form = define(database, 0, SIZE, NOTE, Field("secret", W, "text", seen_by=("sales",)))
    long = "x" * 200
    after = {"size": "-1.5", "note": long, "secret": "s"}
    database.transact(lambda tx: index(tx, form, ONE, {}, after))

    def found(*roles: str, **asked: str) -> bool:
        def look(connection: object) -> bool:
            (condition,) = asked_for(connection, "parcel", field_value.c.document_id, Asked(**asked), roles)  # type: ignore[arg-type]
            return connection.execute(field_value.select().where(condition)).first() is not None  # type: ignore[attr-defined]

        return bool(database.read(look))

    assert found(key="size", value="-1.5")
    assert found(key="size", least="-1.5", most="-1.5")
    assert found(key="note", value=long)
    assert not found(key="note", value="x" * 199)
    assert not found(key="size", least="-1.4")
    assert found("sales", key="secret", value="s")
    for asked in (
        {"key": "secret", "value": "s"},
        {"key": "note", "least": "a"},
        {"value": "s"},
        {"key": "size", "value": "x"},
    ):
        with pytest.raises(FieldInvalid):
            found(**asked)
    database.transact(lambda tx: index(tx, form, ONE, after, {"size": "2.0"}))
    assert found(key="size", value="2")
    assert not found(key="note", value=long)
