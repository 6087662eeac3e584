"""The course of tickets: priority, promises and the clocks of them, tickets by events, findings, warranty."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Milli, Utc

revision = "0003"
down_revision = "0002"
TABLES = (
    "desk_policy",
    "ticket_clock",
    "ticket_cause",
    "ticket_finding",
    "finding_revenue",
    "warranty_term",
)
_OFFICE = [[540, 720], [780, 1080]]
# What holds until the company says otherwise: office hours of Monday to Friday where Meridian's companies usually are.
_POLICY = {
    "calendar": {"zone": "Asia/Shanghai", "week": [_OFFICE] * 5 + [[], []], "days": {}},
    "targets": [
        {
            "response_minutes": response,
            "resolution_minutes": resolution,
            "priorities": priorities,
            "kinds": [],
            "groups": [],
        }
        for priorities, response, resolution in (
            (["urgent"], 60, 480),
            (["high"], 120, 960),
            (["low"], 480, 4800),
            ([], 240, 2400),
        )
    ],
    "warn_percent": 80,
}


def upgrade() -> None:
    """Create the tables, and let tickets have a priority."""
    op.execute(
        "ALTER TABLE ticket ADD COLUMN priority VARCHAR(8) NOT NULL DEFAULT 'normal' "
        "CONSTRAINT ticket_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent'))"
    )
    op.add_column("customer", sa.Column("group_name", sa.String(64)))
    op.add_column("item", sa.Column("category", sa.Text))
    _policies_and_clocks()
    _causes_and_findings()
    op.create_table(
        "warranty_term",
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("valid_from", sa.Date, primary_key=True),
        sa.Column("months", sa.Integer, nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint("months BETWEEN 0 AND 1200", name="warranty_term_months"),
    )


def _policies_and_clocks() -> None:
    policy = op.create_table(
        "desk_policy",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("defined_by", sa.String(64), nullable=False),
        sa.Column("defined_at", Utc, nullable=False),
        sa.CheckConstraint("version >= 1", name="desk_policy_version"),
    )
    first = {"kind": "sla", "version": 1, "body": _POLICY, "defined_by": "meridian"}
    op.bulk_insert(policy, [first | {"defined_at": datetime(2026, 1, 1, tzinfo=UTC)}])
    op.create_table(
        "ticket_clock",
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("started_at", Utc, nullable=False),
        sa.Column("paused_at", Utc),
        *_deadline("response"),
        *_deadline("resolution"),
        sa.Column("next_at", Utc),
        sa.CheckConstraint("response_warn_at <= response_due_at", name="ticket_clock_response"),
        sa.CheckConstraint("resolution_warn_at <= resolution_due_at", name="ticket_clock_resolution"),
        sa.CheckConstraint("paused_at IS NULL OR next_at IS NULL", name="ticket_clock_stands"),
    )
    op.create_index("ticket_clock_next", "ticket_clock", ["next_at"])


def _deadline(name: str) -> list[sa.Column]:
    due = [sa.Column(f"{name}_{what}_at", Utc, nullable=False) for what in ("due", "warn")]
    return due + [sa.Column(f"{name}_{what}_at", Utc) for what in ("warned", "missed", "done")]


def _causes_and_findings() -> None:
    op.create_table(
        "ticket_cause",
        sa.Column("cause", sa.String(16), primary_key=True),
        sa.Column("about", sa.String(64), primary_key=True),
        sa.Column(
            "ticket_id",
            Id,
            sa.ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        sa.Column("document_id", Id, nullable=False),
        sa.Column("document_number", sa.String(64), nullable=False),
        sa.UniqueConstraint("ticket_id", name="ticket_cause_of_ticket"),
        sa.CheckConstraint(
            "cause IN ('late_delivery', 'short_shipment', 'bad_return')", name="ticket_cause_kind"
        ),
    )
    op.create_table(
        "ticket_finding",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("item_id", Id),
        sa.Column("wanted_item_id", Id),
        sa.Column("quantity_milli", Milli),
        sa.Column("found_by", sa.String(64), nullable=False),
        sa.Column("found_at", Utc, nullable=False),
        sa.Column("opportunity_id", Id),
        sa.Column("opportunity_number", sa.String(32)),
        sa.Column("owner_id", sa.String(64)),
        sa.UniqueConstraint("opportunity_id", name="ticket_finding_opportunity"),
        sa.CheckConstraint(
            "kind IN ('worn', 'outgrown', 'consumables', 'upgrade')", name="ticket_finding_kind"
        ),
        sa.CheckConstraint("quantity_milli IS NULL OR quantity_milli > 0", name="ticket_finding_quantity"),
        sa.CheckConstraint(
            "(quantity_milli IS NULL) = (wanted_item_id IS NULL)", name="ticket_finding_wanted_has_quantity"
        ),
    )
    op.create_index("ticket_finding_by_ticket", "ticket_finding", ["ticket_id", "id"])
    op.create_table(
        "finding_revenue",
        sa.Column("finding_id", Id, sa.ForeignKey("ticket_finding.id"), primary_key=True),
        sa.Column("order_id", Id, primary_key=True),
        sa.Column("order_number", sa.String(64), nullable=False),
        sa.Column("ordered_minor", sa.BigInteger, nullable=False),
        sa.Column("revenue_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("as_of_sequence", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("item", "category")
    op.drop_column("customer", "group_name")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_constraint("ticket_priority", type_="check")
        ticket.drop_column("priority")
