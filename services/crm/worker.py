"""The worker process of crm, put together: what it listens to, and what it does because time passes."""

from __future__ import annotations

from libs.common.db import Database
from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.crm.jobs.learn_lead_scores import EVERY, learn_lead_scores
from services.crm.jobs.learn_purchases import EVERY as LEARN_PURCHASES_EVERY
from services.crm.jobs.learn_purchases import learn_purchases
from services.crm.jobs.refresh_overview import EVERY as OVERVIEW_EVERY
from services.crm.jobs.refresh_overview import refresh_customers
from services.crm.jobs.refresh_recommendations import EVERY as REFRESH_EVERY
from services.crm.jobs.refresh_recommendations import refresh_recommendations
from services.crm.settings import SERVICE, read_settings
from services.crm.subscribers import finance, inventory, sales, service_desk


def _learn_purchases(database: Database) -> int:
    company = read_settings()
    return learn_purchases(database, company.company_currency, company.company_zone)


def _refresh(database: Database) -> int:
    return refresh_recommendations(database, read_settings().company_zone)


def _refresh_overview(database: Database) -> int:
    return refresh_customers(database, read_settings().company_zone)


SUBSCRIPTIONS = Subscriptions(SERVICE).merge(
    inventory.subscriptions, sales.subscriptions, finance.subscriptions, service_desk.subscriptions
)
JOBS: tuple[Job, ...] = (
    Job("learn_lead_scores", EVERY, learn_lead_scores),
    Job("learn_purchases", LEARN_PURCHASES_EVERY, _learn_purchases),
    Job("refresh_recommendations", REFRESH_EVERY, _refresh),
    Job("refresh_overview", OVERVIEW_EVERY, _refresh_overview),
)


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, read_settings(), SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
