"""What the caller's roles mean in finance."""

from __future__ import annotations

from libs.common.web import principal

READERS = ("sales", "sales_manager", "finance", "service", "api_client")
BOOKKEEPERS = ("finance", "api_client")
CREDIT_DECIDERS = ("finance",)
CREDITORS = ("finance",)
ASKERS = ("sales", "sales_manager", "finance")
PEOPLE = ("sales", "sales_manager", "warehouse", "finance", "service")
"""Whoever signs in as a person: anybody of them may be asked for an approval."""


def only_owner() -> str | None:
    """Return the caller's subject if they see only customers of their own, else ``None``."""
    who = principal()
    return who.subject if who.owner_only else None


def reads_all_approvals() -> bool:
    """Tell whether the caller sees approvals whoever asked for them: finance does, and who leads the salespeople."""
    who = principal()
    return who.has_any(("finance", "sales_manager", "api_client"))
