"""What may go back to a supplier, decided from what came in alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from libs.common.money import Price
from services.inventory.domain.items import Item
from services.inventory.domain.serial_errors import SerialNamedTwice, SerialsMissing
from services.inventory.domain.supplier_returns import (
    ReceiptPart,
    ReceiptPartUnknown,
    WantedBack,
    draft,
)
from services.inventory.tests.builders import q

PART = ReceiptPart("receipt", 1, "line", "item", "", q(10), Price.of("2.50", "USD"))
VALVE = Item("item", "V-1", "Valve", None, "piece", 0, lot_tracked=False, active=True)


def test_a_part_of_a_receipt_may_go_back():
    (line,) = draft([WantedBack("receipt", 1, q(3))], {("receipt", 1): PART}, {"item": VALVE})
    assert (line.line_no, line.quantity, line.from_quarantine) == (1, q(3), False)


def test_what_did_not_come_in_may_not():
    with pytest.raises(ReceiptPartUnknown):
        draft([WantedBack("receipt", 2, q(3))], {("receipt", 1): PART}, {"item": VALVE})


def test_units_with_serials_go_back_by_name_each_once():
    tracked = {"item": replace(VALVE, serial_tracked=True)}
    parts = {("receipt", 1): PART}
    with pytest.raises(SerialsMissing) as nameless:
        draft([WantedBack("receipt", 1, q(3))], parts, tracked)
    assert nameless.value.field == "lines.0.serials"
    (line,) = draft([WantedBack("receipt", 1, q(3), serials=("A1..A3",))], parts, tracked)
    assert line.serials == ("A1", "A2", "A3")
    twice = [
        WantedBack("receipt", 1, q(1), serials=("A1",)),
        WantedBack("receipt", 1, q(1), "return", 1, serials=("A1",)),
    ]
    with pytest.raises(SerialNamedTwice):
        draft(twice, parts, tracked)
