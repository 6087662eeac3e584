"""Goods that come back: never more than left, promised to nobody before they are inspected, each move in the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.db import migrate
from libs.common.errors import VersionMismatch
from libs.common.testing.web import api_client
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    DateInFuture,
    QuarantineIsForReturns,
    ReturnExceedsShipped,
    ReturnNotFound,
    UnknownWarehouse,
)
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.returns import GoodsReturn
from services.inventory.reports.stock import levels, moves
from services.inventory.store import warehouses
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop, line_id, order_id, q
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_api import ANN, BOB, KEYS, NOBODY, app, clerk, problem  # noqa: F401
from services.inventory.use_cases.ask_return import AnswerReturn, cancel_return, reject_return

Client = Any


@pytest.fixture
def valve(shop: Shop) -> Item:
    return shop.item()


@pytest.fixture
def main(shop: Shop) -> Warehouse:
    return shop.warehouse()


@pytest.fixture
def note(shop: Shop, valve: Item, main: Warehouse) -> Delivery:
    """Give a delivery of 5 of 10 valves."""
    shop.book(main, (valve, 10))
    return shop.shipped(1, (valve, 5))


def lying(shop: Shop, item: Item) -> dict[str, tuple[str, str]]:
    """Return what is on hand and available of an item, by warehouse."""
    rows = shop.database.read(
        lambda connection: levels(connection, {"item_id": item.id}, after=None, limit=20)
    )
    return {row.warehouse_code: (str(row.on_hand), str(row.available)) for row in rows}


def ledger(shop: Shop, document_id: str) -> list[tuple[str, str, str]]:
    rows = shop.database.read(
        lambda connection: moves(connection, {"document_id": document_id}, after=None, limit=20)
    )
    codes = shop.database.read(
        lambda connection: {row.warehouse_id: warehouses.find(connection, row.warehouse_id) for row in rows}
    )
    return [(row.kind, str(codes[row.warehouse_id].code), str(row.quantity)) for row in rows]  # type: ignore[union-attr]


def test_r4_5_from_the_request_to_the_shelf(shop: Shop, valve: Item, main: Warehouse, note: Delivery) -> None:
    asked = shop.ask_back(note, (line_id(1, 1), 4))
    assert (asked.number, asked.state) == ("RMA-000001", "requested")
    approved = shop.approve(asked)
    assert lying(shop, valve) == {"MAIN": ("5", "5")}

    received = shop.take_back(approved, main)
    assert received.state == "received"
    assert lying(shop, valve) == {"MAIN": ("5", "5"), "MAIN-Q": ("4", "0")}
    shop.assert_sound()

    closed = shop.inspect(received, (1, 3, 1))
    assert closed.state == "closed"
    assert lying(shop, valve) == {"MAIN": ("8", "8"), "MAIN-Q": ("0", "0")}
    assert ledger(shop, asked.id) == [
        ("return", "MAIN-Q", "4"),
        ("restock", "MAIN-Q", "-3"),
        ("restock", "MAIN", "3"),
        ("scrap", "MAIN-Q", "-1"),
    ]
    shop.assert_sound()


def test_what_others_are_told(shop: Shop, valve: Item, main: Warehouse, note: Delivery) -> None:
    asked = shop.ask_back(note, (line_id(1, 1), 4), reason="Leaks", approved=True)
    shop.inspect(shop.take_back(asked, main, (1, 3)), (1, 2, 1, False))
    told = shop.told("return.requested", "return.decided", "return.received", "return.inspected")
    assert [message.type.split(".")[2] for message in told] == [
        "requested",
        "decided",
        "received",
        "inspected",
    ]
    assert {(message.partition_key, message.correlation_id) for message in told} == {
        (order_id(1), order_id(1))
    }
    inspected = told[-1].data
    assert (inspected["number"], inspected["delivery_id"], inspected["reason"]) == (
        "RMA-000001",
        note.id,
        "Leaks",
    )
    assert inspected["inspected_on"] == TODAY.isoformat()
    (line,) = inspected["lines"]
    assert {name: line[name] for name in ("quantity", "restocked", "scrapped", "credit", "lot")} == {
        "quantity": "3",
        "restocked": "2",
        "scrapped": "1",
        "credit": False,
        "lot": None,
    }


def test_quarantine_serves_nobody_and_the_shelf_serves_who_waits(
    shop: Shop, valve: Item, main: Warehouse, note: Delivery
) -> None:
    shop.reserve(2, (valve, 7))
    received = shop.take_back(shop.ask_back(note, (line_id(1, 1), 3), approved=True), main)
    shop.settle()
    assert shop.state(2) == "waiting"
    shop.inspect(received, (1, 2, 1))
    shop.settle()
    assert shop.state(2) == "reserved"
    shop.assert_sound()


def test_what_comes_back_is_not_bought_once_it_is_on_the_shelf(
    shop: Shop, valve: Item, main: Warehouse, note: Delivery
) -> None:
    buying = Buying(shop)
    buying.buys(valve, buying.supplier())
    shop.reserve("b", (valve, 12))
    assert buying.asked(valve) == [("open", "7", "7")]
    received = shop.take_back(shop.approve(shop.ask_back(note, (line_id(1, 1), 4))), main)
    assert buying.asked(valve) == [("open", "7", "7")]
    shop.assert_sound()
    shop.inspect(received, (1, 3, 1))
    assert buying.asked(valve) == [("open", "4", "4")]
    shop.assert_sound()


def test_what_is_announced_is_not_announced_again_and_what_does_not_come_is_free(
    shop: Shop, main: Warehouse, note: Delivery
) -> None:
    line = line_id(1, 1)
    first = shop.ask_back(note, (line, 3))
    with pytest.raises(ReturnExceedsShipped) as refused:
        shop.ask_back(note, (line, 3))
    assert (refused.value.field, refused.value.figures["left"]) == ("lines.0.quantity", q(2))
    shop.do(lambda tx: reject_return(tx, AnswerReturn(first.id, "Used")))
    second = shop.ask_back(note, (line, 5), approved=True)
    shop.do(lambda tx: cancel_return(tx, AnswerReturn(second.id, "Kept")))
    third = shop.ask_back(note, (line, 5), approved=True)
    shop.take_back(third, main, (1, 1))
    with pytest.raises(ReturnExceedsShipped):
        shop.ask_back(note, (line, 5))
    shop.ask_back(note, (line, 4))
    shop.assert_sound()


def test_a_refused_return_takes_no_number_and_says_nothing(shop: Shop, note: Delivery) -> None:
    before = len(shop.told())
    with pytest.raises(ReturnExceedsShipped):
        shop.ask_back(note, (line_id(1, 1), 6))
    assert len(shop.told()) == before
    assert shop.ask_back(note, (line_id(1, 1), 5)).number == "RMA-000001"
    shop.assert_sound()


def test_many_at_once_announce_exactly_what_left(shop: Shop, note: Delivery) -> None:
    def ask(_number: int) -> GoodsReturn | Exception:
        try:
            return shop.ask_back(note, (line_id(1, 1), 1))
        except Exception as error:
            return error

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(ask, range(12)))
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [type(each) for each in refused] == [ReturnExceedsShipped] * 7
    shop.assert_sound()


def test_a_lot_comes_back_as_the_lot_that_it_is(shop: Shop, main: Warehouse) -> None:
    drug, north = shop.item("DRUG", lot_tracked=True), shop.warehouse("NORTH")
    shop.book(main, (drug, 2, "L1", TODAY), (drug, 3, "L2"))
    note = shop.shipped(1, (drug, 4))
    asked = shop.ask_back(note, (line_id(1, 1), 1, "L1"), (line_id(1, 1), 2, "L2"), approved=True)
    shop.inspect(shop.take_back(asked, north), (1, 1, 0), (2, 0, 2))
    rows = shop.database.read(lambda connection: levels(connection, {}, after=None, limit=20))
    north_rows = [
        (row.lot, row.expires_on, str(row.on_hand)) for row in rows if row.warehouse_code == "NORTH"
    ]
    assert north_rows == [("L1", TODAY, "1")]
    shop.assert_sound()


def test_a_place_of_quarantine_is_for_returns_only(
    shop: Shop, valve: Item, main: Warehouse, note: Delivery
) -> None:
    shop.take_back(shop.ask_back(note, (line_id(1, 1), 1), approved=True), main)
    place = shop.database.read(lambda connection: warehouses.quarantine_of(connection, main.id))
    assert place is not None
    with pytest.raises(QuarantineIsForReturns):
        shop.book(place, (valve, 1))
    with pytest.raises(QuarantineIsForReturns):
        shop.take_back(shop.ask_back(note, (line_id(1, 1), 1), approved=True), place)


def test_a_code_that_is_taken_does_not_keep_goods_out(shop: Shop, main: Warehouse, note: Delivery) -> None:
    shop.warehouse("MAIN-Q")
    for _ in range(2):
        shop.take_back(shop.ask_back(note, (line_id(1, 1), 1), approved=True), main)
    place = shop.database.read(lambda connection: warehouses.quarantine_of(connection, main.id))
    assert place is not None
    assert place.code != "MAIN-Q"
    shop.assert_sound()


def test_what_cannot_be_received_changes_nothing(shop: Shop, main: Warehouse, note: Delivery) -> None:
    asked = shop.ask_back(note, (line_id(1, 1), 5), approved=True)
    nowhere = Warehouse(NOBODY, "X", "X", is_default=False)
    tomorrow_and_later = TODAY.replace(day=TODAY.day + 2)
    for refusal, place, more in (
        (UnknownWarehouse, nowhere, {}),
        (DateInFuture, main, {"received_on": tomorrow_and_later}),
        (VersionMismatch, main, {"expected_version": 1}),
    ):
        with pytest.raises(refusal):
            shop.take_back(asked, place, **more)
    with pytest.raises(ReturnNotFound):
        shop.do(lambda tx: cancel_return(tx, AnswerReturn(NOBODY, "No")))
    assert shop.take_back(asked, main, expected_version=2).state == "received"
    shop.assert_sound()


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE returned_part SET returned_milli = shipped_milli + 1",
        "UPDATE goods_return_line SET received_milli = quantity_milli + 1",
        "UPDATE goods_return_line SET scrapped_milli = received_milli + 1",
        "UPDATE goods_return SET state = 'lost'",
        "UPDATE goods_return SET state = 'requested'",
        "UPDATE stock_move SET quantity_milli = 1",
        "DELETE FROM stock_move",
    ],
)
def test_the_database_itself_keeps_the_bounds(
    shop: Shop, main: Warehouse, note: Delivery, fault: str
) -> None:
    shop.take_back(shop.ask_back(note, (line_id(1, 1), 3), approved=True), main)
    with pytest.raises(DBAPIError):
        shop.do(lambda tx: tx.connection.execute(text(fault)))


def test_r4_5_a_return_over_http_each_by_whom_it_concerns(
    shop: Shop,
    valve: Item,
    main: Warehouse,
    note: Delivery,
    app: Any,  # noqa: F811
    clerk: Client,  # noqa: F811
) -> None:
    shop.customer(ANN)
    ann, bob = (api_client(app, KEYS, roles=["sales"], subject=name) for name in (ANN, BOB))
    mia = api_client(app, KEYS, roles=["sales_manager"], subject="mia")
    line = {"order_line_id": line_id(1, 1), "quantity": 4}
    wanted = {"delivery_id": note.id, "reason": "Leaks", "lines": [line]}
    problem(bob.post("/api/v1/returns", json=wanted), 404, "delivery_not_found")
    assert clerk.post("/api/v1/returns", json=wanted).status_code == 403
    made = ann.post("/api/v1/returns", json=wanted)
    assert (made.status_code, made.json["number"]) == (201, "RMA-000001"), made.json
    path = made.headers["Location"]
    assert (ann.get(path).json["lines"][0]["outcome"], bob.get(path).status_code) == ("expected", 404)
    assert (len(ann.get("/api/v1/returns").json["items"]), bob.get("/api/v1/returns").json["items"]) == (
        1,
        [],
    )
    assert bob.post(f"{path}/cancel", json={"answer": "No"}).status_code == 404
    assert ann.post(f"{path}/approve", json={}).status_code == 403
    assert mia.post(f"{path}/approve", json={"answer": "Send it"}).json["state"] == "approved"
    problem(mia.post(f"{path}/reject", json={"answer": "No"}), 409, "return_state")

    arrived = {"warehouse_id": main.id, "lines": [{"line_no": 1, "quantity": "3"}]}
    assert ann.post(f"{path}/receive", json=arrived).status_code == 403
    received = clerk.post(f"{path}/receive", json=arrived).json
    assert (received["state"], received["lines"][0]["outcome"]) == ("received", "in_quarantine")
    rows = {row["warehouse_code"]: row for row in clerk.get("/api/v1/stock").json["items"]}
    assert (rows["MAIN-Q"]["in_quarantine"], rows["MAIN-Q"]["available"]) == (True, "0")
    listed = clerk.get("/api/v1/warehouses").json["items"]
    assert [(place["code"], place["quarantine_of"]) for place in listed] == [("MAIN", None)]

    incomplete = clerk.post(f"{path}/inspect", json={"lines": [{"line_no": 1, "restock": "2"}]})
    problem(incomplete, 422, "inspection_incomplete", "lines.0")
    seen = {"lines": [{"line_no": 1, "restock": "2", "scrap": "1", "note": "One is cracked"}]}
    closed = clerk.post(f"{path}/inspect", json=seen).json
    assert (closed["state"], closed["lines"][0]["outcome"]) == ("closed", "divided")
    kinds = [
        move["kind"] for move in clerk.get(f"/api/v1/stock-moves?document_id={closed['id']}").json["items"]
    ]
    assert kinds == ["return", "restock", "restock", "scrap"]
    for query, count in (
        (f"order_id={order_id(1)}", 1),
        (f"delivery_id={note.id}", 1),
        ("state=closed", 1),
        ("state=requested", 0),
        ("number=RMA-000002", 0),
    ):
        assert len(clerk.get(f"/api/v1/returns?{query}").json["items"]) == count, query
    assert clerk.get(f"/api/v1/returns/{NOBODY}").status_code == 404
    shop.assert_sound()


def test_a_ledger_of_before_comes_through_the_migration_whole(make_database: Any) -> None:
    """The moves of a company that is older than returns stay as they are, and stay append-only."""
    database = make_database("inventory", None)
    migrate(database, MIGRATIONS, target="0003")
    at = {
        "now": "2026-01-05 08:00:00",
        "item": NOBODY,
        "place": order_id(1),
        "move": order_id(2),
        "sale": order_id(3),
    }
    moved = "INSERT INTO stock_move VALUES (:{}, :item, :place, '{}', {}, '{}', :item, 'N-1', '2026-01-05', NULL, :now)"
    for statement in (
        """INSERT INTO item (id, sku, name, uom, decimals, lot_tracked, active, version, created_at, updated_at)
        VALUES (:item, 'A', 'A', 'pcs', 0, false, true, 1, :now, :now)""",
        """INSERT INTO warehouse (id, code, name, is_default, version, created_at)
        VALUES (:place, 'MAIN', 'Main', true, 1, :now)""",
        moved.format("move", "", 9000, "receipt"),
        moved.format("sale", "L", -2000, "shipment"),
    ):
        database.transact(lambda tx, statement=statement: tx.connection.execute(text(statement), at))
    every = text("SELECT * FROM stock_move ORDER BY id")
    before = database.read(lambda connection: connection.execute(every).all())

    migrate(database, MIGRATIONS)

    assert len(before) == 2
    after = database.read(lambda connection: connection.execute(every).all())
    assert [row[: len(before[0])] for row in after] == before
    for change in ("UPDATE stock_move SET lot = 'X'", "DELETE FROM stock_move"):
        with pytest.raises(DBAPIError, match="append-only"):
            database.transact(lambda tx, change=change: tx.connection.execute(text(change)))
    shop = Shop(database)
    found = shop.database.read(lambda connection: warehouses.find(connection, at["place"]))
    assert (found.code, found.quarantine_of) == ("MAIN", None)
