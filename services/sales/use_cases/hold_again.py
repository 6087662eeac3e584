"""Hold an order, whatever its saga does: its stock was taken back, or finance keeps its goods in the house."""

from __future__ import annotations

from libs.common.db import Transaction
from services.sales.domain.holds import HoldCode
from services.sales.domain.order_waits import can_be_held_again
from services.sales.store import order_changes
from services.sales.use_cases.hold_order import hold_order, release_hold
from services.sales.use_cases.record_backorder import record_taken_back
from services.sales.use_cases.telling import locked_head


def hold_again(tx: Transaction, order_id: str, code: HoldCode, figures: dict[str, str], *, days: int) -> None:
    """Place the hold, or bring its figures up to date; an order that has ended waits for nothing."""
    if can_be_held_again(locked_head(tx, order_id)):
        hold_order(tx, order_id, code, figures, days=days)


def hold_for_stock(tx: Transaction, order_id: str, figures: dict[str, str], *, days: int) -> None:
    """Place the hold of an order whose stock was taken back.

    What was reserved for a change that is not decided yet goes by the change's own id; there the warehouse itself
    refuses the change once its stock is not there any more, so nothing is held.
    """
    if order_changes.find(tx.connection, order_id) is None:
        hold_again(tx, order_id, "stock", figures, days=days)
        record_taken_back(tx, order_id)


def hold_or_release(
    tx: Transaction,
    order_id: str,
    code: HoldCode,
    figures: dict[str, str],
    *,
    still: bool,
    by: str,
    days: int,
) -> None:
    """Hold the order for as long as ``still`` something stands in its way, else release it."""
    if still:
        hold_again(tx, order_id, code, figures, days=days)
    else:
        release_hold(tx, order_id, code, by)
