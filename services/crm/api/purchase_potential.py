"""What may be expected of customers over HTTP: the list of whom to call."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.crm.api.company import base_currency
from services.crm.api.who import SELLERS, seen_owners
from services.crm.reports.potential import PotentialSearch, call_list, position_of

REASON = 1000

purchase_potential = Noun(
    "purchase-potential",
    "/api/v1/purchase-potential",
    description="When customers buy next, how much, and who left",
)


class PotentialOut(Strict):
    """What may be expected of a customer, and why."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    owner_id = fields.Text(max=64, allow_none=True)
    orders = fields.CountField(metadata={"description": "Days on which was ordered and something was kept."})
    last_on = fields.DateField()
    interval_days = fields.CountField(allow_none=True)
    interval_of = fields.Choice("customer", "all", metadata={"description": "Whose orders say so."})
    next_on = fields.DateField(allow_none=True)
    usual_order = fields.MoneyField(metadata={"description": "The middle one, without tax."})
    risk_percent = fields.PercentField(metadata={"description": "How likely the customer has left."})
    expected = fields.MoneyField(metadata={"description": "What the next thirty days may bring."})
    looked_on = fields.DateField()
    reason_en = fields.Text(max=REASON)
    reason_zh = fields.Text(max=REASON)


class PotentialFilter(Strict):
    """Whom to call."""

    owner_id = fields.Text(max=64)
    due_until = fields.DateField(metadata={"description": "Whose next order is due by then."})
    least_risk_percent = fields.PercentField(metadata={"description": "Who has left at least so likely."})
    currency = fields.CurrencyField(metadata={"description": "Left out: the company's. Crm has no rates."})


@purchase_potential.query(
    "/", answer=PotentialOut, roles=SELLERS, filters=PotentialFilter, paged=True, summary="Whom to call"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List customers, those from whom most may be expected first."""
    percent = filters.pop("least_risk_percent", None)
    risk = None if percent is None else int(percent * 100)
    told = {"currency": base_currency()} | filters
    wanted = PotentialSearch(**told, least_risk_bp=risk, owners=seen_owners(connection))
    rows = call_list(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)
