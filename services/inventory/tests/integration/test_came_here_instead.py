"""What a supplier was to send on and came to us instead leaves our house: finance is asked about that too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.inventory.domain.delivery_credit import CheckRule, DeliveryCreditRefused, DeliveryWaitsForCredit
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_delivery_credit import ALWAYS, answer, set_rule, told
from services.inventory.tests.integration.test_order_types import on_order, open_notes, wanted
from services.inventory.use_cases.dispatch_purchase import dispatch_purchase
from services.inventory.use_cases.receive_purchase import ReceivedLine, ReceivePurchase
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock


class SentOn:
    """Five valves that a supplier is to send to the customer."""

    def __init__(self, shop: Shop, rule: CheckRule, *, on_account: bool = True) -> None:
        self.shop, self.buying = shop, Buying(shop)
        self.valve, foundry = shop.item(), self.buying.supplier()
        shop.warehouse()
        set_rule(shop, rule)
        self.buying.buys(self.valve, foundry)
        since: datetime | None = shop.database.clock.now() if on_account else None
        asked: ReserveStock = replace(
            wanted("1", (self.valve.id, "5")), source="supplier", credit_since=since
        )
        shop.do(lambda tx: reserve_stock(tx, asked))
        self.order = on_order(shop, self.buying, foundry, "1")

    def sent_on(self, quantity: int) -> None:
        line = ReceivedLine(self.order.lines[0].id, q(quantity))
        command = ReceivePurchase(self.order.id, (line,), TODAY)
        self.buying.do(lambda tx: dispatch_purchase(tx, command))

    def came_here(self, quantity: int) -> Any:
        self.buying.receive(self.order, (0, quantity))
        (note,) = open_notes(self.shop, "1")
        return note


def test_r3_4_what_came_here_instead_leaves_only_with_finances_yes(shop: Shop) -> None:
    goods = SentOn(shop, ALWAYS)
    note = goods.came_here(3)
    assert told(shop) == [("asked", 1, None)]
    with pytest.raises(DeliveryWaitsForCredit):
        shop.ship(note)
    answer(shop, note, "refused")
    with pytest.raises(DeliveryCreditRefused):
        shop.ship(note)
    answer(shop, note, "granted")
    shop.ship(note)
    assert shop.state("1") == "sourcing"
    shop.assert_sound()


def test_what_the_supplier_sends_on_is_not_asked_about_because_it_has_left_his_house(shop: Shop) -> None:
    goods = SentOn(shop, ALWAYS)
    goods.sent_on(5)
    assert told(shop) == []
    assert shop.state("1") == "consumed"
    shop.assert_sound()


def test_what_is_not_sold_on_credit_is_not_asked_about_wherever_it_came(shop: Shop) -> None:
    note = SentOn(shop, ALWAYS, on_account=False).came_here(5)
    shop.ship(note)
    assert told(shop) == []
    shop.assert_sound()


def test_a_rule_that_comes_later_asks_about_what_lies_here(shop: Shop) -> None:
    note = SentOn(shop, CheckRule(1, "never")).came_here(5)
    assert told(shop) == []
    set_rule(shop, CheckRule(2, "always"))
    assert told(shop) == [("asked", 1, None)]
    with pytest.raises(DeliveryWaitsForCredit):
        shop.ship(note)
