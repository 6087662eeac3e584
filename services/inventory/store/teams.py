"""Teams as crm tells of them: who sees what is about the customers of whom beside his own."""

from __future__ import annotations

from libs.common.teams import KeptTeams
from services.inventory.store.tables import metadata

TEAMS = KeptTeams.declared_on(metadata)
SIGHT = TEAMS.sight
