"""Follow what becomes of opportunities: their quotations, the orders that come of them, and the money for these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from libs.common.db import Transaction
from libs.common.money import Money
from services.crm.domain import opportunity as rules
from services.crm.domain.followed_order import Placed
from services.crm.domain.opportunity import Opportunity
from services.crm.store import followed, opportunities
from services.crm.use_cases.open_for_finding import tell_earned
from services.crm.use_cases.work_on_opportunity import tell_won


def note_quotation(
    tx: Transaction, opportunity_id: str, quotation_id: str, number: str, total: Money
) -> None:
    """Note the quotation of an opportunity, or a revision of it: the latest is the one that can be accepted."""
    followed.quoted(tx, quotation_id, opportunity_id, number, total)
    _changed(tx, opportunity_id, lambda before: rules.quoted(before, quotation_id))


def note_refusal(tx: Transaction, opportunity_id: str, detail: str) -> None:
    """Note that sales could not draw up the quotation, and why."""
    _changed(tx, opportunity_id, lambda before: rules.quotation_refused(before, detail))


def note_closed_quotation(tx: Transaction, quotation_id: str) -> None:
    """Note that a quotation cannot be accepted any more, if it is one of an opportunity."""
    opportunity_id = followed.opportunity_of(tx.connection, quotation_id)
    if opportunity_id is not None:
        _changed(tx, opportunity_id, lambda before: rules.quotation_closed(before, quotation_id))


def note_order(tx: Transaction, order: Placed) -> None:
    """Follow an order; the opportunity that it comes of is won by it, whatever was said before."""
    followed.placed(tx, order)
    tell_earned(tx, order.order_id)
    if order.opportunity_id is None:
        return
    before, _ = opportunities.lock(tx.connection, order.opportunity_id)
    if before is None or before.order_id is not None:
        return
    won = opportunities.save(tx, rules.won(before, tx.now, order.order_id))
    if before.state != "won":
        opportunities.step(tx, won, None)
    tell_won(tx, won)


def note_confirmed(tx: Transaction, order_id: str, at: datetime) -> None:
    """Note since when an order is confirmed: from then on it counts."""
    followed.confirmed(tx, order_id, at)


def note_new_total(tx: Transaction, order_id: str, total: Money) -> None:
    """Note what an order comes to since it was changed."""
    followed.amended(tx, order_id, total)
    tell_earned(tx, order_id)


def note_order_end(tx: Transaction, order_id: str, state: str) -> None:
    """Note that an order is ``completed`` or ``cancelled``."""
    followed.ended(tx, order_id, state)
    tell_earned(tx, order_id)


def note_invoice(tx: Transaction, order_id: str, total: Money, net: Money) -> None:
    """Add an invoice to what was invoiced of its order; without tax it is revenue."""
    followed.counted(tx, order_id, invoiced=total.minor, revenue=net.minor)
    tell_earned(tx, order_id)


def note_credit(tx: Transaction, order_id: str, total: Money, net: Money) -> None:
    """Add a credit note to what was credited of its order; so much less is revenue."""
    followed.counted(tx, order_id, credited=total.minor, revenue=-net.minor)
    tell_earned(tx, order_id)


def note_payment(tx: Transaction, order_id: str, amount: Money) -> None:
    """Add money to what was paid of an order."""
    followed.counted(tx, order_id, paid=amount.minor)


def note_shipment(tx: Transaction, order_id: str, at: datetime, costs: Sequence[Money | None]) -> None:
    """Note that goods of an order left, and what they cost, line by line; ``None`` where nobody knows."""
    followed.left(tx, order_id, at, costs)


def note_restocked(tx: Transaction, order_id: str, costs: Sequence[Money]) -> None:
    """Take off what goods of an order cost that lie on the shelf again."""
    followed.came_back(tx, order_id, costs)


def _changed(tx: Transaction, opportunity_id: str, change: Callable[[Opportunity], Opportunity]) -> None:
    before, _ = opportunities.lock(tx.connection, opportunity_id)
    if before is not None:
        after = change(before)
        if after != before:
            opportunities.save(tx, after)
