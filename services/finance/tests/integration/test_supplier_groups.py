"""Groups of messages that take goods in and invoice shipments: locked together, numbered in one order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from libs.common.db import Database, Transaction
from libs.common.envelope import Message
from libs.common.testing.interleaving import interleaved
from services.finance.subscribers.ahead import look_ahead
from services.finance.tests.builders import HARBOR, QUAY, TERMS, a_shipment
from services.finance.tests.integration.books import confirm
from services.finance.tests.integration.buying import FOUNDRY, MINT, a_receipt, order_goods
from services.finance.tests.integration.test_messages import Post
from services.finance.use_cases.keep_purchase import receive_goods
from services.finance.use_cases.post_invoice import post_invoice

SHIPPED, RECEIVED = "inventory.delivery.shipped.v1", "inventory.purchase_order.received.v1"
Act = tuple[Message, Callable[[Transaction], object]]
EVERY = 3
"""Stopped is the first group before every third of its statements: each of its locks lasts for more than that."""


class Groups:
    """Handles groups of messages as the inbox does, and counts how often one was tried."""

    def __init__(self, finance: Database) -> None:
        self.finance, self.now = finance, finance.clock.now()
        self.tried = 0

    def handle(self, *acts: Act) -> None:
        def work(tx: Transaction) -> None:
            self.tried += 1
            look_ahead(tx, [message for message, _ in acts])
            for _, act in acts:
                act(tx)

        self.finance.transact(work)

    def shipment(self, order: str, customer: str) -> Act:
        confirm(self.finance, order, ("1", "1.00"), customer_id=customer)
        told = a_shipment(f"DN-{order}", order, (1, "1"), customer_id=customer)
        return Post(self.now).message(SHIPPED, told.order_id, told), lambda tx: post_invoice(tx, told, TERMS)

    def comes_in(self, order: str, supplier_id: str) -> Act:
        order_goods(self.finance, order, ("1", "1.00"), supplier_id=supplier_id)
        told = a_receipt(f"R-{order}", order, (1, "1"), supplier_id=supplier_id)
        message = Post(self.now).message(RECEIVED, told.purchase_order_id, told)
        return message, lambda tx: receive_goods(tx, told, TERMS)

    def of_two_suppliers(self, at: int) -> tuple[list[Act], list[Act]]:
        """One takes in of a supplier and then of another, the other the other way round."""
        one = [self.comes_in(f"a-{at}", FOUNDRY), self.comes_in(f"b-{at}", MINT)]
        return one, [self.comes_in(f"c-{at}", MINT), self.comes_in(f"d-{at}", FOUNDRY)]

    def beside_shipments(self, at: int) -> tuple[list[Act], list[Act]]:
        """One takes in, which is booked, and ships, which is invoiced and booked; the other ships only."""
        one = [self.comes_in(f"a-{at}", FOUNDRY), self.shipment(f"b-{at}", HARBOR)]
        return one, [self.shipment(f"c-{at}", QUAY), self.shipment(f"d-{at}", QUAY)]


@pytest.mark.postgres
@pytest.mark.parametrize("pair", ["of_two_suppliers", "beside_shipments"])
def test_two_groups_wait_for_one_another_in_one_order(finance: Database, pair: str) -> None:
    """Neither is undone, wherever the first stands while the second runs."""
    if finance.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    groups, played = Groups(finance), 0
    for at in range(1, 200, EVERY):
        one, other = getattr(groups, pair)(at)
        groups.tried = 0
        first, second, stopped = interleaved(
            finance, partial(groups.handle, *one), partial(groups.handle, *other), at
        )
        assert (first, second) == (None, None)
        assert groups.tried == 2, f"one was undone when the first stood before its statement {at}"
        played += 1
        if not stopped:
            break
    assert played > 5
