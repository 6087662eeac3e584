"""Optimistic concurrency over HTTP: ETag out, If-Match and If-None-Match in.

An ETag is ``"<version>-<hash of the representation>"``: the version guards changes, and the hash tells a cache
whether anything that is shown has changed. ``If-Match`` takes that, or ``"<version>"`` alone.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from flask import Request, request

from libs.common.errors import VersionMismatch
from libs.common.web.problems import EdgeError

_TAG = re.compile(r'"([0-9]{1,9})(-[0-9a-f]{16})?"\Z', re.ASCII)


def etag(answer: Any, body: str) -> str:
    """Return the ETag of an answer whose JSON text is ``body``."""
    version = answer.get("version") if isinstance(answer, dict) else None
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    return f'"{version}-{digest}"' if type(version) is int else f'"-{digest}"'


def expected_version() -> int | None:
    """Return the version that the caller has read (``If-Match``); ``None`` when the header is absent.

    A tag that is not one of ours can match nothing: ``VersionMismatch``.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    found = _TAG.match(header.strip())
    if found is None:
        raise VersionMismatch(
            "If-Match names no version of this document.",
            field="If-Match",
            cure='Read the document again and send its ETag, or its version as in "3".',
        )
    return int(found[1])


def require_version() -> None:
    """Refuse a change that does not say which version it is based on (428)."""
    if "If-Match" not in request.headers:
        raise EdgeError(
            428,
            "precondition_required",
            "This change must say which version it is based on.",
            field="If-Match",
            cure="Read the document and send its ETag in If-Match.",
        )
    expected_version()


def is_unchanged(incoming: Request, tag: str) -> bool:
    """Tell whether the caller already has the representation with ``tag`` (If-None-Match)."""
    header = incoming.headers.get("If-None-Match")
    if header is None:
        return False
    known = {entry.strip().removeprefix("W/") for entry in header.split(",")}
    return tag in known or "*" in known
