"""The end of a run: what the clients were told against what is there, and the audit over all of it."""

from __future__ import annotations

from libs.common.clock import SystemClock
from meridian.audit import audit
from tests.faults import arrivals
from tests.faults.people import Tally
from tests.faults.site import Site
from tests.faults.traffic import Traffic

_SHOWN = 5
_SHOWN_IDS = 3


def reckon(site: Site, traffic: Traffic, tally: Tally, before: dict[str, set[str]]) -> None:
    """Blame everything that is not as it must be; ``before`` is what there was when the clients began."""
    for database in site.databases.values():
        database.close()  # connections to a server that was restarted since are of no use
    _unfinished(traffic, tally)
    whole = not traffic.outcome.unfinished
    for kind, ids in arrivals.made(site.databases).items():
        _compare(kind, ids - before[kind], tally, whole)
    states = arrivals.order_states(site.databases)
    for order, wanted in traffic.expected.items():
        if states.get(order) != wanted:
            tally.blame(f"order {order} is {states.get(order)}, its client saw it {wanted}")
    _dead(site, tally)
    _audit(site, tally)


def _dead(site: Site, tally: Tally) -> None:
    """Nothing may wait for a person who does not know why; a fault that leaves dead letters has seen to them."""
    letters = [
        f"{each.service}: {each.type} ({each.trouble})" for each in site.dead_letters().list(state="dead")
    ]
    if letters:
        tally.blame(f"{len(letters)} dead letters are left: {'; '.join(letters[:_SHOWN])}")


def _unfinished(traffic: Traffic, tally: Tally) -> None:
    for text in traffic.outcome.unfinished[:_SHOWN]:
        tally.blame(text)
    unnamed = len(traffic.outcome.unfinished) - _SHOWN
    if unnamed > 0:
        tally.blame(f"{unnamed} more orders did not end")


def _compare(kind: str, there: set[str], tally: Tally, whole: bool) -> None:
    """Every answer has its effect; every effect its answer, unless a client gave up before it came."""
    answered = tally.answered.get(kind, set())
    lost = answered - there
    ghosts = there - answered if whole else set()
    if lost:
        tally.blame(f"I12 {len(lost)} x {kind} was answered and is not there")
    if ghosts:
        tally.blame(f"I12 {len(ghosts)} x {kind} is there and nobody was told")


def _audit(site: Site, tally: Tally) -> None:
    for finding in audit(site.databases, now=SystemClock().now()).findings:
        if finding.violations:
            where = f"{finding.invariant} {finding.check} in {finding.store}"
            tally.blame(f"{where}: {finding.violations} ({', '.join(finding.ids[:_SHOWN_IDS])})")
