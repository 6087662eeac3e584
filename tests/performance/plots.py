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
_COLOURS = ("#33658a", "#86bbd8", "#758e4f", "#f6ae2d", "#f26419", "#6d597a", "#b56576", "#adb5bd")


def processes(found: Mapping[str, Any], file: Path) -> None:
    """Draw the CPU of each process per cycle: the system's bar, and the floor's below it."""
    bars = {"Meridian": found["runs"][-1]}
    if found.get("floor"):
        bars["floor"] = found["floor"]["runs"][-1]
    figure = Figure(figsize=(6.5, 0.9 + 0.5 * len(bars)))
    axes = figure.add_subplot()
    for place, run in enumerate(bars.values()):
        left = 0.0
        costs = sorted(run["cpu_ms_per_cycle_by_process"].items(), key=lambda cost: -(cost[1] or 0.0))
        for number, (name, cost) in enumerate(costs):
            axes.barh(place, cost or 0.0, left=left, color=_COLOURS[number % len(_COLOURS)])
            if (cost or 0.0) > 0.07 * _widest(bars):
                axes.text(left + cost / 2, place, name, ha="center", va="center", fontsize=5, rotation=20)
            left += cost or 0.0
    axes.set_yticks(range(len(bars)), list(bars))
    axes.invert_yaxis()
    axes.set_xlabel("ms of CPU per cycle")
    _save(figure, file)


def _widest(bars: Mapping[str, Any]) -> float:
    return max(float(run["cpu_ms_per_cycle"] or 0.0) for run in bars.values())


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
