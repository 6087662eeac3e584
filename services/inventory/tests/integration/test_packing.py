"""What was picked is packed, all of it, or said to be left out; and it can be put back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    DeliveryStateRefuses,
    LotMissing,
    MoreThanOnDelivery,
    QuarantineIsForReturns,
)
from services.inventory.domain.fulfilment_errors import (
    PackedLeavesWhole,
    PackingIncomplete,
    PackingRequired,
    TrackingWithoutCarrier,
)
from services.inventory.domain.packing import LeftOut, Package, PackedPart
from services.inventory.reports.fulfilment import FulfilmentShown, fulfilment
from services.inventory.store import warehouses
from services.inventory.tests.builders import Shop, line_id, q
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.picking import lots, pick
from services.inventory.use_cases.carriers import OpenCarrier, open_carrier
from services.inventory.use_cases.pack_delivery import PackDelivery, PutBack, pack_delivery, put_back
from services.inventory.use_cases.set_packing import set_packing

LINE = line_id(1, 1)


def a_picked_note(shop: Shop) -> Delivery:
    """2 of L1 and 3 of L2 are in hand."""
    drug, main = shop.item("DRUG", lot_tracked=True), shop.warehouse()
    shop.book(main, (drug, 2, "L1"), (drug, 9, "L2"))
    shop.reserve(1, (drug, 5))
    return pick(shop, shop.confirm(1)[0])


def package(*parts: tuple[str | None, int], **more: Any) -> Package:
    return Package(tuple(PackedPart(LINE, q(quantity), lot) for lot, quantity in parts), **more)


def pack(shop: Shop, note: Delivery, *packages: Package, **more: Any) -> Delivery:
    packed: Delivery = shop.do(lambda tx: pack_delivery(tx, PackDelivery(note.id, packages, **more)))
    return packed


def look(shop: Shop, note: Delivery) -> FulfilmentShown:
    found = shop.database.read(lambda connection: fulfilment(connection, note.id, owner_id=None))
    assert found is not None
    return found


def test_everything_picked_is_packed_or_left_out_and_leaves_whole(shop: Shop) -> None:
    note = a_picked_note(shop)
    shop.do(lambda tx: open_carrier(tx, OpenCarrier("SHIPS", "Ships & Co")))
    with pytest.raises(PackingIncomplete) as refusal:
        pack(shop, note, package(("L1", 2), ("L2", 2)))
    assert (refusal.value.field, refusal.value.figures) == ("packages", {"missing": ["1 of DRUG"]})
    with pytest.raises(MoreThanOnDelivery) as more:
        pack(shop, note, package(("L1", 2)), package(("L1", 1)))
    assert more.value.field == "packages.1.lines.0.quantity"
    with pytest.raises(LotMissing) as which:
        pack(shop, note, package((None, 5)))
    assert which.value.field == "packages.0.lines.0.lot"
    with pytest.raises(TrackingWithoutCarrier):
        pack(shop, note, package(("L1", 2), ("L2", 3), tracking_number="T-1"))

    packed = pack(
        shop,
        note,
        package(("L1", 2), ("L2", 1), weight_g=2500, length_mm=400, tracking_number="T-1"),
        package(("L2", 1)),
        left_out=(LeftOut(LINE, q(1), "Broken seal", "L2"),),
        carrier="SHIPS",
    )

    assert (packed.state, lots(packed)) == ("packed", [("L1", "2"), ("L2", "2")])
    rest = shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])
    assert (rest.state, lots(rest), rest.backorder_of) == ("ready", [("L2", "1")], note.id)
    shown = look(shop, note)
    assert [(each.package_no, each.weight_g, each.tracking_number) for each in shown.packages] == [
        (1, 2500, "T-1"),
        (2, None, None),
    ]
    assert [(each.kind, each.reason) for each in shown.picks][-1] == ("put_back", "Broken seal")
    (told,) = shop.told("delivery.packed")
    assert [each["package_no"] for each in told.data["packages"]] == [1, 2]
    shop.assert_sound()

    with pytest.raises(PackedLeavesWhole):
        shop.ship(packed, (LINE, 1))
    shop.ship(packed)
    (gone,) = shop.told("delivery.shipped")
    assert (gone.data["carrier"], gone.data["tracking_numbers"]) == ("Ships & Co", ["T-1"])
    shop.assert_sound()


def test_what_was_packed_can_be_put_back_and_picked_again(shop: Shop) -> None:
    note = a_picked_note(shop)
    packed = pack(shop, note, package(("L1", 2), ("L2", 3)))

    back: Delivery = shop.do(lambda tx: put_back(tx, PutBack(packed.id, "The customer asked to wait")))

    assert (back.state, look(shop, note).packages) == ("ready", ())
    with pytest.raises(DeliveryStateRefuses):
        shop.do(lambda tx: put_back(tx, PutBack(packed.id, "again")))
    again = pack(shop, pick(shop, back), package(("L1", 2), ("L2", 3)))
    assert shop.ship(again).state == "shipped"
    assert [each.kind for each in look(shop, note).picks] == ["taken", "taken"] + ["put_back"] * 2 + [
        "taken"
    ] * 2
    shop.assert_sound()


def test_a_warehouse_that_packs_ships_nothing_else(shop: Shop) -> None:
    note = a_picked_note(shop)
    main = note.warehouse_id
    assert shop.do(lambda tx: set_packing(tx, main, required=True, expected_version=1)).version == 2

    with pytest.raises(PackingRequired):
        shop.ship(note)
    assert shop.ship(pack(shop, note, package(("L1", 2), ("L2", 3)))).state == "shipped"

    returned = shop.ask_back(note, (LINE, 1, "L1"), approved=True)
    place = shop.database.read(lambda connection: warehouses.find(connection, main))
    assert place is not None
    shop.take_back(returned, place)
    quarantine = shop.database.read(lambda connection: warehouses.quarantine_of(connection, main))
    assert quarantine is not None
    with pytest.raises(QuarantineIsForReturns):
        shop.do(lambda tx: set_packing(tx, quarantine.id, required=True, expected_version=None))


def test_one_note_is_packed_once_whoever_packs_at_the_same_time(shop: Shop) -> None:
    note = a_picked_note(shop)

    answers = at_once([partial(pack, shop, note, package(("L1", 2), ("L2", 3)))] * 5)

    assert sum(isinstance(answer, Delivery) for answer in answers) == 1
    assert len(look(shop, note).packages) == 1
    shop.assert_sound()
