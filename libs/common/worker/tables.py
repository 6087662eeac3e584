"""The table that says who runs which job, and when it ran last."""

from sqlalchemy import Column, String, Table

from libs.common.db.metadata import mechanism
from libs.common.db.types import Utc

job_lease = Table(
    "job_lease",
    mechanism,
    Column("name", String(80), primary_key=True),
    Column("owner", String(80)),
    Column("until", Utc),
    Column("last_run", Utc),
)
