"""The plots of the results' page: small, as SVG, the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

mpl.rcParams["svg.hashsalt"] = "meridian"
mpl.rcParams["svg.fonttype"] = "none"  # text stays text: smaller, and it can be searched
mpl.rcParams["font.size"] = 8
_KINDS = {"web": "web processes", "worker": "workers", "floor": "script"}
_COLOURS = ("#33658a", "#86bbd8", "#758e4f", "#f6ae2d", "#f26419", "#6d597a", "#b56576", "#adb5bd")


def processes(found: Mapping[str, Any], file: Path) -> None:
    """Draw the CPU of each kind of process per cycle: the system's bar, and the floor's below it."""
    bars = {"Meridian": _by_kind(found["runs"][-1])}
    if found.get("floor"):
        bars["floor"] = _by_kind(found["floor"]["runs"][-1])
    figure = Figure(figsize=(6.5, 1.1 + 0.45 * len(bars)))
    axes = figure.add_subplot()
    left = [0.0] * len(bars)
    kinds = sorted({kind for bar in bars.values() for kind in bar})
    for number, kind in enumerate(kinds):
        costs = [bar.get(kind, 0.0) for bar in bars.values()]
        axes.barh(list(bars), costs, left=left, color=_COLOURS[number], label=kind)
        left = [before + cost for before, cost in zip(left, costs, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("ms of CPU per cycle")
    axes.legend(fontsize=6, ncol=len(kinds), loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    _save(figure, file)


def _by_kind(run: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, cost in run["cpu_ms_per_cycle_by_process"].items():
        kind = _KINDS.get(
            name.partition("-")[0] if name.startswith("floor") else name.rpartition("-")[2], name
        )
        found[kind] = found.get(kind, 0.0) + (cost or 0.0)
    return found


def growth(sizes: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Draw throughput and the pages' times over the number of orders, each as a share of the empty system's."""
    figure = Figure(figsize=(6.5, 2.6))
    axes = figure.add_subplot()
    orders = [str(size["past_orders"]) for size in sizes]
    first = sizes[0]
    rates = [size["load"]["cycles_per_s"] / first["load"]["cycles_per_s"] for size in sizes]
    axes.plot(orders, rates, marker="o", color="black", label="cycles/s")
    for number, name in enumerate(first["pages"]):
        usual = first["pages"][name]["p50_ms"]
        times = [usual / size["pages"][name]["p50_ms"] for size in sizes]
        axes.plot(
            orders, times, marker=".", linewidth=0.8, color=_COLOURS[number % len(_COLOURS)], label=name
        )
    axes.axhline(0.9, linewidth=0.6, linestyle="--", color="grey")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("orders of the past")
    axes.set_ylabel("speed, 1 = empty")
    axes.legend(fontsize=5, ncol=2)
    _save(figure, file)


def _save(figure: Figure, file: Path) -> None:
    figure.tight_layout()
    figure.savefig(file, format="svg", metadata={"Date": None})
