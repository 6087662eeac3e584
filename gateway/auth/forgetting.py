"""Forgetting what has had its time. The gateway has no worker: about once an hour a login does it on the way."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from gateway.store import sessions, throttle
from libs.common.db import Database, forget_old_keys
from libs.common.ids import SystemIds
from libs.common.worker.jobs import Job, JobRunner

EVERY = timedelta(hours=1)
log = logging.getLogger(__name__)


def forget(database: Database) -> None:
    """Remove old answers to Idempotency-Keys, expired sessions and forgotten failures to log in."""
    forget_old_keys(database)
    database.transact(sessions.forget_expired)
    database.transact(throttle.forget_old)


class Forgetting:
    """Forgets at most once an hour, however many gateways there are: the turn is a row of ``job_lease``."""

    def __init__(self, database: Database) -> None:
        job = Job("gateway.forget", EVERY, forget)
        self._runner = JobRunner(database, (job,), f"gateway-{SystemIds().new()}")
        self._turn = threading.Lock()

    def when_due(self) -> None:
        """Forget if it is time to; whoever comes meanwhile does not wait, and a failure is no business of theirs."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            self._runner.run_due()
        except Exception:
            log.exception("what has had its time could not be forgotten; the next login tries again")
        finally:
            self._turn.release()
