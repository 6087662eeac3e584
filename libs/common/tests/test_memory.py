"""What is loaded for good is out of the collector's sight, and what is new is not."""

from __future__ import annotations

import gc
import weakref

import pytest

from libs.common.memory import keep_what_is_loaded, loading


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


def test_nothing_is_collected_while_something_is_loaded_and_again_after_it() -> None:
    before = gc.get_threshold()
    try:
        with pytest.raises(ImportError), loading():
            assert not gc.isenabled()
            raise ImportError("no such part")
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
