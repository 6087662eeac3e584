"""What leads taught: those that were decided, and the models that were made of them, by version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from libs.common.db import Transaction, upsert_into
from services.crm.domain.lead_score import Decided, Model, as_data, features_of, from_data
from services.crm.store import leads
from services.crm.store.lead_tables import campaign, lead, lead_score_model
from services.crm.store.pipeline_tables import opportunity

MOST_TAUGHT = 20_000
_SPAM = "spam"


@dataclass(frozen=True)
class Kept:
    """A model with its version and of how many decided leads it was made."""

    version: int
    made_at: datetime
    decided: int
    model: Model


def latest(connection: Connection) -> Kept | None:
    """Return the latest model, or nothing while there were too few leads."""
    query = select(lead_score_model).order_by(lead_score_model.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Kept(row.version, row.made_at, row.decided, from_data(row.model)) if row else None


def keep(tx: Transaction, version: int, decided: int, model: Model) -> bool:
    """Store a model as ``version``; false when somebody has stored that version meanwhile."""
    values = {"version": version, "made_at": tx.now, "decided": decided, "model": as_data(model)}
    statement = upsert_into(tx.connection, lead_score_model).values(**values)
    statement = statement.on_conflict_do_nothing().returning(lead_score_model.c.version)
    return tx.connection.execute(statement).one_or_none() is not None


def counted(connection: Connection) -> tuple[int, int]:
    """Return how many leads are decided, and how many of them were won."""
    inner = _decided().subquery()
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(inner.c.won), 0)).select_from(inner)
    ).one()
    return int(row[0]), int(row[1])


def decided(connection: Connection) -> list[Decided]:
    """Return the latest decided leads, the oldest of them first."""
    rows: list[Any] = list(connection.execute(_decided().order_by(lead.c.id.desc()).limit(MOST_TAUGHT)))
    return [Decided(features_of(leads.read(row), row.campaign_code), bool(row.won)) for row in reversed(rows)]


def _decided() -> Select[Any]:
    """Return a query for leads of which is known what became of them; spam teaches nothing about customers."""
    won = case((opportunity.c.state == "won", 1), else_=0).label("won")
    statement = select(*leads.COLUMNS, campaign.c.code.label("campaign_code"), won)
    statement = statement.outerjoin(campaign, campaign.c.id == lead.c.campaign_id)
    statement = statement.outerjoin(opportunity, opportunity.c.id == lead.c.opportunity_id)
    return statement.where(
        or_(
            and_(lead.c.state == "disqualified", lead.c.reason != _SPAM),
            opportunity.c.state.in_(("won", "lost")),
        )
    )
