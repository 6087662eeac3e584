"""From the requisition to the goods: approved, ordered, received in parts, closed short, given up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libs.common.errors import MeridianError, VersionMismatch
from libs.common.money import Money, Price
from services.inventory.domain.errors import LineNamedTwice, LotMissing, UnknownSupplier
from services.inventory.domain.purchase import (
    DayMissing,
    LineNotOnPurchaseOrder,
    MoreThanAwaited,
    OtherCurrency,
    OtherSupplier,
    OtherWarehouse,
    PriceMissing,
    PurchaseStateRefuses,
)
from services.inventory.domain.purchasing_rules import SecondPersonNeeded
from services.inventory.domain.requisition import RequisitionStateRefuses, UnknownRequisition
from services.inventory.tests.builders import TODAY, Shop, order_id, q
from services.inventory.tests.buying import LI, WANG, Buying
from services.inventory.use_cases.purchase_orders import (
    DraftLine,
    DraftPurchaseOrder,
    SendPurchaseOrder,
    draft_purchase_order,
    send_purchase_order,
)

NOBODY = "00000000-0000-7000-8000-00000000dead"


@pytest.fixture
def buying(shop: Shop) -> Buying:
    return Buying(shop)


def test_a_shortage_is_bought_received_in_parts_and_frees_those_who_wait_in_their_order(
    shop: Shop, buying: Buying
) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, price="2.50")
    for name, quantity in (("a", 5), ("b", 3), ("c", 2)):
        shop.reserve(name, (valve, quantity))
    (wanted,) = buying.requisitions(valve)
    buying.approve(wanted.id)

    order = buying.send(buying.draft(foundry, wanted.id))
    assert (order.number, order.state, order.total) == ("PO-000001", "sent", Money.of("25.00", "USD"))
    assert (order.ordered_on, order.expected_on) == (TODAY, TODAY + timedelta(days=5))
    receipt = buying.receive(order, (0, 6), reference="DN 77")
    shop.settle()
    assert (receipt.number, receipt.reference, receipt.warehouse_id) == ("GR-000001", "DN 77", main.id)
    assert [shop.state(name) for name in "abc"] == ["reserved", "waiting", "waiting"]
    assert buying.order_now(order).state == "partially_received"
    buying.receive(order, (0, 4))
    shop.settle()

    assert [told.partition_key for told in shop.told("reservation.reserved")] == [
        order_id(name) for name in "abc"
    ]
    assert buying.order_now(order).state == "received"
    assert buying.asked(valve) == [("closed", "10", "10")]
    shop.assert_sound()


def test_what_is_told_lets_finance_match_the_invoice(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.price(valve, foundry, "2.505")
    wanted = buying.ask(valve, main, 10, supplier_id=foundry.id)
    buying.approve(wanted.id)
    order = buying.send(buying.draft(foundry, wanted.id, expected_on=TODAY, reference="Q 9"))
    receipt = buying.receive(order, (0, 3), received_on=TODAY, reference="DN 1")
    buying.close(order)

    (placed,), (received,), (closed,) = (
        shop.told(f"purchase_order.{fact}") for fact in ("placed", "received", "closed")
    )
    line = order.lines[0].id
    price = {"e4": 25050, "currency": "USD"}
    assert placed.data | {"lines": []} == {
        "purchase_order_id": order.id,
        "number": "PO-000001",
        "supplier_id": foundry.id,
        "supplier_number": "S-1",
        "supplier_name": "Foundry S-1",
        "warehouse_id": main.id,
        "ordered_on": "2026-03-02",
        "expected_on": "2026-03-02",
        "total": {"minor": 2505, "currency": "USD"},
        "reference": "Q 9",
        "lines": [],
    }
    assert placed.data["lines"][0] | {"unit_price": 0} == {
        "line_id": line,
        "requisition_id": wanted.id,
        "item_id": valve.id,
        "sku": "A-VALVE",
        "quantity": "10",
        "unit_price": 0,
        "amount": {"minor": 2505, "currency": "USD"},
        "expected_on": "2026-03-02",
    }
    assert (received.data["receipt_id"], received.data["fully_received"]) == (receipt.id, False)
    assert received.data["lines"] == [
        {
            "line_id": line,
            "item_id": valve.id,
            "sku": "A-VALVE",
            "quantity": "3",
            "unit_price": price,
            "amount": {"minor": 752, "currency": "USD"},
            "value": {"minor": 752, "currency": "USD"},
            "lot": None,
        }
    ]
    assert (closed.data["outcome"], closed.data["reason"]) == ("closed", "sold out")
    assert closed.data["lines"] == [{"line_id": line, "item_id": valve.id, "ordered": "10", "received": "3"}]
    assert {told.partition_key for told in (placed, received, closed)} == {order.id}


def test_several_requisitions_of_a_supplier_are_ordered_in_one_act(shop: Shop, buying: Buying) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    foundry = buying.supplier()
    buying.buys(valve, foundry, price="2.50", lead_days=5)
    buying.buys(pump, foundry, price="100", lead_days=20)
    wanted = [buying.ask(item, main, quantity) for item, quantity in ((valve, 4), (pump, 2), (valve, 1))]
    for each in wanted:
        buying.approve(each.id)

    order = buying.draft(foundry, *(each.id for each in wanted))

    assert [str(line.amount) for line in order.lines] == ["10.00 USD", "200.00 USD", "2.50 USD"]
    assert (str(order.total), order.expected_on) == ("212.50 USD", TODAY + timedelta(days=20))
    assert {each.state for each in buying.requisitions()} == {"ordered"}
    assert shop.told("purchase_order.placed") == []
    buying.receive(buying.send(order), (0, 4), (1, 2), (2, 1))
    assert buying.order_now(order).state == "received"
    shop.assert_sound()


def refusal(work: object) -> MeridianError:
    with pytest.raises(MeridianError) as refused:
        work()  # type: ignore[operator]
    return refused.value


def test_what_does_not_go_together_is_refused_by_its_line_and_changes_nothing(
    shop: Shop, buying: Buying
) -> None:
    valve, pump, main, north = (
        shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse(), shop.warehouse("NORTH"),
    )  # fmt: skip
    foundry, forge = buying.supplier("S-1"), buying.supplier("S-2")
    buying.buys(valve, foundry)
    fits, elsewhere, of_another = (
        buying.ask(valve, main, 1),
        buying.ask(valve, north, 1),
        buying.ask(valve, main, 1, supplier_id=forge.id),
    )
    unpriced = buying.ask(pump, main, 1, supplier_id=foundry.id)
    unapproved = buying.ask(valve, main, 1)
    for each in (fits, elsewhere, of_another, unpriced):
        buying.approve(each.id)

    def drafted(*ids: str) -> tuple[type[MeridianError], str | None]:
        refused = refusal(lambda: buying.draft(foundry, *ids))
        assert refused.cure
        return type(refused), refused.field

    assert drafted(fits.id, elsewhere.id) == (OtherWarehouse, "lines.1.requisition_id")
    assert drafted(fits.id, of_another.id) == (OtherSupplier, "lines.1.requisition_id")
    assert drafted(fits.id, fits.id) == (LineNamedTwice, "lines.1.requisition_id")
    assert drafted(NOBODY) == (UnknownRequisition, "lines.0.requisition_id")
    assert drafted(fits.id, unapproved.id) == (RequisitionStateRefuses, "lines.1.requisition_id")
    assert drafted(fits.id, unpriced.id) == (PriceMissing, "lines.1.unit_price")
    no_day = refusal(lambda: buying.draft(foundry, unpriced.id, prices=["7"]))
    assert (type(no_day), no_day.field) == (DayMissing, "expected_on")
    over = refusal(lambda: buying.draft(foundry, fits.id, expected_on=date(2026, 3, 1)))
    assert (type(over), over.field) == (DayMissing, "expected_on")
    assert {each.state for each in buying.requisitions()} == {"approved", "open"}
    assert buying.draft(foundry, fits.id).number == "PO-000001"


def test_one_order_has_one_currency(shop: Shop, buying: Buying) -> None:

    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    wanted = [buying.ask(valve, main, 1) for _ in range(2)]
    for each in wanted:
        buying.approve(each.id)
    lines = (DraftLine(wanted[0].id), DraftLine(wanted[1].id, Price.of("3", "EUR")))

    refused = refusal(
        lambda: buying.do(lambda tx: draft_purchase_order(tx, DraftPurchaseOrder(foundry.id, lines, TODAY)))
    )
    assert (type(refused), refused.field) == (OtherCurrency, "lines.1.unit_price")


def test_above_the_limit_who_asked_does_not_approve_and_who_wrote_does_not_send(
    shop: Shop, buying: Buying
) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, price="10")
    buying.rules("100")
    small, large = buying.ask(valve, main, 10), buying.ask(valve, main, 11)

    assert buying.approve(small.id, by=WANG).approved_by == WANG
    with pytest.raises(SecondPersonNeeded):
        buying.approve(large.id, by=WANG)
    assert buying.requisitions(number=large.number)[0].state == "open"
    assert buying.approve(large.id, by=LI).approved_by == LI
    order = buying.draft(foundry, small.id, large.id)
    with pytest.raises(SecondPersonNeeded):
        buying.send(order, by=WANG)
    assert buying.send(order, by=LI).sent_by == LI
    shop.reserve("a", (valve, 1000))
    assert buying.approve(buying.requisitions(valve, origin="shortage")[0].id, by=WANG).state == "approved"


def test_more_than_ordered_is_taken_in_up_to_the_tolerance_of_the_day_it_was_written(
    shop: Shop, buying: Buying
) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    buying.rules(over_receipt_bp=1000)
    order = buying.ordered(valve, foundry, main, 20)
    buying.rules(over_receipt_bp=0)
    buying.receive(order, (0, 15))

    refused = refusal(lambda: buying.receive(order, (0, 5), (0, 3)))
    assert (type(refused), refused.field) == (MoreThanAwaited, "lines.1.quantity")
    assert refused.figures == {"ordered": q(20), "received": q(20), "most": q(22), "left": q(2)}
    assert shop.stock(valve)[0] == "15"
    buying.receive(order, (0, 6))
    assert buying.order_now(order).state == "received"
    buying.receive(order, (0, 1))
    assert shop.stock(valve)[0] == "22"
    assert type(refusal(lambda: buying.receive(order, (0, 1)))) is MoreThanAwaited
    shop.assert_sound()


def test_each_lot_that_came_is_a_move_of_its_own(shop: Shop, buying: Buying) -> None:
    serum, main, foundry = shop.item("SERUM", lot_tracked=True), shop.warehouse(), buying.supplier()
    buying.buys(serum, foundry)
    order = buying.ordered(serum, foundry, main, 10)

    refused = refusal(lambda: buying.receive(order, (0, 4)))
    assert (type(refused), refused.field) == (LotMissing, "lines.0.lot")
    buying.receive(order, (0, 4, "L1", date(2027, 1, 1)), (0, 6, "L2"))

    assert buying.order_now(order).state == "received"
    (told,) = shop.told("purchase_order.received")
    assert [(line["lot"], line["quantity"]) for line in told.data["lines"]] == [("L1", "4"), ("L2", "6")]
    shop.assert_sound()


def test_what_is_not_on_the_order_or_not_sent_is_not_received(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    order, other = (buying.ordered(valve, foundry, main, 5) for _ in range(2))
    wanted = buying.ask(valve, main, 5)
    buying.approve(wanted.id)
    draft = buying.draft(foundry, wanted.id)

    mixed = type(order)(**{**vars(order), "lines": other.lines})
    refused = refusal(lambda: buying.receive(mixed, (0, 1)))
    assert (type(refused), refused.field) == (LineNotOnPurchaseOrder, "lines.0.line_id")
    assert type(refusal(lambda: buying.receive(draft, (0, 1)))) is PurchaseStateRefuses
    assert shop.stock(valve)[0] == "0"


def test_an_order_closed_short_asks_for_the_rest_that_is_still_lacking(shop: Shop, buying: Buying) -> None:
    valve, foundry = shop.item(), buying.supplier()
    shop.warehouse()
    buying.buys(valve, foundry)
    for name, quantity in (("a", 4), ("b", 6)):
        shop.reserve(name, (valve, quantity))
    (wanted,) = buying.requisitions(valve)
    buying.approve(wanted.id)
    order = buying.send(buying.draft(foundry, wanted.id))
    buying.receive(order, (0, 5))
    shop.settle()
    assert buying.asked(valve) == [("ordered", "10", "10")]

    buying.close(order)

    assert buying.asked(valve) == [("closed", "10", "10"), ("open", "5", "5")]
    assert type(refusal(lambda: buying.receive(order, (0, 1)))) is PurchaseStateRefuses
    shop.assert_sound()


def test_an_order_given_up_leaves_its_requisitions_approved_for_another_supplier(
    shop: Shop, buying: Buying
) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    wanted = buying.ask(valve, main, 5)
    buying.approve(wanted.id)
    first = buying.draft(foundry, wanted.id)
    buying.give_up(first)
    assert shop.told("purchase_order.closed") == []

    second = buying.send(buying.draft(foundry, wanted.id))
    buying.give_up(second)

    assert (second.number, buying.asked(valve)) == ("PO-000002", [("approved", "5", "5")])
    (told,) = shop.told("purchase_order.closed")
    assert (told.data["purchase_order_id"], told.data["outcome"]) == (second.id, "cancelled")
    third = buying.send(buying.draft(foundry, wanted.id))
    buying.receive(third, (0, 1))
    assert type(refusal(lambda: buying.give_up(third))) is PurchaseStateRefuses
    shop.assert_sound()


def test_a_shortage_whose_order_is_given_up_shrinks_to_what_is_lacking_now(
    shop: Shop, buying: Buying
) -> None:
    valve, foundry = shop.item(), buying.supplier()
    shop.warehouse()
    buying.buys(valve, foundry)
    for name in "ab":
        shop.reserve(name, (valve, 5))
    (wanted,) = buying.requisitions(valve)
    buying.approve(wanted.id)
    order = buying.send(buying.draft(foundry, wanted.id))
    shop.release("a")
    assert buying.asked(valve) == [("ordered", "10", "10")]

    buying.give_up(order)

    assert buying.asked(valve) == [("approved", "5", "5")]
    shop.assert_sound()


def test_a_confirmation_moves_what_is_promised(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, lead_days=5)
    order = buying.ordered(valve, foundry, main, 5)
    assert buying.availability(valve, 5).promised_on == TODAY + timedelta(days=5)

    later = TODAY + timedelta(days=9)
    assert buying.confirm(order, (order.lines[0].id, later)).state == "confirmed"
    assert buying.availability(valve, 5).promised_on == later
    refused = refusal(lambda: buying.confirm(order, (NOBODY, later)))
    assert (type(refused), refused.field) == (LineNotOnPurchaseOrder, "lines.0.line_id")


def test_who_saw_an_older_version_is_told(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    order = buying.ordered(valve, foundry, main, 5)

    command = SendPurchaseOrder(order.id, TODAY, expected_version=1)
    assert type(refusal(lambda: buying.do(lambda tx: send_purchase_order(tx, command)))) is VersionMismatch
    unknown = refusal(lambda: buying.draft(type(foundry)(NOBODY, "S", "S"), NOBODY))
    assert (type(unknown), unknown.field) == (UnknownSupplier, "supplier_id")
