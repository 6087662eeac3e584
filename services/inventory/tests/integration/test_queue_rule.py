"""Who is served first when stock returns: by the company's rule, each with its reason."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.ids import derived_id
from services.inventory.domain.fulfilment_errors import GroupNamedTwice
from services.inventory.domain.items import Item
from services.inventory.domain.queue_rule import QueueRule, sequence_of
from services.inventory.domain.stock import WantedLine
from services.inventory.store import queue_rules
from services.inventory.tests.builders import TODAY, Shop, line_id, order_id, q
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.making import Making
from services.inventory.tests.picking import lack, pick
from services.inventory.use_cases.keep_customer import KeepCustomer, keep_customer
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock
from services.inventory.use_cases.set_queue_rule import SetQueueRule, set_queue_rule

LAST_DAY = date(2000, 1, 1) + timedelta(days=2**16 - 2)
GROUPS = {"key": derived_id("customer", "key"), "retail": derived_id("customer", "retail")}


def customers(shop: Shop) -> None:
    for group, customer_id in GROUPS.items():
        command = KeepCustomer(customer_id, f"C-{group}", group, group=group)
        shop.do(partial(keep_customer, command=command))


def reserve(shop: Shop, name: str | int, item: Item, quantity: int, group: str, day: date = TODAY) -> None:
    lines = (WantedLine(line_id(name, 1), item.id, q(quantity)),)
    command = ReserveStock(order_id(name), f"SO-{name}", GROUPS[group], order_id(name), lines, TODAY, day)
    shop.do(lambda tx: reserve_stock(tx, command))


def rule(shop: Shop, *groups: str, by_day: bool = False, version: int | None = None) -> QueueRule:
    command = SetQueueRule(groups, by_day, version)
    found: QueueRule = shop.do(lambda tx: set_queue_rule(tx, command))
    return found


def test_groups_go_first_then_the_promised_day_and_each_is_told_why(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    customers(shop)
    soon, later = TODAY + timedelta(days=1), TODAY + timedelta(days=9)
    reserve(shop, "retail", valve, 2, "retail", soon)
    reserve(shop, "key later", valve, 2, "key", later)
    reserve(shop, "key soon", valve, 2, "key", soon)

    assert rule(shop, "key", by_day=True).version == 1
    assert [
        (told.data["order_number"], told.data["reason"]) for told in shop.told("reservation.reordered")
    ] == [
        ("SO-retail", f"rule 1: any other group, promised {soon}, then first come"),
        ("SO-key soon", f"rule 1: group key, promised {soon}, then first come"),
    ]
    reserve(shop, "key now", valve, 2, "key", TODAY)
    shop.book(main, (valve, 4))
    shop.settle()

    assert [shop.state(name) for name in ("key now", "key soon", "key later", "retail")] == [
        "reserved",
        "reserved",
        "waiting",
        "waiting",
    ]
    served = {told.data["order_number"]: told.data["served_by"] for told in shop.told("reservation.reserved")}
    assert served["SO-key now"] == f"rule 1: group key, promised {TODAY}, then first come"
    assert rule(shop).version == 2
    shop.book(main, (valve, 2))
    shop.settle()
    assert (shop.state("retail"), shop.state("key later")) == ("reserved", "waiting"), "first come again"
    shop.assert_sound()


def test_who_goes_ahead_by_the_rule_is_served_at_once_and_what_was_not_found_before_all(shop: Shop) -> None:
    valve, pump, main = shop.item(), shop.item("PUMP"), shop.warehouse()
    customers(shop)
    rule(shop, "key")
    shop.book(main, (valve, 6))
    reserve(shop, "short", valve, 3, "retail")
    (note,) = shop.confirm("short")
    wants = (
        WantedLine(line_id("blocked", 1), valve.id, q(3)),
        WantedLine(line_id("blocked", 2), pump.id, q(1)),
    )
    blocked = ReserveStock(order_id("blocked"), "SO-blocked", GROUPS["retail"], order_id("blocked"), wants)
    shop.do(lambda tx: reserve_stock(tx, blocked))

    pick(shop, note, lack(line_id("short", 1), 1))
    reserve(shop, "key", valve, 3, "key")
    shop.settle()
    assert (shop.state("key"), shop.state("blocked")) == ("waiting", "waiting"), (
        "one is for what was not found"
    )
    shop.book(main, (valve, 1))
    shop.settle()
    assert (shop.state("key"), shop.state("blocked")) == ("reserved", "waiting")
    shop.assert_sound()


@pytest.mark.parametrize("ruled_first", [True, False])
def test_production_ranks_behind_the_groups_that_the_rule_names(shop: Shop, ruled_first: bool) -> None:
    making, pump, housing, main = Making(shop), shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    customers(shop)
    making.bom(pump, (housing, 1))
    if ruled_first:
        rule(shop, "key", by_day=True)
    made = making.release(making.wish(pump, main, 2).id).id
    soon = making.release(making.wish(pump, main, 1, due_on=TODAY).id).id
    reserve(shop, "key", housing, 2, "key")
    reserve(shop, "retail", housing, 1, "retail", TODAY + timedelta(days=1))
    if not ruled_first:
        rule(shop, "key", by_day=True)

    shop.book(main, (housing, 4))
    shop.settle()
    assert (shop.state("key"), shop.state("retail"), making.now(soon).state, making.now(made).state) == (
        "reserved",
        "reserved",
        "assigned",
        "waiting",
    )
    assert rule(shop).version == 2
    shop.book(main, (housing, 2))
    shop.settle()
    assert making.now(made).state == "assigned"
    shop.assert_sound()


def test_nobody_joins_by_the_old_rule_while_the_queue_is_ranked_by_the_new_one(shop: Shop) -> None:
    valve, pump = shop.item(), shop.item("PUMP")
    shop.warehouse()
    customers(shop)
    reserve(shop, "first", pump, 1, "retail")

    joins = [partial(reserve, shop, name, valve, 1, "key" if name % 2 else "retail") for name in range(12)]
    answers = at_once([*joins, partial(rule, shop, "key"), partial(rule, shop, "key")])

    assert [each for each in answers if isinstance(each, Exception)] == []
    now = shop.database.read(queue_rules.current)
    queued = shop.database.read(queue_rules.queued)
    assert (now.version, len(queued)) == (2, 13)
    assert all(
        each.queue_no == now.place(each.group, each.promised_on, sequence_of(each.queue_no))
        for each in queued
    )
    shop.assert_sound()


def test_whoever_joins_while_a_rule_is_being_set_waits_for_it_and_stands_by_it(shop: Shop) -> None:
    valve = shop.item()
    shop.warehouse()
    customers(shop)
    with ThreadPoolExecutor(1) as pool:

        def set_and_let_somebody_join(tx: Transaction) -> Future[None]:
            set_queue_rule(tx, SetQueueRule(("key",)))
            joining = pool.submit(reserve, shop, "retail", valve, 1, "retail")
            wait([joining], timeout=0.5)
            return joining

        shop.do(set_and_let_somebody_join).result()

    (queued,) = shop.database.read(queue_rules.queued)
    assert queued.queue_no == QueueRule(1, ("key",)).place("retail", TODAY, 1)


def test_a_rule_is_of_groups_once_each_and_of_the_version_that_was_read(shop: Shop) -> None:
    with pytest.raises(GroupNamedTwice) as refusal:
        rule(shop, "key", "retail", "key")
    assert refusal.value.field == "groups.2"
    rule(shop, "key", version=0)
    with pytest.raises(VersionMismatch):
        rule(shop, "retail", version=0)


days = st.none() | st.dates(date(1990, 1, 1), date(2199, 12, 31))
orders = st.tuples(st.sampled_from(["key", "retail", None]), days, st.integers(1, 2**33 - 1))
rules = st.builds(
    QueueRule,
    st.just(1),
    st.sampled_from([(), ("key",), ("key", "retail"), ("retail", "key")]),
    st.booleans(),
)


@given(rules, orders, orders)
def test_a_rank_says_who_is_ahead_and_keeps_the_sequence(
    rule: QueueRule,
    one: tuple[str | None, date | None, int],
    other: tuple[str | None, date | None, int],
) -> None:
    def key(order: tuple[str | None, date | None, int]) -> tuple[int, date, int]:
        group, day, sequence = order
        band = rule.groups.index(group) if group in rule.groups else len(rule.groups)
        ranked = (max(day, date(2000, 1, 1)) if day else date.max) if rule.by_promised_day else date.min
        return (band, min(ranked, LAST_DAY) if day else ranked, sequence)

    assert (rule.place(*one) < rule.place(*other)) == (key(one) < key(other))
    assert sequence_of(rule.place(*one)) == one[2]
    assert 0 < rule.place(*one) < 2**53
