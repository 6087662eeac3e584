"""Two of everything, versions side by side, a participant that says nothing, a database from a backup."""

from __future__ import annotations

import subprocess
from pathlib import Path

from meridian.broker import replay_history
from meridian.topography import SERVICES
from tests.faults.kinds.base import Fault, Strike
from tests.faults.kinds.broker import SINCE_EVER
from tests.faults.outfit import Outfit
from tests.faults.servers import POSTGRES_URL

_TWO = Outfit(copies={f"{service}-worker": 2 for service in SERVICES})


class TwoOfEach(Fault):
    """Two workers of each service, and one of them dies every now and then."""

    id = "F29"
    says = "two copies of each worker; SIGKILL of a random one 10 times"
    outfit = _TWO

    def strike(self, at: Strike) -> None:
        """Kill one of ten at drawn points of the work: often the one that is the queue's active consumer."""
        for share in at.moments(10):
            at.wait_for_share(share)
            name = at.lots.choice([f"{s}-worker{copy}" for s in SERVICES for copy in ("", "-2")])
            at.site.supervisor.kill(name)
            at.blow(f"SIGKILL {name}")
            at.pause(1)


class LeasesStolen(Fault):
    """Two relays of each service that lose their shards to nobody, at random."""

    id = "F29b"
    says = "two copies of each worker; a random relay lease given to the other every 300 ms for 30 s"
    outfit = _TWO

    def strike(self, at: Strike) -> None:
        """Move leases about."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        for _ in range(100):
            with at.site.sql(at.lots.choice(SERVICES)) as connection:
                move = (
                    "UPDATE relay_lease SET owner = r.owner FROM relay r "
                    "WHERE relay_lease.shard = %s AND r.owner <> relay_lease.owner"
                )
                at.blows += connection.execute(move, (at.lots.randrange(8),)).rowcount
            at.pause(0.3)
        at.say(f"{at.blows} leases changed hands behind their owners' backs")


class RollingRestart(Fault):
    """An upgrade while everybody works: every process is asked to end, one after another, and a new one begins."""

    id = "F30"
    says = "SIGTERM of every process one after another (upgrade in flight), twice"

    def strike(self, at: Strike) -> None:
        """Go round twice."""
        for share in (0.1, 0.5):
            at.wait_for_share(share)
            for name in at.site.supervisor.names():
                at.site.supervisor.terminate(name)
                at.blow(f"SIGTERM {name}")
                at.pause(1)
                at.wait_until_ready(name)


class RestoredFromBackup(Fault):
    """One service's database is lost and comes back from a backup; the events since then are replayed."""

    id = "F30b"
    says = "service desk's database restored from a backup (at least 60 s old), then replayed"
    without = ("with_ticket",)

    def strike(self, at: Strike) -> None:
        """Back up, go on, lose everything, restore, replay."""
        at.wait_for_share(0.1)
        backup = at.site.home / "service_desk.dump"
        url = f"{POSTGRES_URL.rpartition('/')[0]}/{at.site.database_name('service_desk')}"
        _run("pg_dump", "--format=custom", "--file", str(backup), url)
        at.say("backed up")
        at.pause(60)
        supervisor = at.site.supervisor
        with supervisor.held("service_desk-worker"), supervisor.held("service_desk-web"):
            at.blow("database of the service desk lost")
            self._restore(at, backup)
        at.wait_until_ready("service_desk-worker", "service_desk-web")

    def _restore(self, at: Strike, backup: Path) -> None:
        name = at.site.database_name("service_desk")
        at.site.databases["service_desk"].close()
        with at.site.sql() as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        _run("pg_restore", "--create", "--dbname", POSTGRES_URL, str(backup))

    def repair(self, at: Strike) -> None:
        """Replay what every other service has said."""
        sent = sum(
            replay_history(at.site.target, source, "service_desk", SINCE_EVER, 2000)
            for source in SERVICES
            if source != "service_desk"
        )
        at.note(f"restored, then {sent} messages replayed")


class ParticipantSilent(Fault):
    """A participant of the saga says nothing for a while, one after another."""

    id = "F31"
    says = "workers of inventory, finance and sales frozen for 25 s, one after another"

    def strike(self, at: Strike) -> None:
        """Freeze and thaw one after another."""
        for share, name in ((0.1, "inventory"), (0.4, "finance"), (0.7, "sales")):
            at.wait_for_share(share)
            at.site.supervisor.freeze(f"{name}-worker")
            at.blow(f"{name} is silent")
            at.pause(25)
            at.site.supervisor.thaw(f"{name}-worker")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-500:]}")
