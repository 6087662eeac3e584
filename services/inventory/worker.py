"""The worker process of inventory, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.inventory.jobs import (
    escalate_approvals,
    expire_stock,
    propose_reorders,
    review_credit,
    serve_waiting,
    tell_delays,
)
from services.inventory.settings import SERVICE, read_settings
from services.inventory.subscribers import crm, finance, inventory, sales, service_desk

SETTINGS = read_settings()


def _company_day(now: datetime) -> date:
    return now.astimezone(SETTINGS.company_zone).date()


SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    sales.subscriptions,
    sales.subscriptions_by_day(_company_day),
    crm.subscriptions,
    service_desk.subscriptions,
    inventory.subscriptions_by_day(_company_day),
    finance.subscriptions,
    finance.subscriptions_by_day(_company_day),
)
JOBS: tuple[Job, ...] = (
    Job(
        "serve_waiting",
        serve_waiting.EVERY,
        partial(serve_waiting.serve_queues, zone=SETTINGS.company_zone),
    ),
    Job(
        "propose_reorders",
        propose_reorders.EVERY,
        partial(propose_reorders.propose_reorders, zone=SETTINGS.company_zone),
    ),
    Job("escalate_approvals", escalate_approvals.EVERY, escalate_approvals.escalate_approvals),
    Job("review_credit", review_credit.EVERY, review_credit.review_credit),
    Job("expire_stock", expire_stock.EVERY, partial(expire_stock.expire_stocks, zone=SETTINGS.company_zone)),
    Job("tell_delays", tell_delays.EVERY, partial(tell_delays.tell_delays, zone=SETTINGS.company_zone)),
)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, SETTINGS, SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
