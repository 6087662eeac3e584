"""One cycle, as its people do it: quotation, sent, accepted, delivery note, shipped, invoice, paid.

What the system does by itself is not asked for order by order. The people of the warehouse and of finance each have
a list of what is to be done, as on a screen that refreshes itself, and take their work from it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.performance.client import Answer, Broken, Connection
from tests.performance.figures import latencies
from tests.performance.system import System

STEPS = (
    "quotation", "send", "accept", "accepted -> delivery note", "ship", "shipped -> invoice", "order -> invoice",
    "payment", "cycle",
)  # fmt: skip
REFRESH_S = 0.15
RESTS, LONGEST_REST_S = 9, 1.0
"""So many times as long as its last refresh took a screen waits: with a thousand rows on it, it asks less often."""

PATIENCE_S = 120.0
LINES = 3


class Refused(Exception):
    """The system did not take a request; ``answer`` says how."""

    def __init__(self, step: str, answer: Answer) -> None:
        super().__init__(f"{step}: {answer.status} {answer.body[:300]!r}")
        self.step = step
        self.answer = answer


class Lost(Exception):
    """Something that should have happened by itself did not."""


@dataclass
class Record:
    """What was measured: the seconds of each step, and every answer that was not the wanted one."""

    steps: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    refusals: list[float] = field(default_factory=list)
    begun: int = 0
    finished: int = 0
    without_retry_after: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, step: str, seconds: float) -> None:
        """Note how long a step took."""
        with self._lock:
            self.steps.setdefault(step, []).append(seconds)

    def answered(self, step: str, answer: Answer) -> None:
        """Note an answer that was not the wanted one."""
        with self._lock:
            name = f"{step} {answer.status}"
            self.statuses[name] = self.statuses.get(name, 0) + 1
            self.refusals.append(answer.seconds)
            self.without_retry_after += answer.status in (429, 503) and answer.retry_after_s is None

    def broke(self, step: str) -> None:
        """Note a connection that broke without an answer."""
        with self._lock:
            self.statuses[f"{step} broken"] = self.statuses.get(f"{step} broken", 0) + 1

    def begin(self) -> None:
        """Note that a cycle was begun."""
        with self._lock:
            self.begun += 1

    def finish(self) -> None:
        """Note that a cycle has come to its payment."""
        with self._lock:
            self.finished += 1

    def take(self) -> Record:
        """Return what was measured so far and begin anew: the warm-up is over, or a window is."""
        with self._lock:
            taken = Record(
                self.steps, self.statuses, self.refusals, self.begun, self.finished, self.without_retry_after
            )
            self.steps, self.statuses, self.refusals = {}, {}, []
            self.begun = self.finished = self.without_retry_after = 0
        return taken


def by_step(steps: Mapping[str, list[float]]) -> dict[str, dict[str, float]]:
    """Return the times of each step, in the order in which a cycle takes them."""
    return {name: latencies(steps[name]) for name in STEPS if name in steps}


class Desk:
    """A list of work that refreshes itself; each piece of work is handed to whoever waits for its order."""

    def __init__(self, system: System, person: str, path: str) -> None:
        self._system = system
        self._person = person
        self._path = path
        self._connection = system.connect()
        self._waiting: dict[str, threading.Event] = {}
        self._found: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"desk-{person}", daemon=True)
        self._thread.start()

    def expect(self, order_id: str) -> None:
        """Say that somebody will wait for the order's work."""
        with self._lock:
            self._waiting[order_id] = threading.Event()

    def work_of(self, order_id: str, patience_s: float = PATIENCE_S) -> Any:
        """Return the work of the order once it is on the list; ``Lost`` when it never is."""
        event = self._waiting[order_id]
        there = event.wait(patience_s)
        with self._lock:
            del self._waiting[order_id]
            if not there:
                raise Lost(f"{self._path}: nothing for order {order_id} in {patience_s:.0f} s")
            return self._found.pop(order_id)

    def _run(self) -> None:
        took = 0.0
        while not self._ending.wait(max(REFRESH_S, min(RESTS * took, LONGEST_REST_S))):
            if self._waiting:
                began = time.perf_counter()
                try:
                    self._refresh()
                except (Broken, ValueError):
                    continue
                took = time.perf_counter() - began

    def _refresh(self) -> None:
        cursor = ""
        while True:
            path = f"{self._path}&limit=200" + (f"&cursor={cursor}" if cursor else "")
            answer = self._connection.call("GET", path, self._system.tokens.of(self._person))
            if answer.status == 401:
                self._system.tokens.renew(self._person)
                continue
            if answer.status != 200:
                self._ending.wait(answer.retry_after_s or 1.0)
                return
            page = answer.json()
            self._hand_out(page["items"])
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return

    def _hand_out(self, rows: list[Any]) -> None:
        with self._lock:
            for row in rows:
                event = self._waiting.get(row["order_id"])
                if event is not None and not event.is_set():
                    self._found[row["order_id"]] = row
                    event.set()

    def close(self) -> None:
        """Stop refreshing."""
        self._ending.set()
        self._thread.join(timeout=10)
        self._connection.close()


