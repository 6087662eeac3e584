"""A story goes to its end whatever the others leave to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.systems import System, start_embedded
from tests.e2e.world import World
from tests.faults import people
from tests.faults.market import Market
from tests.faults.people import Tally
from tests.faults.stories import Plan, Storyteller


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a system of one process."""
    running = start_embedded(tmp_path_factory.mktemp("stories"))
    yield running
    running.stop()


def test_an_order_that_is_short_is_done_though_what_another_left_is_a_part_of_it(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PATIENCE_S", 20.0)
    world, tally = World(system), Tally()
    scarce, customer = world.item(stock="1"), world.customer(limit="90000.00")
    market = Market([customer["id"]], [], scarce["id"], str(system["wim"].every("/warehouses")[0]["id"]))
    passwords = {name: person.password for name, person in system.people.items()}
    teller = Storyteller("parts", people.clients(system.target.gateway_url, passwords, tally), market, tally)
    order_id, state = teller.tell(Plan(1, "short_of_stock", customer=0, lines=((0, 3),)))
    assert state == "done"
    notes = system["wim"].every("/deliveries", order_id=order_id)
    assert sorted(note["lines"][0]["quantity"] for note in notes) == ["1", "2"]
    assert {note["state"] for note in notes} <= {"shipped", "delivered"}
    assert not tally.faults
