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


def draw_names(orders: int, lots: random.Random, without: tuple[str, ...] = ()) -> list[str]:
    """Return which story each order has; none of those in ``without``."""
    shares = {name: share for name, share in _SHARES.items() if name not in without}
    return lots.choices(list(shares), weights=list(shares.values()), k=orders)


def draw(orders: int, lots: random.Random, market: Market, without: tuple[str, ...] = ()) -> list[Plan]:
    """Return what is to be done, in the order in which it is begun."""
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
        for number, name in enumerate(draw_names(orders, lots, without), 1)
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
        self.people = people
        self._teller = Storyteller(name, people, market, tally)
        self._tally = tally
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(CLIENTS, thread_name_prefix="client")
        self._futures: list[Any] = []
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

    def close(self) -> None:
        """Begin nothing more and wait for the clients to end."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _take(self, plan: Plan) -> None:
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
