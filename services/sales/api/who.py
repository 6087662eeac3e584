"""What the caller's roles mean in sales."""

from __future__ import annotations

from libs.common.web import principal
from services.sales.domain.line_pricing import Pen

PRICERS = ("sales_manager", "api_client")
SELLERS = ("sales", *PRICERS)


def only_owner() -> str | None:
    """Return the caller's subject if they see only their own customers' documents, else ``None``."""
    who = principal()
    return who.subject if who.owner_only else None


def pen() -> Pen:
    """Return the caller as somebody who writes quotations."""
    who = principal()
    return Pen(who.subject, may_override=any(who.has(role) for role in PRICERS))
