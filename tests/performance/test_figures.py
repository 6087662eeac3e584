"""The arithmetic of the benchmarks: a wrong figure would be worse than none."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.performance import cpu
from tests.performance.compare import compare
from tests.performance.figures import latencies, median_of, percentile, ratio, spread
from tests.performance.floor_rows import share
from tests.performance.measure import Window
from tests.performance.page import write_page
from tests.performance.rounds import beside
from tests.performance.system import Tokens
from tests.performance.tally import Rows, Tally


@pytest.mark.parametrize(("part", "value"), [(0.0, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(part: float, value: int) -> None:
    assert percentile([*range(100, 0, -1)], part) == value


def test_a_percentile_of_few_values_is_the_next_greater() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)
    assert latencies([]) == {"count": 0}


def test_figures_of_runs() -> None:
    assert spread([3.0, 1.0, 2.0]) == {"median": 2.0, "min": 1.0, "max": 3.0}
    assert median_of([{"a": 1}, {"a": 9}, {"a": 2}], "a") == 2
    assert ratio(1, 3) == 0.333
    assert ratio(1, 0) is None


STAT = "{pid} (a (b) c) S {ppid} 1 1 0 -1 4194304 1 2 3 4 {user} {system} {cuser} {csystem} 20 0 5 0 77 1000 {pages} 1"


def test_a_process_whose_name_has_brackets_is_read() -> None:
    text = STAT.format(pid=9, ppid=4, user=10, system=5, cuser=3, csystem=2, pages=7)
    assert cpu.parse_stat(text) == cpu.Usage(4, 20 * cpu.TICK_MS, 7 * cpu.PAGE)


def test_a_family_is_a_process_with_all_its_descendants(tmp_path: Path) -> None:
    for pid, ppid, user in ((1, 0, 1), (10, 1, 2), (11, 10, 4), (12, 11, 8), (20, 1, 16)):
        (tmp_path / str(pid)).mkdir()
        text = STAT.format(pid=pid, ppid=ppid, user=user, system=0, cuser=0, csystem=0, pages=1)
        (tmp_path / str(pid) / "stat").write_text(text)
    (tmp_path / "30").mkdir()  # it has ended meanwhile
    (tmp_path / "self").mkdir()
    processes = cpu.snapshot(tmp_path)
    assert sorted(cpu.family(10, processes)) == [10, 11, 12]
    assert cpu.by_family({"a": 10, "b": 20, "gone": 99}, processes) == {
        "a": 14 * cpu.TICK_MS,
        "b": 16 * cpu.TICK_MS,
        "gone": 0.0,
    }


def test_what_was_there_before_does_not_count() -> None:
    assert cpu.spent({"a": 5.0}, {"a": 7.5, "b": 2.0}) == {"a": 2.5, "b": 2.0}


def test_busy_time_leaves_idleness_and_waiting_out() -> None:
    assert cpu.machine_busy_ms("cpu 1 2 4 1000 500 8 16 32 0 0\ncpu0 9") == 63 * cpu.TICK_MS


def test_the_cpu_of_a_child_that_has_ended_is_counted() -> None:
    burn = "x = 0\nfor n in range(6_000_000): x += n"
    before = cpu.by_family({"us": os.getpid()}, cpu.snapshot())
    subprocess.run([sys.executable, "-c", burn], check=True)
    after = cpu.by_family({"us": os.getpid()}, cpu.snapshot())
    assert cpu.spent(before, after)["us"] >= 50


def test_a_window_says_what_a_cycle_costs() -> None:
    found = Window(10.0, 20, {"web": 300.0, "postgresql": 100.0}, 40.0, 1000.0).as_json()
    assert (found["cycles_per_s"], found["cpu_ms_per_cycle"], found["client_cpu_ms_per_cycle"]) == (2, 20, 2)
    assert found["cpu_ms_per_cycle_by_process"] == {"postgresql": 5.0, "web": 15.0}


def test_a_window_without_cycles_has_no_cost() -> None:
    assert Window(10.0, 0, {"web": 300.0}, 40.0, 1000.0).as_json()["cpu_ms_per_cycle"] is None


def test_a_tally_since_another_is_what_happened_between() -> None:
    before = Tally(2, {"sales": {"a": Rows(5, 1, 0)}}, {"sales": {"x": 3}}, 10, {"sales": 7})
    after = Tally(6, {"sales": {"a": Rows(9, 1, 2), "b": Rows(1, 0, 0)}}, {"sales": {"x": 4, "y": 2}}, 50)
    found = after.since(before)
    assert found.rows == {"sales": {"a": Rows(4, 0, 2), "b": Rows(1, 0, 0)}}
    assert found.received == {"sales": {"x": 1, "y": 2}}
    assert (found.done, found.messages_per_cycle, found.positions) == (4, 10.0, {"sales": 7})


@pytest.mark.parametrize(("total", "places"), [(0, 3), (1, 3), (7, 3), (9, 3), (2, 5)])
def test_rows_are_spread_over_the_commits_of_a_cycle_and_none_is_left_out(total: int, places: int) -> None:
    parts = [share(total, place, places) for place in range(places)]
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_each_round_is_compared_with_its_own_floor() -> None:
    system = [
        {"cycles_per_s": rate, "cpu_ms_per_cycle": cost}
        for rate, cost in ((30.0, 60.0), (20.0, 90.0), (10.0, 180.0))
    ]
    floor = [
        {"cycles_per_s": rate, "cpu_ms_per_cycle": cost}
        for rate, cost in ((60.0, 30.0), (80.0, 27.0), (40.0, 36.0))
    ]
    found = beside({"runs": system}, {"runs": floor})
    assert (found["ratio"], found["cpu_ratio"]) == (0.25, 0.3)
    assert found["ratio_spread"] == {"median": 0.25, "min": 0.25, "max": 0.5}


def test_growth_compares_the_biggest_with_the_smallest() -> None:
    small = _size(0, rate=10.0, cost=100.0, page=(5.0, 4.0))
    big = _size(200_000, rate=9.0, cost=125.0, page=(10.0, 4.0))
    found = compare([small, _size(20_000, rate=1.0, cost=1.0, page=(1.0, 1.0)), big])
    assert (found["ratio"], found["cpu_ratio"], found["past_orders"]) == (0.9, 0.8, 200_000)
    assert (found["page_latency_ratio"], found["page_cpu_ratio"]) == ({"orders": 0.5}, {"orders": 1.0})


def _size(orders: int, *, rate: float, cost: float, page: tuple[float, float]) -> dict[str, object]:
    return {
        "past_orders": orders,
        "load": {"cycles_per_s": rate, "cpu_ms_per_cycle": cost},
        "pages": {"orders": {"p50_ms": page[0], "cpu_ms": page[1]}},
        "audit_violations": 0,
    }


def test_a_page_without_results_is_a_page(tmp_path: Path) -> None:
    folder = tmp_path / "performance"
    folder.mkdir()
    write_page({}, folder)
    assert (tmp_path / "performance.md").read_text().startswith("# Performance")


def test_of_many_who_see_a_token_refused_one_logs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    logins: list[str] = []
    monkeypatch.setattr(Tokens, "_log_in", lambda _self, username: logins.append(username))
    tokens = Tokens("http://127.0.0.1", {})
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(tokens.renew, ["sam"] * 64))
    tokens.renew("wim")
    assert logins == ["sam", "wim"]
