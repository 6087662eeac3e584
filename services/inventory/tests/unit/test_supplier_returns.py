"""What may go back to a supplier, decided from what came in alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from libs.common.money import Price
from services.inventory.domain.items import Item
from services.inventory.domain.supplier_returns import (
    ReceiptPart,
    ReceiptPartUnknown,
    SerialsNotSentBack,
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


def test_units_with_serials_do_not_go_back_by_quantity():
    tracked = replace(VALVE, serial_tracked=True)
    with pytest.raises(SerialsNotSentBack) as refused:
        draft([WantedBack("receipt", 1, q(3))], {("receipt", 1): PART}, {"item": tracked})
    assert refused.value.field == "lines.0"
