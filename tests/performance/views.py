"""Pages that people look at: how long each takes and what all processes use for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from gateway.customer360.sections import CALLS
from gateway.dashboards.plan import PLANS
from tests.performance import cpu
from tests.performance.figures import latencies, percentile, ratio, rounded
from tests.performance.system import System

LOOKS = 100
_LISTS = {
    "orders": "/orders?limit=50",
    "orders of a customer": "/orders?customer_id={customer}&limit=50",
    "orders not yet done": "/orders?state=processing&limit=50",
    "quotations": "/quotations?limit=50",
    "deliveries to be shipped": "/deliveries?state=ready&limit=50",
    "invoices": "/invoices?limit=50",
    "unpaid invoices": "/invoices?payment_state=not_paid&limit=50",
    "payments": "/payments?limit=50",
    "stock": "/stock?limit=50",
}
_OVERVIEWS = {
    "customers in figures": "/customers/overview?limit=50",
    "customers in figures by last order": "/customers/overview?sort=last_order&order=asc&limit=50",
    "customers in figures, at risk": "/customers/overview?segment=at_risk&limit=50",
}
_DASHBOARDS = {f"dashboard: {role}": f"/dashboards/{role}" for role in PLANS}
_360 = "/customers/{customer}/360"
_CALLS_OF_360 = {name: call.address("{customer}").removeprefix("/api/v1") for name, call in CALLS.items()}


def look(system: System, path: str, *, looks: int = LOOKS, person: str = "admin") -> dict[str, Any]:
    """Look at a page of one customer after the other; return its times and its CPU."""
    connection, customers = system.connect(), system.catalogue.customers
    took: list[float] = []
    before = cpu.by_family(system.roots, cpu.snapshot())
    for place in range(looks):
        answer = connection.call(
            "GET", path.format(customer=customers[place % len(customers)]), system.tokens.of(person)
        )
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300]!r}")
        took.append(answer.seconds)
    spent = cpu.total(cpu.spent(before, cpu.by_family(system.roots, cpu.snapshot())).values())
    connection.close()
    return latencies(took) | {"cpu_ms": rounded(spent / looks)}


def pages(system: System) -> dict[str, Any]:
    """Return the figures of every list, of the customers in figures, of each dashboard and of the customer's page."""
    system.tokens.renew("admin")
    found = {name: look(system, path) for name, path in (_LISTS | _OVERVIEWS | _DASHBOARDS).items()}
    return found | {"customer 360": customer_page(system)}


def customer_page(system: System) -> dict[str, Any]:
    """Return the figures of the customer's page, beside those of the calls that it is made of."""
    whole = look(system, _360)
    calls = {name: look(system, path) for name, path in _CALLS_OF_360.items()}
    slowest = max(calls.values(), key=lambda call: call["p95_ms"])
    return whole | {
        "times_the_slowest_call_p95": ratio(whole["p95_ms"], slowest["p95_ms"]),
        "calls_p95_ms": {name: call["p95_ms"] for name, call in calls.items()},
        "calls_cpu_ms": {name: call["cpu_ms"] for name, call in calls.items()},
    }


class Reader:
    """Somebody who looks at a page at a steady pace while other work goes on; run it in a thread."""

    def __init__(self, system: System, path: str, per_second: float) -> None:
        self._system = system
        self._path = path
        self._pause = 1 / per_second
        self.took: list[float] = []
        self.faults = 0

    def run(self, until: float) -> None:
        """Look until the monotonic time ``until``."""
        connection, customers = self._system.connect(), self._system.catalogue.customers
        serial = 0
        while time.monotonic() < until:
            began = time.monotonic()
            path = self._path.format(customer=customers[serial % len(customers)])
            answer = connection.call("GET", path, self._system.tokens.of("mia"))
            if answer.status == 401:
                self._system.tokens.renew("mia")
            elif answer.status == 200:
                self.took.append(answer.seconds)
            else:
                self.faults += 1
            serial += 1
            time.sleep(max(0.0, self._pause - (time.monotonic() - began)))
        connection.close()

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        return latencies(self.took) | {"faults": self.faults}


def readers(system: System, per_second: float) -> dict[str, Reader]:
    """Return readers of the customer's page, its calls, and the list of orders."""
    paths = {"customer 360": _360, "orders": _LISTS["orders"]}
    paths |= {f"360: {name}": path for name, path in _CALLS_OF_360.items()}
    return {name: Reader(system, path, per_second) for name, path in paths.items()}


def share_of_slowest(found: Mapping[str, Reader]) -> float | None:
    """Return the p95 of the customer's page divided by that of the slowest call it makes."""
    parts = [reader.took for name, reader in found.items() if name.startswith("360: ")]
    calls = [percentile(took, 0.95) for took in parts if took]
    whole = found["customer 360"].took if found else []
    return ratio(percentile(whole, 0.95), max(calls)) if whole and calls else None
