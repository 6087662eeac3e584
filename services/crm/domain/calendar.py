"""A calendar of what is to be done, as programs read it: iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PRODUCT = "-//Meridian//CRM//EN"
LASTS = timedelta(minutes=30)
_LONGEST_LINE = 75
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\r", "\\n"), ("\n", "\\n"))


@dataclass(frozen=True)
class Entry:
    """One thing that is due; ``about`` is whom it is about."""

    id: str
    kind: str
    subject: str
    about: str
    body: str | None
    due_at: datetime
    written_at: datetime
    version: int


def calendar(entries: Iterable[Entry], name: str) -> bytes:
    """Return the calendar as text/calendar: lines end with CR and LF, and none is longer than 75 bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.id}@meridian",
        f"DTSTAMP:{_time(entry.written_at)}",
        f"DTSTART:{_time(entry.due_at)}",
        f"DTEND:{_time(entry.due_at + LASTS)}",
        f"SEQUENCE:{entry.version - 1}",
        f"SUMMARY:{_text(f'{entry.subject} ({entry.about})')}",
        f"CATEGORIES:{entry.kind.upper()}",
    ]
    if entry.body:
        lines.append(f"DESCRIPTION:{_text(entry.body)}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> list[str]:
    """Cut a line into parts of at most 75 bytes, never within a character; those that go on begin with a space."""
    parts, part, room = [], "", _LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append(part)
            part, room = " ", _LONGEST_LINE - 1
        part += letter
        room -= size
    return [*parts, part]
