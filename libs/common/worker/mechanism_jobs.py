"""The jobs that every service has because it answers requests, sends messages and receives them."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import ensure_event_log_partitions, forget_old_keys
from libs.common.inbox import purge_inbox
from libs.common.worker.jobs import Job

MECHANISM_JOBS = (
    Job("mechanism.forget_old_keys", timedelta(days=1), forget_old_keys),
    Job("mechanism.purge_inbox", timedelta(days=1), purge_inbox),
    Job("mechanism.event_log_partitions", timedelta(days=1), ensure_event_log_partitions),
)
