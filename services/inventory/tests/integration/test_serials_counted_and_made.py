"""Serials are counted blind, used up and made by name, and looked up over HTTP."""

from __future__ import annotations

from functools import partial

from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.domain.counting import CountedLine
from services.inventory.reports.counts import one_count
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, q
from services.inventory.tests.counting import Counting
from services.inventory.tests.integration.test_api import problem
from services.inventory.tests.making import Making
from services.inventory.tests.serial_acts import (
    assert_sound,
    noted,
    pick,
    pump,
    refused,
    ship,
    states,
    take_in,
    traced,
)

KEYS = SigningKeys.fresh()


def test_a_count_of_serials_shows_which_are_missing_and_which_nobody_expected(shop: Shop) -> None:
    item, main, counting = pump(shop), shop.warehouse(), Counting(shop)
    take_in(shop, main, item, 3, "S1..S3")
    sheet = counting.open(main, item)
    field = "lines.0.serials"
    refused("serials_missing", field, lambda: counting.enter(sheet, (1, 3)))

    found = CountedLine(q(3), 1, serials=("S1", "S3", "X1"))
    once = counting.enter_lines(sheet, found)
    assert [line.progress for line in once.lines] == ["recount"]
    blind = shop.database.read(lambda connection: one_count(connection, sheet.id)).lines[0]
    assert (blind.missing_serials, blind.unexpected_serials, blind.difference) == ((), (), None)
    counting.enter_lines(sheet, found, by="ann")
    posted = counting.close(sheet)

    assert posted.state == "posted"
    shown = shop.database.read(lambda connection: one_count(connection, sheet.id)).lines[0]
    assert (shown.missing_serials, shown.unexpected_serials) == (("S2",), ("X1",))
    assert states(shop, item, "S1", "S2", "S3", "X1") == ["in_stock", "lost", "in_stock", "in_stock"]
    assert shop.stock(item) == ("3", "0")
    assert_sound(shop)


def test_a_count_agrees_with_serials_that_are_picked_and_not_gone(shop: Shop) -> None:
    item, main, counting = pump(shop), shop.warehouse(), Counting(shop)
    take_in(shop, main, item, 2, "S1..S2")
    pick(shop, noted(shop, 1, item, 1), 1, "S1")
    sheet = counting.open(main, item)
    counting.enter_lines(sheet, CountedLine(q(2), 1, serials=("S1..S2",)))
    assert counting.close(sheet).document_id is None
    assert_sound(shop)


def test_a_count_that_found_what_is_at_a_customer_or_misses_what_is_picked_is_counted_anew(
    shop: Shop,
) -> None:
    item, main, counting = pump(shop), shop.warehouse(), Counting(shop)
    take_in(shop, main, item, 3, "S1..S3")
    ship(shop, noted(shop, 1, item, 1), 1, "S1")
    sheet = counting.open(main, item)
    for by in ("wim", "ann"):
        counting.enter_lines(sheet, CountedLine(q(3), 1, serials=("S1..S3",)), by=by)
    refused("serial_known", "count_id", partial(counting.close, sheet))
    pick(shop, noted(shop, 2, item, 1), 2, "S2")
    for by in ("wim", "ann"):
        counting.enter_lines(sheet, CountedLine(q(1), 1, serials=("S3",)), by=by)
    refused("serial_not_there", "count_id", partial(counting.close, sheet))
    counting.enter_lines(sheet, CountedLine(q(2), 1, serials=("S2", "S3")))
    assert counting.close(sheet).state == "posted"
    assert_sound(shop)


