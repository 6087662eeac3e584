"""Whether a caller has seen a document as it is now."""

from __future__ import annotations

from libs.common.errors import VersionMismatch


def require_version(number: str, version: int, expected: int | None) -> None:
    """Refuse a change that is based on another version than the present one; ``None`` does not say."""
    if expected is not None and expected != version:
        raise VersionMismatch(
            f"{number} is at version {version}, not {expected}",
            cure="Read it again and decide anew.",
            version=version,
        )
