"""Goods that go back to their supplier: never more than came in, at what they are worth, never what is promised."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from libs.common.outbox import event_log
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.domain.errors import StockInsufficient
from services.inventory.domain.purchase import PurchaseOrder
from services.inventory.domain.supplier_returns import (
    NotInQuarantine,
    OwnReturnApproved,
    ReceiptPartNamedTwice,
    ReceiptPartUnknown,
    ReturnExceedsReceived,
    SupplierReturn,
    SupplierReturnStateRefuses,
    WantedBack,
)
from services.inventory.reports.supplier_returns import one_supplier_return, returnable
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop, line_id, q
from services.inventory.tests.buying import LI, WANG, Buying
from services.inventory.use_cases.return_to_supplier import (
    AboutSupplierReturn,
    RequestSupplierReturn,
    approve_supplier_return,
    cancel_supplier_return,
    note_credited,
    request_supplier_return,
    ship_supplier_return,
)


def said(shop: Shop, type_: str) -> list[dict[str, Any]]:
    """Return the data of what was said, in its order."""
    query = select(event_log.c.envelope).where(event_log.c.type == f"inventory.{type_}.v1")
    with shop.database.reading() as connection:
        return [
            json.loads(each)["data"] for each in connection.execute(query.order_by(event_log.c.seq)).scalars()
        ]


class Back:
    """Sending back what was bought of the foundry: ten valves for 2.50 each."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.buying = shop, Buying(shop)
        self.main, self.valve = shop.warehouse(), shop.item()
        self.order = self.bought(10)

    def bought(self, quantity: int) -> PurchaseOrder:
        foundry = self.buying.supplier(f"S-{self.shop.database.ids.new()[-6:]}")
        self.buying.buys(self.valve, foundry)
        order = self.buying.ordered(self.valve, foundry, self.main, quantity)
        self.buying.receive(order, (0, quantity))
        return order

    def wanted(self, quantity: int, **more: Any) -> WantedBack:
        (part,) = self.shop.database.read(lambda connection: returnable(connection, self.order.id))
        return WantedBack(part.receipt_id, part.position, q(quantity), **more)

    def ask(self, *lines: WantedBack) -> SupplierReturn:
        command = RequestSupplierReturn(self.order.id, self.main.id, "Cracked", lines)
        return self.buying.do(lambda tx: request_supplier_return(tx, command))

    def approve(self, asked: SupplierReturn, by: str = LI) -> SupplierReturn:
        return self.buying.do(lambda tx: approve_supplier_return(tx, AboutSupplierReturn(asked.id)), by)

    def cancel(self, asked: SupplierReturn) -> SupplierReturn:
        about = AboutSupplierReturn(asked.id, "They repair it here")
        return self.buying.do(lambda tx: cancel_supplier_return(tx, about))

    def ship(self, asked: SupplierReturn) -> SupplierReturn:
        return self.buying.do(lambda tx: ship_supplier_return(tx, AboutSupplierReturn(asked.id), TODAY, None))

    def left(self) -> str:
        (part,) = self.shop.database.read(lambda connection: returnable(connection, self.order.id))
        return str(part.left)


@pytest.fixture
def back(make_database: MakeDatabase) -> Back:
    return Back(Shop(make_database("inventory", MIGRATIONS)))


def test_what_goods_were_worth_is_shown_to_those_only_who_may_know(back: Back) -> None:
    asked = back.ask(back.wanted(4))
    back.approve(asked)
    back.ship(asked)
    keys = SigningKeys.fresh()
    app = create_app(back.shop.database, keys.verifier())

    def values(role: str) -> list[Any]:
        client = api_client(app, keys, roles=[role], subject=role)
        (listed,) = client.get("/api/v1/supplier-returns").json["items"]
        shown = client.get(f"/api/v1/supplier-returns/{asked.id}").json
        return [each["value"] for found in (listed, shown) for each in found.get("lines", [])]

    assert set(values("warehouse")) == {None}
    assert {each["amount"] for each in values("finance")} == {"10.00"}


