"""Many seeds in several processes, and a shorter story of the first one that fails."""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing.util import Finalize
from typing import Any
from unittest.mock import patch

from services.service_desk.domain.classifier import Example, Model, learn
from services.service_desk.jobs import learn_routing
from tests.simulation.plant import Plant
from tests.simulation.run import STEPS, Run, Story
from tests.simulation.sabotage import without
from tests.simulation.shop import open_shop

_TRIES = 60
_plants: list[Plant] = []


def the_plant() -> Plant:
    """Return the plant of this process, opened at the first call."""
    if not _plants:
        plant = Plant()
        open_shop(plant)
        _plants.append(plant)
        # A process of a pool leaves without the ordinary goodbyes; its files lie in memory.
        Finalize(None, close_plant, exitpriority=10)
    return _plants[0]


def close_plant() -> None:
    """Close the plant of this process, if it was opened."""
    while _plants:
        _plants.pop().close()


@contextmanager
def silence() -> Iterator[None]:
    """Keep services from logging: what they would tell is what the faults did to them."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@lru_cache(maxsize=32)
def _learn_once(examples: tuple[Example, ...]) -> Model | None:
    return learn(examples)


@contextmanager
def learning_once() -> Iterator[None]:
    """Learn from the same sentences once in a process: most runs learn from the first ones alone.

    Learning only works out, so the answer is the same; what is stored of it, each run stores by itself.
    """
    with patch.object(learn_routing, "learn", lambda examples: _learn_once(tuple(examples))):
        yield


def play(seed: int, guard: str | None = None, steps: int = STEPS, left_out: Iterable[int] = ()) -> Story:
    """Play one seed, perhaps without one of the system's guards."""
    with silence(), learning_once(), without(guard):
        return Run(the_plant(), seed, without=guard).play(steps, frozenset(left_out))


@dataclass
class Tally:
    """What came of many seeds."""

    seeds: int = 0
    steps: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    failed: list[Story] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, story: Story) -> None:
        """Count one more."""
        self.seeds += 1
        self.steps += story.steps
        self.acts += story.acts
        if story.violation:
            self.failed.append(story)

    def figures(self) -> dict[str, Any]:
        """Return the totals as plain data."""
        return {
            "seeds": self.seeds,
            "steps": self.steps,
            "violations": len(self.failed),
            "failing_seeds": [story.seed for story in self.failed][:20],
            "seconds": round(self.seconds, 1),
            "seeds_per_s": round(self.seeds / max(self.seconds, 0.001), 2),
            "effects": dict(sorted(self.acts.items())),
        }


def _play_one(task: tuple[int, str | None, int]) -> Story:
    seed, guard, steps = task
    return play(seed, guard, steps)


def campaign(
    seeds: Iterable[int],
    guard: str | None = None,
    steps: int = STEPS,
    *,
    processes: int | None = None,
    progress: Callable[[Tally], None] = lambda _tally: None,
) -> Tally:
    """Play ``seeds`` in ``processes`` (as many as there are processors) and count what came of them."""
    tally, begun = Tally(), time.monotonic()
    tasks = [(seed, guard, steps) for seed in seeds]
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes or os.cpu_count() or 1) as pool:
        for story in pool.imap_unordered(_play_one, tasks, chunksize=5):
            tally.add(story)
            tally.seconds = time.monotonic() - begun
            progress(tally)
        pool.close()
        pool.join()
    tally.failed.sort(key=lambda story: story.seed)
    return tally


def shorten(
    story: Story, guard: str | None = None, steps: int = STEPS, tries: int = _TRIES
) -> tuple[Story, set[int]]:
    """Look for a shorter story with the same kind of violation by leaving steps out; return it and those steps."""
    kind = _kind(story)
    kept, size = list(range(min(steps, story.steps))), max(1, min(steps, story.steps) // 2)
    best = story
    while size and tries:
        shorter = None
        for start in range(0, len(kept), size):
            if not tries:
                break
            tries -= 1
            fewer = kept[:start] + kept[start + size :]
            tried = play(story.seed, guard, steps, set(range(steps)) - set(fewer))
            if tried.violation and _kind(tried) == kind:
                shorter, best = fewer, tried
                break
        if shorter is None:
            size //= 2
        else:
            kept = shorter
    return best, set(range(steps)) - set(kept)


def _kind(story: Story) -> str:
    return (story.violation or "").split(" in ")[0].split(":")[1][:24] if story.violation else ""
