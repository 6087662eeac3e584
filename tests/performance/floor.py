"""The floor: the least that any program would need for the same rows and the same messages, measured the same way.

It has the real tables (empty, foreign keys and triggers off), the real queues, as many services, threads and cycles
in flight, one commit per request and per message. It decides nothing and checks nothing. See floor_service.py.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from libs.common.db import Database, migrate
from libs.common.messaging import topology
from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.names import Names
from meridian.local.broker import broker_node, prepare_broker
from meridian.local.servers import prepare_databases
from meridian.rights.passwords import Passwords
from meridian.topography import SERVICES, migrations_of
from meridian.wiring import wanted_types
from tests.performance import cpu
from tests.performance.figures import median_of, spread
from tests.performance.measure import Window
from tests.performance.o2c import Plan
from tests.performance.recipe import LAST, Recipe
from tests.performance.system import Say

PREFIX = "meridian_floor"
_PLAIN = "-c session_replication_role=replica"  # no triggers and no foreign keys: the rows, and nothing but the rows


def measure_floor(recipe: Recipe, plan: Plan, roots: dict[str, int], home: Path, say: Say) -> list[Window]:
    """Run the floor on the servers whose first processes are in ``roots``, and return its windows."""
    passwords, node = Passwords.fresh(), broker_node()
    urls = _prepare(recipe, passwords, say)
    amqp = prepare_broker(os.environ["MERIDIAN_AMQP_URL"], PREFIX, passwords, node, say).operator
    topology.apply(amqp, topology.describe(Names(), wanted_types()), BrokerControl.reach(amqp, node))
    with _started(recipe, urls, amqp, plan.in_flight, home) as services:
        return _windows(urls["sales"], roots | services, plan, say)


def floor_as_json(windows: Sequence[Window], recipe: Recipe) -> dict[str, Any]:
    """Return the medians over the windows and their spread, and what a cycle consists of."""
    runs = [window.as_json() for window in windows]
    return {
        "cycles_per_s": median_of(runs, "cycles_per_s"),
        "cpu_ms_per_cycle": median_of(runs, "cpu_ms_per_cycle"),
        "cycles_per_s_spread": spread([run["cycles_per_s"] for run in runs]),
        "per_cycle": recipe.totals(),
        "runs": runs,
    }


def _prepare(recipe: Recipe, passwords: Passwords, say: Say) -> dict[str, str]:
    """Make the floor's databases, with what many cycles share (stock, accounts, number series) in them.

    The floor works as the administrator, for nobody else may do without triggers and foreign keys.
    """
    server = make_url(os.environ["MERIDIAN_POSTGRES_URL"]).set(drivername="postgresql+psycopg")
    prepared = {
        store: server.set(database=make_url(url).database).render_as_string(hide_password=False)
        for store, url in prepare_databases(
            os.environ["MERIDIAN_POSTGRES_URL"], PREFIX, passwords, say
        ).running.items()
    }
    plain = {store: url.replace("postgresql+psycopg", "postgresql") for store, url in prepared.items()}
    for store in SERVICES:
        database = Database(prepared[store], service=store)
        migrate(database, migrations_of(store))
        database.close()
        with psycopg.connect(plain[store], options=_PLAIN) as connection:
            for table in recipe.parts[store].tables:
                _fill(connection, table.name, table.shared)
    return plain


def _fill(connection: psycopg.Connection[Any], name: str, rows: list[dict[str, str | None]]) -> None:
    if rows:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(name),
            sql.SQL(", ").join(sql.Identifier(column) for column in rows[0]),
            sql.SQL(", ").join(sql.Placeholder() * len(rows[0])),
        )
        connection.cursor().executemany(statement, [list(row.values()) for row in rows])


@contextmanager
def _started(
    recipe: Recipe, urls: dict[str, str], amqp: str, in_flight: int, home: Path
) -> Iterator[dict[str, int]]:
    file = home / "recipe.pickle"
    file.write_bytes(pickle.dumps(recipe))
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for store in sorted(SERVICES, key=lambda name: name == "sales"):  # sales last: it begins the cycles
            url = f"{urls[store]}?options={quote(_PLAIN)}"
            with (home / f"floor-{store}.log").open("ab") as log:
                started[store] = subprocess.Popen(
                    [sys.executable, "-m", "tests.performance.floor_service", str(file), store, url, amqp,
                     str(in_flight)],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
        yield {f"floor-{store}": process.pid for store, process in started.items()}
    finally:
        ended = [store for store, process in started.items() if process.poll() is not None]
        for process in started.values():
            process.kill()
            process.wait()
        for store in ended:
            text = (home / f"floor-{store}.log").read_text()
            raise RuntimeError(f"the floor's {store} ended by itself: {text[-800:]}")


def _windows(sales_url: str, roots: dict[str, int], plan: Plan, say: Say) -> list[Window]:
    found = []
    with psycopg.connect(sales_url, autocommit=True) as sales:
        time.sleep(plan.warm_up_s)
        for run in range(plan.runs):
            done, used = _done(sales), cpu.by_family(roots, cpu.snapshot())
            own, busy, started = cpu.own_ms(), cpu.machine_busy_ms(), time.monotonic()
            time.sleep(plan.window_s)
            seconds = time.monotonic() - started
            spent = cpu.spent(used, cpu.by_family(roots, cpu.snapshot()))
            window = Window(
                seconds, _done(sales) - done, spent, cpu.own_ms() - own, cpu.machine_busy_ms() - busy
            )
            found.append(window)
            cost = window.as_json()["cpu_ms_per_cycle"]
            say(f"floor {run + 1}: {window.cycles_per_s:.2f} cycles/s, {cost} ms CPU per cycle")
    return found


def _done(sales: psycopg.Connection[Any]) -> int:
    row = sales.execute("SELECT count(*) FROM inbox WHERE type = %s", (LAST,)).fetchone()
    assert row is not None
    return int(row[0])
