"""Python's search for cyclic garbage, left out where a few thousand objects are made and soon free again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let Python not search for cycles meanwhile.

    The rows and documents of a chunk have none, and are free as soon as it is committed; the search looks through
    them and all else that lives, again and again, and took a quarter of an import's time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
