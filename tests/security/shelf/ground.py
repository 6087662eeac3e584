"""What every room of the shelf stands on: a customer and an item of one salesperson, and how one asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from tests.e2e.systems import System
from tests.e2e.world import World


@dataclass
class Ground:
    """Documents to aim at. What is cached is looked at only; ``fresh_*`` makes one that may be used up."""

    system: System
    owner: str = "sam"
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.system)

    @cached_property
    def customer(self) -> Any:
        return self.fresh_customer()

    @cached_property
    def item(self) -> Any:
        return self.world.item(stock="100000")

    @cached_property
    def warehouse_id(self) -> str:
        return str(self.system["wim"].every("/warehouses")[0]["id"])

    @cached_property
    def owner_id(self) -> str:
        return str(self.system[self.owner].get("/auth/me")["id"])

    def fresh_customer(self) -> Any:
        return self.world.customer(limit="900000.00", owner=self.owner)

    def named(self, stem: str) -> str:
        return self.world.name(stem)

    def post(self, who: str, path: str, body: Any) -> Any:
        return self.system[who].post(path, body, key=self.named("key"))

    def line(self, quantity: str = "1") -> dict[str, Any]:
        return {"item_id": self.item["id"], "quantity": quantity}

    def days_on(self, days: int) -> str:
        """Return the day so many days from today."""
        return (self.system.today + timedelta(days=days)).isoformat()
