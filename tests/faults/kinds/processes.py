"""Processes that die: web processes, workers at the two moments that matter, and the gateway."""

from __future__ import annotations

import time

from tests.faults.kinds.base import Fault, Strike
from tests.faults.outfit import all_workers, worker_with

KILLS = 10
PATIENCE_S = 120.0


class KillWeb(Fault):
    """SIGKILL of a service's web process, ten times."""

    service: str

    def strike(self, at: Strike) -> None:
        """Kill it at drawn points of the work; the supervisor starts it again."""
        for share in at.moments(KILLS):
            at.wait_for_share(share)
            at.wait_until_ready(f"{self.service}-web")  # two kills of a dead process are one
            at.site.supervisor.kill(f"{self.service}-web")
            at.blow(f"SIGKILL {self.service}-web")
            at.pause(1.0)


def _kill_web(number: int, name: str) -> type[KillWeb]:
    says = f"SIGKILL the web process of {name} {KILLS} times"
    return type(f"KillWeb{name.title()}", (KillWeb,), {"id": f"F{number}", "says": says, "service": name})


KILL_WEBS = tuple(
    _kill_web(number, name)
    for number, name in enumerate(("sales", "inventory", "finance", "crm", "service_desk"), 1)
)


class WorkerBetweenCommitAndAck(Fault):
    """Every worker dies again and again right after a commit, before the broker hears of it."""

    id = "F6"
    says = "SIGKILL each worker between its commit and the ack, 3 times each"
    outfit = all_workers(worker_with("dies_before_ack", deaths=3, within=40))

    def strike(self, at: Strike) -> None:
        """Wait until they have died: each does it by itself, at a drawn count of groups."""
        wait_for_deaths(at, 15)


class RelayBetweenPublishAndMark(Fault):
    """Every relay dies again and again with messages confirmed that it has not marked as sent."""

    id = "F7"
    says = "SIGKILL each relay between the broker's confirm and the mark in the outbox, 3 times each"
    outfit = all_workers(worker_with("dies_before_mark", deaths=3, within=40))

    def strike(self, at: Strike) -> None:
        """Wait until they have died."""
        wait_for_deaths(at, 12)


class RelayDuringPublish(Fault):
    """Every relay dies again and again with messages under way to the broker."""

    id = "F7b"
    says = "SIGKILL each relay while it publishes, 3 times each"
    outfit = all_workers(worker_with("dies_while_publishing", deaths=3, within=40))

    def strike(self, at: Strike) -> None:
        """Wait until they have died."""
        wait_for_deaths(at, 12)


def wait_for_deaths(at: Strike, wanted: int) -> None:
    """Return once so many workers were started again, nearly all of the work was begun, or no more will die."""
    supervisor, ends = at.site.supervisor, time.monotonic() + PATIENCE_S
    while (
        sum(supervisor.restarts.values()) < wanted and at.traffic.share() < 0.95 and time.monotonic() < ends
    ):
        at.pause(0.2)
    at.blows = sum(supervisor.restarts.values())
    at.say(f"{at.blows} workers died at the drawn moment: {dict(supervisor.restarts)}")
    if not at.blows:
        at.tally.blame("no worker died: the fault did not strike")