@dataclass(frozen=True)
class Choice:
    """What a cycle is about: the customer and the lines, as (item, quantity)."""

    customer: str
    lines: tuple[tuple[str, str], ...]


Chooses = Callable[[int], Choice]


def spread_out(system: System, lines: int = LINES) -> Chooses:
    """Return the usual choice: every cycle another customer and other items, all of them in turn."""
    customers, items = system.catalogue.customers, system.catalogue.items

    def choose(serial: int) -> Choice:
        first = serial * lines
        picked = tuple((items[(first + place) % len(items)], "2") for place in range(lines))
        return Choice(customers[serial % len(customers)], picked)

    return choose


class Office:
    """The people who do the cycles, and what is measured of them."""

    def __init__(self, system: System, run: str, *, choose: Chooses | None = None, wait_s: int = 0) -> None:
        self.system = system
        self.record = Record()
        self._run = run
        self._choose = choose or spread_out(system)
        self._prefer = f"wait={wait_s}" if wait_s else ""
        self._warehouse = Desk(system, "wim", "/deliveries?state=ready")
        self._finance = Desk(system, "fay", "/invoices?payment_state=not_paid")

    def cycle(
        self, serial: int, connection: Connection, *, began: float | None = None, patient: bool = True
    ) -> None:
        """Do one cycle; ``began`` is when it should have begun, for arrivals that do not wait for one another.

        A patient client does what Retry-After says; another one gives up an order that is refused at the door,
        but never one that is begun.
        """
        started = time.perf_counter() if began is None else began
        self.record.begin()
        choice = self._choose(serial)
        act = Acts(self, connection, f"{self._run}-{serial}")
        quotation = act.post("quotation", "sam", "/quotations", _quotation(choice), patient=patient)
        act.post("send", "sam", f"/quotations/{quotation['id']}/send")
        order = act.post("accept", "sam", f"/quotations/{quotation['id']}/accept", prefer=self._prefer)
        accepted = time.perf_counter()
        self._warehouse.expect(order["id"])
        note = self._warehouse.work_of(order["id"])
        self.record.took("accepted -> delivery note", time.perf_counter() - accepted)
        self._finance.expect(order["id"])
        act.post("ship", "wim", f"/deliveries/{note['id']}/ship")
        shipped = time.perf_counter()
        invoice = self._finance.work_of(order["id"])
        now = time.perf_counter()
        self.record.took("shipped -> invoice", now - shipped)
        self.record.took("order -> invoice", now - accepted)
        act.post("payment", "fay", "/payments", _payment(invoice, f"{self._run}-{serial}"))
        self.record.took("cycle", time.perf_counter() - started)
        self.record.finish()

    def close(self) -> None:
        """Close the desks."""
        self._warehouse.close()
        self._finance.close()


class Acts:
    """What one cycle asks of the system, each act under its own key."""

    def __init__(self, office: Office, connection: Connection, key: str) -> None:
        self._office = office
        self._connection = connection
        self._key = key

    def post(
        self, step: str, person: str, path: str, body: Any = None, *, prefer: str = "", patient: bool = True
    ) -> Any:
        """Ask until it is done, as long as the answer is to try again later."""
        record, tokens = self._office.record, self._office.system.tokens
        until = time.monotonic() + PATIENCE_S
        while True:
            answer = self._connection.call(
                "POST", path, tokens.of(person), body, key=f"{self._key}-{step}", prefer=prefer
            )
            if answer.status in (200, 201):
                record.took(step, answer.seconds)
                return answer.json()
            if answer.status == 401:
                tokens.renew(person)
                continue
            record.answered(step, answer)
            again = answer.status in (409, 429, 503) and answer.retry_after_s is not None
            if not again or not patient or time.monotonic() > until:
                raise Refused(step, answer)
            time.sleep(answer.retry_after_s or 0.0)


def _quotation(choice: Choice) -> dict[str, Any]:
    lines = [{"item_id": item, "quantity": quantity} for item, quantity in choice.lines]
    return {"customer_id": choice.customer, "lines": lines}


def _payment(invoice: Any, reference: str) -> dict[str, Any]:
    return {
        "customer_id": invoice["customer_id"],
        "amount": invoice["open"],
        "reference": reference,
        "allocations": [{"invoice_id": invoice["id"], "amount": invoice["open"]}],
    }
