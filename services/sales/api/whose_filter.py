"""Whose orders are meant by now, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.web import Strict, fields
from services.sales.reports.whose import Whose


class WhoseFilter(Strict):
    """Whose."""

    campaign = fields.IdField(metadata={"description": "Only orders that are owed to it."})
    salesperson = fields.Text(max=64, metadata={"description": "Only orders of customers of this user."})
    team = fields.IdField(metadata={"description": "Only orders of customers of who is in it now."})


def whose(filters: dict[str, Any]) -> Whose:
    """Return whose are asked for, and take it out of ``filters``."""
    return Whose(**{name: filters.pop(name, None) for name in ("salesperson", "team", "campaign")})
