"""Asking every service for its record of an order's conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from gateway.clients import sales
from gateway.clients.fan_out import FanOut
from gateway.clients.services import ITSELF, Services, ServiceUnavailable, json_of
from gateway.clients.transport import Call
from gateway.timeline.merge import Entry, merge
from libs.common.errors import Forbidden, NotFound
from libs.common.web import Principal

PAGE = 200
MOST_PAGES = 25


@dataclass(frozen=True)
class Telling:
    """An order's time-line: what could be told, and which services could not tell their part (by name)."""

    order: dict[str, Any]
    entries: list[Entry]
    silent: dict[str, ServiceUnavailable]


@dataclass(frozen=True)
class Timelines:
    """Composes time-lines from the services' own records."""

    services: Services
    fan_out: FanOut
    deadline_s: float

    def of(self, order_id: str, who: Principal) -> Telling:
        """Return the time-line of an order that ``who`` may see.

        Sales decides that: ``NotFound`` or ``Forbidden`` as it says, ``ServiceUnavailable`` when it says nothing.
        """
        order = self._order(order_id, who)
        conversation = str(order.get("conversation_id") or order_id)
        questions = {name: self._question(name, conversation) for name in self.services.names}
        gathered = self.fan_out.gather(questions, self.deadline_s)
        told = [found for found in gathered.values() if isinstance(found, list)]
        silent = {name: found for name, found in gathered.items() if isinstance(found, ServiceUnavailable)}
        return Telling(order, merge(entry for entries in told for entry in entries), silent)

    def _order(self, order_id: str, who: Principal) -> dict[str, Any]:
        answer = self.services.ask(
            sales.NAME, Call("GET", sales.order(order_id), deadline_s=self.deadline_s), who
        )
        if answer.status == 404:
            raise NotFound("There is no such order.")
        if answer.status == 403:
            raise Forbidden("You may not see this order.")
        if answer.status != 200:
            raise ServiceUnavailable(sales.NAME, "service_failed", f"It answered {answer.status}.")
        order: dict[str, Any] = json_of(sales.NAME, answer)
        return order

    def _question(self, service: str, conversation: str) -> Callable[[], list[Entry]]:
        trace = self.services.traceparent()
        headers = {"traceparent": trace} if trace else {}

        def ask() -> list[Entry]:
            entries: list[Entry] = []
            cursor: str | None = None
            for _ in range(MOST_PAGES):
                page = self._page(service, conversation, cursor, headers)
                entries += [_entry(service, item) for item in page["items"]]
                cursor = page.get("next_cursor")
                if not cursor:
                    break
            return entries

        return ask

    def _page(
        self, service: str, conversation: str, cursor: str | None, headers: dict[str, str]
    ) -> dict[str, Any]:
        query = {"correlation_id": conversation, "limit": str(PAGE)} | ({"cursor": cursor} if cursor else {})
        call = Call("GET", f"/api/v1/events?{urlencode(query)}", headers, deadline_s=self.deadline_s)
        answer = self.services.ask(service, call, ITSELF)
        if answer.status != 200:
            raise ServiceUnavailable(service, "service_failed", f"It answered {answer.status}.")
        page: dict[str, Any] = json_of(service, answer)
        return page


def _entry(service: str, item: dict[str, Any]) -> Entry:
    return Entry(
        id=item["id"],
        service=service,
        type=item["type"],
        kind=item["kind"],
        at=datetime.fromisoformat(item["recorded_at"]),
        aggregate=item["partition_key"],
        sequence=int(item["sequence"]),
        cause=item.get("causation_id"),
        actor=item.get("actor"),
        data=item.get("data") or {},
    )
