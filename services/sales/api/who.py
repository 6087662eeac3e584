"""What the caller's roles mean in sales."""

from __future__ import annotations

from libs.common.web import principal
from services.sales.domain.line_pricing import Pen

PRICERS = ("sales_manager", "api_client")
SELLERS = ("sales", *PRICERS)
READERS = (*SELLERS, "finance")
ALL_SEEING = (*PRICERS, "finance")
"""Who sees what the whole company sold."""
TAXERS = ("finance",)
"""Taxes are finance's word, though sales works them out."""
PEOPLE = ("sales", "sales_manager", "warehouse", "finance", "service")
"""Whoever signs in as a person: anybody of them may be asked for an approval."""


def only_owner() -> str | None:
    """Return the caller's subject if they see only documents of their customers and their teams', else ``None``."""
    who = principal()
    return who.subject if who.owner_only else None


def pen() -> Pen:
    """Return the caller as somebody who writes quotations."""
    who = principal()
    return Pen(who.subject, may_override=who.has_any(PRICERS))


def reads_quotations() -> bool:
    """Tell whether the caller's roles show quotations; what is shown of them is ``only_owner``'s matter."""
    who = principal()
    return who.has_any(READERS)
