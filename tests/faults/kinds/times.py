"""Clocks that differ, and timers that are all due at once."""

from __future__ import annotations

from tests.faults.kinds.base import Fault, Strike
from tests.faults.outfit import Outfit, worker_with


class TimersAtOnce(Fault):
    """Every question that sales has asked is asked again at the same moment."""

    id = "F27"
    says = "all timers of running sagas due at once, 10 times, with inventory down for 20 s before"

    def strike(self, at: Strike) -> None:
        """Let questions pile up, then let all their timers run out, again and again."""
        at.wait_for_share(at.lots.uniform(0.1, 0.2))
        with at.site.supervisor.held("inventory-worker"), at.site.sql("sales") as connection:
            at.pause(20)
            for _ in range(10):
                due = "UPDATE saga SET ask_again_at = now() WHERE ask_again_at IS NOT NULL"
                at.blows += connection.execute(due).rowcount
                at.pause(1.5)
        at.say(f"{at.blows} timers ran out at once")


class ClockSkew(Fault):
    """The workers do not agree on the time, and one clock is set back while it runs."""

    id = "F28"
    says = "worker of finance 10 min ahead, of inventory 10 min behind, of sales set back 5 min in the middle"
    outfit = Outfit(
        {
            "finance-worker": worker_with("lives_in_another_time", ahead=600),
            "inventory-worker": worker_with("lives_in_another_time", ahead=-600),
            "sales-worker": worker_with("lives_in_another_time", ahead=0, back=300, switch="set_back"),
        }
    )

    def strike(self, at: Strike) -> None:
        """Set the clock of sales' worker back, and leave it so."""
        at.wait_for_share(at.lots.uniform(0.3, 0.6))
        at.site.switch("set_back").touch()
        at.blow("clock of sales' worker set back by 5 minutes")
        at.wait_for_end()

    def after(self, at: Strike, watch: object) -> None:
        """Take the switch away."""
        at.site.switch("set_back").unlink(missing_ok=True)
