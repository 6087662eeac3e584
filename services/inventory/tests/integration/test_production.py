"""From the lack to the finished receipt: production orders raised, released, made, closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.inventory.domain.errors import LotExpiryDiffers, LotMissing, QuantityTooFine
from services.inventory.domain.production_errors import (
    BomMissing,
    ComponentNotOnOrder,
    ComponentsMissing,
    ConsumedTwice,
    LessThanPlanned,
    MoreThanPlanned,
    NothingMade,
    ProductionStateRefuses,
    ScrapReasonMissing,
)
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.tests.making import Making


@pytest.fixture
def making(shop: Shop) -> Making:
    return Making(shop)


def test_a_shortage_of_what_is_made_raises_an_order_that_follows_it(making: Making) -> None:
    shop = making.shop
    pump, housing = shop.item("PUMP"), shop.item("HOUSING")
    shop.warehouse()
    making.bom(pump, (housing, 1))
    making.makes(pump, multiple=q(5))

    shop.reserve("a", (pump, 3))
    shop.reserve("b", (pump, 4))
    assert making.planned(pump) == [("request", "7", "10")]
    shop.release("b")
    assert making.planned(pump) == [("request", "3", "5")]
    shop.release("a")

    assert making.planned(pump) == [("cancelled", "3", "5")]
    assert making.requisitions() == []
    told = [each.type.split(".")[2] for each in shop.told(*PRODUCTION)]
    assert told == ["raised", "changed", "changed", "cancelled"]
    shop.assert_sound()


PRODUCTION = tuple(
    f"production_order.{act}"
    for act in ("raised", "changed", "released", "assigned", "started", "finished", "closed", "cancelled")
)


def test_the_finished_pieces_free_the_orders_that_wait_for_them(making: Making) -> None:
    shop = making.shop
    pump, housing, screw = shop.item("PUMP"), shop.item("HOUSING"), shop.item("SCREW", uom="kg", decimals=3)
    main = shop.warehouse()
    shop.book(main, (housing, 10), (screw, "1.5"))
    making.bom(pump, (housing, 1), (screw, "0.025", 1000), fixed_days=1, days_per_lot=1)
    making.makes(pump)
    for name, quantity in (("a", 2), ("b", 3)):
        shop.reserve(name, (pump, quantity))

    (order,) = making.orders(pump)
    released = making.release(order.id)
    assert (released.state, released.due_on) == ("assigned", TODAY + timedelta(days=6))
    assert making.parts(order.id) == [("5", "5", "0", "0"), ("0.138", "0.138", "0", "0")]
    making.start(order.id)
    making.report(order.id, 2)
    shop.settle()
    assert (shop.state("a"), shop.state("b")) == ("reserved", "waiting")
    after = making.report(order.id, 3)
    shop.settle()

    assert (after.state, shop.state("b")) == ("done", "reserved")
    assert (shop.stock(pump), shop.stock(housing), shop.stock(screw)) == (
        ("5", "5"),
        ("5", "0"),
        ("1.362", "0"),
    )
    told = [each.type.split(".")[2] for each in shop.told(*PRODUCTION)]
    assert told == ["raised", "changed", "released", "assigned", "started", "finished", "finished", "closed"]
    assert [each.quantity.milli for each in making.orders(pump)[0].reports[1].consumed] == [3000, 83]
    shop.assert_sound()


def test_missing_components_are_made_and_bought_by_their_own_policies_and_arrive_by_themselves(
    making: Making,
) -> None:
    shop = making.shop
    pump, rotor, steel, housing = (shop.item(sku) for sku in ("PUMP", "ROTOR", "STEEL", "HOUSING"))
    main, foundry = shop.warehouse(), making.supplier()
    making.bom(pump, (rotor, 1), (housing, 1))
    making.bom(rotor, (steel, 2))
    for item in (pump, rotor):
        making.makes(item)
    for item in (steel, housing):
        making.buys(item, foundry)
    shop.book(main, (rotor, 1), (housing, 9))
    shop.reserve("a", (pump, 4))

    (order,) = making.orders(pump)
    assert making.release(order.id).state == "waiting"
    assert making.parts(order.id) == [("4", "1", "3", "0"), ("4", "4", "0", "0")]
    (below,) = making.orders(rotor)
    assert making.planned(rotor) == [("request", "3", "3")]
    making.release(below.id)
    assert making.asked(steel) == [("open", "6", "6")]

    shop.book(main, (steel, 6))
    shop.settle()
    assert making.now(below.id).state == "assigned"
    making.start(below.id)
    making.report(below.id, 3)
    shop.settle()
    assert making.now(order.id).state == "assigned"
    making.start(order.id)
    making.report(order.id, 4)
    shop.settle()

    assert shop.state("a") == "reserved"
    assert making.asked(steel) == [("cancelled", "6", "6")]
    shop.assert_sound()


def test_components_that_wait_stand_in_one_queue_with_customers(making: Making) -> None:
    shop = making.shop
    pump, housing, main = shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    making.bom(pump, (housing, 1))
    shop.reserve("first", (housing, 3))
    order = making.release(making.wish(pump, main, 4).id)
    shop.reserve("last", (housing, 2))

    shop.book(main, (housing, 5))
    shop.settle()
    assert (shop.state("first"), shop.state("last")) == ("reserved", "waiting")
    assert making.parts(order.id) == [("4", "2", "2", "0")]
    shop.book(main, (housing, 3))
    shop.settle()
    assert (making.now(order.id).state, shop.state("last")) == ("assigned", "waiting")
    making.drop(order.id)
    shop.settle()

    assert shop.state("last") == "reserved"
    shop.assert_sound()


def test_scrap_is_made_once_more_and_its_components_are_asked_for(making: Making) -> None:
    shop = making.shop
    pump, housing, main, foundry = (
        shop.item("PUMP"),
        shop.item("HOUSING"),
        shop.warehouse(),
        making.supplier(),
    )
    making.bom(pump, (housing, 2))
    making.buys(housing, foundry)
    shop.book(main, (housing, 9))
    order = making.running(pump, main, 4)

    with pytest.raises(ScrapReasonMissing):
        making.report(order.id, 1, 2, reason=None)
    making.report(order.id, 1, 2)

    assert making.parts(order.id) == [("12", "3", "3", "6")]
    assert making.asked(housing) == [("open", "3", "3")]
    assert shop.stock(pump) == ("1", "0")
    with pytest.raises(ComponentsMissing) as refused:
        making.report(order.id, 2)
    assert (refused.value.field, refused.value.figures["there"]) == ("finished", q(3))
    making.report(order.id, 1)
    making.end(order.id, accept_shortfall=True)
    assert making.asked(housing)[0][0] == "cancelled"
    assert shop.stock(housing) == ("1", "0")
    shop.assert_sound()


def test_what_was_really_used_is_booked_by_lot_and_what_is_left_over_is_freed(making: Making) -> None:
    shop = making.shop
    soup, cream, salt = (shop.item(sku, lot_tracked=True) for sku in ("SOUP", "CREAM", "SALT"))
    main = shop.warehouse()
    shop.book(main, (cream, 10, "C1"), (cream, 10, "C2"), (salt, 10, "S1"))
    making.bom(soup, (cream, 2), (salt, 1))
    order = making.running(soup, main, 3)

    with pytest.raises(LotMissing):
        making.report(order.id, 2)
    with pytest.raises(ComponentsMissing) as refused:
        making.report(order.id, 2, 0, (cream, 11, "C2"), lot="L1")
    assert refused.value.field == "consumed.0.quantity"
    with pytest.raises(ConsumedTwice):
        making.report(order.id, 2, 0, (cream, 1, "C2"), (cream, 1, "C2"), lot="L1")
    with pytest.raises(ComponentNotOnOrder):
        making.report(order.id, 2, 0, (soup, 1, "L1"), lot="L1")
    making.report(
        order.id, 2, 0, (cream, 1, "C1"), (cream, 2, "C2"), (salt, 0), lot="L1", expires_on=date(2026, 9, 1)
    )

    assert making.parts(order.id) == [("6", "2", "0", "3"), ("3", "1", "0", "0")]
    (report,) = making.orders(soup)[0].reports
    assert [(str(each.planned), str(each.quantity)) for each in report.consumed] == [("4", "3"), ("2", "0")]
    with pytest.raises(LotExpiryDiffers):
        making.report(order.id, 1, lot="L1", expires_on=date(2026, 9, 2))
    making.report(order.id, 1, lot="L1")
    assert (shop.stock(soup), shop.stock(cream), shop.stock(salt)) == (("3", "0"), ("15", "0"), ("9", "0"))
    shop.assert_sound()


def test_more_and_less_than_planned_within_the_tolerance(making: Making) -> None:
    shop = making.shop
    pump, housing, main = shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    shop.book(main, (housing, 100))
    making.bom(pump, (housing, 1), tolerance_bp=1000)
    over, under = (making.running(pump, main, 25) for _ in range(2))

    with pytest.raises(MoreThanPlanned) as refused:
        making.report(over.id, 28)
    assert (refused.value.field, refused.value.figures["left"]) == ("finished", q(27))
    assert making.report(over.id, 27).state == "done"
    with pytest.raises(ProductionStateRefuses):
        making.report(over.id, 1)
    with pytest.raises(NothingMade):
        making.end(under.id)
    making.report(under.id, 22)
    with pytest.raises(LessThanPlanned) as short:
        making.end(under.id)
    assert (short.value.field, short.value.figures["least"]) == ("accept_shortfall", q(23))
    making.report(under.id, 1)
    assert making.end(under.id).state == "done"
    assert (shop.stock(pump), shop.stock(housing)) == (("50", "0"), ("50", "0"))
    with pytest.raises(ProductionStateRefuses):
        making.drop(under.id)
    shop.assert_sound()


def test_a_cancelled_order_asks_anew_for_what_is_lacking(making: Making) -> None:
    shop = making.shop
    pump, housing, main = shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    shop.book(main, (housing, 5))
    making.bom(pump, (housing, 1))
    making.makes(pump)
    shop.reserve("a", (pump, 2))
    (order,) = making.orders(pump)
    making.release(order.id)

    making.drop(order.id)

    assert making.planned(pump) == [("cancelled", "2", "2"), ("request", "2", "2")]
    assert shop.stock(housing) == ("5", "0")
    making.drop(making.orders(pump)[1].id)
    assert [each[0] for each in making.planned(pump)] == ["cancelled", "cancelled"]
    shop.assert_sound()


def test_the_bill_of_the_day_of_the_release_holds_for_the_whole_order(making: Making) -> None:
    shop = making.shop
    pump, housing, main = shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    shop.book(main, (housing, 50))
    making.bom(pump, (housing, 1), valid_from=TODAY)
    making.bom(pump, (housing, 2), valid_from=TODAY + timedelta(days=1))
    early, late = (making.wish(pump, main, 4) for _ in range(2))

    with pytest.raises(BomMissing):
        making.release(early.id, TODAY - timedelta(days=1))
    making.release(early.id)
    making.release(late.id, TODAY + timedelta(days=1))
    making.bom(pump, (housing, 3), valid_from=TODAY)
    for order in (early, late):
        making.start(order.id)
        making.report(order.id, 4)

    assert [str(making.now(each.id).components[0].consumed) for each in (early, late)] == ["4", "8"]
    with pytest.raises(QuantityTooFine):
        making.wish(pump, main, "1.5")
    shop.assert_sound()


def test_what_is_being_made_is_promised_for_its_day(making: Making) -> None:
    shop = making.shop
    pump, housing, main = shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    making.bom(pump, (housing, 1), output=q(4), fixed_days=1, days_per_lot=2)
    making.makes(pump)
    request = making.wish(pump, main, 6)

    assert making.availability(pump, 6).in_production == ()
    found = making.availability(pump, 9)
    assert (found.source, found.promised_on) == ("lead_time", TODAY + timedelta(days=7))
    making.release(request.id)
    found = making.availability(pump, 6)
    assert (found.source, found.promised_on) == ("incoming", TODAY + timedelta(days=5))
    assert [(each.number, str(each.quantity)) for each in found.in_production] == [("MO-000001", "6")]
    assert str(making.availability(housing).waited_for) == "2"


def test_a_reorder_point_of_what_is_made_raises_one_order_and_counts_what_is_on_its_way(
    making: Making,
) -> None:
    shop = making.shop
    pump, housing, main = shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    making.bom(pump, (housing, 1))
    making.makes(pump, multiple=q(4))
    making.reorder(pump, main, 5, 10)
    making.propose(pump, main)
    assert making.planned(pump) == [("request", "10", "12")]
    shop.book(main, (pump, 4))
    making.propose(pump, main)
    assert making.planned(pump) == [("request", "6", "8")]
    making.release(making.orders(pump)[0].id)
    making.propose(pump, main)

    assert making.planned(pump) == [("waiting", "6", "8")]
    assert making.requisitions() == []
    shop.assert_sound()
