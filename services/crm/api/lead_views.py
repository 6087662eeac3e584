"""Leads as they are written and shown."""

from __future__ import annotations

from libs.common.web import Strict, fields
from services.crm.api.customers import EMAIL
from services.crm.domain.lead import REASONS, STATES
from services.crm.domain.opportunity import MOST_LINES

NOTE = 10_000
_OWNER = {"description": "The salesperson: the id of a user."}
_CAMPAIGN = {"description": "The campaign that it is owed to."}


class LeadIn(Strict):
    """Somebody who may become a customer."""

    company_name = fields.Text(max=200, required=True)
    person = fields.Text(max=200, allow_none=True)
    email = fields.Text(max=254, pattern=EMAIL, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    country = fields.Text(max=80, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    city = fields.Text(max=120, allow_none=True)
    employees = fields.CountField(least=1, allow_none=True)
    source = fields.Text(
        max=40, allow_none=True, metadata={"description": "Where it comes from, as in fair."}
    )
    campaign_id = fields.IdField(allow_none=True, metadata=_CAMPAIGN)
    owner_id = fields.Text(
        max=64,
        allow_none=True,
        metadata={"description": "Left out: a salesperson's own, else as the territories say."},
    )
    note = fields.Text(max=NOTE, multiline=True, allow_none=True)


class LeadChange(Strict):
    """Fields to change while it is open; null clears one, one that is left out stays."""

    company_name = fields.Text(max=200)
    person = fields.Text(max=200, allow_none=True)
    email = fields.Text(max=254, pattern=EMAIL, allow_none=True)
    phone = fields.Text(max=40, allow_none=True)
    country = fields.Text(max=80, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    city = fields.Text(max=120, allow_none=True)
    employees = fields.CountField(least=1, allow_none=True)
    source = fields.Text(max=40, allow_none=True)
    campaign_id = fields.IdField(allow_none=True, metadata=_CAMPAIGN)
    note = fields.Text(max=NOTE, multiline=True, allow_none=True)


class LeadOwnerIn(Strict):
    """The new salesperson; null takes the lead from everybody."""

    owner_id = fields.Text(max=64, required=True, allow_none=True, metadata=_OWNER)


class DisqualifyIn(Strict):
    """Why it will not become a customer."""

    reason = fields.Choice(*REASONS, required=True)
    detail = fields.Text(max=2000, multiline=True)


class MergeIn(Strict):
    """The lead that goes on as this one."""

    lead_id = fields.IdField(required=True)


class WantedLineIn(Strict):
    """An item that the customer may want."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)


class QualifyIn(Strict):
    """What it becomes."""

    customer_id = fields.IdField(
        allow_none=True, metadata={"description": "A customer that there is; left out: a new one."}
    )
    currency = fields.CurrencyField(
        metadata={"description": "Of a new customer; left out: the company's own."}
    )
    title = fields.Text(
        max=200, metadata={"description": "Of the opportunity; left out: the company's name."}
    )
    value = fields.MoneyField(metadata={"description": "What it would bring, in the customer's currency."})
    expected_close_on = fields.DateField(allow_none=True)
    lines = fields.ListOf(WantedLineIn, least=0, most=MOST_LINES)


class DuplicateOut(Strict):
    """Somebody who may be the same; of whom you may not know, only whose it is."""

    kind = fields.Choice("lead", "customer", "contact")
    id = fields.IdField(allow_none=True)
    customer_id = fields.IdField(allow_none=True)
    number = fields.Text(max=32, allow_none=True)
    name = fields.Text(max=200, allow_none=True)
    owner_id = fields.Text(max=64, allow_none=True)
    matched = fields.ListOf(fields.Choice("email", "phone", "company"))


class DuplicatesOut(Strict):
    """Who may be the same, by the most first."""

    duplicates = fields.ListOf(DuplicateOut, least=0)


class ReasonOut(Strict):
    """What one feature adds to the score, in log-odds and in words."""

    feature = fields.Text(max=16)
    value = fields.Text(max=80)
    effect = fields.Text(max=16)
    text_en = fields.Text(max=400)
    text_zh = fields.Text(max=400)


class LeadOut(LeadIn):
    """A lead; ``score_percent`` is how likely it is won, null once it is decided or while too few were."""

    id = fields.IdField()
    number = fields.Text(max=32)
    company_name = fields.Text(max=200)
    state = fields.Choice(*STATES)
    reason = fields.Choice(*REASONS, allow_none=True)
    detail = fields.Text(max=2000, multiline=True, allow_none=True)
    campaign_code = fields.Text(max=40, allow_none=True)
    merged_into_id = fields.IdField(allow_none=True)
    customer_id = fields.IdField(allow_none=True)
    contact_id = fields.IdField(allow_none=True)
    opportunity_id = fields.IdField(allow_none=True)
    web_form_id = fields.IdField(allow_none=True)
    score_percent = fields.PercentField(allow_none=True)
    score_version = fields.CountField(allow_none=True)
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    closed_at = fields.UtcField(allow_none=True)
    version = fields.CountField(least=1)


class WholeLeadOut(LeadOut):
    """A lead with the reasons of its score, and who may be the same."""

    reasons = fields.ListOf(ReasonOut, least=0)
    duplicates = fields.ListOf(DuplicateOut, least=0)


class LeadFilter(Strict):
    """What to look for."""

    search = fields.Text(
        max=200, metadata={"description": "A company, an e-mail address or a telephone, however written."}
    )
    number = fields.Text(max=32)
    state = fields.Choice(*STATES)
    owner_id = fields.Text(max=64)
    source = fields.Text(max=40)
    campaign_id = fields.IdField()
    country = fields.Text(max=80)


class BinOut(Strict):
    """Leads of similar scores: what was foretold, and what share was won."""

    count = fields.CountField()
    foretold_percent = fields.PercentField()
    won_percent = fields.PercentField()


class ScoreReportOut(Strict):
    """What the score was learnt from and how well it foretold; ``enough`` is false while there is none."""

    enough = fields.Flag()
    version = fields.CountField(allow_none=True)
    made_at = fields.UtcField(allow_none=True)
    decided = fields.CountField(metadata={"description": "Leads of which is known what became of them."})
    learnt_from = fields.CountField(allow_none=True, metadata={"description": "So many at that time."})
    won = fields.CountField()
    needed = fields.CountField()
    needed_of_each = fields.CountField(metadata={"description": "Of won, and of others."})
    taught = fields.CountField(allow_none=True)
    calibrated = fields.CountField(allow_none=True)
    judged = fields.CountField(allow_none=True, metadata={"description": "Leads that it had not seen."})
    brier = fields.Text(max=16, allow_none=True, metadata={"description": "Mean squared error on these."})
    brier_of_mean = fields.Text(
        max=16,
        allow_none=True,
        metadata={"description": "That of foretelling for all the share that is won."},
    )
    reliability = fields.ListOf(BinOut, least=0)
