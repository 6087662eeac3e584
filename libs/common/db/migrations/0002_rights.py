"""What the run-time role cannot do itself: add a partition; and the acts on dead letters become append-only."""

from alembic import op

revision = "0002"
down_revision = "0001"

# It runs with the rights of its owner, so every name in it says its schema.
_ADD_PARTITION = """
CREATE FUNCTION add_event_log_partition(of_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first CONSTANT date := date_trunc('month', of_month)::date;
    partition CONSTANT text := 'event_log_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('public.' || partition) IS NULL THEN
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.event_log FOR VALUES FROM (%L) TO (%L)',
            partition, first || ' 00:00+00', (first + interval '1 month')::date || ' 00:00+00');
    END IF;
END $$
"""


def upgrade() -> None:
    """Create the function, and refuse changes of what was done to dead letters."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_ADD_PARTITION)
        op.execute(
            "CREATE TRIGGER dead_letter_act_append_only BEFORE UPDATE OR DELETE ON dead_letter_act "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER dead_letter_act_no_{act.lower()} BEFORE {act} ON dead_letter_act "
            "BEGIN SELECT RAISE(ABORT, 'dead_letter_act is append-only'); END"
        )


def downgrade() -> None:
    """Take both away."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER dead_letter_act_append_only ON dead_letter_act")
        op.execute("DROP FUNCTION add_event_log_partition(date)")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER dead_letter_act_no_{act}")
