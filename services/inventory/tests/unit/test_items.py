"""What an item's unit of measure and lot tracking demand, and which days documents may bear."""

from __future__ import annotations

from datetime import date

import pytest

from services.inventory.domain.dates import document_date
from services.inventory.domain.errors import (
    DateInFuture,
    LotMissing,
    LotNotTracked,
    QuantityNotPositive,
    QuantityTooFine,
)
from services.inventory.domain.items import NO_LOT, require_lot, require_quantity
from services.inventory.tests.builders import an_item, q

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("decimals", "fits", "too_fine"),
    [(0, "2", "1.5"), (1, "1.5", "1.25"), (2, "1.25", "1.125"), (3, "1.125", None)],
)
def test_a_quantity_is_as_fine_as_its_unit_allows(decimals: int, fits: str, too_fine: str | None) -> None:
    item = an_item(decimals=decimals)
    require_quantity(item, q(fits), "quantity")
    if too_fine is not None:
        with pytest.raises(QuantityTooFine) as refusal:
            require_quantity(item, q(too_fine), "lines.3.quantity")
        assert (refusal.value.field, refusal.value.figures) == ("lines.3.quantity", {"decimals": decimals})


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_and_less_is_no_quantity(quantity: str) -> None:
    with pytest.raises(QuantityNotPositive):
        require_quantity(an_item(), q(quantity), "quantity")


def test_lots_belong_to_items_that_are_tracked_by_lot() -> None:
    assert require_lot(an_item(lot_tracked=True), "L1", "lot") == "L1"
    assert require_lot(an_item(), None, "lot") == NO_LOT
    with pytest.raises(LotMissing):
        require_lot(an_item(lot_tracked=True), None, "lot")
    with pytest.raises(LotNotTracked):
        require_lot(an_item(), "L1", "lot")


def test_documents_bear_any_day_up_to_tomorrow() -> None:
    assert document_date(None, TODAY, "shipped_on") == TODAY
    for day in (date(1996, 7, 4), TODAY, date(2026, 3, 3)):
        assert document_date(day, TODAY, "shipped_on") == day
    with pytest.raises(DateInFuture) as refusal:
        document_date(date(2026, 3, 4), TODAY, "shipped_on")
    assert refusal.value.field == "shipped_on"
