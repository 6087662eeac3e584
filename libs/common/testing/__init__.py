"""What tests stand on: a clock that is moved by hand, ids in order, and databases of both engines."""

from libs.common.testing.time import ManualClock, NumberedIds

__all__ = ["ManualClock", "NumberedIds"]
