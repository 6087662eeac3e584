"""Trying recommendations on a past that they have not seen."""

from meridian.backtest.measure import Backtest, backtest
from meridian.backtest.reading import BadLines, read_lines

__all__ = ["Backtest", "BadLines", "backtest", "read_lines"]
