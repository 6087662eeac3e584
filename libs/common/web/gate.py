"""A bound on the requests that are worked on at once; the rest wait a little, what is begun before what is new.

Without a bound a process that is asked too much takes everything in, and everybody waits in a line that nobody sees
until the callers have given up. With one, it does as much as it can, and tells the others at once to come again.
"""

from __future__ import annotations

import threading
from collections import deque


class Gate:
    """``most`` requests may be inside at once and ``waiting`` more may wait; each leaves its place to the next.

    Of those who wait only a quarter may be new: else a crowd that begins something takes the room from those who
    want to go on, and what was begun for them was for nothing.
    """

    def __init__(self, most: int, waiting: int) -> None:
        self._free = most
        self._room = waiting
        self._room_for_new = -(-waiting // 4)
        self._lock = threading.Lock()
        # Who waits does so at a lock of its own, which whoever leaves opens: an event costs several times as much.
        self._begun: deque[threading.Lock] = deque()
        self._new: deque[threading.Lock] = deque()

    def enter(self, *, new: bool, patience_s: float) -> bool:
        """Take a place, waiting up to ``patience_s`` for one; ``False`` when there is none.

        ``new`` marks a request that begins something: it gets a place only when nobody waits to go on with what is
        begun. Who was let in calls ``leave`` at the end.
        """
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            line = self._new if new else self._begun
            full = len(self._begun) + len(self._new) >= self._room
            if full or (new and len(self._new) >= self._room_for_new):
                return False
            turn = threading.Lock()
            turn.acquire()
            line.append(turn)
        if turn.acquire(timeout=patience_s):
            return True
        with self._lock:
            if turn not in line:  # the place came between the end of the wait and the lock
                return True
            line.remove(turn)
            return False

    def leave(self) -> None:
        """Give the place to whoever waits, those who go on first."""
        with self._lock:
            line = self._begun or self._new
            if line:
                line.popleft().release()
            else:
                self._free += 1
