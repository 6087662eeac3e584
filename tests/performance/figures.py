"""The arithmetic of the reports: percentiles, medians, spreads and ratios."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (0 to 1) of ``values`` do not exceed (nearest rank)."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, least and greatest of the runs."""
    return {
        "median": rounded(statistics.median(values)),
        "min": rounded(min(values)),
        "max": rounded(max(values)),
    }


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """Return count and p50, p95, p99 and the greatest, in ms."""
    found: dict[str, float] = {"count": len(seconds)}
    if seconds:
        for share in (50, 95, 99):
            found[f"p{share}_ms"] = rounded(percentile(seconds, share / 100) * 1000)
        found["max_ms"] = rounded(max(seconds) * 1000)
    return found


def ratio(part: float, whole: float) -> float | None:
    """Return ``part`` / ``whole``; nothing when there is no whole."""
    return rounded(part / whole, 3) if whole else None


def rounded(value: float, digits: int = 4) -> float:
    """Return a figure with as many significant digits as it deserves."""
    return float(f"{value:.{digits}g}")


def merged(steps: Iterable[Mapping[str, list[float]]]) -> dict[str, list[float]]:
    """Return the measurements of several runs, by step."""
    found: dict[str, list[float]] = {}
    for run in steps:
        for name, values in run.items():
            found.setdefault(name, []).extend(values)
    return found


def median_of(runs: Sequence[Mapping[str, Any]], name: str) -> float:
    """Return the median of one figure over the runs."""
    return rounded(statistics.median(float(run[name]) for run in runs))
