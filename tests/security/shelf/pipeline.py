"""What a customer may buy, and what was and is to be done about it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.e2e.world import usd
from tests.security.shelf.ground import Ground


class Pipeline(Ground):
    """Opportunities and activities of the customer."""

    @cached_property
    def opportunity(self) -> Any:
        return self.fresh_opportunity()

    def fresh_opportunity(self) -> Any:
        body = {"customer_id": self.customer["id"], "title": "Valves", "value": usd("300.00")}
        return self.post(self.owner, "/opportunities", body | {"lines": [self.line()]})

    def fresh_activity(self) -> Any:
        body = {"customer_id": self.customer["id"], "kind": "call", "subject": "Ask"}
        return self.post(self.owner, "/activities", body)
