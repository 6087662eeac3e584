"""Changes of orders as finance's tests say them."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Cause, Database
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.tests.builders import HARBOR, TERMS, a_shipment, an_id, usd
from services.finance.use_cases.amend_order import AmendedLine, AmendedOrder, LineTerms, amend_order
from services.finance.use_cases.post_invoice import post_invoice


def terms(quantity: str, net: str, kept: str = "0", kept_net: str = "0") -> LineTerms:
    """Return what a line says: a quantity and what it costs, and what of both had left before."""
    nothing = Money.zero("USD")
    return LineTerms(
        Quantity.of(quantity), usd(net), nothing, None, None, Quantity.of(kept), usd(kept_net), nothing
    )


def line(order: str, number: int, before: LineTerms | None, after: LineTerms | None) -> AmendedLine:
    """Return line ``number`` of an order before and after."""
    named = (an_id("item", str(number)), f"VALVE-{number}", f"A+ valve {number}")
    return AmendedLine(an_id("line", order, str(number)), number, *named, before, after)


def amend(database: Database, order: str, change: str, total: str, *lines: AmendedLine, no: int = 1) -> None:
    """Let an order read as a change says; what rises was asked for under the name of the change."""
    changed = AmendedOrder(
        an_id("order", order), order, HARBOR, an_id("order", change), no, usd(total), lines
    )
    cause = Cause(correlation_id=f"conversation-{order}")
    database.transact(lambda tx: amend_order(tx, changed, TERMS), cause=cause)


def ship_after(database: Database, delivery: str, order: str, *parts: tuple[int, str], no: int = 1):
    """Ship as the warehouse does that was told of change ``no``."""
    shipped = replace(a_shipment(delivery, order, *parts), change_no=no)
    return database.transact(lambda tx: post_invoice(tx, shipped, TERMS))
