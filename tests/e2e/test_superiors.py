"""Approvals by the superior of whoever asks, and one inbox over the services; through the gateway, both modes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed, Person
from tests.e2e.world import World, usd

PASSWORD = "correct horse battery staple"


def a_person(world: World, stem: str, *roles: str, above: str | None = None) -> tuple[Person, str]:
    """Add a user who is below somebody; return them as they have just logged in, with their id."""
    name = world.name(stem).lower()
    body = {"username": name, "name": stem, "roles": list(roles), "password": PASSWORD, "superior_id": above}
    made = world.system["admin"].post("/users", body, key=name)
    world.system.people[name] = Person(world.system["sam"]._gateway, name, PASSWORD)
    return world.system[name], made["id"]


def put_above(world: World, user_id: str, above: str | None) -> Any:
    return world.system["admin"].patch(f"/users/{user_id}", {"superior_id": above})


def waiting(person: Person) -> dict[str, Any]:
    """Return what waits for somebody, by the id of its document."""
    inbox = person.get("/inbox")
    assert {part["status"] for part in inbox["sections"].values()} == {"ok"}
    return {each["document_id"]: each for each in inbox["items"]}


def decide(world: World, person: Person, found: Any, decision: str = "approve", **more: Any) -> Any:
    address = found["address"].removeprefix("/api/v1")
    return person.post(f"{address}/decide", {"decision": decision} | more, key=world.name("decide"))


def test_r3_2_the_superior_approves_and_without_one_the_role_that_stands_in(world: World) -> None:
    boss, boss_id = a_person(world, "Boss", "sales")
    low, low_id = a_person(world, "Low", "sales", above=boss_id)
    mia = world.system["mia"]
    customer, item = world.customer(owner=low.username), world.item(stock="10")
    clause = {"field": "customer_id", "comparison": "equals", "texts": [customer["id"]]}
    step = {
        "name": "Superior",
        "approvers": [{"kind": "superior", "level": 1}],
        "otherwise": "sales_manager",
    }
    flow = {"name": world.name("Superiors"), "cases": [{"clauses": [clause]}], "steps": [step]}
    mia.post("/approval-flows", flow, key=world.name("flow"))

    def sent() -> Any:
        line = {"item_id": item["id"], "quantity": "1"}
        made = low.post("/quotations", {"customer_id": customer["id"], "lines": [line]}, key=world.name("q"))
        return low.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))

    first = sent()
    assert first["state"] == "pending_approval"
    found = waiting(boss)[first["id"]]
    assert (found["source"], found["number"], found["facts"]["total"]) == (
        "sales",
        first["number"],
        usd("100.00"),
    )
    assert first["id"] not in waiting(mia) | waiting(low)
    shown = decide(world, boss, found)
    assert (shown["state"], shown["superiors"], shown["history"][-1]["by"]) == (
        "approved",
        [boss_id],
        boss_id,
    )
    assert low.get(f"/quotations/{first['id']}")["state"] == "sent"
    order = low.post(f"/quotations/{first['id']}/accept", {}, key=world.name("accept"), wait_s=10)
    world.until(order, "the confirmation", state="confirmed")

    put_above(world, low_id, None)
    low._token = None  # the next login: a token says who was above its subject when it was given
    second = sent()
    assert second["id"] not in waiting(boss)
    assert decide(world, mia, waiting(mia)[second["id"]])["superiors"] == []


def test_r3_2_what_is_bought_is_approved_in_the_same_inbox(world: World) -> None:
    wim, fay, item = world.system["wim"], world.system["fay"], world.item()
    clause = {"field": "item_id", "comparison": "equals", "texts": [item["id"]]}
    step = {"name": "Superior", "approvers": [{"kind": "superior"}], "otherwise": "finance"}
    flow = {
        "document": "purchase_requisition",
        "name": world.name("Buying"),
        "cases": [{"clauses": [clause]}],
        "steps": [step],
    }
    place = wim.every("/warehouses")[0]["id"]

    def ask() -> Any:
        body = {"item_id": item["id"], "warehouse_id": place, "quantity": "3"}
        return wim.post("/purchase-requisitions", body, key=world.name("ask"))

    before = ask()
    tried = fay.post("/inventory-approval-flows/try", flow, key=world.name("try"))
    assert (before["approval_id"], [each["id"] for each in tried["documents"]]) == (None, [before["id"]])
    fay.post("/inventory-approval-flows", flow, key=world.name("flow"))
    asked = ask()
    found = waiting(fay)[asked["id"]]
    assert (found["source"], found["document"]) == ("inventory", "purchase_requisition")
    assert decide(world, fay, found)["state"] == "approved"
    assert wim.get(f"/purchase-requisitions/{asked['id']}")["state"] == "approved"
    fay.post(
        "/inventory-approval-flows", flow | {"active": False}, key=world.name("off")
    )  # it is of this test


def test_r3_2_two_administrators_cannot_close_a_circle_together(world: World) -> None:
    for _ in range(5):
        (_, one), (_, other) = a_person(world, "One", "sales"), a_person(world, "Other", "sales")

        def put(pair: tuple[str, str]) -> str:
            try:
                put_above(world, *pair)
            except ActFailed as refused:
                return str(refused.problem["code"])
            return "done"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(put, [(one, other), (other, one)])) == ["done", "superior_in_circle"]


def test_r3_2_the_audit_finds_nothing_after_superiors_decided(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
