"""Teams: whose rows somebody sees who leads one, and how a service keeps teams that another tells of. See README.md."""

from libs.common.teams.keeping import KeptTeams, TeamTold, keep_if_newest
from libs.common.teams.sight import Sight

__all__ = ["KeptTeams", "Sight", "TeamTold", "keep_if_newest"]
