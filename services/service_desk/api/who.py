"""What the caller's roles mean at the service desk."""

from __future__ import annotations

from typing import Any

from libs.common.web import expected_version, principal
from services.service_desk.domain.routing import QUEUES_OF_ROLE
from services.service_desk.use_cases.work_on_ticket import Worker

OPENERS = ("sales", "sales_manager", "service", "warehouse", "finance", "api_client")
WORKERS = tuple(role for role in QUEUES_OF_ROLE if role != "admin")


def only_owner() -> str | None:
    """Return the caller's subject if they see only customers of their own, else ``None``."""
    who = principal()
    return who.subject if who.owner_only else None


def of_me(filters: dict[str, Any]) -> dict[str, Any]:
    """Return filters in which the assignee ``me`` is the caller."""
    return filters | {"assignee_id": principal().subject} if filters.get("assignee_id") == "me" else filters


def worker() -> Worker:
    """Return the caller as somebody who works on a ticket of the version in If-Match."""
    who = principal()
    return Worker(who.subject, who.roles, expected_version())
