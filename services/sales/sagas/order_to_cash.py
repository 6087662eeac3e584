"""From an order to its cash: reserve, hold credit, confirm; then wait for delivery, invoice and payment.

Up to the confirmation everything can be taken back, and until goods have been shipped the order can be cancelled.
When a part leaves while the cancel is on its way, the warehouse gives up the rest and the order is closed short.
A shortage or refused credit is no failure: the order waits on a hold that its event releases by itself, and that is
handed to the sales manager when its deadline passes (``jobs/escalate_holds.py``).

Which of the steps an order takes is the matter of its order type (``domain/order_type.py``).
"""

from __future__ import annotations

from libs.common.saga import Await, Pivot, Saga, Step, When
from services.sales.domain.order_type import LATER
from services.sales.sagas import acts
from services.sales.sagas.replies import PARTLY

CREDIT_REFUSED = "finance.credit_hold.refused.v1"
SHIPPED = "inventory.delivery.shipped.v1"
ALL_SHIPPED = When(SHIPPED, lambda data: bool(data["order_fully_shipped"]))
# An order that leaves in one piece waits with the part that it holds; any other goes on with it.
STOCK_IS_THERE = (
    "inventory.reservation.reserved.v1",
    When(PARTLY, lambda data: not data["ship_complete"]),
)
STOCK_IS_SHORT = (
    "inventory.reservation.waiting.v1",
    When(PARTLY, lambda data: bool(data["ship_complete"])),
)
INVOICED = "finance.invoice.posted.v1"
NOT_INVOICED = "finance.delivery.not_invoiced.v1"
# A change may take off an order just what was still to be shipped, or to be invoiced.
NONE_LEFT = When("inventory.reservation.amended.v1", lambda data: bool(data["order_fully_shipped"]))
ALL_INVOICED = tuple(
    When(type_, lambda data: bool(data["order_fully_invoiced"]))
    for type_ in (INVOICED, NOT_INVOICED, "finance.order.amended.v1")
)

ORDER_TO_CASH = Saga(
    "order_to_cash",
    version=1,
    cancellable_until="deliver",
    on_compensated=acts.cancelled,
    steps=(
        Step(
            "reserve_stock",
            command=acts.reserve_stock,
            done=STOCK_IS_THERE,
            on_done=acts.stock_is_there,
            waiting=STOCK_IS_SHORT,
            on_waiting=acts.stock_is_short,
            refused="inventory.reservation.rejected.v1",
            on_refused=acts.rejected,
            undo=acts.release_stock,
            undone="inventory.reservation.released.v1",
            applies=acts.reserves("at_order"),
        ),
        Step(
            "hold_credit",
            command=acts.hold_credit,
            done="finance.credit_hold.granted.v1",
            on_done=acts.release("credit"),
            waiting=When(CREDIT_REFUSED, lambda data: bool(data["waits"])),
            on_waiting=acts.credit_is_short,
            refused=("finance.credit_hold.rejected.v1", When(CREDIT_REFUSED, lambda data: not data["waits"])),
            on_refused=acts.credit_refused,
            undo=acts.release_credit,
            undone="finance.credit_hold.released.v1",
            applies=acts.asks_for_credit,
        ),
        Step(
            "ask_advance",
            command=acts.ask_advance,
            done="finance.advance.covered.v1",
            on_done=acts.release("payment"),
            waiting="finance.advance.requested.v1",
            on_waiting=acts.payment_is_missing,
            refused="finance.advance.rejected.v1",
            on_refused=acts.rejected,
            undo=acts.release_advance,
            undone="finance.advance.released.v1",
            applies=acts.asks_for_advance,
        ),
        Step(
            "reserve_later",
            command=acts.reserve_stock,
            done=STOCK_IS_THERE,
            on_done=acts.stock_is_there,
            waiting=STOCK_IS_SHORT,
            on_waiting=acts.stock_is_short,
            refused="inventory.reservation.rejected.v1",
            on_refused=acts.rejected,
            undo=acts.release_stock,
            undone="inventory.reservation.released.v1",
            applies=acts.reserves(*LATER),
            not_before=acts.reserve_from,
            on_held_back=acts.wait_for_the_day,
            on_time_come=acts.the_day_has_come,
        ),
        Pivot("confirm_order", act=acts.confirm),
        Await(
            "deliver",
            done=(ALL_SHIPPED, NONE_LEFT),
            waiting=SHIPPED,
            undo=acts.release_stock,
            undone="inventory.reservation.released.v1",
            too_late=(ALL_SHIPPED, NONE_LEFT),
            on_too_late=acts.goods_were_faster,
        ),
        Await("invoice", done=ALL_INVOICED, waiting=(INVOICED, NOT_INVOICED)),
        Await("collect", done="sales.order.completed.v1"),
    ),
)
