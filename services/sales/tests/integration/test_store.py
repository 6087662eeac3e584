"""The tables: made by the migrations as the store describes them, and guarding what must never be."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, delete, insert, update
from sqlalchemy.exc import IntegrityError

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.sales.domain.order import request_cancel
from services.sales.store import holds, orders, policies, quotations
from services.sales.store.tables import (
    metadata,
    order_hold,
    quotation,
    quotation_line,
    sales_order,
    sales_order_line,
)
from services.sales.tests.answering import Others
from services.sales.tests.builders import MIKE, TERMS, Desk, an_id, chai_line, qty
from services.sales.use_cases.accept_quotation import AcceptQuotation, accept_quotation
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.record_progress import record_shipment


def test_the_migrations_make_the_tables_that_the_store_speaks_to(desk: Desk):
    names = set(metadata.tables)
    with desk.database.reading() as connection:
        options = {
            "include_object": lambda _thing, name, kind, _reflected, _other: kind != "table" or name in names
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


NEVER: tuple[tuple[Table, dict[str, Any]], ...] = (
    (sales_order, {"total_minor": -1}),
    (sales_order, {"total_minor": 10**17 + 1}),
    (sales_order, {"paid_minor": -1}),
    (sales_order, {"invoiced_minor": -1}),
    (sales_order, {"state": "lost"}),
    (sales_order, {"state": "cancelled"}),
    (sales_order, {"state": "done"}),
    (sales_order, {"delivery_status": "soon"}),
    (sales_order_line, {"shipped_milli": 10_001}),
    (sales_order_line, {"shipped_milli": -1}),
    (sales_order_line, {"invoiced_milli": 10_001}),
    (sales_order_line, {"given_up_milli": 10_001}),
    (sales_order_line, {"shipped_milli": 6000, "given_up_milli": 5000}),
    (sales_order_line, {"quantity_milli": 0}),
    (sales_order_line, {"discount_bp": 10_001}),
    (sales_order_line, {"unit_price_e4": -1}),
    (quotation, {"order_id": None}),
    (quotation, {"state": "draft"}),
    (quotation_line, {"amount_minor": -1}),
    (order_hold, {"released_by": "nobody"}),
    (order_hold, {"code": "mood"}),
)


def test_what_must_never_be_cannot_be_written(desk: Desk):
    Others(desk, desk.order()).play("short")

    for table, values in NEVER:
        with pytest.raises(IntegrityError):
            desk.database.transact(partial(_write, statement=update(table).values(**values)))


def _write(tx: Transaction, statement: Any) -> None:
    tx.connection.execute(statement)


def test_a_quotation_has_one_order_and_an_order_one_open_hold_of_a_kind(desk: Desk):
    order = desk.order()
    Others(desk, order).play("short")
    (hold,) = desk.look(order).holds

    def second_order(tx: Any) -> None:
        copy = {"id": an_id("copy"), "number": "SO-999999"}
        row = tx.connection.execute(sales_order.select()).mappings().one()
        tx.connection.execute(insert(sales_order).values(**dict(row) | copy))

    with pytest.raises(IntegrityError):
        desk.database.transact(second_order)
    with pytest.raises(IntegrityError):
        desk.database.transact(
            lambda tx: tx.connection.execute(insert(order_hold).values(**vars(hold) | {"id": an_id("copy")}))
        )


def test_what_is_stored_reads_back_the_same(desk: Desk):
    order = desk.order(chai_line(3, discount_bp=333), chai_line(100))
    read = desk.database.read

    quoted = read(lambda connection: quotations.find(connection, order.quotation_id or ""))
    assert quoted is not None
    assert desk.look(order) == order
    assert [line.amount for line in quoted.lines] == [line.amount for line in order.lines]
    assert [line.price_trace.winner.min_quantity.milli for line in quoted.lines] == [1000, 100_000]


def test_a_save_on_an_old_version_is_refused(desk: Desk):
    order = desk.order()
    Others(desk, order).play("short")
    (hold,) = desk.look(order).holds
    released = desk.look(order)

    with pytest.raises(VersionMismatch):
        desk.database.transact(lambda tx: orders.save(tx, order))
    desk.database.transact(lambda tx: orders.save(tx, released))
    desk.database.transact(lambda tx: tx.connection.execute(delete(order_hold)))
    with pytest.raises(VersionMismatch):
        desk.database.transact(lambda tx: holds.save(tx, hold))


def test_an_order_is_seen_in_the_transaction_that_placed_it_as_it_was_saved_last(desk: Desk):
    command = AcceptQuotation(AboutQuotation(desk.quote()), MIKE)

    def place_and_save(tx: Transaction) -> None:
        placed = accept_quotation(tx, command, TERMS)
        assert orders.lock(tx, placed.id) == placed
        saved = orders.save(tx, request_cancel(placed, "changed my mind", tx.now))
        assert orders.lock(tx, placed.id) == saved

    desk.database.transact(place_and_save)


def test_orders_locked_ahead_are_written_together_at_the_end(desk: Desk):
    first, second = desk.order(), desk.order()
    unsaved = desk.look(second)

    def change_all(tx: Transaction) -> None:
        orders.lock_ahead(tx, [first.id, second.id])
        orders.save(tx, request_cancel(first, "changed my mind", tx.now))
        once = orders.save(tx, second)
        orders.save(tx, request_cancel(once, "for good", tx.now))
        assert orders.head(tx.connection, second.id) == replace(unsaved, lines=(), holds=())

    desk.database.transact(change_all)
    assert [(order.version, order.cancel_reason) for order in (desk.look(first), desk.look(second))] == [
        (first.version + 1, "changed my mind"),
        (second.version + 2, "for good"),
    ]


def test_a_save_on_an_old_version_is_refused_at_the_end_too(desk: Desk):
    order, other = desk.order(), desk.order()

    def change(tx: Transaction) -> None:
        orders.lock_ahead(tx, [order.id, other.id])
        orders.save(tx, replace(order, version=order.version + 3))
        orders.save(tx, other)

    with pytest.raises(VersionMismatch, match=order.number):
        desk.database.transact(change)
    assert desk.look(other).version == other.version


def test_all_that_is_left_of_an_order_is_stored_at_once_and_parts_line_by_line(desk: Desk):
    order = desk.order(chai_line(3), chai_line(5))
    first, second = (line.id for line in order.lines)

    def ship(order_id: str, *parts: tuple[str, int]) -> None:
        lines = [(line_id, qty(quantity)) for line_id, quantity in parts]
        desk.database.transact(lambda tx: record_shipment(tx, order_id, lines))

    Others(desk, order).play("reserved", "granted")
    ship(order.id, (first, 3), (second, 1))
    assert [line.shipped for line in desk.look(order).lines] == [qty(3), qty(1)]
    ship(order.id, (second, 4))
    assert [line.shipped for line in desk.look(order).lines] == [qty(3), qty(5)]
    assert [line.invoiced for line in desk.look(order).lines] == [qty(0), qty(0)]


def test_what_is_not_there_is_not_found(desk: Desk):
    with desk.database.reading() as connection:
        assert orders.find(connection, an_id("nothing")) is None
        assert quotations.find(connection, an_id("nothing")) is None
        assert policies.find(connection, an_id("nothing")) is None
