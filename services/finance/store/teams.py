"""Teams as crm tells of them: who sees the accounts of whom beside his own."""

from __future__ import annotations

from libs.common.teams import KeptTeams
from services.finance.store.tables import metadata

TEAMS = KeptTeams.declared_on(metadata)
SIGHT = TEAMS.sight
