"""The worker process of the service desk, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.service_desk.jobs.close_resolved_tickets import EVERY, close_resolved_tickets
from services.service_desk.settings import SERVICE, read_settings
from services.service_desk.subscribers import crm, inventory

SUBSCRIPTIONS = Subscriptions(SERVICE).merge(crm.subscriptions, inventory.subscriptions)
JOBS: tuple[Job, ...] = (Job("close_resolved_tickets", EVERY, close_resolved_tickets),)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, read_settings(), SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
