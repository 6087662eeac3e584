"""The tables of messages in: what was handled, what is parked, and what people did about it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from libs.common.db.metadata import mechanism
from libs.common.db.types import Id, Utc

inbox = Table(
    "inbox",
    mechanism,
    # What is looked for as a list comes first in a key. After the consumer, PostgreSQL may not look by the list at all
    # and read all that the consumer ever received, as long as the table has not been analysed.
    Column("event_id", String(255), primary_key=True),
    Column("consumer", String(64), primary_key=True),
    Column("source", String(255), nullable=False),
    Column("partition_key", String(255), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String(255), nullable=False),
    Column("received_at", Utc, nullable=False),
)
parked = Table(
    "parked",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("consumer", String(64), nullable=False),
    Column("event_id", String(255), nullable=False),
    Column("source", String(255), nullable=False),
    Column("type", String(255), nullable=False),
    Column("partition_key", String(255), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc),
    Column("error_type", String(120)),
    Column("error", Text),
    Column("reason", String(64), nullable=False),
    Column("first_seen", Utc, nullable=False),
)
dead_letter_act = Table(
    "dead_letter_act",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("act", String(16), nullable=False),
    Column("consumer", String(64), nullable=False),
    Column("event_id", String(255), nullable=False),
    Column("reason", Text),
    Column("before", Text),
    Column("after", Text),
)
