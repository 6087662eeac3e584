"""One lane of ``make security``: a system of its own and its share of the attacks on it.

A row that changes after a refusal can only be pinned to its request when nobody else writes meanwhile. So what runs
side by side runs against systems of its own: one client and one system take turns, and never fill more than one core.
"""

from __future__ import annotations

import math
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from libs.common.web import SigningKeys
from meridian.topography import GATEWAY
from tests.security.attack import Attack, attacks
from tests.security.campaign import Campaign, describe, sample, summary
from tests.security.doors import Door, doors
from tests.security.operations import Operation, fetched
from tests.security.schema_run import ALL_PHASES, LOGIN_ROUTES, ROLES, Plan, run_schemathesis
from tests.security.served import Served, served
from tests.security.shelf import Shelf

WARMING = 20
ROUNDS = 8
T = TypeVar("T")


@dataclass(frozen=True)
class Orders:
    """What was asked for, and which part of it is this lane's; ``share`` is attacks per operation, or all."""

    shape: str
    seed: int
    share: int | None
    only: str
    examples: int
    phases: str = ALL_PHASES
    corpus_until: float = math.inf
    until: float = math.inf
    """On the monotonic clock: after them no round of the corpus, no run of Schemathesis is begun; the page says so."""

    lane: int = 0
    lanes: int = 1

    def mine(self, every: Sequence[T]) -> list[T]:
        """Return this lane's part."""
        return list(every[self.lane :: self.lanes])


def run_lane(orders: Orders) -> dict[str, Any]:
    """Serve a system, send this lane's part to it, and return the figures."""
    with tempfile.TemporaryDirectory() as home, served(orders.shape, Path(home)) as running:
        print(f"lane {orders.lane}: the {orders.shape} shape at {running.url}", flush=True)
        shelf = Shelf(running.system)
        shelf.fill()
        found, warm = corpus(running, shelf, orders)
        runs, left = schemathesis(running, shelf, orders) if orders.examples else ([], 0)
        memory = {"warm_mib": warm, "end_mib": running.memory_mib()}
    return {"corpus": found, "schemathesis": runs, "left_out": left, "memory": memory}


def corpus(running: Served, shelf: Shelf, orders: Orders) -> tuple[dict[str, Any], dict[str, float]]:
    """Send the corpus and return its figures, and the memory once every operation had been in use.

    It goes out in rounds, each with a part of the attacks on every operation: when time runs out, what is left out is
    the same share of each, and not the last of the alphabet.
    """
    campaign = Campaign(shelf, fresh_most=1)
    begun, done, mine = time.monotonic(), 0, _chosen(running, orders)
    try:
        for operation, chosen in mine:
            campaign.against(operation, sample(chosen, WARMING, orders.seed))
        warm, campaign.fresh_most = running.memory_mib(), 2
        print(f"lane {orders.lane}: warm after {campaign.tally.requests:,} requests, {warm}", flush=True)
        while done < ROUNDS and time.monotonic() < orders.corpus_until:
            for operation, chosen in mine:
                campaign.against(operation, chosen[done::ROUNDS])
            done += 1
            _tell(campaign, orders.lane, done)
    finally:
        campaign.close()
    figures = summary(campaign.tally) | {"rounds": done, "seconds": round(time.monotonic() - begun)}
    return figures, warm


def _chosen(running: Served, orders: Orders) -> list[tuple[Operation, list[Attack]]]:
    """Return this lane's operations, each with what is sent to it; the large ones are dealt out first."""
    found = []
    for operation in fetched(running.url):
        if orders.only in operation.name:
            every = list(attacks(operation))
            found.append(
                (operation, every if orders.share is None else sample(every, orders.share, orders.seed))
            )
    return orders.mine(sorted(found, key=lambda each: -len(each[1])))


def _tell(campaign: Campaign, lane: int, done: int) -> None:
    tally = campaign.tally
    print(f"lane {lane}: round {done} of {ROUNDS}, {tally.requests:,} sent, {len(tally.faults)} forbidden")
    print(describe(tally), flush=True)


def schemathesis(running: Served, shelf: Shelf, orders: Orders) -> tuple[list[dict[str, Any]], int]:
    """Run it at every door as every role, and at the routes for logging in; return the figures, and the runs left out.

    A service's document is part of the gateway's: there it is spared the phase that tries each border of each field.
    """
    runs: list[dict[str, Any]] = []
    with doors(running) as found:
        asked = [
            (door, role) for door in found.values() if _has(running, door, orders.only) for role in ROLES
        ]
        mine = orders.mine([*([(None, "login")] if not orders.only else []), *asked])
        for door, role in mine:
            if time.monotonic() > orders.until:
                return runs, len(mine) - len(runs)
            if door is None:
                user = shelf.fresh_user()["id"]
                plan = Plan(orders.examples, orders.seed, LOGIN_ROUTES, orders.phases)
                runs.append(run_schemathesis(running, found[GATEWAY], "sales", plan, user) | {"role": role})
            else:
                phases = orders.phases if door.name == GATEWAY else "fuzzing"
                plan = Plan(orders.examples, orders.seed, re.escape(orders.only), phases)
                runs.append(run_schemathesis(running, door, role, plan))
    return runs, 0


def _has(running: Served, door: Door, only: str) -> bool:
    paths = door.document(SigningKeys.load(running.system.target.signing_keys))["paths"]
    return any(only in path for path in paths)
