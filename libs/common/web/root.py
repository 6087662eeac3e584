"""What the root of every web process does first, whichever service it serves."""

from __future__ import annotations

from typing import Protocol

from libs.common.db import ANSWERING, Database
from libs.common.observability import configure_logging


class WebSettings(Protocol):
    """What the environment says about a web process."""

    @property
    def database_url(self) -> str:
        """Where its database is."""
        ...

    @property
    def pool_size(self) -> int:
        """How many connections it may hold at once."""
        ...

    @property
    def log_level(self) -> str:
        """From which level on log lines are written."""
        ...


def start_web_process(service: str, settings: WebSettings) -> Database:
    """Direct the log lines of this process and return its database; ``application()`` calls it once."""
    configure_logging(service, level=settings.log_level)
    return Database(settings.database_url, service=service, pool_size=settings.pool_size, settings=ANSWERING)
