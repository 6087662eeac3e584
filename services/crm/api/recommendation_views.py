"""Recommendations as they are written and shown."""

from __future__ import annotations

from libs.common.web import Strict, fields
from services.crm.domain.idea import KINDS
from services.crm.domain.recommendation import REFUSALS, STATES

DETAIL = 500
REASON = 1000


class RecommendationOut(Strict):
    """Something to say next, with its reason in both languages and what may be expected of it."""

    id = fields.IdField()
    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    owner_id = fields.Text(max=64, allow_none=True)
    kind = fields.Choice(*KINDS)
    kind_en = fields.Text(max=40)
    kind_zh = fields.Text(max=40)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=40)
    because_id = fields.IdField(
        allow_none=True,
        metadata={"description": "The item that the customer has, and this one follows from."},
    )
    quantity = fields.QuantityField()
    reason_en = fields.Text(max=REASON)
    reason_zh = fields.Text(max=REASON)
    value = fields.MoneyField(metadata={"description": "What it would bring, without tax."})
    chance_percent = fields.PercentField(metadata={"description": "How likely the customer says yes."})
    expected = fields.MoneyField(metadata={"description": "Value by chance."})
    valid_until = fields.DateField()
    state = fields.Choice(*STATES)
    snoozed_until = fields.DateField(allow_none=True)
    made_at = fields.UtcField()
    shown_at = fields.UtcField(allow_none=True)
    decided_at = fields.UtcField(allow_none=True)
    decided_by = fields.Text(max=64, allow_none=True)
    reason = fields.Choice(*REFUSALS, allow_none=True)
    detail = fields.Text(max=DETAIL, multiline=True, allow_none=True)
    opportunity_id = fields.IdField(allow_none=True)


class RecommendationFilter(Strict):
    """What to look for; without a customer, those in one currency."""

    customer_id = fields.IdField()
    owner_id = fields.Text(max=64)
    kind = fields.Choice(*KINDS)
    state = fields.Choice(*STATES, metadata={"description": "Left out: open."})
    currency = fields.CurrencyField(
        metadata={"description": "Left out, and no customer named: the company's. Crm has no rates."}
    )


class AcceptIn(Strict):
    """What comes of it."""

    quantity = fields.QuantityField(metadata={"description": "Left out: as recommended."})
    opportunity_id = fields.IdField(
        allow_none=True, metadata={"description": "An open one to add the line to; else a new one is opened."}
    )
    quote = fields.Flag(load_default=False, metadata={"description": "Have a quotation drawn up at once."})


class DismissIn(Strict):
    """Why the customer does not want it."""

    reason = fields.Choice(*REFUSALS, required=True)
    detail = fields.Text(max=DETAIL, multiline=True, allow_none=True)


class SnoozeIn(Strict):
    """Until when it is put off."""

    until = fields.DateField(required=True)


class PeriodFilter(Strict):
    """The company's days on which they were first shown."""

    first = fields.DateField(required=True)
    last = fields.DateField(required=True)


class KindFaredOut(Strict):
    """How one kind fared."""

    kind = fields.Choice(*KINDS)
    shown = fields.CountField()
    accepted = fields.CountField(metadata={"description": "Within thirty days after it was shown."})
    ordered = fields.CountField(metadata={"description": "Whose opportunity became an order."})
    dismissed = fields.CountField()
    hit_rate_percent = fields.PercentField(allow_none=True)


class HitRateOut(Strict):
    """Accepted within thirty days / shown, of what was first shown in the period; null where nothing was."""

    first = fields.DateField()
    last = fields.DateField()
    shown = fields.CountField()
    accepted = fields.CountField()
    hit_rate_percent = fields.PercentField(allow_none=True)
    kinds = fields.ListOf(KindFaredOut, least=0)


class BetterIn(Strict):
    """The better one of an item; null: it has none any more."""

    better_id = fields.IdField(required=True, allow_none=True)


class BetterOut(Strict):
    """An item and its better one."""

    item_id = fields.IdField()
    better_id = fields.IdField(allow_none=True)


class BetterListOut(Strict):
    """Every item that has a better one."""

    items = fields.ListOf(BetterOut, least=0, most=100_000)
