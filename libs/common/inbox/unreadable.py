"""Keeping bytes that are no message in a text column, so that a person can look at them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

KEEP_BYTES = 256 * 1024


def undecodable_row(body: bytes) -> dict[str, Any]:
    """Return the parked row for ``body``; the same bytes give the same row, however often they come."""
    return {
        "event_id": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "source": "unknown",
        "type": "unknown",
        "partition_key": "",
        "sequence": 0,
        "envelope": as_text(body),
        "state": "dead",
        "attempts": 1,
        "next_at": None,
    }


def as_text(body: bytes) -> str:
    """Return ``body`` as it is when it is storable text, else in base64 behind a mark; cut at ``KEEP_BYTES``."""
    cut = body[:KEEP_BYTES]
    try:
        text = cut.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(cut).decode()
    return text if "\x00" not in text else "base64:" + base64.b64encode(cut).decode()
