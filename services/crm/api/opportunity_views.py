"""Opportunities as they are written and shown."""

from __future__ import annotations

from libs.common.web import Strict, fields
from services.crm.api.among_filter import AmongFilter
from services.crm.domain.opportunity import LOST_REASONS, MOST_LINES, QUOTATION_STATES, STATES

_STAGE = {"description": "Left out: the first."}
_CHANCE = {"description": "Where somebody knows better than the stage; null: as the stage says."}
_VALUE = {"description": "What it would bring, in the customer's currency."}
_OWNER = {"description": "The salesperson: the id of a user."}
DETAIL = 2000


class LineIn(Strict):
    """An item that the customer may want."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)


class OpportunityIn(Strict):
    """A new opportunity."""

    customer_id = fields.IdField(required=True)
    title = fields.Text(max=200, required=True)
    value = fields.MoneyField(metadata=_VALUE)
    stage = fields.Text(max=40, metadata=_STAGE)
    probability_percent = fields.PercentField(allow_none=True, metadata=_CHANCE)
    source = fields.Text(
        max=40, allow_none=True, metadata={"description": "Where it comes from, as in fair."}
    )
    campaign_id = fields.IdField(
        allow_none=True, metadata={"description": "The campaign that it is owed to."}
    )
    expected_close_on = fields.DateField(allow_none=True)
    next_step = fields.Text(max=200, allow_none=True)
    next_step_on = fields.DateField(allow_none=True)
    lines = fields.ListOf(LineIn, least=0, most=MOST_LINES)


class OpportunityChange(Strict):
    """Fields to change; null clears one, one that is left out stays, and lines replace the old ones."""

    title = fields.Text(max=200)
    value = fields.MoneyField(metadata=_VALUE)
    probability_percent = fields.PercentField(allow_none=True, metadata=_CHANCE)
    source = fields.Text(max=40, allow_none=True)
    campaign_id = fields.IdField(allow_none=True)
    expected_close_on = fields.DateField(allow_none=True)
    next_step = fields.Text(max=200, allow_none=True)
    next_step_on = fields.DateField(allow_none=True)
    lines = fields.ListOf(LineIn, least=0, most=MOST_LINES)


class MoveIn(Strict):
    """Where it goes."""

    stage = fields.Text(max=40, required=True)


class LossIn(Strict):
    """Why the customer does not buy."""

    reason = fields.Choice(*LOST_REASONS, required=True)
    detail = fields.Text(max=DETAIL, multiline=True)


class OpportunityOut(Strict):
    """An opportunity, without its lines."""

    id = fields.IdField()
    number = fields.Text(max=32)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    title = fields.Text(max=200)
    state = fields.Choice(*STATES)
    stage = fields.Text(max=40)
    value = fields.MoneyField()
    probability_percent = fields.PercentField()
    weighted_value = fields.MoneyField(metadata={"description": "The part that may be counted upon."})
    owner_id = fields.Text(max=64, allow_none=True, metadata=_OWNER)
    source = fields.Text(max=40, allow_none=True)
    campaign_id = fields.IdField(allow_none=True)
    expected_close_on = fields.DateField(allow_none=True)
    next_step = fields.Text(max=200, allow_none=True)
    next_step_on = fields.DateField(allow_none=True)
    lost_reason = fields.Choice(*LOST_REASONS, allow_none=True)
    lost_detail = fields.Text(max=DETAIL, multiline=True, allow_none=True)
    opened_at = fields.UtcField()
    stage_since = fields.UtcField()
    closed_at = fields.UtcField(allow_none=True)
    quotation_state = fields.Choice(
        *QUOTATION_STATES,
        metadata={"description": "wanted: being drawn up; refused: quotation_refusal says why."},
    )
    quotation_id = fields.IdField(allow_none=True)
    quotation_refusal = fields.Text(max=DETAIL, multiline=True, allow_none=True)
    order_id = fields.IdField(allow_none=True)
    created_by = fields.Text(max=64)
    version = fields.CountField(least=1)


class WantedItemOut(Strict):
    """A line."""

    line_no = fields.CountField(least=1)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=40)
    quantity = fields.QuantityField()


class StepOut(Strict):
    """A stage that it was at, or won, or lost; until when, and for how many whole days."""

    step = fields.Text(max=40)
    entered_at = fields.UtcField()
    left_at = fields.UtcField(allow_none=True)
    by = fields.Text(max=64, allow_none=True, metadata={"description": "Null: the customer's order."})
    days = fields.CountField()


class QuotedOut(Strict):
    """A quotation that was drawn up for it."""

    quotation_id = fields.IdField()
    number = fields.Text(max=32)
    total = fields.MoneyField()
    quoted_at = fields.UtcField()


class OrderedOut(Strict):
    """An order that came of it; what was invoiced is less what was credited."""

    order_id = fields.IdField()
    number = fields.Text(max=32)
    ordered_on = fields.DateField()
    state = fields.Choice("placed", "completed", "cancelled")
    total = fields.MoneyField()
    invoiced = fields.MoneyField(negative=True)
    paid = fields.MoneyField(negative=True)


class WholeOpportunityOut(OpportunityOut):
    """An opportunity with its lines, its way, and what came of it."""

    lines = fields.ListOf(WantedItemOut, least=0, attribute="items")
    steps = fields.ListOf(StepOut, least=0)
    quotations = fields.ListOf(QuotedOut, least=0)
    orders = fields.ListOf(OrderedOut, least=0)


class OpportunityFilter(AmongFilter):
    """What to look for, and whose."""

    state = fields.Choice(*STATES)
    stage = fields.Text(max=40)
    customer_id = fields.IdField()
    source = fields.Text(max=40)
    campaign_id = fields.IdField(metadata={"description": "As `campaign`; of both, what is owed to both."})
    closes_until = fields.DateField(metadata={"description": "Expected to be decided by then."})
