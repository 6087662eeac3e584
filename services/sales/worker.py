"""The worker process of sales, put together: what it listens to and what it does because time passes."""

from __future__ import annotations

from libs.common.db import Database
from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.sales.domain.terms import Terms
from services.sales.jobs.escalate_approvals import EVERY as ESCALATE_APPROVALS_EVERY
from services.sales.jobs.escalate_approvals import escalate_approvals
from services.sales.jobs.escalate_holds import EVERY as ESCALATE_EVERY
from services.sales.jobs.escalate_holds import escalate_holds
from services.sales.jobs.expire_quotations import EVERY as EXPIRE_EVERY
from services.sales.jobs.expire_quotations import expire_quotations
from services.sales.jobs.wake_sagas import EVERY as WAKE_EVERY
from services.sales.jobs.wake_sagas import wake_sagas
from services.sales.settings import SERVICE, read_settings, read_terms
from services.sales.subscribers import crm, finance, inventory, sales
from services.sales.subscribers.counting import counting
from services.sales.subscribers.holding import holding_subscriptions
from services.sales.subscribers.service_desk import selling_for_tickets


def _terms() -> Terms:
    return read_terms(read_settings())


def _expire(database: Database) -> int:
    return expire_quotations(database, _terms())


SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    inventory.subscriptions,
    finance.subscriptions,
    crm.subscriptions,
    crm.quoting(_terms),
    crm.teaming(_terms),
    selling_for_tickets(_terms),
    sales.subscriptions,
    counting(_terms),
    holding_subscriptions(read_terms(read_settings()).hold_days),
)
JOBS: tuple[Job, ...] = (
    Job("wake_sagas", WAKE_EVERY, wake_sagas),
    Job("escalate_holds", ESCALATE_EVERY, escalate_holds),
    Job("escalate_approvals", ESCALATE_APPROVALS_EVERY, escalate_approvals),
    Job("expire_quotations", EXPIRE_EVERY, _expire),
)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, read_settings(), SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
