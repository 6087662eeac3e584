"""The replica of campaigns: what each is called, and which opportunities are owed to it.

No foreign key between them: what crm says of an opportunity may come before what it says of the campaign.
"""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from libs.common.db.types import Id
from services.sales.store.tables import metadata

campaign = Table(
    "campaign",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(40), nullable=False),
)
opportunity_campaign = Table(
    "opportunity_campaign",
    metadata,
    Column("opportunity_id", Id, primary_key=True),
    Column("campaign_id", Id, nullable=False),
)
