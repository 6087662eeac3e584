"""The replay: every act of two years in the order of its day, several people at work on the same day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from meridian.demo.gateway import Gateway, Person
from meridian.demo.history import PastOrder
from meridian.demo.people import Catalogue, Finance, Receiving, Salesperson, Supply, Warehouse, wait_for
from meridian.demo.rules import Rules
from meridian.demo.scenario import Scenario
from meridian.demo.supply import SupplyDesk

HANDS = 4


@dataclass(frozen=True)
class Logins:
    """Names and passwords of the demo's users."""

    passwords: dict[str, str]


@dataclass(frozen=True, order=True)
class _Act:
    """One thing to do on a day: payments come first, then new orders, then what they lack, then shipments."""

    day: date
    rank: int
    number: str


PAY, TAKE, SUPPLY, SHIP = range(4)


def schedule(history: list[PastOrder], scenario: Scenario, groups: Mapping[str, str | None]) -> list[_Act]:
    """Return every act of the replay in the order in which it is done; ``groups`` are those of the customers."""
    acts = [_Act(order.ordered_on, TAKE, order.number) for order in history]
    if scenario.supply is not None:
        acts += [_Act(day, SUPPLY, "") for day in {order.ordered_on for order in history}]
    for order in history:
        if order.shipped_on is not None:
            days = scenario.payment_days(groups[order.customer])
            acts.append(_Act(order.shipped_on, SHIP, order.number))
            acts.append(_Act(order.shipped_on + timedelta(days=max(days, 1)), PAY, order.number))
    return sorted(acts)


class Replay:
    """Plays a company's history through the gateway at ``base_url``."""

    def __init__(
        self, base_url: str, logins: Logins, scenario: Scenario, history: list[PastOrder], *, today: date
    ) -> None:
        self._history = {order.number: order for order in history}
        gateway = Gateway(base_url)
        gateway.wait_until_ready()
        people = {name: Person(gateway, name, password) for name, password in logins.passwords.items()}
        by_id = {user["id"]: people[user["username"]] for user in people["admin"].every("/users")}
        self.catalogue = Catalogue.learn(people["admin"])
        self.admin = people["admin"]
        self._sales = Salesperson(by_id, self.catalogue, today)
        self._finance = Finance(people["finance"])
        self._desk = self._open_desk(people, scenario)
        supply: Supply = self._desk or Receiving(people["warehouse"], self.catalogue)
        self._warehouse = Warehouse(people["warehouse"], self._finance, self.catalogue, supply)
        groups = {number: customer["group"] for number, customer in self.catalogue.customers.items()}
        self.acts = schedule(history, scenario, groups)
        self.order_ids: dict[str, str] = {}
        self._lock = threading.Lock()

    def run(self, on_progress: Callable[[int], None]) -> None:
        """Do everything; ``on_progress`` hears how many acts were done since it last heard."""
        with ThreadPoolExecutor(HANDS, thread_name_prefix="replay") as hands:
            for batch in _batches(self.acts):
                for done in hands.map(self._do, batch):
                    on_progress(done)

    def settle(self) -> None:
        """Return once everything that follows from the last act has arrived, as far as the orders show it."""
        shipped = {number for number, past in self._history.items() if past.shipped_on is not None}
        wanted = {self.order_ids[number] for number in shipped}

        def all_done() -> bool:
            done = {order["id"] for order in self.admin.every("/orders", state="done")}
            return wanted <= done

        wait_for(all_done, "the completion of the shipped and paid orders")

    def _open_desk(self, people: dict[str, Person], scenario: Scenario) -> SupplyDesk | None:
        if scenario.supply is None:
            return None
        Rules(scenario.supply, self.catalogue).enter(people["buyer"], people["manager"])
        return SupplyDesk(people["buyer"], people["finance"])

    def _do(self, act: _Act) -> int:
        if act.rank == SUPPLY:
            assert self._desk is not None
            self._desk.work(act.day)
            return 1
        past = self._history[act.number]
        if act.rank == TAKE:
            order_id = self._sales.take(past)
            with self._lock:
                self.order_ids[act.number] = order_id
        elif act.rank == SHIP:
            self._warehouse.ship(self.order_ids[act.number], past)
        else:
            self._finance.collect(self.order_ids[act.number], act.day)
        return 1


def _batches(acts: list[_Act]) -> Iterator[list[_Act]]:
    """Give the acts of one kind and day together: these may happen at once."""
    for _, batch in groupby(acts, key=lambda act: (act.day, act.rank)):
        yield list(batch)
