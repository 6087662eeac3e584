"""Slowing down those who guess: failures per user name and address, for known and unknown names alike."""

from __future__ import annotations

import math
from datetime import timedelta

from gateway.store import throttle as store
from libs.common.db import Transaction
from libs.common.ids import secret_digest

FREE_FAILURES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
_DOUBLINGS = 10


def key_of(username: str, address: str) -> str:
    """Return under what a try is counted; a hash, because people type passwords into the wrong field."""
    return secret_digest(f"{username.lower()}\x1f{address}")


def pause_after(failures: int) -> timedelta:
    """Return how long nobody may try after so many failures: nothing for five, then 30 s doubling to 15 min."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(FIRST_PAUSE * (1 << min(failures - FREE_FAILURES, _DOUBLINGS)), LONGEST_PAUSE)


def take_turn(tx: Transaction, key: str) -> int:
    """Count a try as failed until it proves otherwise; return the seconds to wait when it is not allowed now.

    Counting before the password is looked at lets a hundred tries at once count as a hundred.
    """
    row = store.lock(tx, key)
    if row["blocked_until"] is not None and row["blocked_until"] > tx.now:
        left: timedelta = row["blocked_until"] - tx.now
        return math.ceil(left.total_seconds())
    failures: int = row["failures"] + 1
    pause = pause_after(failures)
    store.count(tx, key, failures, tx.now + pause if pause else None)
    return 0


def succeeded(tx: Transaction, key: str) -> None:
    """Forget the failures: the right password was given."""
    store.clear(tx, key)
