"""The period lock over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Strict, expected_version, fields
from services.finance.api.company import company_terms
from services.finance.api.who import BOOKKEEPERS, CREDIT_DECIDERS
from services.finance.domain.periods import PeriodLock
from services.finance.reports.periods import lock_now
from services.finance.use_cases.periods import MoveLock, move_lock

periods = Noun("periods", "/api/v1/period-lock", description="Up to which day the books are closed")


class LockIn(Strict):
    """The last day that is closed; null: all is open."""

    locked_until = fields.DateField(required=True, allow_none=True)
    reason = fields.Text(max=500, allow_none=True)


class LockOut(LockIn):
    """The lock that applies now; version 0: none was ever set."""

    version = fields.CountField()


@periods.query("/", answer=LockOut, roles=BOOKKEEPERS, summary="The period lock")
def show(connection: Connection) -> PeriodLock:
    """Show up to which day nothing is booked any more."""
    return lock_now(connection)


@periods.command(
    "PUT", "/", body=LockIn, answer=LockOut, roles=CREDIT_DECIDERS, summary="Close the books up to a day"
)
def put(tx: Transaction, body: dict[str, Any]) -> PeriodLock:
    """Close the books up to a day, or open them again: payments of a closed day are refused, shipments are
    invoiced on the first open day.
    """
    command = MoveLock(body["locked_until"], body.get("reason"), expected_version())
    return move_lock(tx, command, company_terms())
