"""The migrations make exactly the tables that the code declares, and cost nothing that was there before."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from libs.common.db import migrate
from libs.common.money import Price
from libs.common.testing.plugin import MakeDatabase
from services.inventory.store import (
    count_tables,
    items,
    purchase_tables,
    transfer_tables,
    valuations,
    value_tables,
)
from services.inventory.store.tables import metadata
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop
from services.inventory.tests.buying import Buying
from services.inventory.use_cases.value_stock import RevalueItem, revalue_item

VALVE = "00000000-0000-7000-8000-000000000001"

A_WAITING_ORDER = """
INSERT INTO item (id, sku, name, uom, decimals, lot_tracked, active, version, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'A-VALVE', 'Valve', 'pcs', 0, false, true, 1, '2026-01-01',
'2026-01-01');
INSERT INTO reservation (id, order_id, order_number, correlation_id, state, queue_no, version, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000003', 'SO-1', 'c', 'waiting', 1, 1,
'2026-01-01', '2026-01-01');
INSERT INTO reservation_line (reservation_id, order_line_id, position, item_id, quantity_milli, shipped_milli)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000004', 0,
'00000000-0000-7000-8000-000000000001', 5000, 0);
INSERT INTO waiting (item_id, queue_no, reservation_id, quantity_milli)
VALUES ('00000000-0000-7000-8000-000000000001', 1, '00000000-0000-7000-8000-000000000002', 5000);
"""

STOCK_WITHOUT_A_COST = """
INSERT INTO item (id, sku, name, uom, decimals, lot_tracked, active, version, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'A-VALVE', 'Valve', 'pcs', 0, false, true, 1, '2026-01-01',
'2026-01-01');
INSERT INTO warehouse (id, code, name, is_default, version, created_at)
VALUES ('00000000-0000-7000-8000-000000000005', 'MAIN', 'Main', true, 1, '2026-01-01');
INSERT INTO stock (item_id, warehouse_id, lot, age, on_hand_milli, reserved_milli)
VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000005', '',
'00000000-0000-7000-8000-000000000005', 7000, 0);
INSERT INTO stock_move (id, item_id, warehouse_id, lot, quantity_milli, kind, document_id, reference, moved_on,
recorded_at)
VALUES ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000001',
'00000000-0000-7000-8000-000000000005', '', 7000, 'opening', '00000000-0000-7000-8000-000000000006', 'OS-1',
'2026-01-01', '2026-01-01');
"""


def test_the_declared_tables_are_the_migrated_ones(shop: Shop) -> None:
    assert {
        purchase_tables.requisition.name,
        value_tables.item_value.name,
        count_tables.stock_count.name,
        transfer_tables.transfer.name,
    } <= metadata.tables.keys()

    def declared_here(_object, name, type_, reflected, _compare_to) -> bool:  # type: ignore[no-untyped-def]
        return not (type_ == "table" and reflected and name not in metadata.tables)

    with shop.database.engine.connect() as connection:
        options = {"compare_type": True, "include_object": declared_here}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_orders_that_wait_when_buying_comes_are_bought_for_once_a_policy_says_so(
    make_database: MakeDatabase,
) -> None:
    database = make_database("inventory", None)
    migrate(database, MIGRATIONS, target="0003")
    with database.engine.begin() as connection:
        for statement in filter(None, A_WAITING_ORDER.split(";\n")):
            connection.execute(text(statement))

    migrate(database, MIGRATIONS)

    shop = Shop(database)
    shop.warehouse()
    buying = Buying(shop)
    valve = database.read(lambda connection: items.find(connection, VALVE))
    assert valve is not None
    buying.buys(valve, buying.supplier())
    assert buying.asked(valve) == [("open", "5", "5")]
    shop.assert_sound()


def test_stock_of_before_is_counted_without_a_value_until_somebody_says_what_it_cost(
    make_database: MakeDatabase,
) -> None:
    database = make_database("inventory", None)
    migrate(database, MIGRATIONS, target="0005")
    with database.engine.begin() as connection:
        for statement in filter(None, STOCK_WITHOUT_A_COST.split(";\n")):
            connection.execute(text(statement))

    migrate(database, MIGRATIONS)

    shop = Shop(database)
    found = shop.do(lambda tx: valuations.lock(tx.connection, [VALVE])[VALVE])
    assert (found.milli, found.value) == (7000, None)
    two = Price.of("2.00", "USD")
    shop.do(lambda tx: revalue_item(tx, RevalueItem(VALVE, two, "Opening", TODAY)))
    assert shop.do(lambda tx: valuations.lock(tx.connection, [VALVE])[VALVE]).minor == 1400
    shop.assert_sound()
