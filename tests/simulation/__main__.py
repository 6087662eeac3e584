"""``python -m tests.simulation``: play seeds, and tell the story of one that fails.

The last line is one JSON object with the totals; the exit code is 1 when an invariant was violated.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from tests.simulation.campaign import Tally, campaign, close_plant, play, shorten
from tests.simulation.run import STEPS, Story
from tests.simulation.sabotage import GUARDS

_EVERY_S = 5.0


class Progress:
    """Says every few seconds how far it is."""

    def __init__(self, seeds: int) -> None:
        self._seeds, self._said = seeds, time.monotonic()

    def __call__(self, tally: Tally) -> None:
        if time.monotonic() - self._said < _EVERY_S and tally.seeds < self._seeds:
            return
        self._said = time.monotonic()
        speed = tally.seeds / max(tally.seconds, 0.001)
        print(
            f"{tally.seeds}/{self._seeds} seeds, {tally.steps} steps, {len(tally.failed)} failed, {speed:.1f}/s",
            flush=True,
        )


def main(arguments: list[str]) -> int:
    """Play what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="play this one and tell all of it")
    parser.add_argument("--steps", type=int, default=STEPS, help="how long a run is before it comes to rest")
    parser.add_argument("--without", choices=sorted(GUARDS), help="take a guard away; the run must then fail")
    parser.add_argument("--processes", type=int, help="how many at once; left out: one per processor")
    given = parser.parse_args(arguments)
    tally = _one(given) if given.seed is not None else _many(given)
    if tally.failed:
        _explain(tally.failed[0], given)
    close_plant()
    print(json.dumps({**tally.figures(), "without": given.without}))
    return 1 if tally.failed else 0


def _one(given: argparse.Namespace) -> Tally:
    tally, begun = Tally(), time.monotonic()
    story = play(given.seed, given.without, given.steps)
    tally.add(story)
    tally.seconds = time.monotonic() - begun
    print(story)
    return tally


def _many(given: argparse.Namespace) -> Tally:
    seeds = range(given.first, given.first + given.seeds)
    return campaign(
        seeds, given.without, given.steps, processes=given.processes, progress=Progress(given.seeds)
    )


def _explain(story: Story, given: argparse.Namespace) -> None:
    shorter, left_out = shorten(story, given.without, given.steps)
    print(
        f"\nSeed {story.seed} fails. With {len(left_out)} of its {given.steps} steps left out:\n\n{shorter}\n"
    )
    guard = f" WITHOUT={given.without}" if given.without else ""
    print(f"All of it: make simulate SEED={story.seed}{guard}")
    if not given.without:
        print("Mend it, and keep the seed in tests/simulation/seeds.txt: it is then played for ever.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
