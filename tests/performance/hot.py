"""What it costs when everybody wants the same: one item, one customer, one order of a thousand lines."""

from __future__ import annotations

import time
from typing import Any

from tests.performance.cycle import Choice, Chooses, Office, by_step
from tests.performance.figures import ratio, rounded
from tests.performance.load import ClosedLoop
from tests.performance.measure import drain
from tests.performance.o2c import Plan, audited, closed_loop
from tests.performance.system import Say, System

MANY_LINES = 1000
BIG_IN_FLIGHT = 2
BIG_ORDERS = 6


def one_item(system: System) -> Chooses:
    """Return the choice of a single item by every customer: each order has it on one line, beside two others."""
    customers, items = system.catalogue.customers, system.catalogue.items

    def choose(serial: int) -> Choice:
        others = [items[1 + (serial * 2 + place) % (len(items) - 1)] for place in range(2)]
        return Choice(customers[serial % len(customers)], tuple((item, "2") for item in (items[0], *others)))

    return choose


def one_customer(system: System) -> Chooses:
    """Return the choice of every item by a single customer."""
    customers, items = system.catalogue.customers, system.catalogue.items

    def choose(serial: int) -> Choice:
        picked = tuple((items[(serial * 3 + place) % len(items)], "2") for place in range(3))
        return Choice(customers[0], picked)

    return choose


def many_lines(system: System) -> Chooses:
    """Return the choice of a thousand lines."""
    customers, items = system.catalogue.customers, system.catalogue.items

    def choose(serial: int) -> Choice:
        picked = tuple((items[place % len(items)], "1") for place in range(MANY_LINES))
        return Choice(customers[serial % len(customers)], picked)

    return choose


def hot(system: System, plan: Plan, say: Say) -> dict[str, Any]:
    """Measure the usual load, the hot item, the hot customer and the long order, one after another."""
    found: dict[str, dict[str, Any]] = {}
    for name, choose in (
        ("usual", None),
        ("one item", one_item(system)),
        ("one customer", one_customer(system)),
    ):
        found[name] = closed_loop(system, plan, say, choose=choose).as_json()
        say(f"{name}: {found[name]['cycles_per_s']} cycles/s")
    usual = found["usual"]
    long = long_orders(system, say)
    lines = usual["cycles_per_s"] * 3
    return {
        "hot_item_ratio": ratio(found["one item"]["cycles_per_s"], usual["cycles_per_s"]),
        "hot_customer_ratio": ratio(found["one customer"]["cycles_per_s"], usual["cycles_per_s"]),
        "long_order_lines_ratio": ratio(long["lines_per_s"], lines),
        "errors": {
            name: each["faults"] + sum(each["other_answers"].values()) for name, each in found.items()
        },
        "lines_per_s": rounded(lines),
        "long_orders": long,
        "loads": found,
    }


def long_orders(system: System, say: Say) -> dict[str, Any]:
    """Measure orders of a thousand lines, from the first quotation to the last payment's effects."""
    office = Office(system, f"{time.time_ns():x}", choose=many_lines(system))
    with system.target.opened() as databases:
        started = time.monotonic()
        load = ClosedLoop(office, BIG_IN_FLIGHT, most=BIG_ORDERS)
        load.start()
        load.join()
        drain(databases)
        seconds = time.monotonic() - started
        violations = audited(databases, say)
    office.close()
    record = office.record.take()
    say(f"{record.finished} orders of {MANY_LINES} lines in {seconds:.0f} s")
    return {
        "lines_per_s": rounded(record.finished * MANY_LINES / seconds),
        "finished": record.finished,
        "faults": load.faults[:5],
        "steps": by_step(record.steps),
        "audit_violations": violations,
    }
