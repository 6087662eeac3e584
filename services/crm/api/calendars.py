"""What is to be done as a calendar: for the one who asks, and behind a link for programs that show calendars."""

from __future__ import annotations

from functools import partial
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.ids import unguessable_id
from libs.common.web import VISITORS, File, Noun, Strict, fields, principal
from services.crm.api.company import now
from services.crm.api.who import SELLERS
from services.crm.domain.calendar import calendar
from services.crm.reports.calendars import entries_of, user_of
from services.crm.use_cases.link_calendar import close_calendar, link_calendar

CALENDAR = "text/calendar"
NAME = "Meridian"

calendars = Noun("calendars", "/api/v1/activities/calendar", description="What is to be done, as a calendar")
public_calendars = Noun(
    "public-calendars", "/api/v1/public/calendars", description="Calendars behind private links"
)


class CalendarLinkOut(Strict):
    """A link; token and path are shown this once only."""

    token = fields.IdField(allow_none=True)
    path = fields.Text(max=200, allow_none=True)


@calendars.file("/", media_type=CALENDAR, roles=SELLERS, summary="What you have to do")
def mine(connection: Connection) -> File:
    """Show what is due for the one who asks."""
    return _file(connection, principal().subject)


@calendars.command(
    "POST",
    "/link",
    answer=CalendarLinkOut,
    status=201,
    roles=SELLERS,
    shown_once=("token", "path"),
    summary="Make a link for a calendar program",
)
def link(tx: Transaction) -> dict[str, Any]:
    """Make a link to your calendar; an earlier one opens nothing any more."""
    token = unguessable_id()
    link_calendar(tx, principal().subject, token)
    return {"token": token, "path": f"/api/v1/public/calendars/{token}"}


@calendars.command("DELETE", "/link", roles=SELLERS, summary="Take the link back")
def close(tx: Transaction) -> None:
    """Close the link at once."""
    close_calendar(tx, principal().subject)


@public_calendars.file("/<uuid:token>", media_type=CALENDAR, roles=VISITORS, summary="Read a calendar")
def read(connection: Connection, token: str) -> File:
    """Show the calendar that the link opens."""
    return _file(connection, user_of(connection, token))


def _file(connection: Connection, user_id: str) -> File:
    return File("meridian.ics", partial(calendar, entries_of(connection, user_id, now()), NAME))
