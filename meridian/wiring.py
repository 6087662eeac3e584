"""What each service contributes to a whole system: its web application, its subscriptions and its jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

import services.crm.app as crm_app
import services.crm.worker as crm_worker
import services.finance.app as finance_app
import services.finance.worker as finance_worker
import services.inventory.app as inventory_app
import services.inventory.worker as inventory_worker
import services.sales.app as sales_app
import services.sales.worker as sales_worker
import services.service_desk.app as service_desk_app
import services.service_desk.worker as service_desk_worker
from libs.common.db import Database
from libs.common.inbox import Subscriptions
from libs.common.web.tokens import TokenKeys
from libs.common.worker import Job


@dataclass(frozen=True)
class Part:
    """One service as the composition root sees it."""

    create_app: Callable[[Database, TokenKeys], Flask]
    subscriptions: Subscriptions
    jobs: tuple[Job, ...]


PARTS: dict[str, Part] = {
    "crm": Part(crm_app.create_app, crm_worker.SUBSCRIPTIONS, crm_worker.JOBS),
    "sales": Part(sales_app.create_app, sales_worker.SUBSCRIPTIONS, sales_worker.JOBS),
    "inventory": Part(inventory_app.create_app, inventory_worker.SUBSCRIPTIONS, inventory_worker.JOBS),
    "finance": Part(finance_app.create_app, finance_worker.SUBSCRIPTIONS, finance_worker.JOBS),
    "service_desk": Part(
        service_desk_app.create_app, service_desk_worker.SUBSCRIPTIONS, service_desk_worker.JOBS
    ),
}


def wanted_types() -> dict[str, tuple[str, ...]]:
    """Return the message types that each service subscribes to."""
    return {name: part.subscriptions.types() for name, part in PARTS.items()}
