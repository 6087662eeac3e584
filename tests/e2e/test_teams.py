"""R5, R4.3: a leader sees of his team's customers what they see, in every service; through the gateway, both modes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World

SECTIONS = ("profile", "sales", "deliveries", "credit", "service")


class Team:
    """A team that ned leads."""

    def __init__(self, world: World) -> None:
        self._mia, self._name = world.system["mia"], world.name("East")
        self._ned = world.system["ned"].get("/auth/me")["id"]
        self.sam = world.system["sam"].get("/auth/me")["id"]
        body = {"name": self._name, "members": [], "manager_id": self._ned}
        self._id = self._mia.post("/sales-teams", body, key=self._name)["id"]

    def of(self, *members: str, led: bool = True) -> None:
        """Let it consist of these."""
        body = {"name": self._name, "members": list(members), "manager_id": self._ned if led else None}
        self._mia.put(f"/sales-teams/{self._id}", body)


@pytest.fixture
def team(world: World) -> Iterator[Team]:
    """Give a team of nobody; afterwards nobody leads it, for others count on ned seeing his own only."""
    made = Team(world)
    yield made
    made.of(led=False)


def test_r5_a_leader_sees_what_the_team_has_in_every_service_and_who_leaves_takes_it_along(
    world: World, team: Team
) -> None:
    ned, sam, sid = (world.system[name] for name in ("ned", "sam", "sid"))
    customer = world.customer()
    order = world.order(customer, (world.item(stock="10"), "3"))
    delivery = world.delivery(order)
    world.ship(delivery)
    (invoice,) = world.invoices(order)
    payment = world.pay(invoice)
    body = {"customer_id": customer["id"], "kind": "technical", "subject": "It leaks"}
    ticket = sid.post("/tickets", body, key=world.name("ticket"))
    about = f"customer_id={customer['id']}"
    ones = (
        f"/orders/{order['id']}", f"/deliveries/{delivery['id']}", f"/invoices/{invoice['id']}",
        f"/payments/{payment['id']}", f"/accounts/{customer['id']}", f"/tickets/{ticket['id']}",
        f"/ageing/customers/{customer['id']}", f"/customers/{customer['id']}/delivery-summary",
        f"/customers/{customer['id']}/service-summary",
    )  # fmt: skip
    lists = (
        f"/orders?{about}", f"/deliveries?{about}", f"/reservations?{about}", f"/invoices?{about}",
        f"/payments?{about}", f"/tickets?{about}", f"/installed-items?{about}",
    )  # fmt: skip

    def seen(who: Any) -> list[bool]:
        return [bool(world.found(who, path)) for path in ones]

    def listed(who: Any) -> list[Any]:
        return [who.get(path)["items"] for path in lists]

    wait_for(lambda: all(listed(sam)), "the pump at the customer's")
    assert (seen(sam), seen(ned)) == ([True] * len(ones), [False] * len(ones))

    team.of(team.sam)
    wait_for(lambda: all(seen(ned)), "the team in every service")
    assert listed(ned) == listed(sam)
    page = ned.get(f"/customers/{customer['id']}/360")["sections"]
    assert {name: page[name]["status"] for name in SECTIONS} == dict.fromkeys(SECTIONS, "ok")

    team.of()
    wait_for(lambda: not any(seen(ned)), "who left the team")
    assert listed(ned) == [[]] * len(lists)


def test_r4_3_a_leader_sees_what_his_team_asked_finance_for_and_may_not_decide_it(
    world: World, team: Team
) -> None:
    ned, sam, fay = (world.system[name] for name in ("ned", "sam", "fay"))
    customer, item = world.customer(limit="250.00"), world.item(stock="100", price="100.00")
    order = world.order(customer, (item, "3"), wait_s=0)
    world.until_held(order, "credit")
    day = (world.system.today + timedelta(days=5)).isoformat()
    body = {"order_id": order["id"], "expires_on": day, "reason": "Paid on Friday"}
    override = sam.post("/credit-overrides", body, key=world.name("override"))
    path = f"/finance-approvals/{override['approval_id']}"
    assert not world.found(ned, path)

    team.of(team.sam)
    wait_for(lambda: world.found(ned, path), "the team at finance")
    about = f"/finance-approvals?document_id={override['id']}"
    (seen,) = ned.get(about)["items"]
    assert (seen["requested_by"], seen["waits_for_you"]) == (team.sam, False)
    with pytest.raises(ActFailed) as refused:
        ned.post(f"{path}/decide", {"decision": "approve"}, key=world.name("no"))
    assert refused.value.status == 403
    fay.post(f"{path}/decide", {"decision": "approve"}, key=world.name("yes"))
    assert ned.get(path)["state"] == "approved"
    team.of()
    wait_for(lambda: not world.found(ned, path), "who left the team")


def test_r5_a_handed_over_customer_goes_from_the_leader_of_who_had_him(world: World, team: Team) -> None:
    ned, mia = world.system["ned"], world.system["mia"]
    customer = world.customer()
    path = f"/accounts/{customer['id']}"
    team.of(team.sam)
    wait_for(lambda: world.found(ned, path), "the team at finance")
    mia.post(
        f"/customers/{customer['id']}/owner", {"owner_id": mia.get("/auth/me")["id"]}, key=world.name("give")
    )
    wait_for(lambda: not world.found(ned, path), "the new owner at finance")
