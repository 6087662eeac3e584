"""Which campaigns there are, and which opportunities are owed to which; crm never changes either."""

from __future__ import annotations

from sqlalchemy import Connection

from libs.common.db import upsert_into
from services.sales.store.campaign_tables import campaign, opportunity_campaign


def keep(connection: Connection, campaign_id: str, code: str) -> None:
    """Note what a campaign is called."""
    statement = upsert_into(connection, campaign).values(id=campaign_id, code=code)
    connection.execute(statement.on_conflict_do_nothing())


def owe(connection: Connection, opportunity_id: str, campaign_id: str) -> None:
    """Note that an opportunity, and the orders that come of it, are owed to a campaign."""
    statement = upsert_into(connection, opportunity_campaign)
    statement = statement.values(opportunity_id=opportunity_id, campaign_id=campaign_id)
    connection.execute(statement.on_conflict_do_nothing())