def test_production_uses_named_serials_up_and_names_what_it_makes(shop: Shop) -> None:
    making = Making(shop)
    item, motor, main = pump(shop), pump(shop, "MOTOR"), shop.warehouse()
    making.bom(item, (motor, 1))
    take_in(shop, main, motor, 3, "M1..M3")
    order = making.running(item, main, 2)
    refused("serials_missing", "serials", lambda: making.report(order.id, 1, 0, (motor, 1, None, ("M1",))))
    made = partial(making.report, order.id, 2, 0, serials=("P1..P2",))
    refused("serials_missing", "consumed", made)
    for names, code in ((("M1",), "serials_missing"), (("M1", "M9"), "serial_not_there")):
        named = (motor, 2, None, names)
        act = partial(making.report, order.id, 2, 0, named, serials=("P1..P2",))
        refused(code, "consumed.0.serials", act)

    making.report(order.id, 2, 0, (motor, 2, None, ("M1", "M3")), serials=("P1..P2",))

    assert states(shop, motor, "M1", "M2", "M3") == ["consumed", "in_stock", "consumed"]
    assert states(shop, item, "P1", "P2") == ["in_stock", "in_stock"]
    assert traced(shop, item, "P1").trace[0].reference == order.number
    assert_sound(shop)


def test_a_serial_is_looked_up_and_traced_over_http(shop: Shop) -> None:
    app = create_app(shop.database, KEYS.verifier())
    clerk = api_client(app, KEYS, roles=["warehouse"], subject="wang")
    desk = api_client(app, KEYS, roles=["service"], subject="sid")
    seller = api_client(app, KEYS, roles=["sales"], subject="sam")
    shop.customer()
    main = shop.warehouse()
    made = clerk.post("/api/v1/items", json={"sku": "PUMP", "name": "Pump", "tracking": "serial"})
    assert (made.json["tracking"], made.json["lot_tracked"]) == ("serial", False)
    item_id = made.json["id"]
    divided = {"sku": "OIL", "name": "Oil", "tracking": "serial", "decimals": 3}
    problem(clerk.post("/api/v1/items", json=divided), 422, "serial_needs_whole_units", "decimals")

    line = {"item_id": item_id, "quantity": "3", "serials": ["SN001..SN002", "X-1"]}
    receipt = clerk.post("/api/v1/receipts", json={"warehouse_id": main.id, "lines": [line]})
    assert receipt.json["lines"][0]["serials"] == ["SN001", "SN002", "X-1"]
    again = clerk.post("/api/v1/receipts", json={"warehouse_id": main.id, "lines": [line]})
    problem(again, 409, "serial_known", "lines.0.serials")
    shop.reserve(1, (item_id, 1))
    (note,) = shop.confirm(1)
    part = {"order_line_id": note.lines[0].order_line_id, "quantity": "1", "serials": ["X-1"]}
    path = f"/api/v1/deliveries/{note.id}"
    picked = clerk.post(f"{path}/pick", json={"lines": [part]}).json
    assert picked["lines"][0]["serials"] == ["X-1"]
    assert clerk.post(f"{path}/ship", json={}).json["lines"][0]["serials"] == ["X-1"]

    for query, names in (
        (f"item_id={item_id}", ["SN001", "SN002", "X-1"]),
        ("serial=X-1", ["X-1"]),
        (f"customer_id={HARBOR_PUMPS}", ["X-1"]),
        ("state=in_stock&limit=1", ["SN001"]),
        (f"warehouse_id={main.id}&state=in_stock", ["SN001", "SN002"]),
    ):
        found = desk.get(f"/api/v1/serials?{query}").json["items"]
        assert [each["serial"] for each in found] == names, query
    shown = desk.get(f"/api/v1/items/{item_id}/serials/X-1").json
    assert (shown["state"], shown["customer_name"]) == ("shipped", "Harbor Pumps")
    assert [each["kind"] for each in shown["trace"]] == ["received", "picked", "shipped"]
    problem(desk.get(f"/api/v1/items/{item_id}/serials/NONE"), 404, "serial_not_found")
    assert seller.get("/api/v1/serials").status_code == 403
    page = desk.get("/api/v1/serials?limit=2").json
    rest = desk.get(f"/api/v1/serials?limit=2&cursor={page['next_cursor']}").json
    assert [each["serial"] for each in rest["items"]] == ["X-1"]
    assert_sound(shop)
