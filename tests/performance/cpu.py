"""Processor time of whole families of processes, read from /proc.

A family is a process with all its descendants. What a parent has waited for is in its own record (cutime, cstime),
so a family's time loses nothing when a child ends, as long as its parent waits for it, which the servers used here
do. Time is counted by the kernel in ticks of 10 ms per process: over a minute and some twenty processes that is an
error far below one per cent.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """What one process has used: ``ms`` of CPU, its ended children's included, and ``rss`` bytes now."""

    parent: int
    ms: float
    rss: int


def parse_stat(text: str) -> Usage:
    """Read a line of /proc/<pid>/stat; the name in it may hold blanks and brackets."""
    fields = text.rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(field) for field in fields[11:15])
    return Usage(
        parent=int(fields[1]),
        ms=(user + system + ended_user + ended_system) * TICK_MS,
        rss=int(fields[21]) * PAGE,
    )


def snapshot(proc: Path = Path("/proc")) -> dict[int, Usage]:
    """Return every process of the machine that can be read."""
    found: dict[int, Usage] = {}
    for folder in proc.iterdir():
        if folder.name.isdecimal():
            try:
                found[int(folder.name)] = parse_stat((folder / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
    return found


def family(root: int, processes: Mapping[int, Usage]) -> list[int]:
    """Return ``root`` and all its descendants."""
    children: dict[int, list[int]] = {}
    for pid, usage in processes.items():
        children.setdefault(usage.parent, []).append(pid)
    found, look = [], [root] if root in processes else []
    while look:
        pid = look.pop()
        found.append(pid)
        look += children.get(pid, [])
    return found


def by_family(roots: Mapping[str, int], processes: Mapping[int, Usage]) -> dict[str, float]:
    """Return the milliseconds that each family has used so far."""
    return {name: sum(processes[pid].ms for pid in family(root, processes)) for name, root in roots.items()}


def memory(roots: Mapping[str, int], processes: Mapping[int, Usage]) -> dict[str, int]:
    """Return the resident bytes of each family; pages that its processes share are counted in each."""
    return {name: sum(processes[pid].rss for pid in family(root, processes)) for name, root in roots.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return what each family has used between two readings; one that was not there before counts in full."""
    return {name: after[name] - before.get(name, 0.0) for name in after}


def machine_busy_ms(text: str | None = None) -> float:
    """Return how long the machine's processors were busy since it started, everybody's work included."""
    line = (text if text is not None else Path("/proc/stat").read_text()).split("\n", 1)[0].split()
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(field) for field in line[1:9])
    return (user + nice + system + irq + softirq + steal) * TICK_MS


def own_ms() -> float:
    """Return the CPU that this process has used: the load generator."""
    times = os.times()
    return (times.user + times.system) * 1000


def total(parts: Iterable[float]) -> float:
    """Return the sum of parts, in ms."""
    return float(sum(parts))
