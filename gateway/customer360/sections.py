"""The sections of the page, whose each is, and how all are asked for at once: one call per service."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gateway.clients import crm, finance, inventory, sales, service_desk
from gateway.clients.fan_out import FanOut
from gateway.clients.looking import Told, looking
from gateway.clients.section import Section, finding_of
from gateway.clients.services import Services, ServiceUnavailable
from gateway.customer360.compose import compose
from gateway.customer360.split import split
from libs.common.web import Principal

Found = Told | ServiceUnavailable
_BROKEN = 500
"""The service met a fault of its own, which one part alone may have."""


@dataclass(frozen=True)
class Source:
    """Where something comes from."""

    service: str
    address: Callable[[str], str]


SOURCES = {
    "profile": Source(crm.NAME, crm.customer),
    "overview": Source(crm.NAME, crm.overview),
    "relationship": Source(crm.NAME, crm.relationship),
    "recommendations": Source(crm.NAME, crm.suggestions),
    "sales": Source(sales.NAME, sales.summary),
    "deliveries": Source(inventory.NAME, inventory.summary),
    "credit": Source(finance.NAME, finance.account),
    "service": Source(service_desk.NAME, service_desk.summary),
}
"""Where each section can be had by itself."""

OF_CRM = tuple(name for name, source in SOURCES.items() if source.service == crm.NAME)
_CUSTOMER = "customer"
CALLS = {_CUSTOMER: Source(crm.NAME, crm.page)} | {
    name: source for name, source in SOURCES.items() if name not in OF_CRM
}
"""What is asked for the page: crm's sections in one call, which reads its customer once."""


@dataclass(frozen=True)
class CustomerPage:
    """Composes the page by asking every service at once, on the caller's behalf."""

    services: Services
    fan_out: FanOut
    deadline_s: float

    def of(self, customer_id: str, who: Principal) -> dict[str, Section]:
        """Return the sections; each service decides by itself what ``who`` may see."""
        ends = time.monotonic() + self.deadline_s
        found = self._ask(CALLS, customer_id, who, self.deadline_s)
        whole = found.pop(_CUSTOMER)
        if isinstance(whole, Told) and whole.status == _BROKEN:
            alone = {name: SOURCES[name] for name in OF_CRM}
            found |= self._ask(alone, customer_id, who, max(0.0, ends - time.monotonic()))
        else:
            found |= _parts(whole, OF_CRM)
        findings = {
            name: finding_of(self.services, source.service, found[name]) for name, source in SOURCES.items()
        }
        return compose({name: source.service for name, source in SOURCES.items()}, findings)

    def _ask(
        self, sources: Mapping[str, Source], customer_id: str, who: Principal, deadline_s: float
    ) -> dict[str, Found]:
        looks = {
            name: looking(self.services, source.service, source.address(customer_id), who, deadline_s)
            for name, source in sources.items()
        }
        return self.fan_out.gather(looks, deadline_s)


def _parts(whole: Found, names: Iterable[str]) -> Mapping[str, Found]:
    return split(whole, names) if isinstance(whole, Told) else dict.fromkeys(names, whole)
