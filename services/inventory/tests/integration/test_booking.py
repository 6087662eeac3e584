"""Stock comes in by documents, all or nothing, and the ledger never changes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.ids import derived_id
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.errors import (
    LotExpiryDiffers,
    LotMissing,
    LotNotTracked,
    QuantityNotPositive,
    QuantityTooFine,
    SkuTaken,
    StockInsufficient,
    StockLimitExceeded,
    UnknownItem,
    UnknownWarehouse,
    WarehouseCodeTaken,
)
from services.inventory.domain.items import Warehouse
from services.inventory.reports.stock import moves
from services.inventory.tests.builders import TODAY, Shop, an_item
from services.inventory.use_cases.book_stock import BookStock, StockLine, book_stock
from services.inventory.use_cases.open_warehouse import OpenWarehouse, open_warehouse
from services.inventory.use_cases.register_item import ChangeItem, change_item


def test_a_receipt_adds_to_the_stock_and_to_the_ledger_and_is_told_per_line(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10), kind="opening")
    receipt = shop.book(main, (valve, 5), (valve, 2), reference="PO-7", booked_on=date(2026, 2, 1))

    assert shop.stock(valve) == ("17", "0")
    ledger = shop.database.read(
        lambda connection: moves(connection, {"item_id": valve.id}, after=None, limit=10)
    )
    assert [(move.kind, str(move.quantity), move.reference) for move in ledger] == [
        ("opening", "10", "OS-000001"),
        ("receipt", "5", "GR-000001"),
        ("receipt", "2", "GR-000001"),
    ]
    assert ledger[1].moved_on == date(2026, 2, 1)
    assert [told.data["quantity"] for told in shop.told("stock.received")] == ["10", "5", "2"]
    assert shop.told("stock.received")[2].data["receipt_id"] == receipt.id
    shop.assert_sound()


@pytest.mark.parametrize("change", ["UPDATE stock_move SET quantity_milli = 1", "DELETE FROM stock_move"])
def test_the_ledger_refuses_every_change(shop: Shop, change: str) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))

    with pytest.raises(DBAPIError, match="append-only"):
        shop.do(lambda tx: tx.connection.execute(text(change)))
    shop.assert_sound()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE stock SET reserved_milli = on_hand_milli + 1",
        "UPDATE stock SET reserved_milli = -1",
        "UPDATE stock SET on_hand_milli = 1000000000000001",
    ],
)
def test_the_database_itself_refuses_impossible_stock(shop: Shop, change: str) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))

    with pytest.raises(DBAPIError):
        shop.do(lambda tx: tx.connection.execute(text(change)))


@pytest.mark.parametrize(
    ("quantity", "lot", "error", "field"),
    [
        ("0", None, QuantityNotPositive, "lines.1.quantity"),
        ("-1", None, QuantityNotPositive, "lines.1.quantity"),
        ("1.5", None, QuantityTooFine, "lines.1.quantity"),
        ("1", "L1", LotNotTracked, "lines.1.lot"),
    ],
)
def test_one_bad_line_refuses_the_whole_document(
    shop: Shop, quantity: str, lot: str | None, error: type[Exception], field: str
) -> None:
    valve, main = shop.item(), shop.warehouse()

    with pytest.raises(error) as refusal:
        shop.book(main, (valve, 3), (valve, quantity, lot))

    assert getattr(refusal.value, "field") == field  # noqa: B009
    assert shop.stock(valve) == ("0", "0")
    assert shop.told("stock.received") == []


def test_lots_are_demanded_of_items_tracked_by_lot_and_keep_their_expiry(shop: Shop) -> None:
    drug, main = shop.item("DRUG", lot_tracked=True), shop.warehouse()

    with pytest.raises(LotMissing):
        shop.book(main, (drug, 3))
    shop.book(main, (drug, 3, "L1"))
    shop.book(main, (drug, 3, "L1", date(2027, 1, 1)))
    with pytest.raises(LotExpiryDiffers):
        shop.book(main, (drug, 3, "L1", date(2027, 1, 2)))
    assert shop.stock(drug) == ("6", "0")


def test_unknown_items_and_warehouses_are_named(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    with pytest.raises(UnknownItem):
        shop.book(main, (an_item("NEVER"), 1))
    with pytest.raises(UnknownWarehouse):
        shop.book(Warehouse(derived_id("warehouse", "none"), "NONE", "None", False), (valve, 1))


def test_more_than_can_be_counted_is_refused(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    line = StockLine(valve.id, Quantity(LIMIT_MILLI))
    shop.do(lambda tx: book_stock(tx, BookStock("receipt", main.id, (line,), TODAY)))

    with pytest.raises(StockLimitExceeded):
        shop.book(main, (valve, 1))


def test_a_correction_cannot_take_what_is_promised(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))

    with pytest.raises(StockInsufficient):
        shop.book(main, (valve, -7), kind="adjustment", reference="counted")
    shop.book(main, (valve, -6), kind="adjustment", reference="counted")

    assert shop.stock(valve) == ("4", "4")
    shop.assert_sound()


def test_skus_and_codes_are_unique(shop: Shop) -> None:
    shop.item("A-VALVE")
    shop.warehouse("MAIN")
    with pytest.raises(SkuTaken):
        shop.item("A-VALVE")
    with pytest.raises(WarehouseCodeTaken):
        shop.warehouse("MAIN")


def test_there_is_one_default_warehouse(shop: Shop) -> None:
    first = shop.warehouse("ONE")
    second = shop.do(lambda tx: open_warehouse(tx, OpenWarehouse("TWO", "Two", is_default=True)))
    third = shop.warehouse("THREE")

    assert (first.is_default, second.is_default, third.is_default) == (True, True, False)
    with shop.database.reading() as connection:
        found = connection.execute(text("SELECT code FROM warehouse WHERE is_default")).scalars().all()
    assert found == ["TWO"]


def test_changing_an_item_is_told_and_an_inactive_one_is_not_sold(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))

    changed = shop.do(lambda tx: change_item(tx, ChangeItem(valve.id, name="Better valve", active=False)))
    shop.do(lambda tx: change_item(tx, ChangeItem(valve.id, name="Better valve")))

    assert (changed.name, changed.active, changed.version) == ("Better valve", False, 2)
    assert [told.data["name"] for told in shop.told("item.details_changed")] == ["Better valve"]
    assert shop.reserve(1, (valve, 1)).state == "rejected"
    assert shop.told("reservation.rejected")[0].data["reason"] == "item_inactive"
