"""A promised day that passed is told of once, with what the order waits for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from libs.common.testing.time import ManualClock
from services.inventory.jobs.tell_delays import tell_delays
from services.inventory.reports.on_time_in_full import Due, on_time_in_full
from services.inventory.tests.builders import TODAY, Shop, line_id, order_id
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_order_types import got_for
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.picking import lack, pick
from services.inventory.use_cases.tell_delay import tell_delay

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOMORROW = TODAY + timedelta(days=1)


def look(shop: Shop, moment: datetime) -> list[tuple[str, str]]:
    """Let the job look, and return who is late and for what he waits."""
    shop.database.clock = ManualClock(moment)
    tell_delays(shop.database, SHANGHAI)
    told = shop.told("delivery.delayed")
    return [(message.data["order_number"], message.data["waits_for"]) for message in told]


def test_who_is_late_is_told_once_when_the_company_s_day_is_over(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 12))
    for name in ("gone", "picked", "ready", "lacking", "held"):
        shop.reserve(name, (valve, 2))
    shop.reserve("short", (valve, 5))
    for name in ("gone", "picked", "ready", "lacking"):
        (note,) = shop.confirm(name)
        if name == "gone":
            shop.ship(note)
        if name == "picked":
            pick(shop, note)
        if name == "lacking":
            shop.ship(pick(shop, note, lack(line_id(name, 1), 1)))

    assert look(shop, datetime(2026, 3, 2, 15, 59, tzinfo=UTC)) == []
    late = look(shop, datetime(2026, 3, 2, 16, 1, tzinfo=UTC))
    assert sorted(late) == [
        ("SO-held", "release"),
        ("SO-lacking", "stock"),
        ("SO-picked", "shipping"),
        ("SO-ready", "picking"),
        ("SO-short", "stock"),
    ]
    assert look(shop, datetime(2026, 3, 5, 9, 0, tzinfo=UTC)) == late, "nothing is told twice"
    (told,) = [each for each in shop.told("delivery.delayed") if each.data["order_number"] == "SO-lacking"]
    assert [line["open"] for line in told.data["lines"]] == ["1"]
    assert (told.data["promised_on"], told.data["noticed_on"]) == ("2026-03-02", "2026-03-03")


def test_what_is_got_for_a_late_order_alone_is_late_too_and_due(shop: Shop) -> None:
    buying = Buying(shop)
    got_for(shop, buying, "made", "2")
    due = Due(TODAY, TODAY, TOMORROW)

    assert look(shop, datetime(2026, 3, 2, 16, 1, tzinfo=UTC)) == [("SO-made", "stock")]
    figure = shop.database.read(lambda connection: on_time_in_full(connection, due))
    assert (figure.orders.due, figure.orders.short) == (1, 1)


def test_many_lookers_at_once_tell_of_a_late_order_once(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 1))
    shop.reserve(1, (valve, 1))

    looks = [partial(shop.do, lambda tx: tell_delay(tx, order_id(1), TOMORROW))] * 5
    assert sorted(at_once(looks)) == [False] * 4 + [True]
    assert len(shop.told("delivery.delayed")) == 1
