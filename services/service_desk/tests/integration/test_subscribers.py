"""What the service desk hears, on each engine: once in effect, and the latest word counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import inspect

from libs.common.db import Database
from libs.common.inbox import Receipt
from services.service_desk.domain.customer import Customer
from services.service_desk.reports.installed_items import InstalledRow, InstalledSearch, list_installed_items
from services.service_desk.store import customers
from services.service_desk.store.tables import installed_item, metadata
from services.service_desk.tests.builders import (
    HARBOR,
    JANET,
    NANCY,
    ORDER,
    PUMP,
    VALVE,
    Desk,
    a_line,
    an_id,
    details_changed,
    item_described,
    owner_changed,
    registered,
    shipped,
)


def known(desk: Desk) -> Customer | None:
    return desk.database.read(lambda connection: customers.find(connection, HARBOR))


def installed(desk: Desk, **wanted: Any) -> list[InstalledRow]:
    search = InstalledSearch(**wanted)
    return desk.database.read(
        lambda connection: list_installed_items(connection, search, after=None, limit=50)
    )


def test_migrations_make_the_declared_tables(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in metadata.sorted_tables:
        stored = {column["name"]: bool(column["nullable"]) for column in inspector.get_columns(table.name)}
        assert stored == {column.name: bool(column.nullable) for column in table.columns}, table.name
        declared = {index.name for index in table.indexes}
        assert declared <= {index["name"] for index in inspector.get_indexes(table.name)}
        checks = {check["name"] for check in inspector.get_check_constraints(table.name)}
        named = {
            constraint.name for constraint in table.constraints if "CheckConstraint" in repr(type(constraint))
        }
        assert named <= checks, table.name


def test_a_customer_is_kept_as_crm_last_described_it(desk: Desk) -> None:
    desk.hears(registered(), details_changed(2, name="Harbor & Co"), owner_changed(3, JANET))
    assert known(desk) == Customer(HARBOR, "C-000001", "Harbor & Co", JANET)


def test_an_old_word_that_comes_again_does_not_undo_a_later_one(desk: Desk) -> None:
    desk.hears(registered(), details_changed(2, name="Harbor & Co"), owner_changed(3, JANET))
    replayed = [
        replace(message, id=f"again-{message.sequence}")
        for message in (registered(), owner_changed(2, NANCY))
    ]
    assert desk.hears(*replayed) == Receipt(handled=2)
    assert known(desk) == Customer(HARBOR, "C-000001", "Harbor & Co", JANET)


def test_an_owner_change_of_a_customer_not_yet_known_waits_for_it(desk: Desk) -> None:
    assert desk.hears(owner_changed(2, JANET)).parked == 1
    assert known(desk) is None


def test_each_line_of_a_delivery_becomes_one_row(desk: Desk) -> None:
    lines = (a_line(), a_line(lot="L-8", quantity="0.5"), a_line(VALVE, lot=None, quantity="12"))
    assert desk.hears(shipped(*lines)) == Receipt(handled=1)
    rows = {(row.item_id, row.lot): row for row in installed(desk, customer_id=HARBOR)}
    assert {key: str(row.quantity) for key, row in rows.items()} == {
        (PUMP, "L-7"): "2",
        (PUMP, "L-8"): "0.5",
        (VALVE, None): "12",
    }
    row = rows[PUMP, "L-7"]
    assert (row.sku, row.item_name, row.order_id, row.order_number) == ("P-1", "Pump", ORDER, "S-000009")
    assert (row.delivery_number, row.shipped_on.isoformat()) == ("D-01", "2026-02-10")


def test_the_same_event_twice_is_one_row(desk: Desk) -> None:
    assert desk.hears(shipped(), shipped()) == Receipt(handled=1, duplicates=1)
    assert desk.hears(shipped()) == Receipt(duplicates=1)
    assert desk.count(installed_item) == 1


def test_the_same_delivery_under_another_event_id_is_one_row_too(desk: Desk) -> None:
    desk.hears(shipped())
    assert desk.hears(replace(shipped(), id="replayed")) == Receipt(handled=1)
    assert desk.count(installed_item) == 1


def test_two_deliveries_of_one_order_are_two_rows(desk: Desk) -> None:
    desk.hears(shipped(), shipped(delivery_id=an_id("de01", 2), sequence=2))
    assert desk.count(installed_item) == 2


def test_a_shipment_does_not_wait_for_its_customer(desk: Desk) -> None:
    assert desk.hears(shipped()) == Receipt(handled=1)
    assert installed(desk, only_owner=NANCY) == []
    desk.hears(registered())
    assert len(installed(desk, only_owner=NANCY)) == 1
    assert installed(desk, only_owner=JANET) == []


def test_a_past_delivery_is_held_like_one_that_left_here(desk: Desk) -> None:
    message = replace(shipped(), type="inventory.delivery.recorded.v1")
    assert desk.hears(message) == Receipt(handled=1)
    assert [(row.sku, str(row.quantity), row.lot) for row in installed(desk)] == [("P-1", "2", "L-7")]


def test_an_item_is_shown_by_its_name_of_today(desk: Desk) -> None:
    desk.hears(shipped(), item_described(PUMP, "P-1", "Pump mark II", sequence=2))
    desk.hears(item_described(PUMP, "P-1", "Pump", sequence=1))
    assert [row.item_name for row in installed(desk)] == ["Pump mark II"]


def test_a_shipment_that_cannot_be_read_is_a_dead_letter_and_stores_nothing(desk: Desk) -> None:
    assert desk.hears(shipped(a_line(quantity="1e9"))).dead == 1
    assert (
        desk.hears(
            shipped(a_line(quantity="0"), delivery_id=an_id("de01", 3), order_id=an_id("0d01", 3))
        ).parked
        == 1
    )
    assert desk.count(installed_item) == 0


def test_one_bad_line_keeps_the_whole_delivery_out(desk: Desk) -> None:
    assert desk.hears(shipped(a_line(), a_line(VALVE, quantity="-1"))).parked == 1
    assert desk.count(installed_item) == 0
