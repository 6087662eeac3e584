"""What is loaded for good is out of the collector's sight, and what is new is not."""

from __future__ import annotations

import gc
import weakref

from libs.common.memory import keep_what_is_loaded


def test_what_is_loaded_is_kept_and_what_is_new_is_still_collected() -> None:
    before = gc.get_threshold()
    try:
        keep_what_is_loaded()
        assert gc.get_freeze_count() > 10_000

        class Ring:
            pass

        ring = Ring()
        ring.me = ring  # type: ignore[attr-defined]
        gone = weakref.ref(ring)
        del ring
        gc.collect()
        assert gone() is None
    finally:
        gc.set_threshold(*before)
