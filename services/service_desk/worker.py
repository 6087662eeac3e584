"""The worker process of the service desk, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.service_desk.jobs import (
    close_resolved_tickets,
    hand_out_tickets,
    learn_routing,
    watch_deadlines,
)
from services.service_desk.settings import SERVICE, read_settings
from services.service_desk.subscribers import crm, inventory, sales

SETTINGS = read_settings()


def _company_day(now: datetime) -> date:
    return now.astimezone(SETTINGS.company_zone).date()


SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    crm.subscriptions,
    sales.subscriptions,
    inventory.subscriptions,
    inventory.subscriptions_by_day(_company_day),
)
JOBS: tuple[Job, ...] = (
    Job(
        "close_resolved_tickets",
        close_resolved_tickets.EVERY,
        close_resolved_tickets.close_resolved_tickets,
    ),
    Job("watch_deadlines", watch_deadlines.EVERY, watch_deadlines.watch_deadlines),
    Job(
        "hand_out_tickets",
        hand_out_tickets.EVERY,
        partial(hand_out_tickets.hand_out_tickets, zone=SETTINGS.company_zone),
    ),
    Job("learn_routing", learn_routing.EVERY, learn_routing.learn_routing),
)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, SETTINGS, SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
