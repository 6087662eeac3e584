"""How many days a lot must still last as it is delivered: by item, and by what customers demand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.errors import Invalid, Refused
from services.inventory.domain.stock import Allocation, StockKey

MOST_DAYS = 3650
LotOfItem = tuple[str, str]


class ShelfLifeScopeAmbiguous(Invalid):
    """A rule is for one customer, or for a group of them, or for all; never for two of these."""

    code = "shelf_life_scope_ambiguous"
    usual_cure = "name a customer or a group, or neither"


class ShelfLifeScopeUnknown(Invalid):
    """A rule names an item without lots, or an item or a customer that is not known here."""

    code = "shelf_life_scope_unknown"
    usual_cure = "choose an item that is kept by lot, and a customer that GET /api/v1/customers shows"


class LotTooShortDated(Refused):
    """The lot does not last long enough any more for this customer."""

    code = "lot_too_short_dated"
    usual_cure = (
        "take a lot that lasts longer and say why, report this one as short, or let a sales manager allow it with"
        " POST /api/v1/deliveries/{id}/short-dated"
    )


@dataclass(frozen=True)
class ShelfLifeRule:
    """So many days a lot must last; of every item, or for every customer, where none is named. 0: no demand."""

    id: str
    days: int
    item_id: str | None = None
    customer_id: str | None = None
    customer_group: str | None = None
    version: int = 1

    @property
    def scope(self) -> str:
        """What it is about; there is one rule of each scope."""
        return "/".join((self.item_id or "*", self.customer_id or "*", self.customer_group or "*"))


@dataclass(frozen=True)
class ShortDatedAllowed:
    """The word of a sales manager that a lot may go to an order although it does not last long enough."""

    order_id: str
    delivery_id: str
    item_id: str
    lot: str
    reason: str
    allowed_by: str | None


def days_by_item(rules: Iterable[ShelfLifeRule], item_ids: Collection[str]) -> dict[str, int]:
    """Return how many days lots of each item must last, of those with a demand; of several rules the strictest counts.

    ``rules`` are those that are about the customer, his group, or everybody.
    """
    found: dict[str, int] = {}
    for rule in rules:
        for item_id in item_ids if rule.item_id is None else [rule.item_id]:
            if rule.days > found.get(item_id, 0):
                found[item_id] = rule.days
    return found


def good_until(days: Mapping[str, int], delivered_on: date) -> dict[str, date]:
    """Return the day that a lot of each item must reach, if it is delivered on that day."""
    return {item_id: delivered_on + timedelta(days=count) for item_id, count in days.items()}


def require_lasting(
    lines: Iterable[Allocation],
    expiries: Mapping[StockKey, date],
    day: date,
    days: Mapping[str, int],
    allowed: Collection[LotOfItem],
    fields: Mapping[StockKey, str],
) -> None:
    """Refuse lots that last fewer than ``days`` of their item from ``day`` on and that nobody has allowed."""
    for line in lines:
        expires_on, wanted = expiries.get(line.key), days.get(line.key.item_id, 0)
        if expires_on is None or (line.key.item_id, line.key.lot) in allowed:
            continue
        left = (expires_on - day).days
        if left < wanted:
            raise LotTooShortDated(
                f"lot {line.key.lot} lasts {left} days more, {wanted} are agreed on",
                field=fields.get(line.key, "lines"),
                lot=line.key.lot,
                expires_on=expires_on,
                days_left=left,
                days_wanted=wanted,
            )
