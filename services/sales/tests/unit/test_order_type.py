"""What an order type may say, and what of an order's way follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.sales.domain.order_steps import reserved_from, steps_of
from services.sales.domain.order_type import (
    ORDINARY,
    OrderType,
    Process,
    ProcessContradicts,
    StandardStays,
    VersionOutOfTurn,
    check_follows,
    check_process,
    from_data,
    to_data,
)

COUNTER = Process(
    credit_check=False, payment="cash", shortage="refuse", shipping="complete", handover="counter"
)
PREPAID = Process(credit_check=False, payment="advance", reserve="when_paid")
KIND = OrderType("", "special", 0, "Special", "特殊", ORDINARY, "mia", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payment": "advance"}, "credit_check"),
        ({"reserve": "when_paid"}, "reserve"),
        ({"approvals": ("A", "A")}, "approvals"),
        ({"handover": "counter"}, "payment"),
        ({**vars(COUNTER), "shortage": "wait"}, "shortage"),
        ({**vars(COUNTER), "invoice": "order"}, "invoice"),
        ({**vars(COUNTER), "handover": "delivery"}, "payment"),
        ({"reserve": "never"}, "reserve"),
        ({"reserve_days": 2}, "reserve_days"),
        ({**vars(COUNTER), "reserve": "before_delivery"}, "reserve"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_by_their_field(changes: dict[str, Any], field: str):
    with pytest.raises(ProcessContradicts) as refused:
        check_process(replace(ORDINARY, **changes))
    assert refused.value.field == f"process.{field}"


@pytest.mark.parametrize(
    "process", [ORDINARY, PREPAID, COUNTER, replace(ORDINARY, invoice="order", approvals=())]
)
def test_a_process_is_read_back_as_it_was_written(process: Process):
    check_process(process)
    assert from_data(to_data(process)) == process


def test_what_was_written_before_a_setting_existed_is_as_it_was_then():
    assert from_data(None) == ORDINARY
    assert from_data({"payment": "advance", "credit_check": False}).reserve == "at_order"


def test_the_steps_follow_from_the_process():
    ordinary = ("reserve_stock", "hold_credit", "confirm_order", "deliver", "invoice", "collect")
    assert steps_of(ORDINARY) == ordinary
    assert steps_of(PREPAID)[:3] == ("ask_advance", "reserve_later", "confirm_order")


def test_a_version_does_not_begin_before_the_one_it_follows():
    check_follows(KIND, None)
    check_follows(KIND, KIND)
    for begin in (None, date(2026, 2, 28)):
        with pytest.raises(VersionOutOfTurn) as refused:
            check_follows(replace(KIND, valid_from=begin), KIND)
        assert refused.value.field == "valid_from"
    with pytest.raises(StandardStays):
        check_follows(replace(KIND, code="standard", active=False), None)


def test_stock_is_taken_from_the_companys_midnight_so_many_days_before():
    early = replace(ORDINARY, reserve="before_delivery", reserve_days=2)
    shanghai, day = ZoneInfo("Asia/Shanghai"), date(2026, 3, 3)
    assert reserved_from(early, day, shanghai) == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert reserved_from(early, None, shanghai) is None
    assert reserved_from(ORDINARY, day, shanghai) is None
