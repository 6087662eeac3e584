"""What the changed workers share: which service to run, and when to die."""

from __future__ import annotations

import importlib
import os
import random
import signal
import sys
import threading
from pathlib import Path

from tests.faults.outfit import DEADLY, DEATHS, ENTRY_SETTINGS, SWITCHES


def setting(name: str, default: str = "") -> str:
    """Return what the run told this process."""
    return os.environ.get(f"{ENTRY_SETTINGS}{name.upper()}", default)


def service() -> str:
    """Return the service whose worker this is."""
    return sys.argv[1]


def run_worker() -> None:
    """Run the worker of the service as production does."""
    importlib.import_module(f"services.{service()}.worker").main()


def home() -> Path:
    """Return the home of the system that this worker belongs to."""
    return Path(os.environ["MERIDIAN_TOKEN_KEYS_FILE"]).parent.parent


def is_on(switch: str) -> bool:
    """Tell whether the run wants this worker to misbehave just now."""
    return (home() / SWITCHES / switch).exists()


class Deaths:
    """How often this worker has died and at which count it dies next; the number survives in a file."""

    def __init__(self) -> None:
        folder = home() / DEATHS
        folder.mkdir(exist_ok=True)
        self._file = folder / f"{service()}-{os.environ['MERIDIAN_WORKER_HEALTH_PORT']}"
        self.so_far = int(self._file.read_text()) if self._file.exists() else 0
        lots = random.Random(f"{service()}-{self.so_far}")
        self._left = lots.randint(1, int(setting("within", "40")))
        self._alive = self.so_far < int(setting("deaths", "0"))
        self._lock = threading.Lock()

    def due(self) -> bool:
        """Count one occasion; tell whether this is the one to die at, and remember that it happened.

        Before the fault strikes nothing counts: what the work stands on is being prepared.
        """
        if not is_on(DEADLY):
            return False
        with self._lock:
            self._left -= 1
            if not self._alive or self._left:
                return False
            self._file.write_text(str(self.so_far + 1))
            return True

    @staticmethod
    def die() -> None:
        """End this process as a power cut would."""
        os.kill(os.getpid(), signal.SIGKILL)
