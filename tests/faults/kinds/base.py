"""What every fault is, and what it may use while it strikes."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from tests.faults.outfit import PLAIN, Outfit
from tests.faults.people import Tally
from tests.faults.servers import wait_for
from tests.faults.site import Site
from tests.faults.traffic import Traffic
from tests.faults.watch import Watch

HEALS_WITHIN_S = 60.0


@dataclass
class Strike:
    """One fault at work: where, with which chance, and what is to be remembered of it."""

    site: Site
    lots: random.Random
    traffic: Traffic
    tally: Tally
    say: Callable[[str], None]
    quick: bool = False
    notes: list[str] = field(default_factory=list)
    blows: int = 0

    def wait_for_share(self, share: float) -> None:
        """Return once this share of the orders has been begun, or all clients are through."""
        while self.traffic.share() < share and not self.traffic.done():
            time.sleep(0.05)

    def wait_until_ready(self, *names: str) -> None:
        """Return once these processes say that they can work."""
        wait_for(lambda: all(self.site.is_ready(name) for name in names), f"{names} did not become ready")

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def wait_for_end(self) -> None:
        """Return once all clients are through; tell how far they are."""
        told = 0
        while not self.traffic.done():
            time.sleep(0.1)
            quarter = self.traffic.finished * 4 // self.traffic.total
            if quarter > told:
                told = quarter
                self.say(f"{self.traffic.finished} of {self.traffic.total} orders")

    @contextmanager
    def switched_on(self, name: str) -> Iterator[None]:
        """Let changed workers misbehave while the block runs."""
        switch = self.site.switch(name)
        switch.touch()
        try:
            yield
        finally:
            switch.unlink(missing_ok=True)

    def moments(self, count: int, first: float = 0.05, last: float = 0.9) -> list[float]:
        """Draw ``count`` shares of the work at which to strike, in order."""
        return sorted(self.lots.uniform(first, last) for _ in range(count))

    def blow(self, what: str) -> None:
        """Count one blow and tell of it."""
        self.blows += 1
        self.say(what)

    def note(self, text: str) -> None:
        """Remember something for the table."""
        self.notes.append(text)


class Fault(ABC):
    """One kind of fault. ``strike`` returns when the trouble has ended and everything may heal."""

    id: ClassVar[str]
    says: ClassVar[str]
    outfit: Outfit = PLAIN
    must_lose: ClassVar[bool] = False
    """A control: the run must see that something is lost or done twice."""

    most_orders: ClassVar[int | None] = None
    """More orders than this would show nothing more."""

    without: ClassVar[tuple[str, ...]] = ()
    """Stories that cannot be told under this fault."""

    @abstractmethod
    def strike(self, at: Strike) -> None:
        """Do the harm, and end it."""

    def open(self, site: Site) -> None:  # noqa: B027 - most need nothing
        """Prepare what has to stand before the processes start."""

    def close(self, site: Site) -> None:  # noqa: B027 - most leave nothing
        """Take away what ``open`` prepared; the processes have been told to stop using it."""

    def begin(self, at: Strike) -> None:  # noqa: B027 - most need nothing
        """Prepare what has to stand before the clients begin."""

    def after(self, at: Strike, watch: Watch) -> None:  # noqa: B027 - most promise what all promise
        """Look, once everything has settled, at what this fault alone promises; blame or note it."""

    def repair(self, at: Strike) -> None:  # noqa: B027 - most heal by themselves
        """Do what a person has to do where healing by itself is not promised."""
