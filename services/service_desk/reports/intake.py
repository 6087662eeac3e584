"""Looking at which happenings open tickets."""

from __future__ import annotations

from sqlalchemy import Connection

from services.service_desk.domain.cause import Intake
from services.service_desk.store.policies import current_intake


def intake_now(connection: Connection) -> Intake:
    """Return which happenings open tickets now; version 0 comes with the product."""
    return current_intake(connection)
