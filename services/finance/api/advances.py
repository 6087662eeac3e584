"""Advances over HTTP: what customers still have to pay before their orders go out."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.who import READERS, only_owner
from services.finance.reports.advances import AdvanceDetail, AdvanceSearch, list_advances, one_advance

STATES = ("asked", "covered", "used", "released")

advances = Noun("advances", "/api/v1/advances", description="Orders that are paid before they go out")


class AdvanceFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    order_number = fields.Text(max=32)
    state = fields.Choice(*STATES)


class AdvanceOut(Strict):
    """An advance: asked for, covered by payments, used by the order's invoices, or released again."""

    order_id = fields.IdField()
    order_number = fields.Text(max=32)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    amount = fields.MoneyField()
    covered = fields.MoneyField(metadata={"description": "What came in for it."})
    missing = fields.MoneyField()
    state = fields.Choice(*STATES)
    reason = fields.Text(max=500, allow_none=True)
    asked_at = fields.UtcField()
    decided_at = fields.UtcField(allow_none=True)


class KeptPaymentOut(Strict):
    """What is kept of a payment; ``left`` is what no invoice has taken yet."""

    payment_id = fields.IdField()
    number = fields.Text(max=20)
    amount = fields.MoneyField()
    left = fields.MoneyField()


class AdvanceDetailOut(AdvanceOut):
    """An advance with the payments that are kept for it."""

    payments = fields.ListOf(KeptPaymentOut, least=0)


@advances.query(
    "/", answer=AdvanceOut, roles=READERS, filters=AdvanceFilter, paged=True, summary="Find advances"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List advances, those of the latest orders first."""
    wanted = AdvanceSearch(only_owner=only_owner(), **filters)
    rows = list_advances(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.order_id,))


@advances.query(
    "/<uuid:order_id>", answer=AdvanceDetailOut, roles=READERS, summary="Look at an order's advance"
)
def show(connection: Connection, order_id: str) -> AdvanceDetail:
    """Show what an order waits to be paid, and the payments that are kept for it."""
    return one_advance(connection, order_id, only_owner=only_owner())
