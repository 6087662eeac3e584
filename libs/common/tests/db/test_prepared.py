"""Prepared statements: the same answers, errors and transactions as the usual way, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy import update as change
from sqlalchemy.exc import IntegrityError

from libs.common.db import Database, Prepared, Upsert
from libs.common.db.retry import is_disconnect
from libs.common.db.types import Id, Json, Milli, Utc
from libs.common.db.wire import wire_of
from libs.common.quantity import Quantity

parcel = Table(
    "parcel",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("label", String(40), nullable=False, unique=True),
    Column("weight", Milli),
    Column("notes", Json),
    Column("sent_at", Utc),
    Column("fragile", Boolean),
    Column("count", Integer, nullable=False, default=7),
)
ONE, TWO = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"
MOMENT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
ADD = Prepared(insert(parcel))
FIND = select(parcel).where(parcel.c.id == bindparam("of_id"))
AMONG = (
    select(parcel.c.label)
    .where(parcel.c.label.in_(bindparam("labels", expanding=True)))
    .order_by(parcel.c.label)
)


def row(**other: Any) -> dict[str, Any]:
    return {
        "id": ONE, "label": "a", "weight": Quantity(1500), "notes": [{"x": 1}, "100%"], "sent_at": MOMENT,
        "fragile": True, "count": 3,
    } | other  # fmt: skip


@pytest.fixture
def shop(database: Database) -> Database:
    database.transact(lambda tx: parcel.create(tx.connection))
    return database


def run(shop: Database, statement: Any, values: Any = None) -> Any:
    return shop.transact(lambda tx: tx.connection.execute(statement, values))


def one(shop: Database, statement: Any, **values: Any) -> Any:
    return shop.read(lambda c: c.execute(statement, values).one())


def test_what_is_read_equals_what_the_usual_way_reads(shop: Database) -> None:
    run(shop, ADD, row())
    run(shop, insert(parcel), row(id=TWO, label="b"))
    prepared = Prepared(FIND)
    for number in (ONE, TWO, ONE):
        found, usual = (one(shop, statement, of_id=number) for statement in (prepared, FIND))
        assert found._asdict() == usual._asdict()
        assert (found.weight, found.notes, found.sent_at, found.fragile) == (
            Quantity(1500), [{"x": 1}, "100%"], MOMENT, True,
        )  # fmt: skip
    assert shop.read(lambda c: c.execute(prepared, {"of_id": ONE}).mappings().one())["label"] == "a"
    assert shop.read(lambda c: c.execute(prepared, {"of_id": ONE.replace("1", "9")}).one_or_none()) is None


def test_nothing_is_read_as_nothing(shop: Database) -> None:
    run(shop, ADD, row(weight=None, notes=None, sent_at=None, fragile=None))
    found = shop.read(lambda c: c.execute(Prepared(FIND), {"of_id": ONE}).one())
    assert (found.weight, found.notes, found.sent_at, found.fragile) == (None, None, None, None)


@pytest.mark.parametrize("count", [2, 16, 17, 30])
def test_several_rows_go_in_one_call(shop: Database, count: int) -> None:
    for first in (10, 50):  # the second time by the text that was kept
        run(shop, ADD, [numbered(n) for n in range(first, first + count)])
    assert shop.read(lambda c: c.execute(select(func.count()).select_from(parcel)).scalar_one()) == 2 * count
    assert one(shop, Prepared(FIND), of_id=numbered(50 + count - 1)["id"]).label == f"l{50 + count - 1}"


@pytest.mark.parametrize("count", [3, 40])
def test_a_conflict_among_several_rows_leads_to_what_the_statement_says(shop: Database, count: int) -> None:
    keep = Upsert(parcel, lambda add: add.on_conflict_do_nothing(index_elements=["label"]))
    rows = [row(**numbered(place)) for place in range(count)]
    run(shop, ADD, rows[1] | {"weight": Quantity(1), "notes": None, "sent_at": None})
    shop.transact(lambda tx: tx.connection.execute(keep.on(tx.connection), rows))
    found = shop.read(lambda connection: connection.execute(select(parcel).order_by(parcel.c.id)).all())
    assert [each.weight.milli for each in found] == [1500, 1, *[1500] * (count - 2)]
    assert found[1].notes is None
    assert found[0].sent_at == MOMENT
    assert found[0].notes == [{"x": 1}, "100%"]


def numbered(n: int) -> dict[str, Any]:
    return row(id=f"01900000-0000-7000-8000-0000000000{n:02}", label=f"l{n}")


@pytest.mark.parametrize("labels", [[], ["a"], ["b", "a", "zz"], ["zz", "y", "x", "w", "b"]])
def test_a_list_may_have_any_length(shop: Database, labels: list[str]) -> None:
    run(shop, ADD, [row(), row(id=TWO, label="b")])
    wanted = [label for label in ("a", "b") if label in labels]
    assert list(shop.read(lambda c: c.execute(Prepared(AMONG), {"labels": labels}).scalars())) == wanted
    gone = Prepared(delete(parcel).where(parcel.c.label.in_(bindparam("labels", expanding=True))))
    assert run(shop, gone, {"labels": labels}).rowcount == len(wanted)


@pytest.mark.parametrize("labels", [[], ["a"], ["b", "a", "zz"]])
def test_what_is_not_in_a_list(shop: Database, labels: list[str]) -> None:
    run(shop, ADD, [row(), row(id=TWO, label="b")])
    others = Prepared(
        select(parcel.c.label)
        .where(parcel.c.label.not_in(bindparam("labels", expanding=True)))
        .order_by(parcel.c.label)
    )
    found = shop.read(lambda c: c.execute(others, {"labels": labels}).scalars().all())
    assert list(found) == [label for label in ("a", "b") if label not in labels]


@pytest.mark.parametrize("label", ['{"', "a,b", "\\", "NULL", "", " ", "x" * 40])
def test_any_text_may_be_in_a_list(shop: Database, label: str) -> None:
    run(shop, ADD, row(label=label))
    wanted = {"labels": ["z", label]}
    assert list(shop.read(lambda c: c.execute(Prepared(AMONG), wanted).scalars())) == [label]


def test_a_text_that_is_too_long_is_not_cut_and_found(shop: Database) -> None:
    run(shop, ADD, row(label="x" * 40))
    assert shop.read(lambda c: c.execute(Prepared(AMONG), {"labels": ["x" * 41]}).all()) == []


def test_lists_of_any_length_share_one_plan_of_postgresql(shop: Database) -> None:
    if shop.is_sqlite:
        pytest.skip("SQLite has no lists as values")
    among = Prepared(AMONG)

    def plans_made(connection: Connection) -> int:
        wire = wire_of(connection.connection.dbapi_connection)
        before = len(wire._kept)
        for length in (1, 2, 5, 100):
            connection.execute(among, {"labels": ["a"] * length}).all()
        return len(wire._kept) - before

    assert shop.read(plans_made) == 1


def test_a_change_tells_how_many_rows_it_changed(shop: Database) -> None:
    run(shop, ADD, row())
    rename = Prepared(
        change(parcel)
        .where(parcel.c.id == bindparam("of_id"), parcel.c.count >= bindparam("least"))
        .values(count=parcel.c.count - bindparam("least"))
    )
    assert run(shop, rename, {"of_id": ONE, "least": 2}).rowcount == 1
    assert run(shop, rename, {"of_id": ONE, "least": 2}).rowcount == 0
    assert (
        run(
            shop,
            Prepared(change(parcel).where(parcel.c.id == bindparam("of_id"))),
            {"of_id": ONE, "label": "z"},
        ).rowcount
        == 1
    )
    assert shop.read(lambda c: c.execute(Prepared(FIND), {"of_id": ONE}).one().label) == "z"


def test_a_default_that_is_made_in_python_is_still_made(shop: Database) -> None:
    values = row()
    del values["count"]
    run(shop, ADD, values)
    assert shop.read(lambda c: c.execute(text("SELECT count FROM parcel")).scalar_one()) == 7


def test_an_upsert_returns_what_stands(shop: Database) -> None:
    add = Upsert(
        parcel,
        lambda insert: insert.on_conflict_do_update(
            index_elements=["label"], set_={"count": parcel.c.count + insert.excluded.count}
        ).returning(parcel.c.count, parcel.c.id),
    )
    for total in (3, 6, 9):
        answer = shop.transact(lambda tx: tx.connection.execute(add.on(tx.connection), row()).one())
        assert (answer[0], answer.id) == (total, ONE)
    both = [row(), row(id=TWO, label="b")]
    answers = shop.transact(lambda tx: tx.connection.execute(add.on(tx.connection), both).all())
    assert sorted(answer[0] for answer in answers) == [3, 12]


def test_an_error_is_told_as_the_usual_way_tells_it_and_undoes_the_transaction(shop: Database) -> None:
    run(shop, ADD, row())

    def twice(tx: Any) -> None:
        tx.connection.execute(ADD, row(id=TWO, label="b"))
        tx.connection.execute(ADD, row(id=TWO, label="c"))

    with pytest.raises(IntegrityError):
        shop.transact(twice)
    assert list(shop.read(lambda c: c.execute(select(parcel.c.label)).scalars())) == ["a"]


def test_a_lost_connection_is_recognised_and_the_work_runs_again(shop: Database) -> None:
    if shop.is_sqlite:
        pytest.skip("a file has no connection to lose")
    attempts, recognised = [], []

    def work(tx: Any) -> None:
        attempts.append(1)
        tx.connection.execute(ADD, row())
        if len(attempts) == 1:
            mine = tx.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            shop.read(lambda c: c.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine}))
            with pytest.raises(Exception) as caught:
                tx.connection.execute(Prepared(FIND), {"of_id": ONE})
            # Judged below: the rollback that follows fails as well, and would hide a failure here.
            recognised.append(is_disconnect(caught.value))
            raise caught.value

    shop.transact(work)
    assert recognised == [True]
    assert len(attempts) == 2
    assert shop.read(lambda c: c.execute(Prepared(FIND), {"of_id": ONE}).one().label) == "a"


_FEW = Prepared(
    select(parcel.c.label).where(parcel.c.label.in_(("a", "b")), parcel.c.id == bindparam("b_id"))
)


def test_a_list_that_is_written_into_the_statement_stays(database: Database) -> None:
    database.transact(lambda tx: parcel.metadata.create_all(tx.connection))

    assert database.read(lambda c: c.execute(_FEW, {"b_id": "0" * 32}).all()) == []
