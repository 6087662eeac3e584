"""From a proposed change of an order to the amended order: stock and credit for what rises, then all of it at once.

What rises is reserved and held under the change's own id, so the rules, queues and races are those of an order, and
until the warehouse has agreed all of it is given back by the same undo. The warehouse decides last, because what has
left or was picked is its fact: it lets stock and delivery notes be as the change says, whole or not at all. From then
on nothing can be refused any more: the order is rewritten, and finance joins the credit and learns what to invoice.
"""

from __future__ import annotations

from libs.common.saga import Await, Pivot, Saga, Step, When
from services.sales.sagas import change_acts as acts

CREDIT_REFUSED = "finance.credit_hold.refused.v1"
CREDIT_REJECTED = "finance.credit_hold.rejected.v1"

ORDER_CHANGE = Saga(
    "order_change",
    version=1,
    cancellable_until="hold_credit_now",
    on_compensated=acts.given_up,
    steps=(
        Step(
            "reserve_stock",
            command=acts.reserve_raised,
            done="inventory.reservation.reserved.v1",
            waiting="inventory.reservation.waiting.v1",
            on_waiting=acts.stock_is_short,
            refused="inventory.reservation.rejected.v1",
            on_refused=acts.rejected,
            undo=acts.release_raised,
            undone="inventory.reservation.released.v1",
            applies=acts.takes_stock,
        ),
        Step(
            "hold_credit",
            command=acts.hold_difference,
            done="finance.credit_hold.granted.v1",
            waiting=When(CREDIT_REFUSED, lambda data: bool(data["waits"])),
            on_waiting=acts.credit_is_short,
            refused=(CREDIT_REJECTED, When(CREDIT_REFUSED, lambda data: not data["waits"])),
            on_refused=acts.credit_refused,
            undo=acts.release_difference,
            undone="finance.credit_hold.released.v1",
            applies=acts.takes_credit(waiting=True),
        ),
        Step(
            "hold_credit_now",
            command=acts.hold_difference,
            done="finance.credit_hold.granted.v1",
            refused=(CREDIT_REJECTED, CREDIT_REFUSED),
            on_refused=acts.credit_refused,
            undo=acts.release_difference,
            undone="finance.credit_hold.released.v1",
            applies=acts.takes_credit(waiting=False),
        ),
        Step(
            "amend_reservation",
            command=acts.amend_reservation,
            done="inventory.reservation.amended.v1",
            refused="inventory.reservation.amend_refused.v1",
            on_refused=acts.rejected,
        ),
        Pivot("apply", act=acts.apply),
        Await("bill", done="finance.order.amended.v1"),
    ),
)
