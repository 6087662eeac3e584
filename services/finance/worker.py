"""The worker process of finance, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from functools import partial

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.finance.jobs import escalate_approvals, grant_waiting, remind
from services.finance.settings import SERVICE, read_settings
from services.finance.subscribers.ahead import look_ahead
from services.finance.subscribers.crm import crm_subscriptions
from services.finance.subscribers.inventory import inventory_subscriptions
from services.finance.subscribers.sales import sales_subscriptions

SETTINGS = read_settings()
SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    crm_subscriptions(SETTINGS.terms),
    sales_subscriptions(SETTINGS.terms),
    inventory_subscriptions(SETTINGS.terms),
)
SUBSCRIPTIONS.before_all(look_ahead)
JOBS: tuple[Job, ...] = (
    Job(
        "grant_waiting",
        grant_waiting.EVERY,
        partial(grant_waiting.grant_waiting_credit, terms=SETTINGS.terms),
    ),
    Job("escalate_approvals", escalate_approvals.EVERY, escalate_approvals.escalate_approvals),
    Job("remind", remind.EVERY, partial(remind.remind_overdue, terms=SETTINGS.terms)),
)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, SETTINGS.common, SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
