"""Open streams and who feeds them: one thread that asks the services what is new, while anybody listens.

Each stream holds a thread of the server, so there are only so many; the server has as many threads more. What a
stream has not taken yet is a set of kinds: it cannot grow, and it does not matter how slow its reader is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.changes.kinds import visible
from libs.common.observability import logger
from libs.common.web import Principal

PACE_S = 1.0
SESSION_S = 3.0
"""How soon a stream ends after its session."""

HEARTBEAT_S = 10.0
"""How long a stream is silent at most: by it a reader is noticed who left without closing the connection."""

MOST_OF_ONE = 4
"""How many streams one person has; the oldest gives way to the next."""

_log = logger(__name__)


def _never() -> bool:
    return False


class Full(Exception):
    """There are as many streams as there may be."""


@dataclass
class Stream:
    """What one browser is told.

    ``alive`` says whether its session is still that of ``who``, ``gone`` whether its connection is closed.
    """

    who: Principal
    alive: Callable[[], bool]
    gone: Callable[[], bool]
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _kinds: set[str] = field(default_factory=set)
    _closed: bool = False

    def tell(self, kinds: frozenset[str]) -> None:
        """Add what its reader may hear of."""
        heard = visible(kinds, self.who)
        if heard:
            with self._changed:
                self._kinds |= heard
                self._changed.notify()

    def close(self) -> None:
        """Let its reader go."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def wait(self, seconds: float = HEARTBEAT_S) -> list[str] | None:
        """Return the kinds that changed, none after ``seconds`` of silence; ``None`` once it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._kinds), seconds)
            if self._closed:
                return None
            kinds, self._kinds = sorted(self._kinds), set()
            return kinds


class Hub:
    """The open streams of this process, at most ``most``; they end when ``leaving`` is set."""

    def __init__(self, news: Callable[[], frozenset[str]], leaving: threading.Event, most: int) -> None:
        self._news = news
        self._leaving = leaving
        self._most = most
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        self._streams: list[Stream] = []
        self._thread: threading.Thread | None = None

    def open(self, who: Principal, alive: Callable[[], bool], gone: Callable[[], bool] = _never) -> Stream:
        """Return a new stream for ``who``; ``Full`` when there is no room, or the process leaves.

        A page that comes takes no other's place while one is held for a page that has gone.
        """
        stream = Stream(who, alive, gone)
        with self._lock:
            for each in [each for each in self._streams if each.gone()]:
                self._let_go(each)
            own = [each for each in self._streams if each.who.subject == who.subject]
            if len(own) >= MOST_OF_ONE:
                self._let_go(own[0])
            if len(self._streams) >= self._most or self._leaving.is_set():
                raise Full
            self._streams.append(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._feed, name="changes", daemon=True)
                self._thread.start()
        return stream

    def leave(self, stream: Stream) -> None:
        """Give the place of a stream to the next."""
        stream.close()
        with self._lock:
            if stream in self._streams:
                self._streams.remove(stream)
                self._left.notify_all()

    def _let_go(self, stream: Stream) -> None:
        """End a stream whose place is needed now; its reader leaves a moment later."""
        stream.close()
        self._streams.remove(stream)
        self._left.notify_all()

    def ended(self, seconds: float) -> bool:
        """Wait until no stream is open, but no longer than that; return whether none is."""
        with self._left:
            return self._left.wait_for(lambda: not self._streams, seconds)

    @property
    def count(self) -> int:
        """How many streams are open."""
        with self._lock:
            return len(self._streams)

    def _feed(self) -> None:
        """Tell what is new, and close what is over, until nobody listens."""
        since_look = 0.0
        while streams := self._listening():
            kinds = self._asked()
            for stream in streams:
                stream.close() if stream.gone() else stream.tell(kinds)
            since_look += PACE_S
            if since_look >= SESSION_S:
                since_look = 0.0
                for stream in streams:
                    if not _still(stream):
                        stream.close()
            if self._leaving.wait(PACE_S):
                for stream in self._listening():
                    stream.close()
                return

    def _listening(self) -> list[Stream]:
        """Return the open streams; where there is none, the thread that asks this ends."""
        with self._lock:
            if not self._streams:
                self._thread = None
            return list(self._streams)

    def _asked(self) -> frozenset[str]:
        try:
            return self._news()
        except Exception as error:  # noqa: BLE001 - the thread must outlive whatever one look comes upon
            _log.warning("changes_not_asked", error=type(error).__name__)
            return frozenset()


def _still(stream: Stream) -> bool:
    try:
        return stream.alive()
    except Exception as error:  # noqa: BLE001 - a session that cannot be looked up is asked for again at the next
        _log.warning("session_not_asked", error=type(error).__name__)
        return True
