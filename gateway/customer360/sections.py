"""The sections of the page, whose each is, and how all are asked for at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clients import crm, finance, inventory, sales, service_desk
from gateway.clients.fan_out import FanOut
from gateway.clients.looking import looking
from gateway.clients.section import Section, finding_of
from gateway.clients.services import Services
from gateway.customer360.compose import compose, part_of
from libs.common.web import Principal


@dataclass(frozen=True)
class Source:
    """Where a section comes from; a service that has several gives them in one answer, each under its name."""

    service: str
    address: Callable[[str], str]
    part: str | None = None


SOURCES = {
    "profile": Source(crm.NAME, crm.customer_page, "profile"),
    "overview": Source(crm.NAME, crm.customer_page, "overview"),
    "relationship": Source(crm.NAME, crm.customer_page, "relationship"),
    "recommendations": Source(crm.NAME, crm.customer_page, "recommendations"),
    "sales": Source(sales.NAME, sales.summary),
    "deliveries": Source(inventory.NAME, inventory.summary),
    "credit": Source(finance.NAME, finance.account),
    "service": Source(service_desk.NAME, service_desk.summary),
}
CALLS = {source.service: source.address for source in SOURCES.values()}
"""Each service is asked once."""


@dataclass(frozen=True)
class CustomerPage:
    """Composes the page by asking every service at once, on the caller's behalf."""

    services: Services
    fan_out: FanOut
    deadline_s: float

    def of(self, customer_id: str, who: Principal) -> dict[str, Section]:
        """Return the sections; each service decides by itself what ``who`` may see."""
        looks = {
            service: looking(self.services, service, address(customer_id), who, self.deadline_s)
            for service, address in CALLS.items()
        }
        gathered = self.fan_out.gather(looks, self.deadline_s)
        told = {service: finding_of(self.services, service, found) for service, found in gathered.items()}
        findings = {name: part_of(told[source.service], source.part) for name, source in SOURCES.items()}
        return compose({name: source.service for name, source in SOURCES.items()}, findings)
