"""Asking for all figures of a dashboard at once, on the caller's behalf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gateway.clients.fan_out import FanOut
from gateway.clients.looking import looking
from gateway.clients.section import Section, finding_of, section
from gateway.clients.services import Services
from gateway.dashboards.plan import PLANS, Window
from libs.common.web import Principal


@dataclass(frozen=True)
class Shown:
    """A figure on a dashboard: what it is called, where it and the documents behind it are, and what was said.

    ``narrowed``: it is of the team or campaign that was asked for; else of all that the caller sees.
    """

    name: str
    address: str
    documents: str
    narrowed: bool
    section: Section


@dataclass(frozen=True)
class Dashboards:
    """Composes dashboards; a service that is down costs its figures only."""

    services: Services
    fan_out: FanOut
    deadline_s: float
    zone: ZoneInfo

    def window(self, among: Mapping[str, str]) -> Window:
        """Return the last thirty days of the company's."""
        return Window.usual(self.services.clock.now().astimezone(self.zone).date(), among)

    def of(self, role: str, window: Window, who: Principal) -> list[Shown]:
        """Return the figures of a role's dashboard; each service decides by itself what ``who`` may see."""
        tiles = PLANS[role]
        looks = {
            name: looking(self.services, tile.service, tile.address(window), who, self.deadline_s)
            for name, tile in tiles.items()
        }
        gathered = self.fan_out.gather(looks, self.deadline_s)
        return [
            Shown(
                name,
                tile.address(window),
                tile.behind(window),
                bool(window.among) and tile.narrows,
                section(tile.service, finding_of(self.services, tile.service, gathered[name])),
            )
            for name, tile in tiles.items()
        ]
