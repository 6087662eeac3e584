"""What a full database costs beside an empty one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.performance.figures import ratio


def compare(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the biggest costs beside the smallest; 1 means the same, below 1 slower."""
    small, big = found[0], found[-1]
    times = {
        name: ratio(page["p50_ms"], big["pages"][name]["p50_ms"]) for name, page in small["pages"].items()
    }
    costs = {
        name: ratio(page["cpu_ms"], big["pages"][name]["cpu_ms"]) for name, page in small["pages"].items()
    }
    return {
        "past_orders": big["past_orders"],
        "cycles_per_s": big["load"]["cycles_per_s"],
        "cpu_ms_per_cycle": big["load"]["cpu_ms_per_cycle"],
        "ratio": ratio(big["load"]["cycles_per_s"], small["load"]["cycles_per_s"]),
        "cpu_ratio": ratio(small["load"]["cpu_ms_per_cycle"], big["load"]["cpu_ms_per_cycle"]),
        "page_latency_ratio": times,
        "page_cpu_ratio": costs,
        "audit_violations": sum(each["audit_violations"] for each in found),
    }
