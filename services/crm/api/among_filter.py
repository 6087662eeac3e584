"""Whose leads and opportunities a figure, and the list behind it, is of, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.web import Strict, fields
from services.crm.reports.among import Among


class AmongFilter(Strict):
    """Whose."""

    campaign = fields.IdField(metadata={"description": "Only what is owed to it."})
    team = fields.IdField(metadata={"description": "Only what belongs to who is in it now."})
    owner_id = fields.Text(max=64, metadata={"description": "Only what belongs to this user."})


def among(filters: dict[str, Any]) -> Among:
    """Return whose is asked for, and take it out of ``filters``."""
    return Among(**{name: filters.pop(name, None) for name in ("owner_id", "team", "campaign")})
