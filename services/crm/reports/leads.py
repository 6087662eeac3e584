"""Looking at leads: what is known, how likely each is won and why, and who may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from libs.common.db import matches
from services.crm.domain import lead_score
from services.crm.domain.identity import Duplicate, keys_of
from services.crm.domain.lead import Lead, visible_lead
from services.crm.domain.sight import Owners
from services.crm.reports.lead_words import sentence
from services.crm.store import known, leads, scores
from services.crm.store.lead_tables import campaign, known_by, lead


@dataclass(frozen=True)
class LeadSearch:
    """What to look for: ``search`` is a company, an e-mail address or a telephone number, however it is written."""

    search: str | None = None
    number: str | None = None
    state: str | None = None
    owner_id: str | None = None
    source: str | None = None
    campaign_id: str | None = None
    country: str | None = None
    owners: Owners = None


@dataclass(frozen=True)
class ShownReason:
    """What one feature adds to the score (in log-odds), and that in words."""

    feature: str
    value: str
    effect: Decimal
    text_en: str
    text_zh: str


@dataclass(frozen=True)
class LeadRow(Lead):
    """A lead with its campaign's code and how likely it is won; without enough decided leads there is no score."""

    campaign_code: str | None = None
    score_percent: Decimal | None = None
    score_version: int | None = None
    reasons: tuple[ShownReason, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


@dataclass(frozen=True)
class ScoreReport:
    """What the score was learnt from, how well it foretold what it had not seen; or how many leads are missing."""

    enough: bool
    version: int | None
    made_at: datetime | None
    decided: int
    learnt_from: int | None
    won: int
    needed: int
    needed_of_each: int
    model: lead_score.Model | None


def one_lead(connection: Connection, lead_id: str, *, owners: Owners) -> LeadRow:
    """Return a lead with its reasons and its duplicates; refuse one that the caller may not know of."""
    found = visible_lead(leads.find(connection, lead_id), owners)
    row = connection.execute(_rows().where(lead.c.id == found.id)).one()
    twins = known.duplicates(connection, found.keys, without=found.id, owners=owners)
    return _scored(row, scores.latest(connection), reasons=True, duplicates=tuple(twins))


def duplicates_of(connection: Connection, lead_id: str, *, owners: Owners) -> list[Duplicate]:
    """Return who may be the same as a lead."""
    found = visible_lead(leads.find(connection, lead_id), owners)
    return known.duplicates(connection, found.keys, without=found.id, owners=owners)


def list_leads(
    connection: Connection, wanted: LeadSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[LeadRow]:
    """Return up to ``limit`` leads, the latest first, those after ``after``."""
    statement = _rows().where(*_conditions(wanted))
    if after is not None:
        (lead_id,) = after
        statement = statement.where(lead.c.id < lead_id)
    model = scores.latest(connection)
    rows = connection.execute(statement.order_by(lead.c.id.desc()).limit(limit))
    return [_scored(row, model) for row in rows]


def score_report(connection: Connection) -> ScoreReport:
    """Return what is known of the score."""
    decided, won = scores.counted(connection)
    kept = scores.latest(connection)
    return ScoreReport(
        enough=kept is not None,
        version=kept.version if kept else None,
        made_at=kept.made_at if kept else None,
        decided=decided,
        learnt_from=kept.decided if kept else None,
        won=won,
        needed=lead_score.LEAST_DECIDED,
        needed_of_each=lead_score.LEAST_OF_EACH,
        model=kept.model if kept else None,
    )


def decided_leads(connection: Connection) -> list[lead_score.Decided]:
    """Return the leads that a score can learn from, the oldest first."""
    return scores.decided(connection)


def _conditions(wanted: LeadSearch) -> list[ColumnElement[bool]]:
    named = ("number", "state", "owner_id", "source", "campaign_id", "country")
    found = [
        matches(lead.c[name], getattr(wanted, name)) for name in named if getattr(wanted, name) is not None
    ]
    if wanted.search is not None:
        keys = keys_of(company=wanted.search, email=wanted.search, phone=wanted.search)
        values = sorted({key.value for key in keys})
        found.append(lead.c.id.in_(select(known_by.c.lead_id).where(known_by.c.value.in_(values))))
    if wanted.owners is not None:
        found.append(lead.c.owner_id.in_(wanted.owners))
    return found


def _rows() -> Any:
    statement = select(*leads.COLUMNS, campaign.c.code.label("campaign_code"))
    return statement.outerjoin(campaign, campaign.c.id == lead.c.campaign_id)


def _scored(
    row: Any, kept: scores.Kept | None, *, reasons: bool = False, duplicates: tuple[Duplicate, ...] = ()
) -> LeadRow:
    plain = leads.read(row)
    if kept is None or plain.state != "open":
        return LeadRow(**vars(plain), campaign_code=row.campaign_code, duplicates=duplicates)
    features = lead_score.features_of(plain, row.campaign_code)
    chance, why = lead_score.score(kept.model, features)
    return LeadRow(
        **vars(plain),
        campaign_code=row.campaign_code,
        score_percent=Decimal(round(chance * 1000)) / 10,
        score_version=kept.version,
        reasons=tuple(_shown(each) for each in why) if reasons else (),
        duplicates=duplicates,
    )


def _shown(reason: lead_score.Reason) -> ShownReason:
    effect = Decimal(round(reason.effect * 100)) / 100
    return ShownReason(reason.feature, reason.value, effect, sentence(reason, "en"), sentence(reason, "zh"))
