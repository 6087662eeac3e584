"""Tickets of the service desk."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.security.shelf.ground import Ground


class Tickets(Ground):
    """What customers ask of the service desk."""

    @cached_property
    def ticket(self) -> Any:
        return self.fresh_ticket()

    def fresh_ticket(self, *, resolved: bool = False) -> Any:
        body = {"customer_id": self.customer["id"], "kind": "technical", "subject": "It drips"}
        made = self.post("sid", "/tickets", body)
        if resolved:
            return self.post("sid", f"/tickets/{made['id']}/resolve", {"resolution": "Tightened"})
        return made
