"""Processes that die: web processes, workers at the two moments that matter, and the gateway."""

from __future__ import annotations

import time

from libs.common.inbox.dead import Order
from tests.faults.kinds.base import Fault, Strike
from tests.faults.outfit import DEADLY, Outfit, all_workers, worker_with
from tests.faults.servers import AMQP_PORT, family
from tests.faults.watch import Watch

KILLS = 10
PATIENCE_S = 120.0
LATEST = 0.95
GIVEN_UP_WITHIN_S = 180.0
FEWEST_DEATHS = 2


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

    def after(self, at: Strike, watch: Watch) -> None:
        """See that no web process has opened the broker: forked processes must not share such a connection."""
        for name in at.site.supervisor.names():
            pid = at.site.supervisor.pid(name)
            if name.endswith("-worker") or pid is None:
                continue
            opened = [link for process in family(pid) for link in process.net_connections("tcp")]
            if any(link.raddr and link.raddr.port == AMQP_PORT for link in opened):
                at.tally.blame(f"{name} is a web process and has a connection to the broker")


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


class KillerMessage(Fault):
    """One message ends every worker that touches it; the worker sets it aside after a while, and it alone."""

    id = "F25c"
    says = "one message of finance kills the worker until that sets it aside; mended, then retried"
    outfit = Outfit(
        {
            "finance-worker": worker_with(
                "dies_of_one_message", type="inventory.delivery.shipped.v1", switch="killer"
            )
        }
    )

    def strike(self, at: Strike) -> None:
        """Wait until it is a dead letter, then mend the handler."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        letters = at.site.dead_letters()
        with at.switched_on("killer"):
            ends = time.monotonic() + GIVEN_UP_WITHIN_S
            while not list(letters.list("finance", "dead")) and time.monotonic() < ends:
                at.pause(0.5)
        at.blows = at.site.supervisor.restarts["finance-worker"]
        at.say(f"the message killed {at.blows} workers")

    def repair(self, at: Strike) -> None:
        """Retry it, as a person would once the handler is mended."""
        at.pause(5)  # what was set aside with it is tried in these seconds, and must not be dead as well
        letters = at.site.dead_letters()
        found = list(letters.list("finance", "dead"))
        for letter in found:
            letters.retry(letter, Order("fault run", "the handler is mended"))
        at.note(f"{len(found)} dead letters after {at.blows} deaths; retried")
        if len(found) != 1:
            at.tally.blame(f"one message kills, {len(found)} are dead letters")
        if at.blows < FEWEST_DEATHS:
            at.tally.blame(f"only {at.blows} workers died: the fault did not strike")

    def after(self, at: Strike, watch: Watch) -> None:
        """Forget which message it was."""
        at.site.switch("killer-id").unlink(missing_ok=True)


def wait_for_deaths(at: Strike, wanted: int) -> None:
    """Return once so many workers were started again, nearly all of the work was begun, or no more will die."""
    supervisor, ends = at.site.supervisor, time.monotonic() + PATIENCE_S
    with at.switched_on(DEADLY):
        while (
            sum(supervisor.restarts.values()) < wanted
            and at.traffic.share() < LATEST
            and time.monotonic() < ends
        ):
            at.pause(0.2)
    at.blows = sum(supervisor.restarts.values())
    at.say(f"{at.blows} workers died at the drawn moment: {dict(supervisor.restarts)}")
    if not at.blows:
        at.tally.blame("no worker died: the fault did not strike")
