"""The worker process of crm, put together: what it listens to, and what it does because time passes."""

from __future__ import annotations

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.crm.jobs.learn_lead_scores import EVERY, learn_lead_scores
from services.crm.settings import SERVICE, read_settings
from services.crm.subscribers import finance, inventory, sales, service_desk

SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    inventory.subscriptions, sales.subscriptions, finance.subscriptions, service_desk.subscriptions
)
JOBS: tuple[Job, ...] = (Job("learn_lead_scores", EVERY, learn_lead_scores),)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, read_settings(), SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
