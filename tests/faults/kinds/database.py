"""PostgreSQL dies, hangs, refuses commits or has no room."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

from meridian.topography import SERVICES, STORES
from tests.faults.kinds.base import Fault, Strike


class PostgresKilled(Fault):
    """A power cut of the database server, three times."""

    id = "F14"
    says = "immediate stop of PostgreSQL and a restart after 1 to 5 s, 3 times"

    def strike(self, at: Strike) -> None:
        """Stop and start it at drawn points of the work."""
        for share in at.moments(3, last=0.75):
            at.wait_for_share(share)
            at.site.postgres.stop_at_once()
            at.blow("PostgreSQL stopped")
            at.pause(at.lots.uniform(1, 5))
            at.site.postgres.start()
            at.say("PostgreSQL is back")


class OneDatabaseAway(Fault):
    """One service's database lets nobody in."""

    id = "F14b"
    says = "the database of finance alone refuses connections for 20 s"

    def strike(self, at: Strike) -> None:
        """Close it, throw everybody out, open it."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        name = at.site.database_name("finance")
        with at.site.sql() as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            at.blow("database of finance closed")
            at.pause(20)
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


class PostgresFrozen(Fault):
    """A database server that hangs."""

    id = "F15"
    says = "SIGSTOP of PostgreSQL for 20 s"

    def strike(self, at: Strike) -> None:
        """Freeze and thaw it."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        at.site.postgres.freeze()
        at.blow("PostgreSQL frozen")
        at.pause(20)
        at.site.postgres.thaw()


class SessionsTerminated(Fault):
    """Sessions that break at any moment."""

    id = "F15b"
    says = "pg_terminate_backend of a random session every 200 ms for 20 s"

    def strike(self, at: Strike) -> None:
        """Break one after another."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        names = [at.site.database_name(store) for store in STORES]
        with at.site.sql() as connection:
            for _ in range(100):
                query = "SELECT pid FROM pg_stat_activity WHERE datname = ANY(%s) ORDER BY pid"
                pids = [row[0] for row in connection.execute(query, (names,))]
                if pids:
                    connection.execute("SELECT pg_terminate_backend(%s)", (at.lots.choice(pids),))
                    at.blows += 1
                at.pause(0.2)
        at.say(f"{at.blows} sessions terminated")


class DiskFull(Fault):
    """No room for the outbox: then there must be no business change either."""

    id = "F16"
    says = "outbox of sales on a disk of 16 MB that is full for 20 s"

    def begin(self, at: Strike) -> None:
        """Give sales' outbox a small disk of its own."""
        self._folder = at.site.home.parent / "small"
        self._folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(self._folder)], check=True)
        owner = pwd.getpwnam("postgres")
        os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        with at.site.sql("sales") as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{self._folder}'")
            connection.execute("ALTER TABLE outbox SET TABLESPACE small")

    def strike(self, at: Strike) -> None:
        """Fill the disk, and make room again."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        before = at.tally.statuses[503]
        ballast = self._folder / "ballast"
        self._fill(ballast, at)
        at.blow("disk full")
        at.pause(20)
        ballast.unlink()
        at.note(f"{at.tally.statuses[503] - before} calls were answered 503 while there was no room")
        if at.tally.statuses[503] == before:
            at.tally.blame("nothing was refused: the full disk was not felt")

    def _fill(self, ballast: Path, at: Strike) -> None:
        """Leave no room in the table either: rows that are there already could make way for new ones."""
        with at.site.sql("sales") as connection:
            connection.execute("VACUUM outbox")
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError:
                return

    def after(self, at: Strike, watch: object) -> None:
        """Put the outbox back where it was."""
        with at.site.sql("sales") as connection:
            connection.execute("ALTER TABLE outbox SET TABLESPACE pg_default")
            connection.execute("CHECKPOINT")
            connection.execute("DROP TABLESPACE small")
        subprocess.run(["umount", "--lazy", str(self._folder)], check=True)
        self._folder.rmdir()


_REFUSES = """
CREATE FUNCTION faults_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF mod(abs(hashint8(txid_current())), 10) = 0 THEN
    IF mod(txid_current(), 2) = 0 THEN
      RAISE EXCEPTION 'refused by the fault run' USING ERRCODE = '40001';
    END IF;
    RAISE EXCEPTION 'refused by the fault run' USING ERRCODE = '40P01';
  END IF;
  RETURN NULL;
END $$
"""


class CommitsRefused(Fault):
    """One commit in ten ends in a serialization failure or a deadlock."""

    id = "F24"
    says = "10 % of all commits with messages fail with 40001 or 40P01"

    def begin(self, at: Strike) -> None:
        """Let every database refuse, at the moment of the commit."""
        for service in SERVICES:
            with at.site.sql(service) as connection:
                connection.execute(_REFUSES)
                for table in ("outbox", "inbox"):
                    connection.execute(
                        f"CREATE CONSTRAINT TRIGGER faults_refuse AFTER INSERT ON {table} DEFERRABLE INITIALLY "
                        "DEFERRED FOR EACH ROW EXECUTE FUNCTION faults_refuse()"
                    )

    def strike(self, at: Strike) -> None:
        """Let it go on for nearly all of the work."""
        at.blow("commits are refused from the beginning on")
        at.wait_for_share(0.95)
        for service in SERVICES:
            with at.site.sql(service) as connection:
                connection.execute("DROP FUNCTION faults_refuse() CASCADE")

    def after(self, at: Strike, watch: object) -> None:
        """Tell how often it happened."""
        with at.site.sql() as connection:
            names = [at.site.database_name(service) for service in SERVICES]
            query = "SELECT SUM(xact_rollback) FROM pg_stat_database WHERE datname = ANY(%s)"
            row = connection.execute(query, (names,)).fetchone()
        at.note(f"{row[0] if row else 0} transactions were rolled back in these databases so far")


class OldSnapshot(Fault):
    """A long report holds its snapshot while thousands of rows pass through the outboxes."""

    id = "F14c"
    says = "a report keeps a snapshot of sales open during the whole run"

    def strike(self, at: Strike) -> None:
        """Look once at the beginning and do not let go."""
        with at.site.sql("sales") as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SELECT COUNT(*) FROM sales_order")
            at.blow("snapshot taken")
            at.wait_for_share(0.95)
            connection.execute("COMMIT")
