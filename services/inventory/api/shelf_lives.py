"""How long lots must still last as they are delivered, over HTTP, and the word that lets one go that does not."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.inventory.api.company_day import company_day
from services.inventory.domain.shelf_life import MOST_DAYS
from services.inventory.reports import shelf_lives as report
from services.inventory.use_cases.set_shelf_life import (
    AllowShortDated,
    SetShelfLife,
    allow_short_dated,
    set_shelf_life,
)

_READERS = ("warehouse", "sales_manager", "service", "api_client")
_MAY_SAY = ("sales_manager",)

shelf_life_rules = Noun(
    "shelf-life-rules",
    "/api/v1/shelf-life-rules",
    description="How long lots must last as they are delivered",
)
short_dated = Noun(
    "short-dated",
    "/api/v1/deliveries",
    description="Lots that may leave although they do not last long enough",
)


class ShelfLifeRuleIn(Strict):
    """How many days, of an item or of all, for a customer, a group of customers or everybody; 0: no demand."""

    item_id = fields.IdField(load_default=None, allow_none=True)
    customer_id = fields.IdField(load_default=None, allow_none=True)
    customer_group = fields.Text(max=64, load_default=None, allow_none=True)
    days = fields.CountField(most=MOST_DAYS, required=True)


class ShelfLifeRuleOut(Strict):
    """A rule; of all that are about an order's item and customer the strictest counts."""

    id = fields.IdField()
    item_id = fields.IdField(allow_none=True)
    customer_id = fields.IdField(allow_none=True)
    customer_group = fields.Text(max=64, allow_none=True)
    days = fields.CountField(most=MOST_DAYS)
    version = fields.CountField()
    set_by = fields.Text(max=120, allow_none=True)
    set_at = fields.UtcField()


class ShelfLifeFilter(Strict):
    """Which rules to list."""

    item_id = fields.IdField()
    customer_id = fields.IdField()
    customer_group = fields.Text(max=64)


class ShortDatedIn(Strict):
    """Which lot may leave with the note's order, and why."""

    item_id = fields.IdField(required=True)
    lot = fields.Text(max=64, required=True)
    reason = fields.Text(max=500, required=True)


class ShortDatedOut(ShortDatedIn):
    """What was allowed, for the whole order, and by whose word."""

    order_id = fields.IdField()
    delivery_id = fields.IdField()
    allowed_by = fields.Text(max=120, allow_none=True)
    allowed_at = fields.UtcField()


class ShortDatedListOut(Strict):
    """All of them: an order has few."""

    items = fields.ListOf(ShortDatedOut, least=0)


@shelf_life_rules.query(
    "/",
    answer=ShelfLifeRuleOut,
    roles=_READERS,
    filters=ShelfLifeFilter,
    paged=True,
    summary="List how long lots must last",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the rules, oldest first."""
    after = page.after[0] if page.after else None
    rows = report.list_rules(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@shelf_life_rules.command(
    "PUT",
    "/",
    body=ShelfLifeRuleIn,
    answer=ShelfLifeRuleOut,
    roles=_MAY_SAY,
    summary="Say how long lots must last",
)
def put(tx: Transaction, body: dict[str, Any]) -> report.ShelfLifeShown:
    """Set the rule of a scope, in place of the one before it."""
    stored = set_shelf_life(tx, SetShelfLife(**body))
    (shown,) = report.list_rules(tx.connection, {"id": stored.id}, after=None, limit=1)
    return shown


@short_dated.command(
    "POST",
    "/<uuid:delivery_id>/short-dated",
    body=ShortDatedIn,
    answer=ShortDatedListOut,
    roles=_MAY_SAY,
    summary="Allow a short-dated lot",
)
def allow(tx: Transaction, body: dict[str, Any], delivery_id: str) -> dict[str, Any]:
    """Let a lot go to the order of a note although it does not last long enough; never one that has expired."""
    allow_short_dated(tx, AllowShortDated(delivery_id, **body, today=company_day(tx.now)))
    return {"items": report.allowed_of(tx.connection, delivery_id)}


@short_dated.query(
    "/<uuid:delivery_id>/short-dated",
    answer=ShortDatedListOut,
    roles=_READERS,
    summary="Show which short-dated lots are allowed",
)
def show(connection: Connection, delivery_id: str) -> dict[str, Any]:
    """Show what was allowed for the order of a note."""
    return {"items": report.allowed_of(connection, delivery_id)}