def test_r4_5_goods_go_back_at_what_they_are_worth_and_are_credited(back: Back) -> None:
    asked = back.ask(back.wanted(4))
    assert (asked.number, asked.state, back.left()) == ("SR-000001", "requested", "6")
    back.approve(asked)
    sent = back.ship(asked)
    assert (sent.state, str(sent.lines[0].value)) == ("shipped", "10.00 USD")
    told = said(back.shop, "supplier_return.shipped")[-1]
    (line,) = told["lines"]
    assert (line["quantity"], line["value"]["minor"]) == ("4", 1000)
    back.shop.do(lambda tx: note_credited(tx, asked.id, "SCN-000001"))
    back.shop.do(lambda tx: note_credited(tx, asked.id, "SCN-000002"))
    shown = back.shop.database.read(lambda connection: one_supplier_return(connection, asked.id))
    assert (shown.state, shown.credit_note) == ("credited", "SCN-000001")
    back.shop.assert_sound()


def test_no_more_goes_back_than_came_in_and_what_is_given_up_may_be_asked_for_again(back: Back) -> None:
    asked = back.ask(back.wanted(7))
    with pytest.raises(ReturnExceedsReceived, match="10 came in, 3 of it may still go back") as refused:
        back.ask(back.wanted(4))
    assert refused.value.field == "lines.0.quantity"
    back.cancel(asked)
    assert back.left() == "10"
    with pytest.raises(ReturnExceedsReceived):
        back.ask(back.wanted(11))


def test_a_return_is_refused_where_it_does_not_go_together(back: Back) -> None:
    with pytest.raises(ReceiptPartUnknown):
        back.ask(WantedBack(back.wanted(1).receipt_id, 9, q(1)))
    with pytest.raises(ReceiptPartNamedTwice):
        back.ask(back.wanted(1), back.wanted(2))
    asked = back.ask(back.wanted(1))
    with pytest.raises(SupplierReturnStateRefuses):
        back.ship(asked)
    with pytest.raises(OwnReturnApproved):
        back.approve(asked, by=WANG)


def test_what_is_promised_to_an_order_does_not_go_back(back: Back) -> None:
    back.shop.reserve("SO-1", (back.valve, 8))
    asked = back.approve(back.ask(back.wanted(3)))
    with pytest.raises(StockInsufficient):
        back.ship(asked)
    back.shop.assert_sound()


def test_what_a_customer_sent_back_goes_on_to_the_supplier_out_of_quarantine(back: Back) -> None:
    shop = back.shop
    note = shop.shipped(1, (back.valve, 2))
    arrived = shop.take_back(shop.ask_back(note, (line_id(1, 1), 2), approved=True), back.main)
    of = {"goods_return_id": arrived.id, "goods_return_line": 1}
    with pytest.raises(NotInQuarantine):
        back.ask(back.wanted(1, **of))
    asked = back.approve(back.ask(back.wanted(2, **of)))
    sent = back.ship(asked)
    assert (sent.state, sent.lines[0].value) == ("shipped", None)
    assert said(shop, "return.inspected")[-1]["lines"][0]["scrapped"] == "2"
    with pytest.raises(NotInQuarantine):
        back.ask(back.wanted(2, **of))
    shop.assert_sound()


@pytest.mark.postgres
def test_two_who_send_the_last_of_a_receipt_back_are_one_too_many(databases: TestDatabases) -> None:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    back = Back(Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock())))

    def one(at: int, swapped: bool) -> bool:
        back.order = back.bought(10)
        wanted = [back.wanted(quantity) for quantity in (6, 7)]
        acts = [partial(back.ask, each) for each in (reversed(wanted) if swapped else wanted)]
        front, behind, stopped = interleaved(back.shop.database, acts[0], acts[1], at)
        outcomes = (front, behind)
        assert sum(isinstance(each, SupplierReturn) for each in outcomes) == 1, outcomes
        assert sum(isinstance(each, ReturnExceedsReceived) for each in outcomes) == 1, outcomes
        return stopped

    assert every_order(one) > 2
    back.shop.assert_sound()
