"""The worker process of inventory, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.inventory.jobs.serve_waiting import EVERY, serve_queues
from services.inventory.settings import SERVICE, read_settings
from services.inventory.subscribers import crm, inventory, sales

SUBSCRIPTIONS = Subscriptions(SERVICE).merge(sales.subscriptions, crm.subscriptions, inventory.subscriptions)
JOBS: tuple[Job, ...] = (Job("serve_waiting", EVERY, serve_queues),)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, read_settings(), SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
