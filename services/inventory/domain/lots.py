"""Lots: what may not be handed out any more, and lines of one lot as one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from libs.common.quantity import Quantity
from services.inventory.domain.fulfilment_errors import LotExpired
from services.inventory.domain.stock import Allocation, StockKey


def require_fresh(
    lines: Iterable[Allocation],
    expiries: Mapping[StockKey, date],
    today: date,
    fields: Mapping[StockKey, str],
) -> None:
    """Refuse goods whose day is over on ``today``; ``fields`` names the input of a lot that was chosen by hand."""
    for line in lines:
        expires_on = expiries.get(line.key)
        if expires_on is not None and expires_on < today:
            raise LotExpired(
                f"lot {line.key.lot} expired on {expires_on.isoformat()}",
                field=fields.get(line.key, "lines"),
                cure="take another lot and say why, or report this one as short because it is expired",
                lot=line.key.lot,
                expired_on=expires_on,
            )


def summed(lines: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """Return one line per order line and stock row, in the order in which they first come."""
    sums: dict[tuple[str, StockKey], Quantity] = {}
    for line in lines:
        place = (line.order_line_id, line.key)
        sums[place] = sums.get(place, Quantity.zero()) + line.quantity
    return tuple(Allocation(order_line_id, key, quantity) for (order_line_id, key), quantity in sums.items())
