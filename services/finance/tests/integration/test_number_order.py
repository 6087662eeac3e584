"""Numbers of several series in one transaction: everybody takes them in one order, so nobody is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from libs.common.db import Database, Transaction
from libs.common.quantity import Quantity
from libs.common.testing.interleaving import interleaved
from services.finance.domain.crediting import CreditPart
from services.finance.tests.builders import (
    HARBOR,
    QUAY,
    TERMS,
    a_confirmed_order,
    a_payment,
    a_shipment,
    an_id,
    usd,
)
from services.finance.tests.integration.books import an_invoice
from services.finance.tests.integration.test_interleavings import INSPECTED
from services.finance.tests.integration.test_messages import Post
from services.finance.tests.integration.test_supplier_groups import EVERY, SHIPPED, Act, Groups
from services.finance.use_cases.arrive import goods_came_back
from services.finance.use_cases.bill import bill_delivery, take_order_in
from services.finance.use_cases.credit_notes import (
    EndedOrder,
    InspectedReturn,
    PostCreditNote,
    ReturnedLine,
    credit_given_up,
    credit_return,
    post_credit_note,
)
from services.finance.use_cases.payments import receive_payment

CANCELLED = "sales.order.cancelled.v1"


class Orders(Groups):
    """Groups of what follows from orders of several types; the second of a pair ships, or pays by the bank."""

    def other(self, at: int) -> partial[None]:
        return partial(self.handle, self.shipment(f"y-{at}", QUAY), self.shipment(f"z-{at}", QUAY))

    def kept(self, order: str, **terms: Any) -> None:
        confirmed = replace(a_confirmed_order(order, ("1", "1.00")), **terms)
        self.finance.transact(lambda tx: take_order_in(tx, confirmed, TERMS))

    def leaves(self, order: str, **terms: Any) -> Act:
        self.kept(order, **terms)
        plain = a_shipment(f"DN-{order}", order, (1, "1"))
        told = replace(plain, lines=(replace(plain.lines[0], cost=usd("0.50")),))
        return Post(self.now).message(SHIPPED, told.order_id, told), lambda tx: bill_delivery(tx, told, TERMS)

    def comes_back(self, order: str) -> Act:
        an_invoice(self.finance, order, "1.00")
        line = ReturnedLine(an_id("line", order, "1"), Quantity.of("1"))
        delivery_id, return_id = an_id("delivery", f"DN-{order}"), an_id("return", order)
        told = InspectedReturn(return_id, "RMA", delivery_id, HARBOR, "Leaks", date(2026, 3, 2), (line,))
        return Post(self.now).message(INSPECTED, order, told), lambda tx: credit_return(tx, told, TERMS)

    def is_off(self, order: str) -> Act:
        self.kept(order, invoice_on="order")
        told = EndedOrder(an_id("order", order), order, "Changed their mind")
        return Post(self.now).message(CANCELLED, told.order_id, told), lambda tx: credit_given_up(
            tx, told, TERMS
        )

    def a_return_before_a_shipment(self, at: int) -> tuple[partial[None], partial[None]]:
        one = partial(self.handle, self.comes_back(f"a-{at}"), self.shipment(f"b-{at}", HARBOR))
        return one, self.other(at)

    def a_part_of_a_whole_before_a_shipment(self, at: int) -> tuple[partial[None], partial[None]]:
        first = self.leaves(f"a-{at}", invoice_on="order")
        return partial(self.handle, first, self.shipment(f"b-{at}", HARBOR)), self.other(at)

    def a_cancelled_whole_behind_a_shipment(self, at: int) -> tuple[partial[None], partial[None]]:
        one = partial(self.handle, self.shipment(f"a-{at}", QUAY), self.is_off(f"b-{at}"))
        return one, partial(self.handle, self.is_off(f"c-{at}"))

    def a_sale_for_cash(self, at: int) -> tuple[partial[None], partial[None]]:
        one = partial(self.handle, self.leaves(f"a-{at}", payment="cash"))
        return one, partial(self.paid, f"BANK-{at}")

    def a_sale_for_cash_behind_a_shipment(self, at: int) -> tuple[partial[None], partial[None]]:
        cash = self.leaves(f"b-{at}", payment="cash")
        one = partial(self.handle, self.shipment(f"a-{at}", HARBOR), cash)
        return one, partial(self.paid, f"BANK-{at}")

    def what_is_paid_ahead_and_comes_back_unsigned(self, at: int) -> tuple[partial[None], partial[None]]:
        order = f"a-{at}"
        self.handle(self.leaves(order, invoice_on="delivery", down_payment_bp=5000))
        line = ReturnedLine(an_id("line", order, "1"), Quantity.of("1"), cost=usd("0.50"))
        back = InspectedReturn(
            an_id("return", order), f"RMA-{order}", an_id("delivery", f"DN-{order}"), HARBOR, "Late", date(2026, 3, 2),
            (line,), an_id("order", order),
        )  # fmt: skip
        message = Post(self.now).message(INSPECTED, order, back)
        one = partial(self.handle, (message, lambda tx: goods_came_back(tx, back, TERMS)))
        invoice = an_invoice(self.finance, f"b-{at}", "1.00", customer_id=QUAY)
        return one, partial(self.credited, invoice.invoice_id)

    def credited(self, invoice_id: str) -> None:
        command = PostCreditNote(invoice_id, (CreditPart(1, None, usd("0.50")),), "Agreed")

        def work(tx: Transaction) -> None:
            self.tried += 1
            post_credit_note(tx, command, TERMS)

        self.finance.transact(work)

    def paid(self, reference: str) -> None:
        def work(tx: Transaction) -> None:
            self.tried += 1
            receive_payment(tx, a_payment(reference, "1.00", customer_id=QUAY), TERMS)

        self.finance.transact(work)


@pytest.mark.postgres
@pytest.mark.parametrize("pair", [name for name in vars(Orders) if name.startswith(("a_", "what_"))])
def test_neither_is_undone_wherever_the_first_stands(finance: Database, pair: str) -> None:
    if finance.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    orders, played = Orders(finance), 0
    for at in range(1, 200, EVERY):
        one, other = getattr(orders, pair)(at)
        orders.tried = 0
        first, second, stopped = interleaved(finance, one, other, at)
        assert (first, second) == (None, None)
        assert orders.tried == 2, f"one was undone when the first stood before its statement {at}"
        played += 1
        if not stopped:
            break
    assert played > 5
