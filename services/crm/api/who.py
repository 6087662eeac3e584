"""What the caller's roles mean in crm."""

from __future__ import annotations

from libs.common.web import principal
from services.crm.domain.ownership import Registrar

ASSIGNERS = ("sales_manager", "api_client")
SELLERS = ("sales", *ASSIGNERS)
READERS = (*SELLERS, "service", "finance")
"""Who reads of opportunities and conversations; a salesperson those of own customers."""


def only_owner() -> str | None:
    """Return the caller's subject if they see only customers of their own, else ``None``."""
    who = principal()
    return who.subject if who.owner_only else None


def registrar() -> Registrar:
    """Return the caller as somebody who registers customers."""
    who = principal()
    return Registrar(who.subject, assigns=any(who.has(role) for role in ASSIGNERS))
