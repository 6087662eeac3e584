"""What the caller's roles mean in crm."""

from __future__ import annotations

from libs.common.db import Connection
from libs.common.web import principal
from services.crm.domain.ownership import Registrar
from services.crm.domain.sight import Owners
from services.crm.reports import teams

ASSIGNERS = ("sales_manager", "api_client")
SELLERS = ("sales", *ASSIGNERS)
READERS = (*SELLERS, "service", "finance")
"""Who reads of opportunities and conversations; a salesperson those of own customers and of a team that he leads."""


def seen_owners(connection: Connection) -> Owners:
    """Return whose things the caller sees: a salesperson's own, and those of the teams that are theirs to lead."""
    who = principal()
    return teams.led_by(connection, who.subject) | {who.subject} if who.owner_only else None


def registrar() -> Registrar:
    """Return the caller as somebody who registers customers."""
    who = principal()
    return Registrar(who.subject, assigns=who.has_any(ASSIGNERS))
