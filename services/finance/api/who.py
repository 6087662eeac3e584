"""What the caller's roles mean in finance."""

from __future__ import annotations

from libs.common.web import principal

READERS = ("sales", "sales_manager", "finance", "service", "api_client")
BOOKKEEPERS = ("finance", "api_client")
CREDIT_DECIDERS = ("finance",)
CREDITORS = ("finance",)


def only_owner() -> str | None:
    """Return the caller's subject if they see only customers of their own, else ``None``."""
    who = principal()
    return who.subject if who.owner_only else None
