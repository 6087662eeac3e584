"""Sending attacks one after another and watching, after each, the answer and every row of every database."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from meridian.demo.gateway import Person
from tests.security.attack import Attack
from tests.security.example import Example
from tests.security.examples import EXAMPLES
from tests.security.judge import Fault, judge
from tests.security.operations import Operation
from tests.security.rows import Print, Rows, changed
from tests.security.shelf import Shelf
from tests.security.wire import Answer, Wire

TOKEN_S = 300
GROUP = 50


@dataclass
class Tally:
    """What was sent and what came back."""

    sent: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    slowest_s: float = 0.0
    slowest: str = ""
    unexplained: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.sent.values())

    def by_kind(self) -> Counter[str]:
        return Counter(fault.kind for fault in self.faults)

    def note(self, attack: Attack, answer: Answer) -> None:
        self.sent[attack.group] += 1
        self.statuses[answer.status] += 1
        if answer.seconds > self.slowest_s:
            self.slowest_s, self.slowest = answer.seconds, str(attack)


@dataclass
class Bearer:
    """A token of one person, renewed before it expires."""

    person: Person
    _token: str = ""
    _since: float = -TOKEN_S

    def __call__(self) -> str:
        if time.monotonic() - self._since > TOKEN_S:
            self._token, self._since = self.person._login(), time.monotonic()
        return self._token


class Campaign:
    """Attacks against one system."""

    def __init__(self, shelf: Shelf, *, fresh_most: int = 3) -> None:
        self.shelf = shelf
        self.fresh_most = fresh_most
        self.wire = Wire(shelf.system.target.gateway_url)
        self.rows = Rows(shelf.system.target)
        self.tally = Tally()
        self._bearer = Bearer(shelf.system["admin"])
        self._before: Print = {}

    def against(self, operation: Operation, attacks: Iterable[Attack]) -> None:
        """Send every attack on one operation; a used-up example is replaced some times, for it costs a document."""
        maker = EXAMPLES[operation.name]
        example, fresh = maker(self.shelf), 0
        self._before = self.rows.settled()
        waiting: list[Attack] = []
        for attack in attacks:
            answer = self._send(attack, example)
            waiting.append(attack)
            if 200 <= answer.status < 300 and operation.writes:
                waiting.clear()
                if fresh < self.fresh_most:
                    example, fresh = maker(self.shelf), fresh + 1
                self._before = self.rows.settled()
            elif self.rows.is_cheap or len(waiting) >= GROUP:
                self._look(waiting, example)
        self._look(waiting, example)

    def _send(self, attack: Attack, example: Example) -> Answer:
        answer = self._ask(attack, example)
        if answer.status == 401 and (answer.json() or {}).get("code") == "unauthorized":
            self.tally.unexplained.append(f"{attack}: the token had expired")
        self.tally.note(attack, answer)
        for kind, told in judge(attack.operation, attack.spot, attack.json, answer):
            self.tally.faults.append(Fault(kind, str(attack), told))
        return answer

    def _ask(self, attack: Attack, example: Example) -> Answer:
        target, headers, body = attack.request(example, self._bearer())
        return self.wire.send(attack.operation.method, target, headers, body)

    def _look(self, sent: list[Attack], example: Example) -> None:
        """Compare the rows after refusals with those before; what differs is pinned to one request by sending again."""
        if not sent or self.rows.print() == self._before:
            sent.clear()
            return
        self._before = self.rows.settled()
        guilty = False
        for attack in sent:
            answer = self._ask(attack, example)
            after = self.rows.settled()
            differing = changed(self._before, after)
            self._before = after
            if differing and not 200 <= answer.status < 300:
                guilty = True
                told = f"{answer.status}, and {', '.join(differing)}"
                self.tally.faults.append(Fault("rows changed after a refusal", str(attack), told))
        if not guilty:
            self.tally.unexplained.append(f"rows moved once near {sent[-1]}")
        sent.clear()

    def close(self) -> None:
        """Close connections."""
        self.wire.close()
        self.rows.close()


def sample(attacks: list[Attack], count: int, seed: int) -> list[Attack]:
    """Return ``count`` attacks in their order, the same for the same seed."""
    chosen = random.Random(seed).sample(range(len(attacks)), min(count, len(attacks)))
    return [attacks[place] for place in sorted(chosen)]


def summary(tally: Tally) -> dict[str, Any]:
    """Return the tally as figures."""
    return {
        "requests": tally.requests,
        "sent": dict(sorted(tally.sent.items())),
        "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
        "slowest_s": round(tally.slowest_s, 2),
        "slowest": tally.slowest,
        "faults": dict(tally.by_kind()),
        "unexplained": len(tally.unexplained),
    }


def describe(tally: Tally, most: int = 40) -> str:
    """Return the faults, and the figures."""
    seen: Counter[tuple[str, str]] = Counter()
    lines = []
    for fault in tally.faults:
        key = (fault.kind, fault.told[:60])
        seen[key] += 1
        if seen[key] <= 3 and len(lines) < most:
            lines.append(f"{fault.kind}: {fault.request} -> {fault.told}")
    return "\n".join([*lines, *tally.unexplained[:10], json.dumps(summary(tally), ensure_ascii=False)])
