"""The worker process of inventory, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from functools import partial

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.inventory.jobs import propose_reorders, serve_waiting, tell_delays
from services.inventory.settings import SERVICE, read_settings
from services.inventory.subscribers import crm, finance, inventory, sales

SETTINGS = read_settings()
SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    sales.subscriptions, crm.subscriptions, inventory.subscriptions, finance.subscriptions
)
JOBS: tuple[Job, ...] = (
    Job("serve_waiting", serve_waiting.EVERY, serve_waiting.serve_queues),
    Job(
        "propose_reorders",
        propose_reorders.EVERY,
        partial(propose_reorders.propose_reorders, zone=SETTINGS.company_zone),
    ),
    Job("tell_delays", tell_delays.EVERY, partial(tell_delays.tell_delays, zone=SETTINGS.company_zone)),
)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, SETTINGS, SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
