"""The database: engine, unit of work with retry, column types, numbering and migrations, on two engines."""

from sqlalchemy import Connection

from libs.common.db.chunks import chunks, rows_among
from libs.common.db.database import Database
from libs.common.db.engine import ANSWERING, BY_INDEX, NO_SETTINGS, POOL_SIZE
from libs.common.db.idempotency import forget_old_keys
from libs.common.db.matching import above_zero, matches
from libs.common.db.migrate import current_revisions, ensure_event_log_partitions, migrate
from libs.common.db.numbering import lock_series, next_number, next_numbers
from libs.common.db.prepared import Prepared
from libs.common.db.retry import is_transient
from libs.common.db.rewrite import Rewrite
from libs.common.db.transaction import Cause, Transaction
from libs.common.db.twofold import Twofold
from libs.common.db.upsert import Upsert, upsert_into

__all__ = [
    "ANSWERING",
    "BY_INDEX",
    "NO_SETTINGS",
    "POOL_SIZE",
    "Cause",
    "Connection",
    "Database",
    "Prepared",
    "Rewrite",
    "Transaction",
    "Twofold",
    "Upsert",
    "above_zero",
    "chunks",
    "current_revisions",
    "ensure_event_log_partitions",
    "forget_old_keys",
    "is_transient",
    "lock_series",
    "matches",
    "migrate",
    "next_number",
    "next_numbers",
    "rows_among",
    "upsert_into",
]
