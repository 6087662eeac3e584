"""The keys of a target: the gateway's private ones, and the public ones that the services read."""

from __future__ import annotations

from libs.common.web.tokens import SigningKeys
from meridian.target import Target


def ensure_keys(target: Target) -> SigningKeys:
    """Return the target's signing keys, made at the first call; the public half is written for the services."""
    target.signing_keys.parent.mkdir(parents=True, exist_ok=True)
    keys = SigningKeys.load_or_create(target.signing_keys)
    keys.publish(target.token_keys)
    return keys
