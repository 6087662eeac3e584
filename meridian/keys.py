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


def rotate_keys(target: Target) -> str:
    """Sign with a new key from now on and return its id; the services learn it before it is used.

    The public file is written first, so that no service meets a token of a key that it does not know.
    """
    keys = ensure_keys(target)
    key_id = keys.rotate()
    keys.publish(target.token_keys)
    keys.save(target.signing_keys)
    return key_id
