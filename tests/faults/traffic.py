"""The work of a run: order cycles of several kinds, drawn from the seed, done by many clients at once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.faults.market import Market
from tests.faults.people import Client, GaveUp, Tally
from tests.faults.stories import STORIES, Plan, Storyteller

CLIENTS = 24
_SHARES = {
    "plain": 58,
    "in_parts": 8,
    "cancelled_at_once": 7,
    "cancelled_later": 5,
    "short_of_stock": 7,
    "over_limit": 5,
    "over_limit_and_cancelled": 4,
    "newcomer": 3,
    "with_ticket": 3,
}


def draw(orders: int, lots: random.Random, market: Market) -> list[Plan]:
    """Return what is to be done, in the order in which it is begun."""
    names = lots.choices(list(_SHARES), weights=list(_SHARES.values()), k=orders)
    return [
        Plan(
            number,
            name,
            customer=lots.randrange(len(market.customers)),
            lines=tuple(
                (item, lots.randint(1, 4))
                for item in lots.sample(range(len(market.items)), k=lots.randint(1, 3))
            ),
        )
        for number, name in enumerate(names, 1)
    ]


@dataclass
class Outcome:
    """How the orders ended, by state."""

    ended: Counter[str]
    unfinished: list[str]


class Traffic:
    """Clients at work; each takes an order through its whole cycle before it begins the next."""

    def __init__(
        self, name: str, plans: list[Plan], people: Mapping[str, Client], market: Market, tally: Tally
    ) -> None:
        self._plans = plans
        self._teller = Storyteller(name, people, market, tally)
        self._tally = tally
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(CLIENTS, thread_name_prefix="client")
        self._futures: list[Any] = []
        self._stop = threading.Event()
        self.begun = 0
        self.finished = 0
        self.expected: dict[str, str] = {}
        self.outcome = Outcome(Counter(), [])

    @property
    def total(self) -> int:
        """How many orders there are."""
        return len(self._plans)

    def start(self) -> None:
        """Let the clients begin."""
        self._futures = [self._pool.submit(self._take, plan) for plan in self._plans]

    def done(self) -> bool:
        """Tell whether every client is through."""
        return all(future.done() for future in self._futures)

    def share(self) -> float:
        """Return how much of the work has been begun, from 0 to 1."""
        return self.begun / self.total if self.total else 1.0

    def give_up(self) -> None:
        """Begin nothing more."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for the clients."""
        self._pool.shutdown(wait=True)

    def _take(self, plan: Plan) -> None:
        if self._stop.is_set():
            return
        with self._lock:
            self.begun += 1
        try:
            order_id, state = self._teller.tell(plan)
        except GaveUp as reason:
            with self._lock:
                self.outcome.unfinished.append(f"order {plan.number} ({plan.story}): {reason}")
        except Exception as error:
            with self._lock:
                text = f"order {plan.number} ({plan.story}): {type(error).__name__}: {error}"
                self.outcome.unfinished.append(text[:500])
        else:
            with self._lock:
                self.expected[order_id] = state
                self.outcome.ended[state] += 1
        finally:
            with self._lock:
                self.finished += 1


assert set(_SHARES) == set(STORIES)
