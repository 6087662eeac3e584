"""Cutting links without a word to either side, by rules of the run's own network.

Every service reaches the servers under an address of its own (``outfit.address_of``), so a rule on address and port
cuts off one service alone. What a rule refuses is dropped inside the kernel: both ends see silence, as when a
switch dies. This needs only ``ip``; the kernels that this runs on need not have nftables.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

_FIRST = 10
_LOCAL = 1000


@dataclass(frozen=True)
class Link:
    """The way from a service to a server: the server's address, as that service sees it, and its port."""

    address: str
    port: int


class Network:
    """The rules of this run's network namespace."""

    def __init__(self) -> None:
        # The kernel looks up its own addresses first of all (rule 0); the rules of cuts have to come before that.
        if _ip("rule", "show").startswith("0:"):
            _ip("rule", "add", "pref", str(_LOCAL), "lookup", "local")
            _ip("rule", "del", "pref", "0")
        self._rules: list[list[str]] = []

    def cut(self, link: Link, *, there: bool = True, back: bool = True) -> None:
        """Drop what goes to the server (``there``) and what comes from it (``back``) over ``link``."""
        port = str(link.port)
        if there:
            self._add("to", link.address, "ipproto", "tcp", "dport", port)
        if back:
            self._add("from", link.address, "ipproto", "tcp", "sport", port)

    def _add(self, *match: str) -> None:
        rule = ["pref", str(_FIRST + len(self._rules)), *match]
        _ip("rule", "add", *rule, "blackhole")
        self._rules.append(rule)

    def mend(self) -> None:
        """Let everything pass again."""
        while self._rules:
            _ip("rule", "del", *self._rules.pop())


def _ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=10).stdout
