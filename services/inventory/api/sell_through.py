"""Sell-through over HTTP: which items move, and what was sold of each against what is left."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.inventory.api.item_costs import COST_READERS
from services.inventory.api.periods import days_asked_for
from services.inventory.reports import sell_through as report

_MAY_SEE = ("warehouse", "sales_manager", "finance", "api_client")
_USUAL_DAYS = 90
_MOST_DAYS = 366
_FULL_BP = 10_000
_HALF_BP = 5_000
_AT_COST = "At the moving-average cost of now; null to who may not know what goods cost"

sell_through = Noun(
    "sell-through",
    "/api/v1/figures/sell-through",
    description="What was sold of each item against what is left of it",
)


class MovingFilter(Strict):
    """Which days, both included; left out: the last ninety. Which items, and from which share on they are fast."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    warehouse_id = fields.IdField()
    category = fields.Text(max=120)
    fast_bp = fields.CountField(
        least=1,
        most=_FULL_BP,
        load_default=_HALF_BP,
        metadata={"description": "In hundredths of a percent of what there was; left out: half of it."},
    )


class PacedFilter(MovingFilter):
    """Which items of them."""

    pace = fields.Choice(*report.PACES)


class PaceOut(Strict):
    """How many items are of a pace: ``share_bp`` = ``items`` of ``items_in_stock``, in hundredths of a percent."""

    pace = fields.Choice(
        *report.PACES,
        metadata={
            "description": "fast, slow: something was sold. dead: nothing was, of what lay there before. "
            "new: nothing was, of what came in during the period."
        },
    )
    items = fields.CountField()
    share_bp = fields.CountField(most=_FULL_BP, allow_none=True)
    worth = fields.ListOf(
        fields.MoneyField(),
        least=0,
        allow_none=True,
        metadata={"description": f"What is left of them, by currency. {_AT_COST}."},
    )
    items_without_cost = fields.CountField(
        metadata={"description": "Of which nobody said what a unit costs: they are in no sum of money."}
    )


class MovingOut(Strict):
    """The share of items that move: ``moving_bp`` = ``items_sold`` of ``items_in_stock`` (sold, or left at the end)."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    fast_bp = fields.CountField(most=_FULL_BP)
    items_in_stock = fields.CountField()
    items_sold = fields.CountField()
    moving_bp = fields.CountField(most=_FULL_BP, allow_none=True)
    paces = fields.ListOf(PaceOut, least=0)


class ItemSoldOut(Strict):
    """``sell_through_bp`` = ``sold`` of ``sold`` + ``on_hand``; its moves are at ``/stock-moves?item_id=``."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    category = fields.Text(max=120, allow_none=True)
    uom = fields.Text(max=16)
    opening = fields.QuantityField(zero=True, metadata={"description": "What lay there before the period."})
    sold = fields.QuantityField(zero=True, metadata={"description": "Shipped less brought back, at least 0."})
    on_hand = fields.QuantityField(zero=True, metadata={"description": "At the end of the period."})
    value = fields.MoneyField(
        allow_none=True,
        seen_by=COST_READERS,
        metadata={"description": f"What is on hand is worth. {_AT_COST}, or while nobody does."},
    )
    sell_through_bp = fields.CountField(most=_FULL_BP, allow_none=True)
    pace = fields.Choice(*report.PACES)
    last_sold_on = fields.DateField(allow_none=True, metadata={"description": "Whenever that was."})


@sell_through.query(
    "/", answer=MovingOut, roles=_MAY_SEE, filters=MovingFilter, summary="Show which items move"
)
def show(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show how many items are fast, slow, dead and new, with numerator and denominator, and what is left of them."""
    wanted = _wanted(filters)
    found = report.moving_items(connection, wanted)
    period = {"since": wanted.since, "until": wanted.until, "fast_bp": wanted.fast_bp}
    paces = [vars(each) | _hidden() for each in found.paces]
    return period | vars(found) | {"moving_bp": found.moving_bp, "paces": paces}


def _hidden() -> dict[str, None]:
    """Return what stands instead of what goods cost, for who may not know it."""
    return {} if principal().has_any(COST_READERS) else {"worth": None}


@sell_through.query(
    "/items",
    answer=ItemSoldOut,
    roles=_MAY_SEE,
    filters=PacedFilter,
    paged=True,
    summary="List the items behind the share that moves",
)
def items(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List what was sold of each item and what is left, by SKU."""
    after = page.after[0] if page.after else None
    pace = filters.pop("pace", None)
    rows = report.items_sold(connection, _wanted(filters), pace, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.sku,))


def _wanted(filters: dict[str, Any]) -> report.Wanted:
    first, last = days_asked_for(filters, usual=_USUAL_DAYS, most=_MOST_DAYS)
    return report.Wanted(
        first, last, filters["fast_bp"], filters.get("warehouse_id"), filters.get("category")
    )
