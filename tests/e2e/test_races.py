"""R3.3 and R3.4: whatever happens at once, ten units stay ten and a limit stays a limit."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def all_at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run ``act`` in ``count`` threads that start together, and return what they gave."""
    barrier = threading.Barrier(count)

    def run(turn: int) -> Any:
        barrier.wait()
        return act(turn)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def _decided(world: World, orders: list[Any]) -> list[Any] | None:
    wanted = {order["id"] for order in orders}
    customer_id = orders[0]["customer_id"]
    now = [
        order
        for order in world.system["mia"].every("/orders", customer_id=customer_id)
        if order["id"] in wanted
    ]
    open_ = [order for order in now if order["state"] == "pending" and not order["holds"]]
    return None if open_ else now


def test_r3_3_fifty_buyers_of_ten_units_get_exactly_ten(world: World) -> None:
    customer, item = world.customer(limit="1000000.00"), world.item(stock="10")
    orders = all_at_once(50, lambda _turn: world.order(customer, (item, "1"), wait_s=0))
    decided = wait_for(lambda: _decided(world, orders), "the decision on every order")
    assert Counter(order["state"] for order in decided) == {"confirmed": 10, "pending": 40}
    holds = Counter(hold["code"] for order in decided for hold in order["holds"] if not hold["released_at"])
    assert holds == {"stock": 40}
    (row,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert (row["on_hand"], row["reserved"], row["available"]) == ("10", "10", "0")


def test_r3_4_thirty_orders_of_forty_percent_of_the_limit_pass_exactly_twice(world: World) -> None:
    customer, item = world.customer(limit="1000.00"), world.item(stock="1000", price="400.00")
    orders = all_at_once(30, lambda _turn: world.order(customer, (item, "1"), wait_s=0))
    decided = wait_for(lambda: _decided(world, orders), "the decision on every order")
    assert Counter(order["state"] for order in decided) == {"confirmed": 2, "pending": 28}
    account = world.system["fay"].get(f"/accounts/{customer['id']}")
    assert account["held"] == usd("800.00")


def test_r4_4_one_payment_allocated_from_twenty_threads_is_spent_once(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    fay = world.system["fay"]
    body = {"customer_id": customer["id"], "amount": usd("50.00"), "reference": world.name("RE")}
    payment = fay.post("/payments", body, key=world.name("pay"))

    def allocate(turn: int) -> int:
        share = {"invoice_id": invoice["id"], "amount": usd("50.00")}
        try:
            fay.post(f"/payments/{payment['id']}/allocations", share, key=world.name(f"allocate-{turn}"))
        except ActFailed as refused:
            return refused.status
        return 201

    answers = Counter(all_at_once(20, allocate))
    assert answers[201] + answers[200] == 1
    assert sum(answers.values()) - 1 == answers[409] + answers[422]
    assert fay.get(f"/invoices/{invoice['id']}")["open"] == usd("150.00")
    assert fay.get(f"/payments/{payment['id']}")["unallocated"] == usd("0.00")


def test_the_same_key_twenty_times_at_once_has_one_effect_and_one_answer(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]}
    sam, key = world.system["sam"], world.name("same")
    answers = all_at_once(20, lambda _turn: sam.post("/quotations", body, key=key))
    assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 1
    quotation = answers[0]

    accept, accept_key = f"/quotations/{quotation['id']}/accept", world.name("accept")
    sam.post(f"/quotations/{quotation['id']}/send", {}, key=world.name("send"))
    orders = all_at_once(20, lambda _turn: sam.post(accept, {}, key=accept_key))
    assert len({order["id"] for order in orders}) == 1


def test_twenty_people_accept_one_quotation_and_one_of_them_gets_the_order(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]}
    sam = world.system["sam"]
    quotation = sam.post("/quotations", body, key=world.name("quote"))
    sam.post(f"/quotations/{quotation['id']}/send", {}, key=world.name("send"))

    def accept(turn: int) -> int:
        try:
            sam.post(f"/quotations/{quotation['id']}/accept", {}, key=world.name(f"accept-{turn}"))
        except ActFailed as refused:
            return refused.status
        return 201

    assert Counter(all_at_once(20, accept)) == {201: 1, 409: 19}
    assert len(world.system["mia"].every("/orders", customer_id=customer["id"])) == 1
