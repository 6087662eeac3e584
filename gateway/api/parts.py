"""The parts of the gateway that its routes use, put together by ``gateway.app``."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app, request

from gateway.auth.forgetting import Forgetting
from gateway.auth.passwords import Passwords
from gateway.auth.sessions import Sessions
from gateway.changes.hub import Hub
from gateway.clients.services import Services
from gateway.customer360.sections import CustomerPage
from gateway.dashboards.gather import Dashboards
from gateway.inbox.gather import Inboxes
from gateway.timeline.gather import Timelines
from libs.common.db import Database

EXTENSION = "meridian_gateway"


@dataclass(frozen=True)
class Parts:
    """What a request may need."""

    database: Database
    passwords: Passwords
    sessions: Sessions
    forgetting: Forgetting
    services: Services
    customer_page: CustomerPage
    timelines: Timelines
    inboxes: Inboxes
    dashboards: Dashboards
    changes: Hub
    call_deadline_s: float
    company_zone: ZoneInfo


def parts() -> Parts:
    """Return the parts of the application that answers now."""
    found: Parts = current_app.extensions[EXTENSION]
    return found


def caller_address() -> str:
    """Return where the request comes from, as far as the proxies in front may be believed."""
    return request.remote_addr or "unknown"
