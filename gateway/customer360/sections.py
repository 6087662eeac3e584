"""The sections of the page, whose each is, and how all are asked for at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clients import crm, finance, inventory, sales, service_desk
from gateway.clients.fan_out import FanOut
from gateway.clients.services import Services, ServiceUnavailable, json_of
from gateway.clients.transport import Call
from gateway.customer360.compose import Finding, Said, Section, Silent, compose
from libs.common.web import Principal


@dataclass(frozen=True)
class Source:
    """Where a section comes from."""

    service: str
    address: Callable[[str], str]


SOURCES = {
    "profile": Source(crm.NAME, crm.customer),
    "relationship": Source(crm.NAME, crm.relationship),
    "sales": Source(sales.NAME, sales.summary),
    "deliveries": Source(inventory.NAME, inventory.summary),
    "credit": Source(finance.NAME, finance.account),
    "service": Source(service_desk.NAME, service_desk.summary),
}


@dataclass(frozen=True)
class CustomerPage:
    """Composes the page by asking every service at once, on the caller's behalf."""

    services: Services
    fan_out: FanOut
    deadline_s: float

    def of(self, customer_id: str, who: Principal) -> dict[str, Section]:
        """Return the sections; each service decides by itself what ``who`` may see."""
        trace = self.services.traceparent()
        questions = {
            name: self._question(source, customer_id, who, trace) for name, source in SOURCES.items()
        }
        gathered = self.fan_out.gather(questions, self.deadline_s)
        findings = {name: self._finding(SOURCES[name], found) for name, found in gathered.items()}
        return compose({name: source.service for name, source in SOURCES.items()}, findings)

    def _question(
        self, source: Source, customer_id: str, who: Principal, trace: str | None
    ) -> Callable[[], Said]:
        headers = {"traceparent": trace} if trace else {}
        call = Call("GET", source.address(customer_id), headers, deadline_s=self.deadline_s)

        def ask() -> Said:
            answer = self.services.ask(source.service, call, who)
            data = json_of(source.service, answer) if answer.body else None
            return Said(answer.status, data, self.services.clock.now())

        return ask

    def _finding(self, source: Source, found: Said | ServiceUnavailable) -> Finding:
        if isinstance(found, Said):
            return found
        since = self.services.down_since(source.service)
        return Silent(found.code, found.detail, since or self.services.clock.now())
