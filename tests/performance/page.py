"""The page of results, made of the kept files alone: nothing on it is written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.performance import plots

Found = Mapping[str, Any]
HEAD = """# Performance, as measured

Made by `python -m tests.performance`; [how to run and how to read it](../operations/performance.md).
Figures are medians of the windows of a run, with the least and the greatest where there were several.
"""


def write_page(results: Mapping[str, Found], folder: Path) -> None:
    """Write ``performance.md`` beside ``folder``, and its plots into it."""
    folder.mkdir(parents=True, exist_ok=True)
    sections = [HEAD]
    for name, write in _SECTIONS.items():
        for file in (name, f"{name}-embedded"):
            if file in results:
                sections.append(write(file, results[file], folder))
    folder.with_suffix(".md").write_text("\n".join(sections), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
    return str(value)


def _machine(found: Found) -> str:
    machine, versions = found["machine"], found.get("versions", {})
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{machine['processors']} x {machine['processor']}, {machine['memory_gib']} GiB, {machine['system']};"
        f" load before the run {machine['load_before']}. {listed}.\n"
    )


def _title(text: str, file: str) -> str:
    shape = "embedded" if file.endswith("-embedded") else "production shape"
    return f"## {text}, {shape}\n\n[{file}.json](performance/{file}.json). "


def _steps(steps: Mapping[str, Found]) -> str:
    return table(
        ("step", "count", "p50 ms", "p95 ms", "p99 ms"),
        [
            (name, each["count"], each.get("p50_ms"), each.get("p95_ms"), each.get("p99_ms"))
            for name, each in steps.items()
        ],
    )


def _o2c(file: str, found: Found, folder: Path) -> str:
    floor = found.get("floor") or {}
    rows: list[tuple[object, ...]] = [
        ("cycles/s", found["cycles_per_s"], floor.get("cycles_per_s"), found.get("ratio")),
        (
            "CPU ms per cycle",
            found["cpu_ms_per_cycle"],
            floor.get("cpu_ms_per_cycle"),
            found.get("cpu_ratio"),
        ),
        (
            "least to greatest cycles/s",
            _range(found),
            _range(floor) if floor else None,
            _range(found, "ratio_spread"),
        ),
    ]
    text = _title("Order to cash", file) + _machine(found) + "\n"
    text += f"{found['in_flight']} cycles in flight, {found['events_per_cycle']} messages per cycle, "
    text += f"{found['audit_violations']} audit violations, {found['faults']} faults.\n\n"
    text += table(("", "Meridian", "floor", "ratio"), rows) + "\n" + _steps(found["steps"]) + "\n"
    if floor:
        per_cycle = ", ".join(
            f"{value} {name.replace('_', ' ')}" for name, value in floor["per_cycle"].items()
        )
        text += f"A cycle of the floor: {per_cycle}.\n\n"
    plots.processes(found, folder / f"{file}.svg")
    return text + f"![CPU per process](performance/{file}.svg)\n"


def _range(found: Found, name: str = "cycles_per_s_spread") -> str | None:
    spread = found.get(name)
    if spread is None:
        return None
    return f"{spread['min']:g} to {spread['max']:g}"


def _growth(file: str, found: Found, folder: Path) -> str:
    sizes = found["sizes"]
    text = _title("Growth", file) + _machine(found) + "\n"
    text += table(
        ("orders of the past", "cycles/s", "CPU ms per cycle", "imported order lines/s"),
        [
            (
                size["past_orders"],
                size["load"]["cycles_per_s"],
                size["load"]["cpu_ms_per_cycle"],
                size["import"]["lines_per_s"],
            )
            for size in sizes
        ],
    )
    text += "\np50 of each page in ms (CPU ms):\n\n"
    names = list(sizes[0]["pages"])
    text += table(
        ("page", *(str(size["past_orders"]) for size in sizes)),
        [
            (
                name,
                *(f"{size['pages'][name]['p50_ms']:g} ({size['pages'][name]['cpu_ms']:g})" for size in sizes),
            )
            for name in names
        ],
    )
    plots.growth(sizes, folder / f"{file}.svg")
    return text + f"\n![Growth](performance/{file}.svg)\n"


def _overload(file: str, found: Found, _folder: Path) -> str:
    refusals = found["refusals"]
    return (
        _title("Overload", file)
        + _machine(found)
        + "\n"
        + table(
            ("figure", "value"),
            [
                ("highest rate, cycles/s", found["highest_cycles_per_s"]),
                ("arrivals/s", found["arrivals_per_s"]),
                ("goodput, cycles/s", found["goodput_cycles_per_s"]),
                ("goodput / highest rate", found["goodput_ratio"]),
                ("arrived / refused", f"{found['arrived']} / {found['refused']}"),
                ("refusal p50, ms", refusals.get("p50_ms")),
                ("refusal p95, ms", refusals.get("p95_ms")),
                ("refusal p99, ms", refusals.get("p99_ms")),
                ("refusals without Retry-After", found["without_retry_after"]),
                ("other faults", found["other_faults"]),
                ("usual again after, s", found["recovered_after_s"]),
                ("audit violations", found["audit_violations"]),
            ],
        )
    )


def _sustained(file: str, found: Found, _folder: Path) -> str:
    text = _title("Sustained", file) + _machine(found) + "\n"
    text += f"{found['arrivals_per_s']} arrivals/s, the highest rate being {found['highest_cycles_per_s']}; "
    text += f"{found['arrived']} arrived, "
    text += f"{found['finished']} finished, {found['errors']} errors, {found['audit_violations']} audit violations.\n\n"
    by_history = found.get("order_placed_to_delivery_note_by_history")
    noted = {"order placed -> delivery note, by the histories": by_history} if by_history else {}
    text += _steps(found["steps"] | noted | {f"page: {name}": page for name, page in found["pages"].items()})
    text += (
        f"\nCustomer 360 p95 by that of its slowest call: {found['customer_360_p95_by_slowest_call']}.\n\n"
    )
    return text + table(
        ("process", "MiB when settled", "MiB at the end", "ratio"),
        [
            (name, each["mib_settled"], each["mib_end"], each["ratio"])
            for name, each in found["memory"].items()
        ],
    )


def _hot(file: str, found: Found, _folder: Path) -> str:
    long = found["long_orders"]
    return (
        _title("Hot item, hot customer, long order", file)
        + _machine(found)
        + "\n"
        + table(
            ("figure", "value"),
            [
                ("usual, cycles/s", found["loads"]["usual"]["cycles_per_s"]),
                ("one item: ratio", found["hot_item_ratio"]),
                ("one customer: ratio", found["hot_customer_ratio"]),
                ("usual, lines/s", found["lines_per_s"]),
                ("orders of 1,000 lines, lines/s", long["lines_per_s"]),
                ("ratio", found["long_order_lines_ratio"]),
                ("accepting one, p50 ms", long["steps"].get("accept", {}).get("p50_ms")),
                ("accepting a usual one, p50 ms", found["loads"]["usual"]["steps"]["accept"]["p50_ms"]),
                ("errors", str(found["errors"])),
            ],
        )
    )


def _large(file: str, found: Found, _folder: Path) -> str:
    large, small, usual = found["large"], found["small"], found["usual_lines_per_s"]
    alone = found["lines_ratio_one_by_one"]
    text = _title("Orders of 1,000 lines", file) + _machine(found) + "\n"
    text += table(
        ("figure", "1,000 lines", "3 lines", "ratio"),
        [
            ("lines/s, one order after another", large["lines_per_s"], small["lines_per_s"], alone),
            ("lines/s, 3 lines: the usual load", large["lines_per_s"], usual, found["lines_ratio"]),
            ("CPU ms per line", large["cpu_ms_per_line"], small["cpu_ms_per_line"], "-"),
            *(
                (f"{name}, p50 ms", large["steps"][name]["p50_ms"], small["steps"][name]["p50_ms"], times)
                for name, times in found["call_p50_times_small"].items()
            ),
        ],
    )  # fmt: skip
    return text


def _views(file: str, found: Found, _folder: Path) -> str:
    whole = found["pages"]["customer 360"]
    text = _title("Pages", file) + _machine(found) + f"\n{found['past_orders']} orders of the past.\n\n"
    rows = [(name, page["p50_ms"], page["p95_ms"], page["cpu_ms"]) for name, page in found["pages"].items()]
    text += table(("page", "p50 ms", "p95 ms", "CPU ms"), rows)
    return text + f"\nCustomer 360 p95 by that of its slowest call: {whole['times_the_slowest_call_p95']}.\n"


def _idle(file: str, found: Found, _folder: Path) -> str:
    return (
        f"## Idle and import, embedded\n\n[{file}.json](performance/{file}.json). "
        + _machine(found)
        + "\n"
        + table(
            ("figure", "value"),
            [
                ("starts in, s", found["start_s"]),
                ("resident, MiB", found["resident_mib"]),
                ("CPU, % of a core", found["percent_of_a_core"]),
                ("import, order lines/s", found["import"]["order_lines_per_s"]),
                (
                    "with shipments, invoices and payments, lines/s",
                    found["import"]["order_lines_per_s_with_all_that_followed"],
                ),
            ],
        )
    )


_SECTIONS: dict[str, Callable[[str, Found, Path], str]] = {
    "o2c": _o2c,
    "growth": _growth,
    "overload": _overload,
    "sustained": _sustained,
    "hot": _hot,
    "large": _large,
    "views": _views,
    "idle": _idle,
}
