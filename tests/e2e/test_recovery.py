"""R5.7 and the first promise: a part that dies takes nothing with it, and the rest answers meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.child import ServingChild
from meridian.demo.gateway import Gateway, Person
from meridian.demo.people import wait_for
from tests.e2e.systems import System, embedded_company, silent
from tests.e2e.world import World


def _violations(system: System) -> str:
    with system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    return report.as_text() if report.violations else ""


@pytest.mark.parametrize("system", ["production"], indirect=True)
def test_r5_7_a_stopped_service_is_marked_and_the_rest_of_the_page_answers(world: World) -> None:
    customer = world.customer()
    sam, path = world.system["sam"], f"/customers/{customer['id']}/360"
    assert world.system.kill is not None
    assert world.system.revive is not None
    world.system.kill("service_desk-web")

    sections = sam.get(path)["sections"]
    assert sections["service"]["status"] == "unavailable"
    assert sections["service"]["data"] is None
    assert {sections[name]["status"] for name in ("profile", "sales", "deliveries", "credit")} == {"ok"}

    world.system.revive()
    wait_for(lambda: sam.get(path)["sections"]["service"]["status"] == "ok", "the section's return")


@pytest.mark.parametrize("system", ["production"], indirect=True)
@pytest.mark.parametrize("name", ["sales-worker", "inventory-worker", "finance-worker", "inventory-web"])
def test_kill_minus_nine_of_a_process_loses_nothing(world: World, name: str) -> None:
    assert world.system.kill is not None
    assert world.system.revive is not None
    customer, item = world.customer(), world.item(stock="20")
    before = [world.order(customer, (item, "1"), wait_s=0) for _ in range(3)]
    world.system.kill(name)
    after = [world.order(customer, (item, "1"), wait_s=0) for _ in range(3)]
    world.system.revive()

    for order in before + after:
        world.until(order, "the confirmation", state="confirmed")
        world.ship(world.delivery(order))
        world.pay(world.invoices(order)[0])
    for order in before + after:
        world.until(order, "the completion", state="done")
    assert _violations(world.system) == ""


def test_kill_minus_nine_of_the_embedded_process_loses_nothing(tmp_path: Path) -> None:
    target, logins = embedded_company(tmp_path)
    passwords = {login.username: login.password for login in logins}
    with ServingChild(tmp_path, say=silent) as child:
        gateway = Gateway(child.address)
        gateway.wait_until_ready()
        people = {name: Person(gateway, name, password) for name, password in passwords.items()}
        world = World(System(target, people, stop=lambda: None))
        customer, item = world.customer(), world.item(stock="20")
        orders = []
        for _ in range(3):
            orders.append(world.order(customer, (item, "2"), wait_s=0))
            child.kill()
        for order in orders:
            world.until(order, "the confirmation", state="confirmed")
            world.ship(world.delivery(order))
            child.kill()
            world.pay(world.invoices(order)[0])
        for order in orders:
            world.until(order, "the completion", state="done")
        assert child.restarts == 6
        assert _violations(world.system) == ""
