"""The tables that every service's mechanisms stand on: messages out, messages in, sagas, keys and numbers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import BigKey, Id, Json, Utc

revision = "0001"
down_revision = None

_APPEND_ONLY_PG = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def upgrade() -> None:
    """Create the mechanism's tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_APPEND_ONLY_PG)
    _messages_out()
    _messages_in()
    _sagas()
    _keys_and_numbers()


def _messages_out() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    columns: list[sa.Column[Any]] = [
        sa.Column("seq", BigKey, autoincrement=True, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("partition_key", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("causation_id", sa.String(64)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
    ]
    if postgres:
        op.execute(sa.schema.CreateSequence(sa.Sequence("event_log_seq")))
        columns[0] = sa.Column(
            "seq", sa.BigInteger, server_default=sa.text("nextval('event_log_seq')"), nullable=False
        )
        op.create_table(
            "event_log",
            *columns,
            sa.PrimaryKeyConstraint("recorded_at", "seq"),
            postgresql_partition_by="RANGE (recorded_at)",
        )
        op.execute("CREATE TABLE event_log_default PARTITION OF event_log DEFAULT")
    else:
        op.create_table("event_log", *columns, sa.PrimaryKeyConstraint("seq"), sqlite_autoincrement=True)
    op.create_index("event_log_by_conversation", "event_log", ["correlation_id"])
    op.create_index("event_log_by_aggregate", "event_log", ["partition_key", "sequence"])
    op.create_index("event_log_by_type", "event_log", ["type", "seq"])
    _append_only("event_log")
    op.create_table(
        "event_stream",
        sa.Column("partition_key", sa.String(64), primary_key=True),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", BigKey, primary_key=True, autoincrement=True),
        sa.Column("shard", sa.SmallInteger, nullable=False),
        sa.Column("event_id", Id, nullable=False, unique=True),
        sa.Column("partition_key", sa.String(64), nullable=False),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", Utc),
        sa.Column("recorded_at", Utc, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_by_shard", "outbox", ["shard", "seq"])
    refused = sa.text("next_at IS NOT NULL")
    op.create_index("outbox_refused", "outbox", ["next_at"], postgresql_where=refused, sqlite_where=refused)
    op.create_table(
        "relay",
        sa.Column("owner", sa.String(80), primary_key=True),
        sa.Column("until", Utc, nullable=False),
    )
    op.create_table(
        "relay_lease",
        sa.Column("shard", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("until", Utc, nullable=False),
    )


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _messages_in() -> None:
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(255), primary_key=True),
        sa.Column("consumer", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("partition_key", sa.String(255), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("received_at", Utc, nullable=False),
    )
    op.create_index("inbox_by_age", "inbox", ["received_at"])
    op.create_table(
        "parked",
        sa.Column("id", Id, primary_key=True),
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("partition_key", sa.String(255), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", Utc),
        sa.Column("error_type", sa.String(120)),
        sa.Column("error", sa.Text),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("first_seen", Utc, nullable=False),
        sa.CheckConstraint("state IN ('retry', 'dead')", name="parked_state"),
        sa.UniqueConstraint("event_id", "consumer", name="parked_once"),
    )
    op.create_index("parked_by_key", "parked", ["partition_key", "source", "consumer", "sequence"])
    op.create_index("parked_due", "parked", ["state", "next_at"])
    op.create_table(
        "dead_letter_act",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", Utc, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
    )
    op.create_table(
        "job_lease",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("owner", sa.String(80)),
        sa.Column("until", Utc),
        sa.Column("last_run", Utc),
    )


def _sagas() -> None:
    op.create_table(
        "saga",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("definition_version", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("step", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("needs_attention", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("ask_again_at", Utc),
        sa.Column("deadline_at", Utc),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("name", "key", name="saga_once"),
    )
    op.create_table(
        "saga_step",
        sa.Column("id", Id, primary_key=True),
        sa.Column("saga_id", Id, sa.ForeignKey("saga.id"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("command_id", Id),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sent_at", Utc),
        sa.Column("replied_at", Utc),
        sa.Column("reply_type", sa.String(120)),
        sa.Column("reply", Json),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("saga_id", "n", name="saga_step_order"),
    )
    for timer in ("ask_again_at", "deadline_at"):
        is_set = sa.text(f"{timer} IS NOT NULL")
        op.create_index(f"saga_{timer}", "saga", [timer], postgresql_where=is_set, sqlite_where=is_set)


def _keys_and_numbers() -> None:
    op.create_table(
        "idempotency",
        sa.Column("subject", sa.String(120), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("headers", Json),
        sa.Column("created_at", Utc, nullable=False),
    )
    op.create_index("idempotency_by_age", "idempotency", ["created_at"])
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(64), primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the mechanism's tables."""
    for table in (
        "number_series", "idempotency", "saga_step", "saga", "job_lease", "dead_letter_act", "parked",
        "inbox", "relay_lease", "relay", "outbox", "event_stream", "event_log",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE event_log_seq")
        op.execute("DROP FUNCTION refuse_change()")
