"""``make security``: the whole corpus against served systems, Schemathesis at every door, and one page of figures."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.security.lane import Orders, run_lane
from tests.security.page import write_page
from tests.security.schema_run import ALL_PHASES

SEED = 20260302
ROOT = Path(__file__).resolve().parents[2]
MOST_GROWTH_MIB = 50.0
OF_THE_CORPUS = 0.75
"""Its part of the minutes that were given, if any were."""

LANES = {"embedded": 2, "production": 1}
"""The embedded shape is one process; the production shape fills both cores by itself."""


def merged(lanes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of all lanes as those of one run."""
    parts = [lane["corpus"] for lane in lanes]
    slowest = max(parts, key=lambda part: float(part["slowest_s"]))
    corpus = {"requests": sum(part["requests"] for part in parts)}
    corpus |= {name: _added(part[name] for part in parts) for name in ("sent", "statuses", "faults")}
    corpus |= {"slowest_s": slowest["slowest_s"], "slowest": slowest["slowest"]}
    corpus["rounds"] = min(part["rounds"] for part in parts)
    corpus["unexplained"] = sum(part["unexplained"] for part in parts)
    runs = [run for lane in lanes for run in lane["schemathesis"]]
    return {
        "corpus": corpus,
        "schemathesis": runs,
        "left_out": sum(lane["left_out"] for lane in lanes),
        "memory": _memory(lanes),
    }


def _added(counts: Any) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in counts:
        found.update(each)
    return dict(sorted(found.items()))


def _memory(lanes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one entry per process: what it held when warm and at the end."""
    return [
        {"lane": number, "process": name, "warm_mib": warm, "end_mib": lane["memory"]["end_mib"][name]}
        for number, lane in enumerate(lanes)
        for name, warm in lane["memory"]["warm_mib"].items()
    ]


def judged(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures with the sums that decide."""
    runs = found["schemathesis"]
    fat = [each for each in found["memory"] if each["end_mib"] - each["warm_mib"] > MOST_GROWTH_MIB]
    forbidden = sum(found["corpus"]["faults"].values()) + found["corpus"]["unexplained"] + len(fat)
    return found | {
        "requests": found["corpus"]["requests"] + sum(run["requests"] for run in runs),
        "grown": len(fat),
        "forbidden": forbidden + sum(run["failures"] for run in runs),
    }


def main() -> int:
    """Run what is asked for and return 1 when anything forbidden was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=("embedded", "production"), default="embedded")
    parser.add_argument("--share", type=int, help="attacks per operation; left out: all of them")
    parser.add_argument("--only", default="", help="operations whose name contains this")
    parser.add_argument(
        "--examples", type=int, default=10, help="Schemathesis: examples per operation, door and role"
    )
    parser.add_argument("--phases", default=ALL_PHASES, help="Schemathesis: phases at the gateway")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="begin no further round or run after so long"
    )
    parser.add_argument("--lanes", type=int, help="systems that are attacked side by side")
    parser.add_argument("--no-page", action="store_true", help="leave docs/reference/security.* alone")
    chosen = parser.parse_args()
    begun, lanes = time.monotonic(), chosen.lanes or LANES[chosen.shape]
    orders = [
        Orders(
            shape=chosen.shape,
            seed=SEED,
            share=chosen.share,
            only=chosen.only,
            examples=chosen.examples,
            phases=chosen.phases,
            corpus_until=begun + 60 * chosen.minutes * OF_THE_CORPUS,
            until=begun + 60 * chosen.minutes,
            lane=lane,
            lanes=lanes,
        )
        for lane in range(lanes)
    ]
    with ProcessPoolExecutor(lanes, mp_context=get_context("spawn")) as pool:
        found = judged(merged(list(pool.map(run_lane, orders))))
    seconds = round(time.monotonic() - begun)
    found = {"shape": chosen.shape, "share": chosen.share, "seed": SEED, "seconds": seconds} | found
    if not chosen.no_page:
        write_page(ROOT / "docs" / "reference", found)
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["forbidden"] else 0


if __name__ == "__main__":
    sys.exit(main())
