"""What is refused of moving a promise from one order to another."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.errors import NotFound, Refused
from libs.common.quantity import Quantity


class ReservationNotFound(NotFound):
    """There is no such reservation."""

    code = "reservation_not_found"
    usual_cure = "choose one from GET /api/v1/reservations"


class NotToGive(Refused):
    """The reservation holds nothing that could be given to another order."""

    code = "reservation_not_to_give"


class NotToTake(Refused):
    """The other order does not wait for stock."""

    code = "order_not_waiting_for_stock"
    usual_cure = "choose an order that GET /api/v1/reservations?state=waiting shows"


class NotEnoughToReallocate(Refused):
    """With what is given the other order still lacks something; orders are filled whole or not at all."""

    code = "not_enough_to_reallocate"
    usual_cure = "choose a reservation that holds more, or wait for goods"

    @classmethod
    def of(cls, order_number: str, lacks: Mapping[str, int]) -> NotEnoughToReallocate:
        """Return the refusal with what of each SKU, in thousandths, would still be missing."""
        missing = {f"missing {sku}": Quantity(milli) for sku, milli in sorted(lacks.items())}
        words = ", ".join(
            f"{quantity} of {name.removeprefix('missing ')}" for name, quantity in missing.items()
        )
        refused = cls(f"{order_number} would still lack {words}", field="to_order_id")
        refused.figures |= missing
        return refused
